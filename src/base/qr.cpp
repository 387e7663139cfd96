#include "base/qr.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>


namespace lifang {
namespace {

using Words = std::vector<unsigned>;
using Bits = std::vector<bool>;

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
constexpr std::array<unsigned, 4> kLevelBits = {1, 0, 3, 2};
/// Per level and version: error correction words of a block, number of blocks (ISO/IEC 18004 table 9).
constexpr std::array<std::array<int, 10>, 4> kCheckWords = {{{7, 10, 15, 20, 26, 18, 20, 24, 30, 18},
                                                             {10, 16, 26, 18, 24, 16, 18, 22, 22, 26},
                                                             {13, 22, 18, 26, 18, 24, 18, 22, 20, 24},
                                                             {17, 28, 22, 16, 22, 28, 26, 26, 24, 28}}};
constexpr std::array<std::array<int, 10>, 4> kBlocks = {{{1, 1, 1, 1, 1, 2, 2, 2, 2, 4},
                                                         {1, 1, 1, 2, 2, 4, 4, 4, 5, 5},
                                                         {1, 1, 2, 2, 4, 4, 6, 6, 8, 8},
                                                         {1, 1, 2, 4, 4, 4, 5, 6, 8, 8}}};

struct Shape {
  int version;
  QrLevel level;
  int row() const { return static_cast<int>(level); }
  int size() const { return version * 4 + 17; }
  int check_words() const { return kCheckWords[static_cast<std::size_t>(row())][static_cast<std::size_t>(version - 1)]; }
  int blocks() const { return kBlocks[static_cast<std::size_t>(row())][static_cast<std::size_t>(version - 1)]; }
  int all_words() const {
    int n = (16 * version + 128) * version + 64;
    if (version >= 2) {
      const int aligns = version / 7 + 2;
      n -= (25 * aligns - 10) * aligns - 55;
      if (version >= 7) n -= 36;
    }
    return n / 8;
  }
  std::size_t data_bits() const { return static_cast<std::size_t>(all_words() - check_words() * blocks()) * 8; }
};

/// Multiplies in GF(2^8) modulo x^8 + x^4 + x^3 + x^2 + 1.
unsigned gf_times(unsigned a, unsigned b) {
  unsigned product = 0;
  for (int i = 7; i >= 0; --i) product = ((product << 1) ^ ((product >> 7) * 0x11DU)) ^ (((b >> i) & 1U) * a);
  return product & 0xFFU;
}

/// The generator polynomial of so many check words, without its leading 1.
Words gf_divisor(int degree) {
  Words result(static_cast<std::size_t>(degree), 0);
  result.back() = 1;
  unsigned root = 1;
  for (int i = 0; i < degree; ++i) {
    for (std::size_t j = 0; j < result.size(); ++j)
      result[j] = gf_times(result[j], root) ^ (j + 1 < result.size() ? result[j + 1] : 0);
    root = gf_times(root, 2);
  }
  return result;
}

Words gf_remainder(const Words& data, const Words& by) {
  Words result(by.size(), 0);
  for (const unsigned word : data) {
    const unsigned factor = word ^ result.front();
    std::rotate(result.begin(), result.begin() + 1, result.end());
    result.back() = 0;
    for (std::size_t i = 0; i < by.size(); ++i) result[i] ^= gf_times(by[i], factor);
  }
  return result;
}

void push_bits(Bits& bits, std::size_t value, int length) {
  for (int i = length - 1; i >= 0; --i) bits.push_back(((value >> i) & 1U) != 0);
}

Bits qr_bits(std::string_view text, int version) {
  Bits bits;
  if (text.find_first_not_of(kAlphabet) == std::string_view::npos) {
    push_bits(bits, 2, 4);
    push_bits(bits, text.size(), version < 10 ? 9 : 11);
    for (std::size_t i = 0; i + 1 < text.size(); i += 2) push_bits(bits, kAlphabet.find(text[i]) * 45 + kAlphabet.find(text[i + 1]), 11);
    if (text.size() % 2 != 0) push_bits(bits, kAlphabet.find(text.back()), 6);
  } else {
    push_bits(bits, 4, 4);
    push_bits(bits, text.size(), version < 10 ? 8 : 16);
    for (const char c : text) push_bits(bits, static_cast<unsigned char>(c), 8);
  }
  return bits;
}

/// Data padded, cut into blocks, checked, and woven together.
Words woven(std::string_view text, const Shape& shape) {
  Bits bits = qr_bits(text, shape.version);
  for (int i = 0; i < 4 && bits.size() < shape.data_bits(); ++i) bits.push_back(false);
  while (bits.size() % 8 != 0) bits.push_back(false);
  for (unsigned pad = 0xEC; bits.size() < shape.data_bits(); pad ^= 0xEC ^ 0x11) push_bits(bits, pad, 8);
  Words data;
  for (std::size_t i = 0; i < bits.size(); i += 8) {
    unsigned word = 0;
    for (std::size_t j = 0; j < 8; ++j) word = word << 1 | (bits[i + j] ? 1U : 0U);
    data.push_back(word);
  }
  const int blocks = shape.blocks(), shorter = blocks - shape.all_words() % blocks, length = shape.all_words() / blocks;
  const Words by = gf_divisor(shape.check_words());
  std::vector<Words> parts, checks;
  auto at = data.begin();
  for (int i = 0; i < blocks; ++i) {
    const auto end = at + (length - shape.check_words() + (i < shorter ? 0 : 1));
    parts.emplace_back(at, end);
    checks.push_back(gf_remainder(parts.back(), by));
    at = end;
  }
  Words result;
  for (const auto* rows : {&parts, &checks})
    for (std::size_t i = 0; i < rows->back().size(); ++i)
      for (const Words& row : *rows)
        if (i < row.size()) result.push_back(row[i]);
  return result;
}

class Grid {
 public:
  explicit Grid(const Shape& shape) : shape_(shape), size_(shape.size()) {
    dark_.assign(cells(), false);
    fixed_.assign(cells(), false);
    draw_patterns();
  }
  void fill(const Words& words) {
    std::size_t i = 0;
    for (int right = size_ - 1; right >= 1; right -= 2) {
      if (right == 6) right = 5;
      for (int step = 0; step < size_; ++step)
        for (int j = 0; j < 2; ++j) {
          const int x = right - j, y = ((right + 1) & 2) == 0 ? size_ - 1 - step : step;
          if (fixed_[index(x, y)] || i >= words.size() * 8) continue;
          dark_[index(x, y)] = ((words[i >> 3] >> (7 - (i & 7))) & 1U) != 0;
          ++i;
        }
    }
  }
  void mask(int which) {
    for (int y = 0; y < size_; ++y)
      for (int x = 0; x < size_; ++x)
        if (!fixed_[index(x, y)] && flips(which, x, y)) dark_[index(x, y)] = !dark_[index(x, y)];
  }
  void draw_format(int which) {
    const unsigned data = kLevelBits[static_cast<std::size_t>(shape_.row())] << 3 | static_cast<unsigned>(which);
    unsigned rest = data;
    for (int i = 0; i < 10; ++i) rest = (rest << 1) ^ ((rest >> 9) * 0x537U);
    const unsigned bits = (data << 10 | rest) ^ 0x5412U;
    const auto bit = [bits](int i) { return ((bits >> i) & 1U) != 0; };
    for (int i = 0; i <= 5; ++i) set(8, i, bit(i));
    set(8, 7, bit(6));
    set(8, 8, bit(7));
    set(7, 8, bit(8));
    for (int i = 9; i < 15; ++i) set(14 - i, 8, bit(i));
    for (int i = 0; i < 8; ++i) set(size_ - 1 - i, 8, bit(i));
    for (int i = 8; i < 15; ++i) set(8, size_ - 15 + i, bit(i));
    set(8, size_ - 8, true);
  }
  /// How hard it is to read: long runs, blocks, patterns like the corners, too much of one shade.
  int penalty() const {
    int points = 0, dark = 0;
    for (int i = 0; i < size_; ++i)
      for (const bool across : {true, false}) {
        std::string line;
        for (int j = 0; j < size_; ++j) line += dark_[across ? index(j, i) : index(i, j)] ? '1' : '0';
        points += penalty_of(line);
        if (across) dark += static_cast<int>(std::count(line.begin(), line.end(), '1'));
      }
    for (int y = 0; y + 1 < size_; ++y)
      for (int x = 0; x + 1 < size_; ++x) {
        const bool c = dark_[index(x, y)];
        if (c == dark_[index(x + 1, y)] && c == dark_[index(x, y + 1)] && c == dark_[index(x + 1, y + 1)]) points += 3;
      }
    return points + std::abs(dark * 20 - size_ * size_ * 10) / (size_ * size_) * 10;
  }
  std::vector<std::vector<bool>> rows() const {
    std::vector<std::vector<bool>> all;
    for (int y = 0; y < size_; ++y) {
      const auto from = dark_.begin() + static_cast<std::ptrdiff_t>(index(0, y));
      all.emplace_back(from, from + size_);
    }
    return all;
  }

