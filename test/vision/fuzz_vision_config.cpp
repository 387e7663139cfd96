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
#include "vision/judges/face_gate.hpp"
#include "vision/judges/plate_tracks.hpp"
#include "vision/judges/posture.hpp"
#include "vision/judges/presence.hpp"
#include "vision/serve/config.hpp"

namespace {

using namespace lifang;
using namespace lifang::vision;

constexpr int pictures = 3;
constexpr std::int64_t hours_of_a_week = 7 * 24;
constexpr unsigned judgements = 10;

void judge_with(const View& own) {
  const View view = fitted(own, {96, 64});
  const std::vector<FoundObject> found{{Kind::person, {10, 10, 20, 40}, 0.9F}, {Kind::car, {40, 20, 40, 30}, 0.6F}};
  BagJudge bag({view.bag.still_s, view.bag.alone_s, view.bag.least_area, view.bag.most_area}, pixels_of(view.zones));
  EbikeJudge ebike(view.ebike.window_s, static_cast<std::size_t>(view.ebike.votes), view.ebike.clear_s);
  std::vector<AreaJudge> areas;
  for (const AreaWords& area : view.areas) areas.push_back(judge_of(area));
  const std::vector<Slot> slots = slots_of(view);
  const auto masks = mask_pixels(view.masks);
  for (const auto& mask : masks) lies_beside(mask, {96, 64});
  DoorSide door(pixels_of(view.ebike.door));
  PostureJudge fall(limits_of(view.fall));
  FaceGate gate(limits_of(view.face));
  PlateTracks plates(limits_of(view.plates));
  for (int i = 0; i < pictures; ++i) {
    cv::Mat picture(64, 96, CV_8UC3, cv::Scalar(40 * i, 90, 120)), grey(64, 96, CV_8U, cv::Scalar(40 * i));
    hide(picture, masks);
    bag.see(i * 10.0, grey, {found[0].box});
    ebike.see(i * 10.0, 0.5);
    for (std::size_t a = 0; a < areas.size(); ++a) areas[a].see(i * 10.0, things_of(view.areas[a], found), grey);
    slot_scores(slots, found);
    two_wheeler_of(view.ebike, found, pixels_of(view.zones), door, i * 10.0);
    fall.see(i * 10.0, {{found[0].box, 80, 0.9F}});
    gate.see(i * 10.0, {{found[0].box, true, 0.9, 0.1 * i, "tpl_1", 0.3}});
    plates.see(i * 10.0, {{{"浙A6MX97", 0.9F}, found[1].box, {}}});
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
    for (const CameraWords& camera : words.cameras) {
      judge_with(camera.view);
      for (std::int64_t hour = 0; hour < hours_of_a_week; hour += 7) {
        const std::uint32_t judged = judged_at(camera.view, camera.judge, from_ms(hour * 3'600'000), words.offset_minutes);
        check(judged < (1U << judgements), "only what there is is judged");
      }
    }
  } catch (const Refusal&) {
  }
  return 0;
}
