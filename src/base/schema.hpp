// The one description turned into JSON Schema 2020-12 (what OpenAPI 3.1 uses) and TypeScript types.
#pragma once
#include <map>
#include <tuple>
#include <typeindex>

#include "base/reflect.hpp"

namespace lifang {

namespace reflect {
/// "lifang::cases::Case" as the compiler spells it → "cases.Case"; "Page<cases::Case>" →
/// "Page_of_cases.Case". Letters that OpenAPI allows in a component's name.
std::string component_name(std::string_view compiler_spelling);

template <class T>
std::string_view compiler_spelling() {
  return __PRETTY_FUNCTION__;
}

boost::json::object schema_of_text(std::string_view format, std::string_view description = {});
boost::json::object schema_of_choice(std::span<const std::string_view> names);
}  // namespace reflect

/// Collects the schemas of described types under their names. A struct may choose its name with
///   static constexpr std::string_view schema_name = "Case";
/// A kind of JsonObject whose reader is elsewhere brings its schema with it: `schema_name`, and `static
/// std::string_view schemas()`: a JSON object with that and with all that it mentions, by name.
/// Required are the members that are neither optional nor `defaulted`.
class Schemas {
 public:
  /// The schema of T: inline for plain types, {"$ref":"#/components/schemas/NAME"} for described
  /// ones, which are added to `components()` together with all that they mention.
  template <class T>
  boost::json::object of();

  /// Name → schema.
  const boost::json::object& components() const { return components_; }

 private:
  template <DescribedStruct T>
  boost::json::object struct_of();
  void add_all(std::string_view schemas);
  /// The component of a type, and whether it is new and its schema is to be filled in. Where another
  /// type has the name already (two files with a `Words` of their own), a number is added.
  std::pair<std::string, bool> named(std::string name, std::type_index type);

  boost::json::object components_;
  std::map<std::type_index, std::string> names_;
};

/// The components as `export interface`/`export type` declarations, sorted by name; "cases.Case"
/// becomes CasesCase. Times, dates, durations and ids are strings.
std::string to_typescript(const boost::json::object& components);

template <DescribedStruct T>
boost::json::object Schemas::struct_of() {
  boost::json::object properties;
  boost::json::array required;
  boost::mp11::mp_for_each<MembersOf<T>>([&](auto d) {
    using Member = std::remove_cvref_t<decltype(std::declval<T&>().*d.pointer)>;
    constexpr std::string_view name = outward_name(decltype(d)::name);
    properties[name] = of<Member>();
    if constexpr (!reflect::is_a<Member, std::optional> &&
                  !reflect::is_a<Member, std::unique_ptr> && !is_defaulted<T>(name))
      required.emplace_back(name);
  });
  boost::json::object schema{{"type", "object"}, {"properties", std::move(properties)}};
  if (!required.empty()) schema["required"] = std::move(required);
  schema["additionalProperties"] = false;
  return schema;
}

template <class T>
boost::json::object Schemas::of() {
  using namespace reflect;
  if constexpr (HasJsonText<T>) {
    return schema_of_text({}, JsonText<T>::expected);
  } else if constexpr (requires { T::schemas(); }) {
    add_all(T::schemas());
    return {{"$ref", "#/components/schemas/" + std::string(T::schema_name)}};
  } else if constexpr (std::derived_from<T, JsonObject>) {
    return {{"type", "object"}};
  } else if constexpr (std::same_as<T, JsonAny>) {
    return {};
  } else if constexpr (std::same_as<T, bool>) {
    return {{"type", "boolean"}};
  } else if constexpr (Integer<T> && std::is_signed_v<T>) {
    return {{"type", "integer"}, {"format", sizeof(T) == 8 ? "int64" : "int32"}};
  } else if constexpr (Integer<T>) {
    return {{"type", "integer"}, {"minimum", 0}};
  } else if constexpr (std::same_as<T, double>) {
    return {{"type", "number"}};
  } else if constexpr (std::same_as<T, std::string>) {
    return {{"type", "string"}};
  } else if constexpr (std::same_as<T, Time>) {
    return schema_of_text("date-time");
  } else if constexpr (std::same_as<T, Duration>) {
    return schema_of_text("duration");
  } else if constexpr (std::same_as<T, Date>) {
    return schema_of_text("date");
  } else if constexpr (std::same_as<T, boost::json::value>) {
    return {};
  } else if constexpr (std::same_as<T, boost::json::object>) {
    return {{"type", "object"}};
  } else if constexpr (std::same_as<T, boost::json::array>) {
    return {{"type", "array"}};
  } else if constexpr (is_id<T>) {
    return {{"type", "string"}, {"pattern", "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"}};
  } else if constexpr (is_a<T, OrNull>) {
    return {{"anyOf", boost::json::array{of<typename T::value_type>(), {{"type", "null"}}}}};
  } else if constexpr (is_a<T, std::optional>) {
    return of<typename T::value_type>();
  } else if constexpr (is_a<T, std::unique_ptr>) {
    return of<typename T::element_type>();
  } else if constexpr (is_a<T, std::vector>) {
    return {{"type", "array"}, {"items", of<typename T::value_type>()}};
  } else if constexpr (is_a<T, std::map>) {
    return {{"type", "object"}, {"additionalProperties", of<typename T::mapped_type>()}};
  } else {
    std::string name;
    if constexpr (requires { T::schema_name; })
      name = T::schema_name;
    else
      name = component_name(compiler_spelling<T>());
    bool fresh = false;
    std::tie(name, fresh) = named(std::move(name), typeid(T));
    if (fresh) {
      boost::json::object schema;
      if constexpr (DescribedEnum<T>)
        schema = schema_of_choice(enum_names<T>());
      else if constexpr (DescribedStruct<T>)
        schema = struct_of<T>();
      else
        static_assert(no_mapping<T>, "this type has no JSON: describe it or give it a JsonText");
      components_[name] = std::move(schema);
    }
    return {{"$ref", "#/components/schemas/" + name}};
  }
}

}  // namespace lifang
