#include "base/text.hpp"

#include <gtest/gtest.h>

namespace lifang {
namespace {

using Terms = std::vector<std::string>;

TEST(Text, knows_utf8) {
  for (const std::string_view good :
       {"", "abc", "漏水", "é", "😀", "\xef\xbf\xbd", "\xf4\x8f\xbf\xbf"})
    EXPECT_TRUE(valid_utf8(good)) << good;
  for (const std::string_view bad :
       {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf0\x80\x80\x80",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xe6\xbc", "\xff", "a\xc3"})
    EXPECT_FALSE(valid_utf8(bad)) << bad;
}

TEST(Text, goes_to_code_points_and_back) {
  EXPECT_EQ(to_utf8(to_code_points("a漏é😀")), "a漏é😀");
  EXPECT_EQ(to_code_points("a\xff"
                           "b"),
            U"a\uFFFDb");
  EXPECT_EQ(length_of("a漏é😀"), 4U);
}

TEST(Text, trims_every_kind_of_space) {
  EXPECT_EQ(trim(" \t\u3000\u00a0张三 \ufeff\n"), "张三");
  EXPECT_EQ(trim("\u3000"), "");
  EXPECT_EQ(trim("\x80\x80"), "\x80\x80");
  EXPECT_EQ(trim("a b"), "a b");
}

TEST(Text, normalises_what_people_type) {
  EXPECT_EQ(normalise("　Ａｂ１２－ "), "ab12-");
  EXPECT_EQ(normalise("张 三"), "张三");
  EXPECT_EQ(normalise("  John \t SMITH "), "john smith");
  EXPECT_EQ(normalise("3 幢"), "3幢");
  EXPECT_EQ(normalise(""), "");
}

TEST(Text, masks_names) {
  EXPECT_EQ(mask_name("王"), "*");
  EXPECT_EQ(mask_name("王明"), "王*");
  EXPECT_EQ(mask_name("张小三"), "张**");
  EXPECT_EQ(mask_name("欧阳修"), "欧阳*");
  EXPECT_EQ(mask_name("欧阳"), "欧*");
  EXPECT_EQ(mask_name("Christopher"), "C***");
  EXPECT_EQ(mask_name(""), "");
}

TEST(Text, masks_numbers) {
  EXPECT_EQ(mask_phone("13812345678"), "138****5678");
  EXPECT_EQ(mask_phone("１３８１２３４５６７８"), "138****5678");
  EXPECT_EQ(mask_phone("0571-88001234"), "0571-****1234");
  EXPECT_EQ(mask_phone("12345"), "***45");
  EXPECT_EQ(mask_phone("12"), "**");
  EXPECT_EQ(mask_identity("330100190001011234"), "3301**********1234");
  EXPECT_EQ(mask_identity("1234"), "****");
}

TEST(Text, masks_addresses_behind_the_building) {
  EXPECT_EQ(mask_address("文一路88号府苑新村3幢2单元501"), "文一路88号府苑新村3幢***");
  EXPECT_EQ(mask_address("府苑新村 12 号楼 301 室"), "府苑新村 12 号楼***");
  EXPECT_EQ(mask_address("翠苑一区三栋402"), "翠苑一区三栋***");
  EXPECT_EQ(mask_address("文一路88号"), "文一路88号");
  EXPECT_EQ(mask_address("文一路88号501"), "文一路88号***");
  EXPECT_EQ(mask_address("河边小屋"), "河边***");
  EXPECT_EQ(mask_address(""), "");
}

TEST(Text, measures_edits_up_to_a_limit) {
  EXPECT_EQ(edit_distance("浙A12345", "浙A12345", 1), 0U);
  EXPECT_EQ(edit_distance("浙A12345", "浙A1Z345", 1), 1U);
  EXPECT_EQ(edit_distance("浙A12345", "渐A1Z345", 1), std::nullopt);
  EXPECT_EQ(edit_distance("kitten", "sitting", 3), 3U);
  EXPECT_EQ(edit_distance("kitten", "sitting", 2), std::nullopt);
  EXPECT_EQ(edit_distance("", "ab", 2), 2U);
  EXPECT_EQ(edit_distance("", "", 0), 0U);
}

TEST(Text, makes_terms_for_search) {
  EXPECT_EQ(search_terms("3幢电梯漏水"), (Terms{"3", "幢电", "电梯", "梯漏", "漏水"}));
  EXPECT_EQ(search_terms("PM2.5超标，水"), (Terms{"pm2", "5", "超标", "水"}));
  EXPECT_EQ(search_terms("ＡＢ-Café"), (Terms{"ab", "café"}));
  EXPECT_EQ(search_terms(" ,。"), Terms{});
}

TEST(Text, compares_in_constant_time) {
  EXPECT_TRUE(equal_in_constant_time("secret", "secret"));
  EXPECT_TRUE(equal_in_constant_time("", ""));
  for (const char* other : {"", "secre", "secrets", "Secret", "secreu", "secretsecret"})
    EXPECT_FALSE(equal_in_constant_time("secret", other)) << other;
  EXPECT_FALSE(equal_in_constant_time("", "x"));
}

TEST(Text, spells_bytes) {
  EXPECT_EQ(to_hex(std::string_view("\x00\xff\x1a", 3)), "00ff1a");
  EXPECT_EQ(from_hex("00Ff1A"), std::string("\x00\xff\x1a", 3));
  EXPECT_FALSE(from_hex("0"));
  EXPECT_FALSE(from_hex("0g"));
  // RFC 4648 §10, without padding
  const std::pair<const char*, const char*> known[] = {
      {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
      {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff", "-_8"}};
  for (const auto& [bytes, text] : known) {
    EXPECT_EQ(to_base64url(bytes), text);
    EXPECT_EQ(from_base64url(text), bytes);
  }
  for (const char* bad : {"Z", "Zh", "Zm9", "Zg==", "Z g"})
    EXPECT_FALSE(from_base64url(bad)) << bad;
}

}  // namespace
}  // namespace lifang
