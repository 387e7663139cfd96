// Any bytes as what lies in the eyes' folder and is read again, torn by a power cut or put there by somebody: what was
// drawn, masks of other days and their size, a face's template, an export with its log. Refused, left out or said, and
// never a reason to end.
#include <sodium.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>

#include "base/check.hpp"
#include "base/refusal.hpp"
#include "fuzz/fuzz_main.hpp"
#include "support/fake_world.hpp"
#include "support/test_folder.hpp"
#include "vision/serve/exporter.hpp"
#include "vision/serve/face_book.hpp"
#include "vision/serve/mask_log.hpp"
#include "vision/serve/steering.hpp"

namespace {

using namespace lifang;
using namespace lifang::vision;
namespace fs = std::filesystem;

void put(const fs::path& file, std::string_view bytes) {
  std::ofstream(file, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

struct Eyes {
  Eyes() {
    check(sodium_init() >= 0, "libsodium begins");
    for (const char* below : {"views", "masks", "faces", "export"}) fs::create_directories(at(below));
    view.masks = {{{0, 0}, {9, 0}, {9, 9}}};
  }
  fs::path at(const std::string& below) const { return folder.path() / below; }

  TestFolder folder;
  FakeWorld fake;
  View view;
};

/// Masks of the file stay, or the camera is dark; never neither.
void draw(const Eyes& eyes) {
  ServeWords words;
  words.folder = eyes.folder.path().string();
  words.cameras.emplace_back();
  words.cameras[0].id = "cam";
  words.cameras[0].view = eyes.view;
  std::map<std::string, DrawnOff> off;
  const ServeWords drawn = with_drawn(words, off);
  check(drawn.cameras[0].view.masks.size() >= 1 || off["cam"].dark, "a mask was drawn away");
}

void mask(const Eyes& eyes) {
  const View sized = with_drawn_size(eyes.folder.path(), "cam", eyes.view);
  check(sized.size.empty() || sized.size.size() == 2, "a size has two numbers");
  fitted(sized, {64, 48});
  try {
    mask_pixels(masks_between(eyes.folder.path(), "cam", from_ms(0), from_ms(1'800'000'000'000), {64, 48}));
  } catch (const Refusal&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Eyes eyes;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const char* file : {"views/cam.json", "masks/cam.jsonl", "masks/cam.size", "faces/tpl_1.face",
                           "export/manifest.json", "exports.jsonl"})
    put(eyes.at(file), bytes);
  draw(eyes);
  mask(eyes);
  FaceBook book(eyes.fake.world, eyes.folder.path());
  check(book.list().empty() && book.damaged() == 1, "nobody is known by what was not sealed here");
  check_export(eyes.at("export"), eyes.at("exports.jsonl"));
  return 0;
}
