#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <opencv2/imgproc.hpp>
#include <tuple>

#include "base/refusal.hpp"
#include "vision/serve/judges.hpp"
#include "vision/serve/watch.hpp"

namespace lifang::vision {

void Watch::judge(const Look& look, const Detectors& detectors) {
  const std::lock_guard lock(judging_);
  if (!judges_ || stop_ || look.stream != stream_) return;
  if (look.seconds < 0) return judge_parking(look, detectors);
  if (look.seconds <= judged_) return;  // two threads may have taken two pictures of one camera
  judged_ = look.seconds;
  Look now = look;
  now.seconds = judges_->clock_of(look.seconds, around_.world.clock.now());
  if (asked(Judgement::plates)) judge_plates(now, detectors);
  if (asked(Judgement::face)) judge_faces(now, detectors);
  const auto of_objects = [](Judgement j) { return j != Judgement::plates && j != Judgement::face; };
  if (std::any_of(words_.judge.begin(), words_.judge.end(), of_objects)) judge_objects(now, detectors);
  for (const Telling& telling : judges_->holding.again(now.seconds)) tell(telling, now.picture);
}

void Watch::judge_objects(const Look& look, const Detectors& detectors) {
  const std::vector<FoundObject> found = detectors.objects.find(look.picture);
  cv::Mat grey;
  cv::cvtColor(look.picture, grey, cv::COLOR_BGR2GRAY);
  if (asked(Judgement::ebike)) judge_ebike(look, found);
  if (asked(Judgement::duty)) judge_duty(look, found);
  if (asked(Judgement::bag)) judge_bags(look, found, grey);
  if (asked(Judgement::areas))
    for (std::size_t i = 0; i < judges_->areas.size(); ++i)
      if (const auto e = judges_->areas[i].see(look.seconds, things_of(view_.areas[i], found), grey)) {
        cv::Mat still = look.picture.clone();
        cv::polylines(still, pixels_of(view_.areas[i].zone), true, cv::Scalar(0, 0, 255), 2, cv::LINE_AA);
        stand(view_.areas[i].kind, std::to_string(i), *e, fmt::format(R"({{"area":{}}})", i), still);
      }
  if (asked(Judgement::bins)) {
    const bool somebody = std::any_of(found.begin(), found.end(), [](const FoundObject& o) { return o.kind == Kind::person && o.score >= 0.3F; });
    for (std::size_t i = 0; i < judges_->bins.size(); ++i)
      if (const auto e = judges_->bins[i].see(look.seconds, grey, somebody))
        stand("overflow", view_.bins[i].id, *e, fmt::format(R"({{"bin":"{}","level":{:.2f}}})", view_.bins[i].id, judges_->bins[i].level()), look.picture);
  }
  if (asked(Judgement::fall)) judge_fall(look, found, detectors);
}

void Watch::judge_ebike(const Look& look, const std::vector<FoundObject>& found) {
  const FoundObject* best = two_wheeler_of(view_.ebike, found, zones_, judges_->door, look.seconds);
  std::optional<double> second;
  if (best != nullptr && judges_->second_look) second = judges_->second_look->score(look.picture, best->box);
  const auto e = judges_->ebike.see(look.seconds, best == nullptr ? 0 : static_cast<double>(best->score), second);
  if (!e) {
    if (const auto surer = judges_->holding.raise("ebike_in_lift", "", look.seconds, judges_->ebike.sure())) tell(*surer, look.picture);
    return;
  }
  std::vector<std::string> words;
  if (best != nullptr)  // what a site's pictures are cut by when a second look is taught
    words.push_back(fmt::format(R"("box":[{:.0f},{:.0f},{:.0f},{:.0f}])", best->box.x, best->box.y, best->box.width, best->box.height));
  if (e->second)
    words.push_back(fmt::format(R"("second_look":{:.3f},"second_look_agrees":{},"second_look_decides":{})", *e->second, e->agrees,
                                view_.ebike.second_look_decides));
  const std::string attributes = fmt::format("{{{}}}", fmt::join(words, ","));
  if (e->began && e->second) {
    const std::lock_guard lock(mutex_);
    (e->agrees ? state_.second_agreed : state_.second_differed)++;
  }
  if (e->told) stand("ebike_in_lift", "", *e, attributes, look.picture);
  else if (e->began) withhold(look, *e, attributes);
}

/// What the detector alone would have told: not sent, but kept with its picture, so that somebody can look whether it was right.
void Watch::withhold(const Look& look, const EbikeEvent& e, const std::string& attributes) {
  const std::string at = fmt::format("events/{}/{}-ebike_withheld", words_.id, file_time(around_.world.clock.now()));
  if (!around_.room.for_stills) {
    const std::lock_guard lock(mutex_);
    ++state_.second_withheld;
    return;
  }
  write_still(around_.folder / (at + ".jpg"), look.picture);  // a full disk takes the picture, not the count
  std::ofstream(around_.folder / (at + ".json")) << fmt::format(R"({{"detector":{:.3f},"attributes":{}}})", e.score, attributes) << "\n";
  const std::lock_guard lock(mutex_);
  ++state_.second_withheld;
}

void Watch::judge_duty(const Look& look, const std::vector<FoundObject>& found) {
  const bool present = std::any_of(found.begin(), found.end(), [&](const FoundObject& o) {
    return o.kind == Kind::person && static_cast<double>(o.score) >= view_.duty.least_score && stands_in(o.box, zones_);
  });
  // Whether somebody ought to be there is the roster's word; the node's rule asks it.
  auto e = judges_->duty.see(look.seconds, present, true);
  if (!e) return;
  e->score = 0.9;
  // Told again only when it has lasted three times as long: rules that ask for two absences within half an hour must not get them of one.
  stand("attendant_off_duty", "", *e, fmt::format(R"({{"absent_s":{:.0f}}})", e->seconds - e->since), look.picture,
        std::max(2 * view_.duty.absent_s, around_.repeat_s));
}

void Watch::judge_bags(const Look& look, const std::vector<FoundObject>& found, const cv::Mat& grey) {
  std::vector<cv::Rect2f> people;
  for (const FoundObject& o : found)
    if (o.kind == Kind::person && o.score >= 0.3F) people.push_back(o.box);
  for (const BagEvent& e : judges_->bag.see(look.seconds, grey, people)) {
    cv::Mat still = look.picture.clone();
    cv::rectangle(still, cv::Rect(e.box), cv::Scalar(0, 0, 255), 2);
    stand("dropped_bag", fmt::format("{:.0f},{:.0f}", e.box.x, e.box.y), {e.left, e.since, e.seconds, 0.8},
          fmt::format(R"({{"x":{:.0f},"y":{:.0f},"width":{:.0f},"height":{:.0f}}})", e.box.x, e.box.y, e.box.width, e.box.height), still);
  }
}

void Watch::judge_fall(const Look& look, const std::vector<FoundObject>& found, const Detectors& detectors) {
  std::vector<Posture> people;
  for (const FoundObject& o : found)
    if (o.kind == Kind::person && o.score >= 0.3F) people.push_back(posture_of(detectors.poses.find(look.picture, o.box), o.box));
  for (const FallenEvent& e : judges_->fall.see(look.seconds, people))
    stand("fall", std::to_string(e.person), {e.began, e.since, e.seconds, e.seen_falling ? 0.9 : 0.7},
          fmt::format(R"({{"seen_falling":{},"tilt":{:.0f}}})", e.seen_falling, e.tilt), look.picture);
}

/// What begins is told with its picture and clip; a kind is over when nothing of it stands any more, and that is told without.
void Watch::stand(const std::string& kind, const std::string& subject, const PresenceEvent& e, const std::string& attributes, const cv::Mat& still,
                  std::optional<double> repeat_s) {
  if (e.began) return tell(judges_->holding.begin(kind, subject, {kind, e.since, e.seconds, e.score, attributes, true}, repeat_s), still);
  for (const Telling& telling : judges_->holding.end(kind, subject, e.seconds)) tell(telling, still);
}

void Watch::tell(const Telling& telling, const cv::Mat& still) {
  const double shift = judges_->shift;
  happen(telling.kind, telling.began - shift, telling.seconds - shift, telling.confidence, telling.attributes, telling.shown ? still : cv::Mat());
}

void Watch::end_all(const char* because, const std::function<bool(const std::string& kind)>& which) {
  if (!judges_) return;
  for (const Telling& telling : judges_->holding.end_all(std::max(judges_->last, 0.0), because, which)) tell(telling, {});
}

void Watch::judge_parking(const Look& look, const Detectors& detectors) {
  std::vector<FoundObject> found;
  for (const std::int64_t edge : view_.parking.tiles)
    for (const FoundObject& o : detectors.objects.find_in_tiles(look.picture, static_cast<int>(edge), 0.1F)) found.push_back(o);
  const std::vector<SlotState> states = judges_->parking.judge(slots_, slot_scores(slots_, found));
  const std::string words = parking_words(slots_, states);
  if (words.empty() || words == judges_->spaces) return;  // told when something changes
  judges_->spaces = words;
  double now = 0;
  {
    const std::lock_guard lock(mutex_);
    now = newest_;
  }
  happen("parking_changed", now, now, 0.9, words, {});
}

void Watch::judge_plates(const Look& look, const Detectors& detectors) {
  std::vector<PlateLook> looks;
  for (FoundPlate& plate : detectors.plates.find(look.picture))
    looks.push_back({std::move(plate.plate), cv::Rect2f(cv::boundingRect(plate.corners)), std::move(plate.views)});
  for (const PlateEvent& e : judges_->plates.see(look.seconds, looks)) {
    std::string words = fmt::format(R"("plate":"{}","looks":{},"box":[{:.0f},{:.0f},{:.0f},{:.0f}])", e.plate, e.looks, e.box.x, e.box.y, e.box.width, e.box.height);
    if (e.read != e.plate) words += fmt::format(R"(,"read":"{}")", e.read);
    if (e.listed) words += fmt::format(R"(,"listed":{})", *e.listed);
    tell({"plate", e.seconds, e.seconds, static_cast<double>(e.score), "{" + words + "}", true}, look.picture);
  }
}

/// A template that is gone is gone for all cameras, whichever was told.
void Watch::forget_faces() {
  if (around_.faces == nullptr) return;
  for (const std::string& id : words_.view.face.forget) around_.faces->forget(id, words_.id);
}

/// Prints are compared and let go in this very look: of a stranger nothing is told, kept or counted but that somebody was there.
void Watch::judge_faces(const Look& look, const Detectors& detectors) {
  const FaceWords& words = view_.face;
  std::vector<FaceSight> sights;
  std::string said;
  for (const FoundFace& face : detectors.faces().find(look.picture)) {
    // Who passes far behind does not make a second face of the one that asks.
    if (static_cast<double>(std::min(face.box.width, face.box.height)) < 0.5 * words.least_px || !stands_in(face.box, zones_)) continue;
    FaceSight& sight = sights.emplace_back();
    sight.box = face.box;
    sight.good = FaceFinder::quality(look.picture, face, static_cast<float>(words.least_px)) == FaceQuality::good;
    if (!sight.good) continue;
    sight.nose = across(face.points[0], face.points[1], face.points[2], face.points[3]);
    sight.living = static_cast<double>(detectors.faces().living(look.picture, face));
    if (sight.living < words.least_living || around_.faces == nullptr) continue;
    try {
      const auto match = around_.faces->match(detectors.faces().print(look.picture, face), words.threshold);
      if (match) std::tie(sight.template_id, sight.distance) = std::tie(match->id, match->distance);
    } catch (const Refusal& refusal) {
      said = fmt::format("nobody is known: {}: {}", refusal.code, refusal.detail);
    }
  }
  const auto event = judges_->face.see(look.seconds, sights);
  {
    const std::lock_guard lock(mutex_);
    if (!sights.empty()) state_.faces_trouble = said;
    if (event) ++(event->verdict == FaceVerdict::known ? state_.faces_known : event->verdict == FaceVerdict::stranger ? state_.faces_strange : state_.faces_not_living);
  }
  if (!event || event->verdict == FaceVerdict::stranger) return;
  std::string attributes = fmt::format(R"("living":{:.2f},"box":[{:.0f},{:.0f},{:.0f},{:.0f}])", event->living, event->box.x, event->box.y, event->box.width, event->box.height);
  const bool known = event->verdict == FaceVerdict::known;
  if (!known) attributes += event->flat ? R"(,"because":"it never turned as a head does")" : R"(,"because":"it looks like a print or a screen")";
  if (known) attributes += fmt::format(R"(,"template":"{}","factor":"one of two")", event->template_id);
  // Without a picture and without a clip: whose face it is the template's consent covers, and a picture held up shows somebody who is not there.
  tell({known ? "face" : "face_not_living", event->since, event->seconds, event->confidence, "{" + attributes + "}", false}, {});
}

}  // namespace lifang::vision
