#include "base/reflect.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <random>

#include "base/refusal.hpp"

namespace lifang {
namespace {

enum class Severity { info, warning, critical };
BOOST_DESCRIBE_ENUM(Severity, info, warning, critical)

enum class Op { above, below, default_ };
BOOST_DESCRIBE_ENUM(Op, above, below, default_)
constexpr std::string_view spelling(Op op) {
  return op == Op::above ? ">" : op == Op::below ? "<" : "default";
}

struct Lamp {};
struct Order {
  static constexpr std::string_view prefix = "order";
};

struct When {
  std::string metric;
  Op op = Op::above;
  double value = 0;
};
BOOST_DESCRIBE_STRUCT(When, (), (metric, op, value))

struct Condition {
  std::optional<When> when;
  std::vector<Condition> all;
  std::unique_ptr<Condition> not_;
  static constexpr auto defaulted = members("all");
};
BOOST_DESCRIBE_STRUCT(Condition, (), (when, all, not_))

struct Raise {
  When when;
  Duration for_ = std::chrono::minutes(5);
  int times = 1;
  static constexpr auto defaulted = members("for", "times");
};
BOOST_DESCRIBE_STRUCT(Raise, (), (when, for_, times))

struct Rule {
  std::string name;
  Severity severity = Severity::info;
  Raise raise;
  std::vector<std::string> tags;
  std::optional<std::string> case_;
  std::map<std::string, int> weights;
  std::optional<Time> since;
  boost::json::object extra;
  Id<Lamp> lamp;
};
BOOST_DESCRIBE_STRUCT(Rule, (), (name, severity, raise, tags, case_, weights, since, extra, lamp))

struct Forgetful {
  int a = 0;
  std::optional<std::string> b;
};
BOOST_DESCRIBE_STRUCT(Forgetful, (), (a))

struct Awkward {
  boost::json::value any;
  boost::json::array list;
  OrNull<Id<Lamp>> next;
  std::optional<OrNull<double>> patch;
  std::vector<std::optional<bool>> flags;
  Date day{std::chrono::year{2026} / 1 / 1};
  bool on = false;
  std::map<std::string, boost::json::value> more;
};
BOOST_DESCRIBE_STRUCT(Awkward, (), (any, list, next, patch, flags, day, on, more))

template <class T>
struct Page {
  std::vector<T> items;
  OrNull<std::string> next;
  BOOST_DESCRIBE_CLASS(Page, (), (items, next), (), ())
};

constexpr std::string_view kRule =
    R"({"name":"扬尘","severity":"warning","raise":{"when":{"metric":"pm25","op":">","value":150.5},)"
    R"("for":"PT30M","times":2},"tags":["a","b"],"case":"dust","weights":{"x":1},)"
    R"("since":"2026-01-01T00:00:00Z","extra":{"deep":[1,2.5,null,true]},"lamp":"lamp-1"})";

/// The refusal that reading `text` as a T meets.
template <class T>
Refusal refusal_of(std::string_view text) {
  try {
    from_json<T>(text);
  } catch (const Refusal& r) {
    return r;
  }
  ADD_FAILURE() << "was read without a refusal: " << text;
  return {RefusalKind::invalid, "none"};
}

template <class T>
void expect_refusal(std::string_view text, std::string_view code, std::string_view field) {
  const Refusal r = refusal_of<T>(text);
  EXPECT_EQ(r.kind, RefusalKind::invalid) << text;
  EXPECT_EQ(r.code, code) << text << " " << r.detail;
  EXPECT_EQ(r.field, field) << text << " " << r.detail;
}

std::string with(std::string text, std::string_view what, std::string_view instead) {
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), instead);
}

TEST(Reflect, writes_what_it_read) {
  EXPECT_EQ(to_json(from_json<Rule>(kRule)), kRule);
  const Rule rule = from_json<Rule>(kRule);
  EXPECT_EQ(rule.raise.for_, std::chrono::minutes(30));
  EXPECT_EQ(rule.lamp, Id<Lamp>{"lamp-1"});
}

TEST(Reflect, keeps_defaults_and_leaves_out_what_is_empty) {
  const auto raise = from_json<Raise>(R"({"when":{"metric":"m","op":"default","value":1}})");
  EXPECT_EQ(to_json(raise),
            R"({"when":{"metric":"m","op":"default","value":1},"for":"PT5M","times":1})");
  EXPECT_EQ(to_json(Condition{}), R"({"all":[]})");
}