 private:
  std::size_t cells() const { return static_cast<std::size_t>(size_) * static_cast<std::size_t>(size_); }
  std::size_t index(int x, int y) const { return static_cast<std::size_t>(y) * static_cast<std::size_t>(size_) + static_cast<std::size_t>(x); }
  void set(int x, int y, bool dark) {
    if (x < 0 || y < 0 || x >= size_ || y >= size_) return;
    dark_[index(x, y)] = dark;
    fixed_[index(x, y)] = true;
  }
  static bool flips(int which, int x, int y) {
    switch (which) {
      case 0: return (x + y) % 2 == 0;
      case 1: return y % 2 == 0;
      case 2: return x % 3 == 0;
      case 3: return (x + y) % 3 == 0;
      case 4: return (x / 3 + y / 2) % 2 == 0;
      case 5: return x * y % 2 + x * y % 3 == 0;
      case 6: return (x * y % 2 + x * y % 3) % 2 == 0;
      default: return ((x + y) % 2 + x * y % 3) % 2 == 0;
    }
  }
  static int penalty_of(const std::string& line) {
    int points = 0;
    for (std::size_t i = 0; i < line.size();) {
      const std::size_t end = std::min(line.find_first_not_of(line[i], i), line.size());
      if (end - i >= 5) points += static_cast<int>(end - i) - 2;
      i = end;
    }
    for (const std::string_view finder : {"10111010000", "00001011101"})
      for (auto at = line.find(finder); at != std::string::npos; at = line.find(finder, at + 1)) points += 40;
    return points;
  }
  std::vector<int> aligns() const {
    if (shape_.version == 1) return {};
    const int count = shape_.version / 7 + 2, gaps = count * 2 - 2, step = (size_ - 13 + gaps - 1) / gaps * 2;
    std::vector<int> result{6};
    for (int at = size_ - 7; static_cast<int>(result.size()) < count; at -= step) result.insert(result.begin() + 1, at);
    return result;
  }
  void draw_patterns() {
    const int far = size_ - 1;
    for (int i = 0; i < size_; ++i) {
      set(6, i, i % 2 == 0);
      set(i, 6, i % 2 == 0);
    }
    for (const auto& [cx, cy] : {std::pair(3, 3), {far - 3, 3}, {3, far - 3}})
      for (int dy = -4; dy <= 4; ++dy)
        for (int dx = -4; dx <= 4; ++dx) {
          const int ring = std::max(std::abs(dx), std::abs(dy));
          set(cx + dx, cy + dy, ring != 2 && ring != 4);
        }
    const auto at = aligns();
    for (std::size_t i = 0; i < at.size(); ++i)
      for (std::size_t j = 0; j < at.size(); ++j) {
        const std::size_t last = at.size() - 1;
        if ((i == 0 && j == 0) || (i == 0 && j == last) || (i == last && j == 0)) continue;
        for (int dy = -2; dy <= 2; ++dy)
          for (int dx = -2; dx <= 2; ++dx) set(at[j] + dx, at[i] + dy, std::max(std::abs(dx), std::abs(dy)) != 1);
      }
    draw_format(0);
    if (shape_.version >= 7) draw_version();
  }
  void draw_version() {
    unsigned rest = static_cast<unsigned>(shape_.version);
    for (int i = 0; i < 12; ++i) rest = (rest << 1) ^ ((rest >> 11) * 0x1F25U);
    const unsigned bits = static_cast<unsigned>(shape_.version) << 12 | rest;
    for (int i = 0; i < 18; ++i) {
      const int a = size_ - 11 + i % 3, b = i / 3;
      const bool dark = ((bits >> i) & 1U) != 0;
      set(a, b, dark);
      set(b, a, dark);
    }
  }

