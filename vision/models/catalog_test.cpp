// A site's own models over the shipped ones, and detectors of another size.
#include <gtest/gtest.h>

#include <fstream>

#include "base/refusal.hpp"
#include "support/test_folder.hpp"
#include "vision/detectors/object_finder.hpp"
#include "vision/models/catalog.hpp"

namespace lifang::vision {
namespace {
namespace fs = std::filesystem;

constexpr const char* kShipped = R"([nanodet]
file = "nanodet.onnx"
source = "shipped"
licence = "Apache-2.0"
sha256 = "aa"
width = 416
height = 416
threshold = 0.35
classes = ["person", "bicycle"]
[liveness]
file = "liveness.onnx"
source = "shipped"
licence = "MIT"
sha256 = "bb"
)";

struct Site {
  TestFolder folder;
  Site() {
    put("shipped/models.toml", kShipped);
    put("shipped/nanodet.onnx", "the shipped one");
    put("shipped/liveness.onnx", "the shipped one");
  }
  void put(const std::string& name, const std::string& text) {
    fs::create_directories((folder.path() / name).parent_path());
    std::ofstream(folder.path() / name) << text;
  }
  Catalog catalog() { return {folder.path() / "shipped/models.toml", {folder.path() / "own", folder.path() / "shipped"}}; }
  std::string refusal() {
    try {
      catalog();
    } catch (const Refusal& refused) {
      return refused.code + " " + refused.field;
    }
    return "";
  }
};

TEST(SiteModels, a_file_of_ones_own_is_pinned_in_ones_own_list) {
  Site site;
  site.put("own/nanodet.onnx", "another one");
  const std::string hash = sha256_of(site.folder.path() / "own/nanodet.onnx");
  EXPECT_ANY_THROW(verify(site.catalog().find("nanodet"))) << "nobody vouches for it";
  site.put("own/models.toml", "[nanodet]\nsource = 'taught here'\nlicence = 'ours'\nwidth = 320\nheight = 256\nsha256 = '" + hash + "'\n");
  const Catalog catalog = site.catalog();
  const ModelSpec& own = catalog.find("nanodet");
  EXPECT_NO_THROW(verify(own));
  EXPECT_EQ(own.source, "taught here");
  EXPECT_EQ(own.width, 320);
  EXPECT_EQ(own.threshold, 0.35F) << "what it does not say stays";
  EXPECT_EQ(own.classes.size(), 2U);
  EXPECT_EQ(catalog.find("liveness").source, "shipped");
}

TEST(SiteModels, another_file_needs_its_own_source_and_licence) {
  Site site;
  site.put("own/models.toml", "[nanodet]\nsha256 = 'cc'\nlicence = 'ours'\n");
  EXPECT_EQ(site.refusal(), "vision.models /nanodet/source");
  site.put("own/models.toml", "[nanodet]\nthreshold = 0.5\n");
  EXPECT_EQ(site.refusal(), "");
  EXPECT_EQ(site.catalog().find("nanodet").threshold, 0.5F);
  site.put("own/models.toml", "nanodet = 5\n");
  EXPECT_EQ(site.refusal(), "vision.models /nanodet");
  site.put("own/models.toml", "[nanodet\n");
  EXPECT_EQ(site.refusal(), "vision.models ");
}

TEST(SiteModels, a_name_that_no_disk_takes_is_a_model_that_is_not_there) {
  Site site;
  site.put("own/models.toml", "[liveness]\nfile = '" + std::string(5000, 'x') + "'\n");
  const Catalog catalog = site.catalog();
  try {
    catalog.find("liveness");
    FAIL() << "there is no such file";
  } catch (const Refusal& refused) {
    EXPECT_EQ(refused.code, "vision.model");
  }
}

TEST(SiteModels, a_size_that_the_model_does_not_take_is_refused_and_not_run) {
  const fs::path models = default_models_folder();
  const TestFolder own;
  std::ofstream(own.path() / "models.toml") << "[nanodet]\nwidth = 320\n";
  try {
    const ObjectFinder finder(Catalog(models / "models.toml", {own.path(), models}));
    FAIL() << "the shipped model takes 416 pixels";
  } catch (const Refusal& refused) {
    EXPECT_EQ(refused.code + refused.field, "vision.models/nanodet/width");
  }
}

TEST(SiteModels, a_detector_of_another_size_is_read_by_its_own_cells) {
  const cv::Size input(320, 256);
  std::vector<Tensor> out;
  for (const bool distances : {false, true})
    for (const int stride : {8, 16, 32}) {
      const std::int64_t cells = (input.width / stride) * (input.height / stride);
      Tensor tensor{{1, cells, distances ? 44 : 3}, {}};
      tensor.data.assign(static_cast<std::size_t>(cells * tensor.shape[2]), distances ? -20.0F : 0.0F);
      out.push_back(std::move(tensor));
    }
  // One thing in the cell (column 7, row 3) of the level of 32 pixels, two strides to each side.
  const std::size_t cell = 3 * 10 + 7;
  out[2].data[cell * 3 + 1] = 0.9F;
  for (std::size_t side = 0; side < 4; ++side) out[5].data[cell * 44 + side * 11 + 2] = 20;
  const auto found = read_nanodet(out, input, 0.3F);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(static_cast<int>(found[0].kind), 1);
  EXPECT_NEAR(found[0].box.x, 7.5F * 32 - 64, 0.1F);
  EXPECT_NEAR(found[0].box.y, 3.5F * 32 - 64, 0.1F);
  EXPECT_NEAR(found[0].box.width, 128, 0.1F);
}

}  // namespace
}  // namespace lifang::vision
