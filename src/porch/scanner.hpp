// Scanner: a small JSON reader for device messages: validates as it goes, allocates nothing, never throws.
// Ours because devices write what JSON lacks (NaN, Infinity) and one such value must not cost the message.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace lifang::porch {

class Scanner {
 public:
  Scanner(std::string_view text, std::uint32_t max_depth) : p_(text.data()), end_(text.data() + text.size()), depth_(max_depth) {}

  bool good() const { return good_; }
  const char* position() const { return p_; }
  void rewind(const char* position) { p_ = position; }
  /// Only white space is left.
  bool finished();

  /// The next character that is not white space, 0 at the end; not taken.
  char peek();
  bool take(char c);
  /// Takes `c` or spoils the reading.
  void expect(char c) {
    if (!take(c)) good_ = false;
  }

  /// The words are off in a way that only the caller sees.
  void spoil() { good_ = false; }

  /// Calls fn(key) before each member's value; fn takes or skips the value.
  template <class Fn>
  void object(Fn&& fn) {
    expect('{');
    if (!enter()) return;
    if (take('}')) return leave();
    do {
      std::string_view key;
      if (!string(key)) return;
      expect(':');
      if (!good_) return;
      fn(key);
    } while (good_ && take(','));
    expect('}');
    leave();
  }
  /// Calls fn() before each element; fn takes or skips it.
  template <class Fn>
  void array(Fn&& fn) {
    expect('[');
    if (!enter()) return;
    if (take(']')) return leave();
    do fn();
    while (good_ && take(','));
    expect(']');
    leave();
  }

  enum class Kind : std::uint8_t { number, boolean, other };
  /// Takes any one value. A number (or true, false as 1, 0) lands in `value`; NaN, infinities and numbers beyond a
  /// double are `other`, as are text, null, objects and arrays.
  Kind value(double& value);
  void skip() {
    double ignored;
    value(ignored);
  }
  /// Takes a string; `out` lives until the next one is taken.
  bool string(std::string_view& out);

 private:
  bool enter();
  void leave() { ++depth_; }
  void space();
  bool word(std::string_view word);
  Kind number(double& value);
  bool unescape(const char* from, const char* to);
  bool fail() {
    good_ = false;
    return false;
  }

  const char* p_;
  const char* end_;
  std::uint32_t depth_;
  bool good_ = true;
  std::string unescaped_;
};

}  // namespace lifang::porch
