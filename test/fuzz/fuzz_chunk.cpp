// Feeds any bytes to the decoder of chunks: points or "no chunk", never a crash; points encode and come back.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "rooms/readings/readings_chunk.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lifang::readings;
  constexpr std::int64_t kOrigin = 20'000 * 86'400'000LL;
  std::vector<Point> points, again;
  if (!decode_chunk({reinterpret_cast<const char*>(data), size}, kOrigin, points)) return 0;
  if (!decode_chunk(encode_chunk(points, kOrigin), kOrigin, again) || again != points) std::abort();
  return 0;
}

#ifndef LIFANG_LIBFUZZER
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

namespace {

std::string mutated(std::string bytes, std::mt19937_64& chance) {
  for (std::size_t n = chance() % 6; n > 0; --n) {
    const std::size_t at = bytes.empty() ? 0 : chance() % bytes.size();
    switch (chance() % 4) {
      case 0: bytes.insert(at, 1, static_cast<char>(chance())); break;
      case 1: bytes.resize(at); break;
      case 2: bytes.append(chance() % 16, static_cast<char>(chance())); break;
      default:
        if (!bytes.empty()) bytes[at] = static_cast<char>(chance());
    }
  }
  return bytes;
}

void run(const std::string& bytes) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

}  // namespace

/// fuzz_chunk [--runs N] [--seed S] CORPUS…: every file as it is, then N mutations of them.
int main(int argc, char** argv) {
  std::uint64_t runs = 0, seed = 1;
  std::vector<std::string> corpus;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--runs") == 0 && i + 1 < argc) {
      runs = std::strtoull(argv[++i], nullptr, 10);
    } else if (std::strcmp(argv[i], "--seed") == 0 && i + 1 < argc) {
      seed = std::strtoull(argv[++i], nullptr, 10);
    } else {
      for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[i])) {
        if (!entry.is_regular_file()) continue;
        std::ifstream file(entry.path(), std::ios::binary);
        corpus.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
      }
    }
  }
  for (const std::string& bytes : corpus) run(bytes);
  if (corpus.empty()) corpus.emplace_back("\x01\x01", 2);
  std::mt19937_64 chance(seed);
  for (std::uint64_t i = 0; i < runs; ++i) run(mutated(corpus[chance() % corpus.size()], chance));
  std::printf("fuzz_chunk: seed %llu, %zu files, %llu runs\n", static_cast<unsigned long long>(seed),
              corpus.size(), static_cast<unsigned long long>(runs));
  return 0;
}
#endif
