#include "base/words.hpp"

#include <gtest/gtest.h>

#include "base/refusal.hpp"

namespace lifang {

namespace words_test {
enum class State { open, cleared };
BOOST_DESCRIBE_ENUM(State, open, cleared)

struct Query {
  std::optional<std::string> place;
  std::vector<State> state;
  std::optional<Time> from;
  std::int32_t limit = 50;
  std::optional<double> above;
  bool count = false;
  static constexpr auto defaulted = members("state", "limit", "count");
};
BOOST_DESCRIBE_STRUCT(Query, (), (place, state, from, limit, above, count))
}  // namespace words_test

namespace {
using words_test::Query;
using Words = std::vector<std::pair<std::string, std::string>>;

void expect_refusal(const Words& words, std::string_view code, std::string_view field) {
  try {
    read_words<Query>(words);
    ADD_FAILURE() << "was read: " << words.front().first << "=" << words.front().second;
  } catch (const Refusal& r) {
    EXPECT_EQ(r.code, code);
    EXPECT_EQ(r.field, field);
  }
}

TEST(Words, are_read_like_json) {
  const Query query = read_words<Query>({{"place", "xihu"},
                                         {"state", "open,cleared"},
                                         {"from", "1767225600000"},
                                         {"limit", "10"},
                                         {"above", "1.5"},
                                         {"count", "true"}});
  EXPECT_EQ(
      to_json(query),
      R"({"place":"xihu","state":["open","cleared"],"from":"2026-01-01T00:00:00Z","limit":10,)"
      R"("above":1.5,"count":true})");
}

TEST(Words, may_be_absent_empty_or_repeated) {
  EXPECT_EQ(to_json(read_words<Query>({})), R"({"state":[],"limit":50,"count":false})");
  EXPECT_EQ(
      to_json(read_words<Query>(
          {{"state", "open"}, {"state", "cleared"}, {"count", ""}, {"place", ""}, {"limit", ""}})),
      R"({"state":["open","cleared"],"limit":50,"count":true})");
  EXPECT_EQ(read_words<Query>({{"place", "12"}}).place, "12");
}

TEST(Words, are_refused_by_name) {
  expect_refusal({{"limt", "1"}}, "json.unknown_member", "/limt");
  expect_refusal({{"limit", "many"}}, "json.wrong_type", "/limit");
  expect_refusal({{"limit", "99999999999"}}, "json.out_of_range", "/limit");
  expect_refusal({{"state", "open,shut"}}, "json.not_one_of", "/state/1");
  expect_refusal({{"from", "now"}}, "json.bad_time", "/from");
  expect_refusal({{"count", "yes"}}, "json.wrong_type", "/count");
  expect_refusal({{"above", "nan"}}, "json.out_of_range", "/above");
  expect_refusal({{"place", "a"}, {"place", "b"}}, "json.repeated", "/place");
}

}  // namespace
}  // namespace lifang
