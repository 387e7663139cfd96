#include "ward/ward_picture.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/check.hpp"
#include "ward/chance.hpp"

namespace lifang::ward {
namespace {

constexpr int kWidth = 160, kHeight = 120;
using Ink = std::uint8_t;

/// Sky, ground, walls, windows, path, green, leaves, shadow, four bright things, light, dark, red, white.
constexpr std::array<std::array<std::uint8_t, 3>, 16> kPalette = {{{186, 212, 232}, {196, 190, 178}, {222, 203, 176}, {120, 146, 168},
                                                                   {170, 168, 164}, {132, 164, 98},  {78, 122, 70},   {104, 100, 96},
                                                                   {52, 120, 190},  {222, 150, 40},  {150, 84, 160},  {60, 150, 130},
                                                                   {250, 226, 130}, {60, 58, 62},    {206, 62, 50},   {248, 248, 246}}};
// Colours by their place in the palette; the one after orange is reached by counting on from blue.
constexpr Ink sky = 0, ground = 1, wall = 2, window = 3, path = 4, lawn = 5, leaves = 6, shadow = 7, blue = 8, orange = 9, teal = 11, light = 12, dark = 13, red = 14, white = 15;

class Sheet {
 public:
  void box(int x, int y, int width, int height, Ink ink) {
    for (int row = std::max(0, y); row < std::min(kHeight, y + height); ++row)
      for (int column = std::max(0, x); column < std::min(kWidth, x + width); ++column) at(column, row) = ink;
  }
  void disc(int x, int y, int radius, Ink ink) {
    for (int dy = -radius; dy <= radius; ++dy)
      for (int dx = -radius; dx <= radius; ++dx)
        if (dx * dx + dy * dy <= radius * radius) box(x + dx, y + dy, 1, 1, ink);
  }
  std::string png() const;

 private:
  Ink& at(int x, int y) { return dots_[static_cast<std::size_t>(y * kWidth + x)]; }
  std::vector<Ink> dots_ = std::vector<Ink>(kWidth * kHeight, sky);
};

void add_number(std::string& to, std::uint32_t n) {
  for (int shift = 24; shift >= 0; shift -= 8) to += static_cast<char>(static_cast<unsigned char>(n >> shift));
}

/// A chunk of a PNG (ISO 15948 §5.3): length, type, content, CRC of the last two.
void add_chunk(std::string& to, std::string_view type, const std::string& content) {
  add_number(to, static_cast<std::uint32_t>(content.size()));
  const std::string body = std::string(type) + content;
  to += body;
  add_number(to, static_cast<std::uint32_t>(::crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()))));
}

std::string Sheet::png() const {
  std::string rows;
  for (int y = 0; y < kHeight; ++y) {
    rows += '\0';  // no filter
    for (int x = 0; x < kWidth; x += 2)
      rows += static_cast<char>(dots_[static_cast<std::size_t>(y * kWidth + x)] << 4 | dots_[static_cast<std::size_t>(y * kWidth + x + 1)]);
  }
  uLongf size = ::compressBound(static_cast<uLong>(rows.size()));
  std::string packed(size, '\0');
  check(::compress2(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(rows.data()),
                    static_cast<uLong>(rows.size()), 6) == Z_OK, "the buffer is as long as compressBound asks for");
  packed.resize(size);
  std::string head, colours;
  add_number(head, kWidth);
  add_number(head, kHeight);
  head += std::string("\x04\x03\x00\x00\x00", 5);  // four bits a dot, palette
  for (const auto& colour : kPalette)
    for (const std::uint8_t part : colour) colours += static_cast<char>(part);
  std::string file("\x89PNG\r\n\x1a\n", 8);
  add_chunk(file, "IHDR", head);
  add_chunk(file, "PLTE", colours);
  add_chunk(file, "IDAT", packed);
  add_chunk(file, "IEND", {});
  return file;
}

