// Any bytes as JSON, and as a struct of every kind of member: refused or read, and what was read is
// written so that it reads back the same.
#include "fuzz_main.hpp"

#include "base/check.hpp"
#include "base/reflect.hpp"
#include "base/refusal.hpp"
#include "base/text.hpp"

namespace lifang {
namespace {

enum class Severity { info, warning, critical };
BOOST_DESCRIBE_ENUM(Severity, info, warning, critical)

struct Lamp {};

struct Everything {
  std::string name;
  bool on = false;
  std::int32_t small = 0;
  std::uint64_t large = 0;
  double value = 0;
  Severity severity = Severity::info;
  Time at;
  Duration every{};
  Date day{std::chrono::year{2026} / 1 / 1};
  Id<Lamp> lamp{"lamp"};
  std::optional<double> maybe;
  OrNull<std::string> next;
  std::vector<Everything> parts;
  std::map<std::string, std::int64_t> counts;
  boost::json::value any;
  std::unique_ptr<Everything> not_;
  static constexpr auto defaulted = all_members;
};
BOOST_DESCRIBE_STRUCT(Everything, (),
                      (name, on, small, large, value, severity, at, every, day, lamp, maybe, next,
                       parts, counts, any, not_))

}  // namespace
}  // namespace lifang

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lifang;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const boost::json::value value = parse_json(text);
    check(valid_utf8(text), "text that is no UTF-8 was parsed");
    const std::string plain = to_json(value);
    // Written plainly, 20.0 becomes 20: the text is what must stand still.
    check(to_json(parse_json(plain, {.bytes = plain.size()})) == plain,
          "a value does not read back");
    const auto everything = read<Everything>(value);
    const std::string written = to_json(everything);
    check(
        to_json(from_json<Everything>(written, {.bytes = written.size(), .depth = 64})) == written,
        "a struct does not read back");
  } catch (const Refusal& refusal) {
    check(refusal.code.starts_with("json."), "a foreign refusal");
    check(refusal.field.empty() || refusal.field.front() == '/', "a field that is no pointer");
  }
  return 0;
}
