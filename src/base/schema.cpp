#include "base/schema.hpp"

#include <algorithm>

namespace lifang {
namespace {

namespace json = boost::json;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

/// "cases.Case" → "CasesCase".
std::string type_name(std::string_view component) {
  std::string name;
  bool up = true;
  for (const char c : component) {
    if (!is_letter(c) && !is_digit(c)) {
      up = true;
    } else if (c == '_') {
      up = true;
    } else {
      name += up && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
      up = false;
    }
  }
  return name;
}

std::string property_name(std::string_view name) {
  const bool plain =
      !name.empty() && !is_digit(name.front()) &&
      std::all_of(name.begin(), name.end(), [](char c) { return is_letter(c) || is_digit(c); });
  return plain ? std::string(name) : to_json(name);
}

std::string type_of(const json::object& schema);

std::string joined(const json::array& parts, bool as_values) {
  std::string text;
  for (const auto& part : parts) {
    if (!text.empty()) text += " | ";
    text += as_values ? to_json(part) : type_of(part.as_object());
  }
  return text;
}

std::string type_of(const json::object& schema) {
  if (const auto* ref = schema.if_contains("$ref")) {
    const std::string_view path = ref->as_string();
    return type_name(path.substr(path.rfind('/') + 1));
  }
  if (const auto* any = schema.if_contains("anyOf")) return joined(any->as_array(), false);
  if (const auto* choice = schema.if_contains("enum")) return joined(choice->as_array(), true);
  const auto* type = schema.if_contains("type");
  if (type == nullptr) return "unknown";
  const std::string_view word = type->as_string();
  if (word == "integer") return "number";
  if (word == "array") {
    const auto* items = schema.if_contains("items");
    if (items == nullptr) return "unknown[]";
    const std::string item = type_of(items->as_object());
    return item.find(' ') == std::string::npos ? item + "[]" : "(" + item + ")[]";
  }
  if (word == "object") {
    const auto* each = schema.if_contains("additionalProperties");
    const bool typed = each != nullptr && each->is_object();
    return "Record<string, " + (typed ? type_of(each->as_object()) : std::string("unknown")) + ">";
  }
  return std::string(word);  // string, number, boolean, null
}

std::string interface_of(std::string_view name, const json::object& schema) {
  std::string text = "export interface " + type_name(name) + " {\n";
  const auto* required = schema.if_contains("required");
  for (const auto& property : schema.at("properties").as_object()) {
    const bool must =
        required != nullptr && std::find(required->as_array().begin(), required->as_array().end(),
                                         json::value(property.key())) != required->as_array().end();
    text += "  " + property_name(property.key()) + (must ? ": " : "?: ") +
            type_of(property.value().as_object()) + ";\n";
  }
  return text + "}\n";
}

}  // namespace

namespace reflect {

std::string component_name(std::string_view compiler_spelling) {
  // g++: "… [with T = lifang::cases::Case; …]"; clang: "… [T = lifang::cases::Case]".
  const auto from = compiler_spelling.find("T = ");
  check(from != std::string_view::npos, "the compiler spells types in a way unknown here");
  std::string name(compiler_spelling.substr(from + 4));
  name.resize(std::min(name.find(';'), name.rfind(']')));
  for (const char* dropped : {"lifang::", "{anonymous}::", "(anonymous namespace)::", " "})
    replace_all(name, dropped, "");
  replace_all(name, "::", ".");
  replace_all(name, "<", "_of_");
  replace_all(name, ",", "_and_");
  replace_all(name, ">", "");
  return name;
}

json::object schema_of_text(std::string_view format, std::string_view description) {
  json::object schema{{"type", "string"}};
  if (!format.empty()) schema["format"] = format;
  if (!description.empty()) schema["description"] = description;
  return schema;
}

json::object schema_of_choice(std::span<const std::string_view> names) {
  json::array choice;
  for (const auto name : names) choice.emplace_back(name);
  return {{"type", "string"}, {"enum", std::move(choice)}};
}

}  // namespace reflect

void Schemas::add_all(std::string_view schemas) {
  const boost::json::value parsed = parse_json(schemas);
  for (const auto& [name, schema] : parsed.as_object()) components_.insert_or_assign(name, schema);
}

std::pair<std::string, bool> Schemas::named(std::string name, std::type_index type) {
  if (const auto known = names_.find(type); known != names_.end()) return {known->second, false};
  const std::string first = name;
  for (int n = 2; components_.contains(name); ++n) name = first + "_" + std::to_string(n);
  names_.emplace(type, name);
  components_[name] = nullptr;  // taken, also while its members are looked at
  return {name, true};
}

std::string to_typescript(const json::object& components) {
  std::map<std::string_view, const json::object*> sorted;
  for (const auto& item : components) sorted.emplace(item.key(), &item.value().as_object());
  std::string text;
  for (const auto& [name, schema] : sorted) {
    if (!text.empty()) text += '\n';
    if (schema->contains("properties"))
      text += interface_of(name, *schema);
    else
      text += "export type " + type_name(name) + " = " + type_of(*schema) + ";\n";
  }
  return text;
}

}  // namespace lifang
