// The OpenAPI 3.1 document: routes and the schemas of the structs that their code reads and writes.
#include <algorithm>

#include "platform/http/routes.hpp"

namespace lifang::http {
namespace {

namespace json = boost::json;

constexpr std::string_view kDescription =
    "Log in with POST /api/v1/sessions and send `Authorization: Bearer TOKEN`, or an API key the same way; pages use a "
    "cookie. `x-right` is the right that an operation asks for: empty for anyone, `@` for any login. Personal data is "
    "masked unless `X-Purpose` (or `?purpose=`) names one of /api/v1/accounts/purposes (a case with its id or number: `case:ID`) and the login may see it; looking "
    "is logged. `Idempotency-Key` on a POST: the same key within 24 h gives the first answer again. A list's path with "
    ".csv or .xlsx behind it gives the whole list as a file. Times are RFC 3339 in answers; requests may also hold Unix "
    "milliseconds. Durations are ISO 8601.";

bool is_name(char c) { return (c >= 'a' && c <= 'z') || c == '_'; }

std::string_view type_by_name(std::string_view name) {
  for (const auto* each : {"from", "to", "at", "confirmed_before", "expires", "since", "until", "start_date", "end_date"})
    if (name == each) return "date-time";
  for (const auto* each : {"limit", "version", "born_from", "born_to"})
    if (name == each) return "integer";
  return name == "step" ? "duration" : "string";
}

/// Reads "kind= ", "order=newest|due", "open=true (only these)" from what stands behind '?' or '&'.
Routes::Query query_at(std::string_view& rest) {
  Routes::Query query;
  while (!rest.empty() && is_name(rest.front())) {
    query.name += rest.front();
    rest.remove_prefix(1);
  }
  if (rest.empty() || rest.front() != '=') return {};
  rest.remove_prefix(1);
  std::string choice;
  while (!rest.empty() && (is_name(rest.front()) || rest.front() == '|')) {
    if (rest.front() == '|') query.choices.push_back(std::exchange(choice, {}));
    else choice += rest.front();
    rest.remove_prefix(1);
  }
  if (!query.choices.empty()) query.choices.push_back(choice);
  query.type = choice == "true" ? "boolean" : type_by_name(query.name);
  if (rest.starts_with(" (")) {
    const auto end = rest.find(')');
    query.note = rest.substr(2, end - 2);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return query;
}

json::object schema_of_query(const Routes::Query& query) {
  if (query.type == "integer" || query.type == "boolean") return {{"type", query.type}};
  if (query.type != "string") return {{"type", "string"}, {"format", query.type}};
  json::object schema{{"type", "string"}};
  if (!query.choices.empty()) schema["enum"] = json::array(query.choices.begin(), query.choices.end());
  return schema;
}

json::object parameter(std::string_view name, const char* in, bool required, json::object schema, std::string_view note = {}) {
  json::object object{{"name", name}, {"in", in}};
  if (required) object["required"] = true;
  if (!note.empty()) object["description"] = note;
  object["schema"] = std::move(schema);
  return object;
}

json::array parameters_of(const Routes::Route& route) {
  json::array parameters;
  for (std::string_view rest = route.pattern; !rest.empty();) {
    const auto open = rest.find('{'), close = rest.find('}');
    if (open == std::string_view::npos) break;
    parameters.push_back(parameter(rest.substr(open + 1, close - open - 1), "path", true, {{"type", "string"}}));
    rest.remove_prefix(close + 1);
  }
  for (const auto& query : Routes::queries_of(route))
    parameters.push_back(parameter(query.name, "query", false, schema_of_query(query), query.note));
  if (route.list)
    for (const char* name : {"limit", "after", "count"})
      parameters.push_back(json::object{{"$ref", std::string("#/components/parameters/") + name}});
  return parameters;
}

json::object content(const char* type, json::object schema) {
  return {{type, {{"schema", std::move(schema)}}}};
}

/// The room; devices that speak HTTP have their token in its place.
std::string tag_of(const std::string& pattern) {
  if (!pattern.starts_with("/api/v1/")) return "node";
  const std::string room = pattern.substr(8, pattern.find('/', 8) - 8);
  return room.starts_with('{') ? "porch" : room;
}

json::object operation_of(const Routes::Route& route) {
  json::object operation;
  const auto cut = std::min(route.summary.find('?'), route.summary.find(": {"));
  std::string_view summary = std::string_view(route.summary).substr(0, cut);
  while (summary.ends_with(' ') || summary.ends_with(':') || summary.ends_with(';')) summary.remove_suffix(1);
  operation["summary"] = summary;
  if (summary.size() != route.summary.size()) operation["description"] = route.summary;
  operation["tags"] = json::array{tag_of(route.pattern)};
  operation["x-right"] = route.right;
  if (route.right.empty()) operation["security"] = json::array{};
  if (auto parameters = parameters_of(route); !parameters.empty()) operation["parameters"] = std::move(parameters);
  if (route.body_is_file)
    operation["requestBody"] = {{"required", true}, {"content", {{"*/*", json::object{}}}}};
  else if (!route.in.empty() && route.in.find("http.Nothing") == std::string::npos)
    operation["requestBody"] = {{"content", content("application/json", parse_json(route.in).as_object())}};
  json::object done{{"description", "done"}};
  if (route.out.find("http.Nothing") != std::string::npos) done["content"] = content("application/json", {{"type", "object"}});
  else if (!route.out.empty()) done["content"] = content("application/json", parse_json(route.out).as_object());
  else done["content"] = {{"*/*", json::object{}}};
  operation["responses"] = {{"2XX", std::move(done)}, {"default", {{"$ref", "#/components/responses/refused"}}}};
  return operation;
}

json::object common_parameters() {
  return {{"limit", parameter("limit", "query", false,
                              {{"type", "integer"}, {"minimum", 1}, {"maximum", 500}, {"default", 50}}, "items of one page")},
          {"after", parameter("after", "query", false, {{"type", "string"}}, "`next` of the page before")},
          {"count", parameter("count", "query", false, {{"type", "boolean"}}, "adds how many there are in all")}};
}

json::object refused() {
  return {{"description", "Refused (RFC 9457). 400 unreadable, 401, 403, 404, 409, 422 understood but invalid, 429."},
          {"content", content("application/problem+json", {{"$ref", "#/components/schemas/Problem"}})}};
}

json::object problem_schema() {
  return {{"type", "object"},
          {"required", {"status", "code"}},
          {"properties",
           {{"status", {{"type", "integer"}}},
            {"code", {{"type", "string"}, {"description", "such as cases.already_accepted; stays what it is"}}},
            {"field", {{"type", "string"}, {"description", "JSON pointer to the leaf to blame, or ?name of a query"}}},
            {"detail", {{"type", "string"}, {"description", "for the person who looks into it"}}}}}};
}

template <class Map>
json::object sorted(const Map& map) {
  std::map<std::string_view, const json::value*> names;
  for (const auto& each : map) names.emplace(each.key(), &each.value());
  json::object object;
  for (const auto& [name, value] : names) object[name] = *value;
  return object;
}

}  // namespace

std::vector<Routes::Query> Routes::queries_of(const Route& route) {
  std::vector<Query> queries;
  std::string_view rest = route.summary;
  for (bool in_query = false; !rest.empty();) {
    const char c = rest.front();
    rest.remove_prefix(1);
    if (c != '?' && !(c == '&' && in_query)) continue;
    if (Query query = query_at(rest); !query.name.empty()) {
      in_query = true;
      queries.push_back(std::move(query));
    }
  }
  return queries;
}

json::object list_schema(json::object item) {
  return {{"type", "object"},
          {"required", {"items", "next"}},
          {"properties",
           {{"items", {{"type", "array"}, {"items", std::move(item)}}},
            {"next", {{"anyOf", json::array{{{"type", "string"}}, {{"type", "null"}}}}}},
            {"count", {{"type", "integer"}, {"format", "int64"}}}}}};
}

std::string Routes::openapi() const {
  json::object paths;
  for (const Route& route : routes_) {
    std::string method = route.method;
    std::transform(method.begin(), method.end(), method.begin(), [](char c) { return static_cast<char>(c | 0x20); });
    auto& path = paths[route.pattern];
    if (!path.is_object()) path = json::object{};
    path.as_object()[method] = operation_of(route);
  }
  json::object schemas = schemas_.components();
  schemas.erase("http.Nothing");
  schemas["Problem"] = problem_schema();
  const json::object document{
      {"openapi", "3.1.0"},
      {"info", {{"title", "Lifang"}, {"version", LIFANG_VERSION}, {"description", kDescription},
                {"license", {{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}}}}},
      {"security", json::array{{{"bearer", json::array{}}}, {{"cookie", json::array{}}}}},
      {"paths", sorted(paths)},
      {"components",
       {{"schemas", sorted(schemas)},
        {"parameters", common_parameters()},
        {"responses", {{"refused", refused()}}},
        {"securitySchemes",
         {{"bearer", {{"type", "http"}, {"scheme", "bearer"}}},
          {"cookie", {{"type", "apiKey"}, {"in", "cookie"}, {"name", "lifang"}}}}}}}};
  return to_json(document);
}

}  // namespace lifang::http
