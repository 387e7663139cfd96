// Fuzz target for MQTT. With libFuzzer: -DLIFANG_LIBFUZZER. Otherwise a program that runs the files
// given to it and
// --runs N seeded mutations of them (--seed S); with --keep each is left in fuzz_mqtt.last before
// it runs.
#include "fuzz_mqtt.hpp"

#include <fstream>
#include <iterator>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return lifang::fuzz::one_mqtt_input(data, size);
}

#ifndef LIFANG_LIBFUZZER
int main(int argc, char** argv) {
  std::vector<std::string> corpus;
  std::uint64_t runs = 0, seed = 1;
  bool keep = false;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if ((word == "--runs" || word == "--seed") && i + 1 < argc) {
      (word == "--runs" ? runs : seed) = std::strtoull(argv[++i], nullptr, 10);
      continue;
    }
    if (word == "--keep") {
      keep = true;
      continue;
    }
    std::ifstream file(argv[i], std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  const auto run = [](const std::string& input) {
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
  };
  for (const std::string& input : corpus) run(input);
  if (corpus.empty()) corpus.emplace_back(1, '\0');
  lifang::fuzz::Dice dice(seed);
  for (std::uint64_t i = 0; i < runs; ++i) {
    const std::string input = lifang::fuzz::mutate(corpus[dice.below(corpus.size())],
                                                   corpus[dice.below(corpus.size())], dice);
    if (keep) std::ofstream("fuzz_mqtt.last", std::ios::binary) << input;
    run(input);
  }
  std::printf("%zu files, %llu mutations, seed %llu\n", corpus.size(),
              static_cast<unsigned long long>(runs), static_cast<unsigned long long>(seed));
}
#endif