  Shape shape_;
  int size_;
  std::vector<bool> dark_, fixed_;
};

}  // namespace

std::vector<std::vector<bool>> qr_modules(std::string_view text, QrLevel level) {
  for (int version = 1; version <= 10; ++version) {
    const Shape shape{version, level};
    if (qr_bits(text, version).size() > shape.data_bits()) continue;
    Grid grid(shape);
    grid.fill(woven(text, shape));
    int best = 0, least = std::numeric_limits<int>::max();
    for (int which = 0; which < 8; ++which) {
      grid.mask(which);
      grid.draw_format(which);
      if (const int points = grid.penalty(); points < least) {
        least = points;
        best = which;
      }
      grid.mask(which);  // twice is as before
    }
    grid.mask(best);
    grid.draw_format(best);
    return grid.rows();
  }
  return {};
}

std::string qr_svg(std::string_view text, std::string_view label, QrLevel level) {
  const auto modules = qr_modules(text, level);
  if (modules.empty()) return {};
  std::string path;
  for (std::size_t y = 0; y < modules.size(); ++y)
    for (std::size_t x = 0; x < modules.size(); ++x)
      if (modules[y][x]) path += fmt::format("M{} {}h1v1h-1z", x, y);
  const std::size_t all = modules.size() + 8;
  std::string safe;
  for (const char c : label) safe += c == '<' || c == '&' || c == '"' ? ' ' : c;
  return fmt::format(R"(<svg viewBox="-4 -4 {0} {0}" shape-rendering="crispEdges" role="img" aria-label="{1}"><path d="M-4 -4h{0}v{0}h-{0}z" fill="#fff"/><path d="{2}"/></svg>)",
                     all, safe, path);
}

}  // namespace lifang
