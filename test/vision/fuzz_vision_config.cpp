// Any bytes as a configuration of the eyes: refused, or read, written again, fitted to a picture, and judged with.
#include <cstdint>
#include <opencv2/core.hpp>
#include <string_view>

#include <boost/json.hpp>

#include "base/check.hpp"
#include "base/refusal.hpp"
#include "base/reflect.hpp"
#include "fuzz/fuzz_main.hpp"
#include "vision/judges/bag.hpp"
#include "vision/judges/presence.hpp"
#include "vision/serve/config.hpp"

namespace {

using namespace lifang;
using namespace lifang::vision;

constexpr int pictures = 3;

void judge_with(const View& own) {
  const View view = fitted(own, {96, 64});
  const std::vector<FoundObject> found{{Kind::person, {10, 10, 20, 40}, 0.9F}, {Kind::car, {40, 20, 40, 30}, 0.6F}};
  BagJudge bag({view.bag.still_s, view.bag.alone_s, view.bag.least_area, view.bag.most_area}, pixels_of(view.zones));
  EbikeJudge ebike(view.ebike.window_s, static_cast<std::size_t>(view.ebike.votes), view.ebike.clear_s);
  std::vector<AreaJudge> areas;
  for (const AreaWords& area : view.areas) areas.push_back(judge_of(area));
  const std::vector<Slot> slots = slots_of(view);
  for (int i = 0; i < pictures; ++i) {
    cv::Mat picture(64, 96, CV_8UC3, cv::Scalar(40 * i, 90, 120)), grey(64, 96, CV_8U, cv::Scalar(40 * i));
    hide(picture, pixels_of(view.masks));
    bag.see(i * 10.0, grey, {found[0].box});
    ebike.see(i * 10.0, 0.5);
    for (std::size_t a = 0; a < areas.size(); ++a) areas[a].see(i * 10.0, things_of(view.areas[a], found), grey);
    slot_scores(slots, found);
    stands_in(found[0].box, pixels_of(view.zones));
  }
  facade_of(view, {96, 64});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  try {
    const ServeWords words = read_serve(toml_text(bytes, "fuzz"));
    check(to_json(read_serve(parse_json(to_json(words)))) == to_json(words), "a configuration does not read back");
    for (const CameraWords& camera : words.cameras) judge_with(camera.view);
  } catch (const Refusal&) {
  }
  return 0;
}
