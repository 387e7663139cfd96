// Any bytes as a site's own models.toml, alone and laid over the shipped one: refused, or a catalogue in which every model
// has what it needs.
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "base/check.hpp"
#include "base/refusal.hpp"
#include "fuzz/fuzz_main.hpp"
#include "support/test_folder.hpp"
#include "vision/models/catalog.hpp"

namespace {

using namespace lifang;
using namespace lifang::vision;
namespace fs = std::filesystem;

constexpr std::string_view shipped = R"([nanodet]
file = "nanodet.onnx"
source = "shipped"
licence = "Apache-2.0"
sha256 = "aa"
width = 416
height = 416
threshold = 0.35
classes = ["person", "bicycle"]
)";

class Site {
 public:
  Site() {
    fs::create_directories(own());
    fs::create_directories(ours());
    std::ofstream(ours() / "models.toml") << shipped;
  }
  fs::path own() const { return folder_.path() / "own"; }
  fs::path ours() const { return folder_.path() / "shipped"; }

 private:
  TestFolder folder_;
};

void look_through(const Catalog& catalog, const fs::path& folder) {
  for (const std::string& name : catalog.names()) {
    try {
      const ModelSpec& model = catalog.find(name);
      check(!model.source.empty() && !model.licence.empty() && !model.sha256.empty(), "nobody vouches for a model");
      if (model.file.string().starts_with(folder.string())) verify(model);  // not whatever else this machine has
    } catch (const Refusal&) {
    }
  }
}

template <class Doing>
void attempt(const Doing& doing) {
  try {
    doing();
  } catch (const Refusal&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Site site;
  std::ofstream(site.own() / "models.toml", std::ios::binary)
      .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  attempt([] { look_through(Catalog(site.own() / "models.toml", {site.own()}), site.own()); });
  attempt([] {
    const Catalog both(site.ours() / "models.toml", {site.own(), site.ours()});
    check(!both.names().empty(), "a site's own list takes no shipped model away");
    look_through(both, site.own());
  });
  return 0;
}
