// The OpenAPI document against its rules, against the routes and against openapi.golden.json, which people (and the
// generator of the pages' types) read. A new route or a changed struct changes that file:
//   LIFANG_WRITE_GOLDEN=1 build/bin/lifang_tests --gtest_filter='OpenApi*'
// writes it anew; look at the difference before committing it, and run `npm run types` in web/.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <set>
#include <sstream>

#include "platform/http/routes.hpp"
#include "support/live_node.hpp"
#include "support/paths.hpp"

namespace lifang {
namespace {

namespace json = boost::json;

const std::string kGolden = source_dir() + "/test/contract/openapi.golden.json";

/// One thing a line, short things on one line: what a difference is read in.
void write_pretty(std::string& out, const json::value& value, std::size_t indent) {
  std::string flat = to_json(value);
  if (flat.size() + indent <= 100 || (!value.is_object() && !value.is_array())) {
    out += flat;
    return;
  }
  const std::string margin(indent + 2, ' ');
  bool first = true;
  const auto next = [&] {
    out += first ? "\n" : ",\n";
    out += margin;
    first = false;
  };
  out += value.is_object() ? '{' : '[';
  if (value.is_object())
    for (const auto& member : value.get_object()) {
      next();
      out += to_json(member.key()) + ": ";
      write_pretty(out, member.value(), indent + 2);
    }
  else
    for (const auto& item : value.get_array()) {
      next();
      write_pretty(out, item, indent + 2);
    }
  out += '\n' + std::string(indent, ' ') + (value.is_object() ? '}' : ']');
}

class OpenApi : public testing::Test {
 protected:
  static LiveNode& node() {
    static LiveNode node;
    return node;
  }
  static const json::value& document() {
    static const json::value document = parse_json(node().ask("GET", "/api/openapi.json").body, {64U << 20, 64});
    return document;
  }
  /// Every object of the document with its JSON pointer.
  static void walk(const json::value& value, const std::string& at,
                   const std::function<void(const json::object&, const std::string&)>& visit) {
    if (value.is_object()) {
      visit(value.get_object(), at);
      for (const auto& member : value.get_object()) walk(member.value(), at + "/" + std::string(member.key()), visit);
    } else if (value.is_array()) {
      for (std::size_t i = 0; i < value.get_array().size(); ++i)
        walk(value.get_array()[i], at + "/" + std::to_string(i), visit);
    }
  }
  static const json::object* operation(const http::Routes::Route& route) {
    const auto* path = document().at("paths").as_object().if_contains(route.pattern);
    std::string method = route.method;
    std::transform(method.begin(), method.end(), method.begin(), [](char c) { return static_cast<char>(c | 0x20); });
    const auto* found = path ? path->as_object().if_contains(method) : nullptr;
    return found ? &found->as_object() : nullptr;
  }
};

TEST_F(OpenApi, has_every_route_and_no_other) {
  std::size_t routes = 0;
  for (const auto& route : node().house().routes->all()) {
    ++routes;
    ASSERT_NE(operation(route), nullptr) << route.method << " " << route.pattern;
    EXPECT_FALSE(operation(route)->at("summary").as_string().empty()) << route.pattern;
    EXPECT_EQ(operation(route)->at("x-right").as_string(), route.right) << route.pattern;
  }
  std::size_t operations = 0;
  for (const auto& path : document().at("paths").as_object()) operations += path.value().as_object().size();
  EXPECT_EQ(operations, routes) << "two routes of one method and pattern";
}

TEST_F(OpenApi, every_reference_leads_somewhere_and_every_schema_is_used) {
  std::set<std::string> used;
  walk(document(), "", [&](const json::object& object, const std::string& at) {
    const auto* ref = object.if_contains("$ref");
    if (!ref || !ref->is_string()) return;
    const std::string pointer(ref->as_string());
    ASSERT_EQ(pointer.substr(0, 2), "#/") << at;
    const json::value* target = &document();
    std::istringstream parts(pointer.substr(2));
    for (std::string part; target && std::getline(parts, part, '/');) target = target->as_object().if_contains(part);
    EXPECT_NE(target, nullptr) << at << " refers to " << pointer;
    used.insert(pointer);
  });
  for (const auto& schema : document().at("components").at("schemas").as_object())
    EXPECT_TRUE(used.contains("#/components/schemas/" + std::string(schema.key()))) << schema.key() << " is used nowhere";
}

/// The keywords of JSON Schema 2020-12 that the document uses, so that a misspelt one is seen.
const std::set<std::string_view> kKeywords = {"type", "properties", "required", "additionalProperties", "items", "enum", "format",
                                              "anyOf", "oneOf", "not", "pattern", "minimum", "maximum", "minLength", "maxLength",
                                              "minItems", "maxItems", "minProperties", "default", "title", "description",
                                              "$ref"};
const std::set<std::string_view> kTypes = {"object", "array", "string", "number", "integer", "boolean", "null"};

void expect_schema(const json::value& value, const std::string& at) {
  ASSERT_TRUE(value.is_object()) << at;
  const json::object& schema = value.get_object();
  for (const auto& member : schema) EXPECT_TRUE(kKeywords.contains(member.key())) << at << "/" << member.key();
  if (const auto* type = schema.if_contains("type")) {
    const json::array types = type->is_array() ? type->get_array() : json::array{*type};
    for (const auto& one : types) EXPECT_TRUE(one.is_string() && kTypes.contains(one.get_string())) << at;
  }
  if (const auto* properties = schema.if_contains("properties")) {
    for (const auto& property : properties->as_object()) expect_schema(property.value(), at + "/" + std::string(property.key()));
    if (const auto* required = schema.if_contains("required")) {
      for (const auto& name : required->as_array())
        EXPECT_TRUE(properties->as_object().contains(name.as_string())) << at << " requires " << name;
    }
  }
  if (const auto* items = schema.if_contains("items")) expect_schema(*items, at + "/items");
  if (const auto* each = schema.if_contains("additionalProperties"); each && !each->is_bool())
    expect_schema(*each, at + "/additionalProperties");
  for (const char* choice : {"anyOf", "oneOf"})
    if (const auto* any = schema.if_contains(choice))
      for (const auto& one : any->as_array()) expect_schema(one, at + "/" + choice);
  if (const auto* none = schema.if_contains("not")) expect_schema(*none, at + "/not");
}

TEST_F(OpenApi, is_built_as_the_specification_asks) {
  EXPECT_EQ(document().at("openapi").as_string(), "3.1.0");
  EXPECT_EQ(document().at("info").at("title").as_string(), "Lifang");
  for (const auto& schema : document().at("components").at("schemas").as_object()) {
    EXPECT_EQ(schema.key().find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"),
              std::string_view::npos) << schema.key();
    expect_schema(schema.value(), std::string(schema.key()));
  }
  walk(document().at("paths"), "", [&](const json::object& object, const std::string& at) {
    if (const auto* schema = object.if_contains("schema")) expect_schema(*schema, at);
  });
  for (const auto& route : node().house().routes->all()) {
    std::multiset<std::string> in_path, named;
    for (std::size_t open = 0; (open = route.pattern.find('{', open)) != std::string::npos; ++open)
      in_path.insert(route.pattern.substr(open + 1, route.pattern.find('}', open) - open - 1));
    const json::object& op = *operation(route);
    std::set<std::string> queries;
    if (const auto* parameters = op.if_contains("parameters"))
      for (const auto& each : parameters->as_array()) {
        if (each.as_object().contains("$ref")) continue;
        const std::string name(each.at("name").as_string());
        if (each.at("in").as_string() == "path") named.insert(name);
        else EXPECT_TRUE(queries.insert(name).second) << route.pattern << " names ?" << name << "= twice";
      }
    EXPECT_EQ(in_path, named) << route.pattern;
    EXPECT_TRUE(op.at("responses").as_object().contains("default")) << route.pattern;
    if (route.method == "GET" && route.list) {
      EXPECT_FALSE(route.pattern.ends_with('}')) << route.pattern << ": a list ends with a word";
    }
  }
}

/// What a route reads of the query is what its summary says: each is asked once with all the words that it knows.
TEST_F(OpenApi, names_every_word_of_the_query_that_the_code_asks_for) {
  LiveNode own;
  std::mutex mutex;
  std::map<std::string, std::map<std::string, std::string>> asked;
  own.house().routes->watch_queries([&](const http::Routes::Route& route, std::string_view name, std::string_view type) {
    const std::lock_guard lock(mutex);
    auto& known = asked[route.method + " " + route.pattern][std::string(name)];
    if (known.empty() || known == "string") known = type;  // a choice is asked for as a text
  });
  const std::string token = own.enter();
  const std::map<std::string, std::string> samples = {{"date-time", "2026-01-01T00:00:00Z"}, {"integer", "1"},
                                                      {"boolean", "true"}, {"duration", "PT1H"}};
  for (const auto& route : own.house().routes->all()) {
    if (route.method != "GET" || route.pattern == "/api/v1/live") continue;
    std::string target = route.pattern;
    for (auto open = target.find('{'); open != std::string::npos; open = target.find('{'))
      target.replace(open, target.find('}') - open + 1, "nothing");
    std::string full = target;
    char sign = '?';
    for (const auto& query : http::Routes::queries_of(route)) {
      const auto sample = samples.find(query.type);
      full += sign + query.name + "=" + (sample != samples.end() ? sample->second : query.choices.empty() ? "x" : query.choices.front());
      sign = '&';
    }
    own.ask("GET", target, token);
    own.ask("GET", full, token);
  }
  for (const auto& route : own.house().routes->all()) {
    std::map<std::string, std::string> told;
    for (const auto& query : http::Routes::queries_of(route)) told[query.name] = query.type;
    if (route.list) {
      for (const char* name : {"limit", "after", "count"}) EXPECT_FALSE(told.contains(name)) << route.pattern << ": every list has ?" << name;
      told.insert({{"limit", "integer"}, {"after", "string"}, {"count", "boolean"}});
    }
    for (const auto& [name, type] : asked[route.method + " " + route.pattern]) {
      EXPECT_TRUE(told.contains(name)) << route.pattern << " reads ?" << name << "=: say so in its summary";
      if (type != "string") {
        EXPECT_EQ(told[name], type) << route.pattern << " ?" << name << "=";
      }
    }
  }
}

TEST_F(OpenApi, the_types_of_the_pages_know_every_route) {
  std::ifstream in(source_dir() + "/web/kit/src/schema.ts");
  const std::string types{std::istreambuf_iterator<char>(in), {}};
  for (const auto& route : node().house().routes->all())
    EXPECT_NE(types.find("\"" + route.method + " " + route.pattern + "\": {"), std::string::npos)
        << route.method << " " << route.pattern << " is missing in web/kit/src/schema.ts: run `npm run types` in web/";
}

TEST_F(OpenApi, is_the_golden_one) {
  std::string text;
  write_pretty(text, document(), 0);
  text += '\n';
  if (std::getenv("LIFANG_WRITE_GOLDEN")) {
    std::ofstream(kGolden) << text;
    return;
  }
  std::ifstream in(kGolden);
  const std::string golden{std::istreambuf_iterator<char>(in), {}};
  if (golden == text) return;
  std::istringstream want(golden), have(text);
  std::multiset<std::string> wanted, found;
  for (std::string line; std::getline(want, line);) wanted.insert(line);
  for (std::string line; std::getline(have, line);) {
    if (const auto at = wanted.find(line); at != wanted.end()) wanted.erase(at);
    else found.insert(line);
  }
  std::string difference;
  for (const auto& line : wanted) difference += "\n- " + line;
  for (const auto& line : found) difference += "\n+ " + line;
  ADD_FAILURE() << "openapi.golden.json says otherwise; how to renew it stands at the head of this file" << difference.substr(0, 4000);
}

}  // namespace
}  // namespace lifang