void draw_yard(Sheet& sheet, Chance& chance) {
  const int horizon = static_cast<int>(chance.between(62, 78));
  sheet.box(0, horizon, kWidth, kHeight - horizon, ground);
  for (int x = static_cast<int>(chance.between(-20, 4)); x < kWidth; x += 52) {
    const int height = static_cast<int>(chance.between(36, 58));
    sheet.box(x, horizon - height, 44, height, wall);
    for (int wy = horizon - height + 5; wy < horizon - 8; wy += 11)
      for (int wx = x + 5; wx < x + 40; wx += 10) sheet.box(wx, wy, 5, 6, chance.one_in(6) ? light : window);
    sheet.box(x + 19, horizon - 11, 7, 11, dark);
  }
  sheet.box(0, horizon + 14, kWidth, 12, path);
  sheet.box(0, horizon + 30, kWidth, kHeight, lawn);
  for (int tree = 0; tree < 3; ++tree) {
    const int x = static_cast<int>(chance.between(6, 154));
    sheet.box(x, horizon - 4, 2, 14, shadow);
    sheet.disc(x + 1, horizon - 8, static_cast<int>(chance.between(6, 9)), leaves);
  }
}

void draw_thing(Sheet& sheet, Chance& chance, std::string_view what) {
  const int x = static_cast<int>(chance.between(40, 100)), y = 84;
  const Ink ink = static_cast<Ink>(blue + Chance::hash(what) % 4);
  const auto is = [&](std::string_view part) { return what.find(part) != std::string_view::npos; };
  sheet.box(x - 4, y + 20, 44, 4, shadow);
  if (is("bin") || is("waste") || is("bag") || is("drop")) {
    for (int n = 0; n < 3; ++n) sheet.box(x + n * 13, y, 11, 20, n == 1 ? teal : ink), sheet.box(x + n * 13 - 1, y - 3, 13, 3, dark);
    for (int n = 0; n < 4; ++n) sheet.disc(x + 4 + n * 9, y + 22, 4, n % 2 ? white : dark);
  } else if (is("ebike") || is("parking") || is("road") || is("car") || is("lane")) {
    sheet.box(x, y + 6, 40, 10, ink), sheet.box(x + 8, y, 22, 7, ink), sheet.box(x + 10, y + 2, 18, 4, window);
    sheet.disc(x + 8, y + 17, 4, dark), sheet.disc(x + 32, y + 17, 4, dark);
  } else if (is("smoke") || is("heat") || is("fire") || is("leak") || is("flood")) {
    for (int n = 0; n < 6; ++n) sheet.disc(x + 10 + static_cast<int>(chance.between(-8, 16)), y + 18 - n * 8, 6 + n, n < 2 ? (is("leak") || is("flood") ? blue : orange) : shadow);
  } else if (is("light") || is("power") || is("electric")) {
    sheet.box(x + 16, y - 34, 3, 56, dark), sheet.disc(x + 17, y - 36, 5, chance.one_in(2) ? dark : light);
  } else {
    for (int n = 0; n < 5; ++n)
      sheet.box(x + static_cast<int>(chance.between(-4, 30)), y + static_cast<int>(chance.between(2, 16)), 10, 8, n % 2 ? ink : orange);
  }
  sheet.disc(x + 18, y + 10, 2, red);
}

}  // namespace

std::string picture_of(std::string_view what, std::uint64_t seed, bool mended) {
  Sheet sheet;
  Chance yard(seed, "yard"), thing(seed, what);
  draw_yard(sheet, yard);
  if (!mended) {
    draw_thing(sheet, thing, what);
  } else {
    // Swept and empty, with the worker's cone standing there.
    sheet.box(72, 100, 16, 3, dark);
    for (int n = 0; n < 14; ++n) sheet.box(80 - n / 3, 86 + n, 1 + 2 * (n / 3), 1, n % 5 < 3 ? orange : white);
  }
  return sheet.png();
}

}  // namespace lifang::ward
