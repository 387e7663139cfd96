// QR codes: the same pictures as the pages draw, which an independent reader has read.
#include "base/qr.hpp"

#include <gtest/gtest.h>

namespace lifang {
namespace {

std::string drawn_code(const std::vector<std::vector<bool>>& modules) {
  std::string text;
  for (const auto& row : modules) {
    for (const bool dark : row) text += dark ? '1' : '0';
    text += '\n';
  }
  return text;
}

TEST(Qr, draws_the_known_picture_of_a_household_code) {
  EXPECT_EQ(drawn_code(qr_modules("7K3M9QX2TB4F", QrLevel::Q)),
            "111111101111001111111\n100000100011001000001\n101110101110101011101\n101110101011101011101\n"
            "101110100010101011101\n100000101101001000001\n111111101010101111111\n000000001100100000000\n"
            "010101111101111101101\n111000010100111001001\n001011110011111001100\n001001011010101100011\n"
            "110000101100000111011\n000000001101000101110\n111111101010100011000\n100000101001110000011\n"
            "101110100101011110001\n101110101101000010111\n101110100100100111001\n100000101110011100101\n"
            "111111100011100101000\n");
}

TEST(Qr, takes_the_smallest_version_that_holds_the_text) {
  EXPECT_EQ(qr_modules("7K3M9QX2TB4F").size(), 21U);
  EXPECT_EQ(qr_modules("https://lifang.example/#/c/7K3M9QX2TB4F").size(), 29U);
  EXPECT_EQ(qr_modules(std::string(213, 'x')).size(), 57U);
  EXPECT_TRUE(qr_modules(std::string(214, 'x')).empty());
}

TEST(Qr, is_one_picture_with_a_quiet_zone_and_a_safe_label) {
  const std::string svg = qr_svg("A", "<b>\"x\"");
  EXPECT_TRUE(svg.starts_with("<svg viewBox=\"-4 -4 29 29\"")) << svg;
  EXPECT_EQ(svg.find("<b>"), std::string::npos);
  EXPECT_EQ(qr_svg(std::string(300, 'x'), "too long"), "");
}

}  // namespace
}  // namespace lifang