TEST(Reflect, reads_trees) {
  const std::string text =
      R"({"all":[{"all":[{"when":{"metric":"m","op":"<","value":0.02},"all":[]}],"not":{"all":[]}}]})";
  EXPECT_EQ(to_json(from_json<Condition>(text)), text);
}

TEST(Reflect, copes_with_awkward_members) {
  const std::string text =
      R"({"any":null,"list":[1],"next":null,"patch":null,"flags":[null,true],"day":"2026-01-01",)"
      R"("on":true,"more":{"a":{"b":"c"}}})";
  EXPECT_EQ(to_json(from_json<Awkward>(text)), text);
  EXPECT_EQ(to_json(Page<When>{}), R"({"items":[],"next":null})");
}

TEST(Reflect, names_the_leaf_that_is_wrong) {
  const std::string rule(kRule);
  expect_refusal<Rule>(with(rule, R"("op":">")", R"("op":"~")"), "json.not_one_of",
                       "/raise/when/op");
  EXPECT_EQ(refusal_of<Rule>(with(rule, "warning", "loud")).detail,
            "not one of info, warning, critical");
  expect_refusal<Rule>(with(rule, "150.5", R"("high")"), "json.wrong_type", "/raise/when/value");
  expect_refusal<Rule>(with(rule, R"("name":"扬尘",)", ""), "json.missing", "/name");
  expect_refusal<Rule>(with(rule, R"("name")", R"("nam~/e":1,"name")"), "json.unknown_member",
                       "/nam~0~1e");
  expect_refusal<Rule>(with(rule, R"("b")", "7"), "json.wrong_type", "/tags/1");
  expect_refusal<Rule>(with(rule, R"("x":1)", R"("x":9999999999)"), "json.out_of_range",
                       "/weights/x");
  expect_refusal<Rule>(with(rule, "PT30M", "30 minutes"), "json.bad_duration", "/raise/for");
  expect_refusal<Rule>(with(rule, "2026-01-01T00:00:00Z", "yesterday"), "json.bad_time", "/since");
  expect_refusal<Rule>(with(rule, "lamp-1", "-lamp"), "json.bad_id", "/lamp");
  expect_refusal<Rule>(with(rule, R"({"deep":[1,2.5,null,true]})", "[]"), "json.wrong_type",
                       "/extra");
  expect_refusal<Rule>("[]", "json.wrong_type", "");
  try {
    read<int>(boost::json::value("x"), "/items/3");
    FAIL();
  } catch (const Refusal& r) {
    EXPECT_EQ(r.field, "/items/3");
    EXPECT_EQ(r.detail, "expected a whole number, found a string");
  }
}

