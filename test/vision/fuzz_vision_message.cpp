// Any bytes as what the eyes read of others or of their own disk: a node's attributes with a drawn view, letters of the outbox,
// remembered masks, manifests. Refused, or read and written again.
#include <cstdint>
#include <string_view>

#include <boost/json.hpp>

#include "base/check.hpp"
#include "base/refusal.hpp"
#include "base/reflect.hpp"
#include "fuzz/fuzz_main.hpp"
#include "vision/serve/exporter.hpp"
#include "vision/serve/mask_log.hpp"
#include "vision/serve/messenger.hpp"
#include "vision/serve/steering.hpp"

namespace {

using namespace lifang;
using namespace lifang::vision;

template <class Doing>
void attempt(const Doing& doing) {
  try {
    doing();
  } catch (const Refusal&) {
  }
}

template <class T>
void read_back(std::string_view bytes) {
  attempt([&] {
    const T value = from_json<T>(bytes);
    check(to_json(from_json<T>(to_json(value))) == to_json(value), "does not read back");
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  read_back<MaskLine>(bytes);
  read_back<Manifest>(bytes);
  attempt([&] {
    Letter letter = from_json<Letter>(bytes);
    letter.still_file = letter.clip_file = "file_1";
    check(parse_json(detection_of(letter)).is_object(), "a detection is an object");
  });
  attempt([&] {
    View own;
    own.masks = {{{0, 0}, {9, 0}, {9, 9}}};
    const View view = compose(own, parse_json(bytes));
    check(view.masks.size() >= own.masks.size(), "a mask was drawn away");
    fitted(view, {64, 48});
  });
  parse_file_time(std::string(bytes));
  return 0;
}
