// The schema of a rule, as the API document shows it, says what the reader of rules takes.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <sstream>
#define VALIJSON_USE_EXCEPTIONS 1
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wpedantic"
#include <valijson/adapters/boost_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>
#pragma GCC diagnostic pop

#include "base/reflect.hpp"
#include "base/refusal.hpp"
#include "rooms/rules/rules_rules.hpp"
#include "support/paths.hpp"

namespace lifang::rules {
namespace {

namespace json = boost::json;

class RuleSchema : public testing::Test {
 protected:
  RuleSchema() {
    json::object document = parse_json(R"({"$ref":"#/components/schemas/rules.Rule"})").as_object();
    document["components"] = json::object{{"schemas", parse_json(RuleJson::schemas())}};
    const json::value whole = document;
    valijson::SchemaParser(valijson::SchemaParser::kDraft7).populateSchema(valijson::adapters::BoostJsonAdapter(whole), schema_);
  }
  bool takes(const json::value& rule) {
    try {
      return validator_.validate(schema_, valijson::adapters::BoostJsonAdapter(rule), nullptr);
    } catch (const std::runtime_error&) {
      return false;  // the validator's way to say that the format of a text was asked of something else
    }
  }
  static bool reads(const json::value& rule) {
    try {
      parse_rule(json::serialize(rule));
    } catch (const Refusal&) {
      return false;
    }
    return true;
  }
  valijson::Schema schema_;
  valijson::Validator validator_;
};

json::value full() {
  std::ifstream file(source_dir() + "/test/fuzz/corpus/rule/full.json");
  std::ostringstream text;
  text << file.rdbuf();
  return parse_json(text.str());
}

/// `fn` for each value inside `v`, with how to write another in its place.
void each_value(json::value& v, const std::function<void(json::value&)>& fn) {
  fn(v);
  if (auto* object = v.if_object())
    for (auto& member : *object) each_value(member.value(), fn);
  else if (auto* array = v.if_array())
    for (auto& item : *array) each_value(item, fn);
}

TEST_F(RuleSchema, takes_what_the_reader_takes) {
  const json::value rule = full();
  ASSERT_TRUE(reads(rule)) << "the sample itself is a rule";
  EXPECT_TRUE(takes(rule));
  EXPECT_TRUE(takes(parse_json(to_json(parse_rule(json::serialize(rule)))))) << "and its canonical text";
}

/// Every value of a full rule replaced by others, every member left out, one unknown added: where one of the two
/// refuses for its shape, so does the other.
TEST_F(RuleSchema, refuses_what_the_reader_refuses) {
  const std::vector<json::value> others{1, -1, 2.5, true, "", "word", "PT5M", "12:00", json::array{}, json::object{},
                                        json::array{"mon"}, json::array{json::object{}}, json::string(300, 'x')};
  json::value rule = full();
  std::size_t tried = 0, refused = 0, only_reader = 0;
  const auto hold = [&](const std::string& what) {
    ++tried;
    const bool read = reads(rule), taken = takes(rule);
    EXPECT_TRUE(!read || taken) << what << ": the schema refuses what the reader takes: " << json::serialize(rule);
    refused += !read;
    only_reader += !read && taken;
  };
  each_value(rule, [&](json::value& place) {
    const json::value kept = place;
    for (const json::value& other : others) {
      place = other;
      hold("replaced");
    }
    place = kept;
    if (!kept.is_object()) return;
    for (const auto& member : kept.get_object()) {
      place.get_object().erase(member.key());
      hold(fmt::format("without {}", std::string_view(member.key())));
      place = kept;
    }
    place.get_object()["unknown_member"] = 1;
    hold("with a member more");
    place = kept;
  });
  EXPECT_GT(tried, 700u);
  EXPECT_GT(refused, 400u);
  // What a schema cannot say: lengths of words in bytes, durations that are too short or malformed, how a schedule and
  // a duration go together, that an interlock has no detections.
  EXPECT_LT(only_reader * 10, refused) << only_reader << " of " << refused << " are refused by the reader alone";
}

}  // namespace
}  // namespace lifang::rules