TEST(Reflect, reads_whole_numbers_within_their_range) {
  EXPECT_EQ(from_json<int>("5.0"), 5);
  EXPECT_EQ(from_json<std::uint8_t>("255"), 255);
  EXPECT_EQ(from_json<std::int64_t>("-9223372036854775808"),
            std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(from_json<std::uint64_t>("18446744073709551615"),
            std::numeric_limits<std::uint64_t>::max());
  expect_refusal<std::uint8_t>("256", "json.out_of_range", "");
  expect_refusal<std::uint8_t>("-1", "json.out_of_range", "");
  expect_refusal<int>("1.5", "json.wrong_type", "");
  expect_refusal<std::int64_t>("18446744073709551615", "json.out_of_range", "");
  expect_refusal<std::int64_t>("1e300", "json.out_of_range", "");
  expect_refusal<int>("true", "json.wrong_type", "");
}

TEST(Reflect, reads_times_dates_and_ids) {
  EXPECT_EQ(from_json<Time>("1767225600000"), from_ms(1'767'225'600'000));
  EXPECT_EQ(from_json<Time>(R"("2026-01-01T08:00:00+08:00")"), from_ms(1'767'225'600'000));
  expect_refusal<Time>("1.5", "json.bad_time", "");
  expect_refusal<Time>("1e18", "json.bad_time", "");
  expect_refusal<Time>("null", "json.wrong_type", "");
  EXPECT_EQ(to_json(from_json<Date>(R"("2024-02-29")")), R"("2024-02-29")");
  for (const char* bad :
       {R"("2023-02-29")", R"("2023-2-9")", R"("20230209")", R"("")", R"("2023-02-0x")"})
    expect_refusal<Date>(bad, "json.bad_date", "");
  EXPECT_EQ(from_json<Id<Order>>(R"("order_01ARZ3NDEKTSV4RRFFQ69G5FAV")").text,
            "order_01ARZ3NDEKTSV4RRFFQ69G5FAV");
  expect_refusal<Id<Order>>(R"("case_01ARZ3NDEKTSV4RRFFQ69G5FAV")", "json.bad_id", "");
}

TEST(Reflect, tells_absent_from_null_where_asked) {
  using P = std::optional<OrNull<int>>;
  EXPECT_TRUE(read<P>(boost::json::value(nullptr)).has_value());
  EXPECT_FALSE(read<P>(boost::json::value(nullptr))->has_value());
  EXPECT_EQ(read<P>(boost::json::value(3))->value(), 3);
  EXPECT_EQ(to_json(OrNull<int>{}), "null");
  EXPECT_EQ(to_json(OrNull<int>{7}), "7");
  EXPECT_FALSE(from_json<std::optional<int>>("null").has_value());
}

TEST(Reflect, writes_numbers_plainly) {
  EXPECT_EQ(to_json(20.0), "20");
  EXPECT_EQ(to_json(0.02), "0.02");
  EXPECT_EQ(to_json(-23.456), "-23.456");
  EXPECT_EQ(to_json(1e20), "100000000000000000000");
  EXPECT_EQ(to_json(1e-7), "0.0000001");
  EXPECT_EQ(to_json(1e300), "1e+300");
  EXPECT_EQ(to_json(-0.0), "0");
  EXPECT_EQ(to_json(std::numeric_limits<double>::infinity()), "null");
  EXPECT_EQ(to_json(parse_json(R"({"a":[20.0,1e2,-7]})")), R"({"a":[20,100,-7]})");
}

TEST(Reflect, reads_back_every_double_exactly) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 20'000; ++i) {
    const double d = std::bit_cast<double>(random());
    if (!std::isfinite(d)) continue;
    ASSERT_EQ(from_json<double>(to_json(d)), d) << to_json(d);
    const double plain = static_cast<double>(random() % 1'000'000'000) / 1000.0;
    ASSERT_EQ(from_json<double>(to_json(plain)), plain) << to_json(plain);
  }
}

TEST(Reflect, escapes_strings) {
  EXPECT_EQ(to_json(std::string("a\"b\\c\n\x01 漏水")), R"("a\"b\\c\n\u0001 漏水")");
  EXPECT_EQ(from_json<std::string>(R"("\u6f0f\ud83d\ude00")"), "漏😀");
}

TEST(Reflect, refuses_text_that_is_no_json) {
  for (const std::string_view bad :
       {"", " ", "{", "{} x", "[1,]", "{\"a\":1,\"a\":2}", "{\"a\":{\"b\":1,\"b\":1}}",
        "\"\\u0000\"", "{\"\\u0000\":1}", "1e999", "-1e999", "nul", "'a'", "// c\n1", "\"\xff\"",
        "\"\xed\xa0\x80\"", "01", "NaN", "[1] [2]"}) {
    const Refusal r = refusal_of<boost::json::value>(bad);
    EXPECT_EQ(r.kind, RefusalKind::unreadable) << bad;
    EXPECT_EQ(r.code, "json.unreadable") << bad;
  }
  EXPECT_EQ(from_json<double>("1e-999"), 0);
  EXPECT_NO_THROW(parse_json(" {\"a\":1}\r\n"));
}

TEST(Reflect, bounds_size_and_depth) {
  EXPECT_NO_THROW(parse_json(std::string(32, '[') + std::string(32, ']')));
  EXPECT_EQ(refusal_of<boost::json::value>(std::string(33, '[') + std::string(33, ']')).code,
            "json.unreadable");
  try {
    parse_json("[1,2,3]", {.bytes = 6});
    FAIL();
  } catch (const Refusal& r) {
    EXPECT_EQ(r.kind, RefusalKind::too_large);
  }
}

TEST(Reflect, sees_a_member_that_was_forgotten) {
  static_assert(is_fully_described<Rule>());
  static_assert(is_fully_described<Condition>());
  static_assert(is_fully_described<Awkward>());
  static_assert(is_fully_described<Page<Rule>>());
  static_assert(!is_fully_described<Forgetful>());
}

}  // namespace
}  // namespace lifang
