// The main() of a fuzz target where no fuzzer brings one: runs the files and folders named on the
// command line, then `--runs N` mutations of them (and of nothing) from `--seed S`.
#pragma once
#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

#ifndef LIFANG_LIBFUZZER
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace lifang::fuzz {

inline void run(const std::string& bytes) {
  // A copy of exactly this size, so that an address sanitizer sees one byte too far.
  const std::vector<std::uint8_t> exact(bytes.begin(), bytes.end());
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

inline std::string mutate(std::string bytes, const std::vector<std::string>& corpus,
                          std::mt19937_64& random) {
  const auto below = [&](std::size_t n) {
    return n == 0 ? 0 : static_cast<std::size_t>(random() % n);
  };
  for (std::size_t edits = 1 + below(4); edits > 0; --edits) {
    const std::size_t at = below(bytes.size() + 1);
    switch (below(6)) {
      case 0:
        bytes.insert(at, 1, static_cast<char>(random() & 0xFF));
        break;
      case 1:
        bytes.erase(at, 1 + below(8));
        break;
      case 2:
        if (at < bytes.size()) bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8)));
        break;
      case 3:
        bytes.insert(at, bytes.substr(below(bytes.size()), 1 + below(32)));
        break;
      case 4: {
        const std::string& other = corpus[below(corpus.size())];
        bytes.insert(at, other.substr(below(other.size()), 1 + below(64)));
        break;
      }
      default:
        bytes.resize(at);
        break;
    }
  }
  return bytes;
}

}  // namespace lifang::fuzz

int main(int argc, char** argv) {
  namespace fs = std::filesystem;
  std::size_t runs = 0;
  std::uint64_t seed = 1;
  std::vector<std::string> corpus{""};
  const auto load = [&](const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  };
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--runs" && i + 1 < argc)
      runs = std::strtoull(argv[++i], nullptr, 10);
    else if (word == "--seed" && i + 1 < argc)
      seed = std::strtoull(argv[++i], nullptr, 10);
    else if (fs::is_directory(word))
      for (const auto& file : fs::directory_iterator(word)) load(file.path());
    else
      load(word);
  }
  std::printf("seed %llu, %zu inputs, %zu mutations\n", static_cast<unsigned long long>(seed),
              corpus.size(), runs);
  for (const std::string& bytes : corpus) lifang::fuzz::run(bytes);
  std::mt19937_64 random(seed);
  for (std::size_t i = 0; i < runs; ++i)
    lifang::fuzz::run(lifang::fuzz::mutate(corpus[random() % corpus.size()], corpus, random));
  return 0;
}
#endif
