// Feeds any bytes to the decoder of chunks: points or "no chunk", never a crash; points encode and
// come back.
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "fuzz_main.hpp"
#include "rooms/readings/readings_chunk.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lifang::readings;
  constexpr std::int64_t kOrigin = 20'000 * 86'400'000LL;
  std::vector<Point> points, again;
  if (!decode_chunk({reinterpret_cast<const char*>(data), size}, kOrigin, points)) return 0;
  if (!decode_chunk(encode_chunk(points, kOrigin), kOrigin, again) || again != points) std::abort();
  return 0;
}
