// Any bytes as a rule: refused, or read, written, compiled and judged; and as a memory: refused or
// loaded.
#include <cstdint>
#include <string_view>

#include "base/check.hpp"
#include "base/refusal.hpp"
#include "fuzz_main.hpp"
#include "rooms/rules/rules_judge.hpp"

namespace {

using namespace lifang;
using namespace lifang::rules;

Words words() {
  Words w;
  w.metric = [](std::string_view name) -> std::optional<std::uint16_t> {
    return name.empty() ? std::nullopt : std::optional(static_cast<std::uint16_t>(name.back() & 3));
  };
  w.detection = [](std::string_view name) { return static_cast<std::uint16_t>(name.size() & 1); };
  return w;
}

/// The bytes themselves are what a device says next.
void judge_bytes(const DeviceProgram& program, DeviceMemory& memory, std::string_view bytes) {
  Verdicts out;
  std::int64_t ts = 1'700'000'000'000;
  for (std::size_t i = 0; i + 2 < bytes.size() && i < 300; i += 3) {
    ts += (bytes[i] & 63) * 60'000LL - 300'000;
    const Value value{static_cast<std::uint16_t>(bytes[i + 1] & 3), Mark::good,
                      static_cast<double>(bytes[i + 2])};
    const Detection seen{static_cast<std::uint16_t>(bytes[i + 1] >> 2 & 1),
                         (bytes[i + 2] & 15) / 15.0};
    judge(program, memory, {},
          {from_ms(ts), from_ms(ts), {&value, 1}, {&seen, (bytes[i] & 64) ? 1U : 0U}}, out);
    const std::string blob = memory.blob(program);
    DeviceMemory again(program);
    again.load(program, blob);
    check(again.blob(program) == blob, "a memory does not read back");
    out.clear();
  }
}

void try_memory(std::string_view bytes) {
  auto rule = std::make_shared<RuleVersion>();
  rule->rule =
      parse_rule(R"({"name":"n","applies_to":{"profile":"p"},"severity":"info","raise":{"when":
      {"any":[{"metric":"a","op":">","value":1},{"detection":"d"}]},"for":"PT1M","times":3,"within":"PT1H"}})");
  const ProgramPtr program = compile(words(), std::vector<RulePtr>{rule});
  DeviceMemory memory(*program);
  try {
    memory.load(*program, bytes);
  } catch (const Bug&) {
    return;
  }
  rearm(*program, memory, {});
  judge_bytes(*program, memory, bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (size > 0 && data[0] == 1) try_memory(bytes);
  auto version = std::make_shared<RuleVersion>();
  try {
    version->rule = parse_rule(bytes);
  } catch (const Refusal&) {
    return 0;
  }
  check(parse_rule(to_json(version->rule)) == version->rule, "a rule does not read back");
  const ProgramPtr program = compile(words(), std::vector<RulePtr>{version});
  DeviceMemory memory(*program);
  judge_bytes(*program, memory, bytes);
  return 0;
}
