// Any bytes as a clip: not opened, or demuxed, decoded, masked and held in the ring to its end. Writing a copy is not among it.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <string>

#include "base/refusal.hpp"
#include "fuzz/fuzz_main.hpp"
#include "vision/commands/view.hpp"
#include "vision/stream/recorder.hpp"
#include "vision/stream/source.hpp"

namespace {

using namespace lifang;
using namespace lifang::vision;

constexpr int most_packets = 200;

void watch(const std::string& path) {
  Source source(path, 2);
  Decoder decoder(source.codec());
  PacketRing ring(2, 1 << 20);
  const auto take = [&] {
    for (double seconds = 0; decoder.take(seconds);) {
      if (decoder.size() != source.size()) throw Refusal{RefusalKind::unavailable, "vision.source", "another size"};
      cv::Mat picture = decoder.bgr(), grey = decoder.grey().clone();
      hide(picture, {{{0, 0}, {20, 0}, {20, 20}}});
    }
  };
  Packet packet;
  for (int i = 0; i < most_packets && source.read(packet) == ReadEnd::none; ++i) {
    ring.add(packet);
    decoder.give(&packet);
    take();
  }
  decoder.give(nullptr);
  take();
  ring.since(0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const int file = ::memfd_create("clip", MFD_CLOEXEC);
  if (file < 0) return 0;
  if (::write(file, data, size) == static_cast<ssize_t>(size)) {
    try {
      watch("/proc/self/fd/" + std::to_string(file));
    } catch (const Refusal&) {
    }
  }
  ::close(file);
  return 0;
}
