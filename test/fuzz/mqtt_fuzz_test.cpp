// The fuzzer's corpus and twenty thousand mutations of it, with every run of the tests.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "fuzz/fuzz_mqtt.hpp"
#include "support/paths.hpp"

namespace lifang {
namespace {

TEST(MqttFuzz, any_bytes_are_survived) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(source_dir() + "/test/fuzz/corpus/mqtt"))
    files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<std::string> corpus;
  for (const auto& path : files) {
    std::ifstream file(path, std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  ASSERT_GE(corpus.size(), 6U);
  const auto run = [](const std::string& input) {
    fuzz::one_mqtt_input(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
  };
  for (const std::string& input : corpus) run(input);
  fuzz::Dice dice(20'260'101);
  for (int i = 0; i < 20'000; ++i)
    run(fuzz::mutate(corpus[dice.below(corpus.size())], corpus[dice.below(corpus.size())], dice));
}

}  // namespace
}  // namespace lifang
