// Holds every converted model against tfjs itself (wasm backend): outputs within 1e-4 of the largest value.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>

#include "vision/models/net.hpp"

namespace lifang::vision {
namespace {
namespace fs = std::filesystem;

std::vector<float> floats_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  std::vector<float> out(static_cast<std::size_t>(in.tellg()) / sizeof(float));
  in.seekg(0);
  in.read(reinterpret_cast<char*>(out.data()), static_cast<std::streamsize>(out.size() * sizeof(float)));
  return out;
}

class Converted : public testing::TestWithParam<const char*> {};

TEST_P(Converted, model_answers_like_tfjs) {
  const fs::path modules = fs::path(LIFANG_SOURCE_DIR) / "vision/node_modules";
  if (!fs::exists(modules / "@tensorflow/tfjs-backend-wasm")) GTEST_SKIP() << "tfjs is not installed (vision/setup --test)";
  const fs::path folder = default_models_folder();
  const Net net(Catalog(folder / "models.toml", {folder}).find(GetParam()));

  const fs::path out = fs::path(LIFANG_BINARY_DIR) / "tfjs_reference";
  const std::string command = std::string(VISION_NODE) + " " LIFANG_SOURCE_DIR "/vision/convert/reference.mjs " +
                              modules.string() + " " + out.string() + " " + GetParam() + " > /dev/null 2>&1";
  ASSERT_EQ(0, std::system(command.c_str())) << command;
  const std::vector<float> all = floats_of(out / (std::string(GetParam()) + ".bin"));

  Tensor input{net.input_shape(), {}};
  std::size_t count = 1;
  for (const auto d : input.shape) count *= static_cast<std::size_t>(d);
  input.data.assign(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count));
  for (std::size_t at = count; const Tensor& found : net.run(input)) {
    ASSERT_LE(at + found.data.size(), all.size());
    float largest = 1.0F;
    for (std::size_t i = 0; i < found.data.size(); ++i) largest = std::max(largest, std::abs(all[at + i]));
    float worst = 0;
    for (std::size_t i = 0; i < found.data.size(); ++i) worst = std::max(worst, std::abs(found.data[i] - all[at + i]));
    EXPECT_LE(worst, 1e-4F * largest);
    at += found.data.size();
  }
}

INSTANTIATE_TEST_SUITE_P(Models, Converted,
                         testing::Values("nanodet", "movenet-lightning", "blazeface", "antispoof", "liveness", "dlib-face"));

TEST(Catalog, refuses_a_model_whose_bytes_were_changed) {
  const fs::path folder = default_models_folder();
  ModelSpec spec = Catalog(folder / "models.toml", {folder}).find("liveness");
  spec.sha256[0] = spec.sha256[0] == '0' ? '1' : '0';
  EXPECT_ANY_THROW(Net{spec});
}

}  // namespace
}  // namespace lifang::vision
