#include "base/schema.hpp"

#include <gtest/gtest.h>

namespace lifang {

namespace schema_test_one {
struct Words {
  static constexpr std::string_view schema_name = "Words";
  int a = 0;
};
BOOST_DESCRIBE_STRUCT(Words, (), (a))
}  // namespace schema_test_one
namespace schema_test_two {
struct Words {
  static constexpr std::string_view schema_name = "Words";
  int b = 0;
};
BOOST_DESCRIBE_STRUCT(Words, (), (b))
}  // namespace schema_test_two

namespace schema_test {
enum class Grade { first, second };
BOOST_DESCRIBE_ENUM(Grade, first, second)

struct Place {};
struct Branch {
  std::string name;
  Grade grade = Grade::first;
  std::optional<double> weight;
  OrNull<Time> seen;
  std::vector<Branch> children;
  std::map<std::string, std::int64_t> counts;
  Id<Place> place;
  boost::json::value any;
  bool open = false;
  static constexpr auto defaulted = members("open");
};
BOOST_DESCRIBE_STRUCT(Branch, (), (name, grade, weight, seen, children, counts, place, any, open))

template <class T>
struct Page {
  std::vector<T> items;
  std::vector<OrNull<T>> holes;
  BOOST_DESCRIBE_CLASS(Page, (), (items, holes), (), ())
};

struct Named {
  static constexpr std::string_view schema_name = "Other";
  Duration every{};
};
BOOST_DESCRIBE_STRUCT(Named, (), (every))
}  // namespace schema_test

namespace {
using namespace schema_test;

TEST(Schema, describes_a_struct_and_what_it_mentions) {
  Schemas schemas;
  EXPECT_EQ(to_json(schemas.of<Branch>()), R"({"$ref":"#/components/schemas/schema_test.Branch"})");
  EXPECT_EQ(schemas.components().size(), 2U);
  EXPECT_EQ(to_json(schemas.components().at("schema_test.Grade")),
            R"({"type":"string","enum":["first","second"]})");
  const auto& node = schemas.components().at("schema_test.Branch").as_object();
  EXPECT_EQ(to_json(node.at("required")),
            R"(["name","grade","seen","children","counts","place","any"])");
  const auto& properties = node.at("properties").as_object();
  EXPECT_EQ(to_json(properties.at("children")),
            R"({"type":"array","items":{"$ref":"#/components/schemas/schema_test.Branch"}})");
  EXPECT_EQ(to_json(properties.at("seen")),
            R"({"anyOf":[{"type":"string","format":"date-time"},{"type":"null"}]})");
  EXPECT_EQ(to_json(properties.at("counts")),
            R"({"type":"object","additionalProperties":{"type":"integer","format":"int64"}})");
  EXPECT_EQ(to_json(properties.at("any")), "{}");
  EXPECT_EQ(to_json(node.at("additionalProperties")), "false");
}

TEST(Schema, names_templates_and_chosen_names) {
  Schemas schemas;
  EXPECT_EQ(to_json(schemas.of<Page<Grade>>()),
            R"({"$ref":"#/components/schemas/schema_test.Page_of_schema_test.Grade"})");
  EXPECT_EQ(to_json(schemas.of<Named>()), R"({"$ref":"#/components/schemas/Other"})");
}

TEST(Schema, becomes_typescript) {
  Schemas schemas;
  schemas.of<Page<Grade>>();
  schemas.of<Branch>();
  EXPECT_EQ(to_typescript(schemas.components()),
            R"(export interface SchemaTestBranch {
  name: string;
  grade: SchemaTestGrade;
  weight?: number;
  seen: string | null;
  children: SchemaTestBranch[];
  counts: Record<string, number>;
  place: string;
  any: unknown;
  open?: boolean;
}

export type SchemaTestGrade = "first" | "second";

export interface SchemaTestPageOfSchemaTestGrade {
  items: SchemaTestGrade[];
  holes: (SchemaTestGrade | null)[];
}
)");
}

TEST(Schema, two_types_of_one_name_get_names_of_their_own) {
  Schemas schemas;
  const auto first = schemas.of<schema_test_one::Words>(), second = schemas.of<schema_test_two::Words>();
  EXPECT_EQ(to_json(first), R"({"$ref":"#/components/schemas/Words"})");
  EXPECT_EQ(to_json(second), R"({"$ref":"#/components/schemas/Words_2"})");
  EXPECT_EQ(to_json(schemas.of<schema_test_one::Words>()), to_json(first));
  EXPECT_TRUE(schemas.components().at("Words_2").at("properties").as_object().contains("b"));
}

}  // namespace
}  // namespace lifang
