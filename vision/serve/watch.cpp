#include "vision/serve/watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "base/refusal.hpp"
#include "vision/serve/guard.hpp"
#include "vision/serve/judges.hpp"
#include "vision/serve/mask_log.hpp"

namespace lifang::vision {
namespace fs = std::filesystem;
namespace {

constexpr double open_timeout_s = 10;
constexpr std::size_t ring_bytes = 64U << 20;
constexpr double most_step_back_s = 1;  // packets come out of order by less
constexpr double most_leap_s = open_timeout_s + 5;  // a camera that said nothing for so long has been given up
constexpr double look_every_s = 0.25;  // for what moves like people do

/// Of what is judged now, as judged_at says it: a lift outside the hours of its e-bikes weighs no more than any other picture.
int importance_of(std::uint32_t judged) {
  const auto has = [&](Judgement j) { return (judged >> static_cast<unsigned>(j) & 1U) != 0; };
  if (has(Judgement::ebike) || has(Judgement::fall)) return 3;
  if (has(Judgement::areas) || has(Judgement::bag) || has(Judgement::plates) || has(Judgement::face)) return 2;
  return has(Judgement::duty) ? 1 : 0;
}

/// Whether what stands is of this judgement; the kinds of areas are the site's own.
bool is_of(Judgement judgement, const std::string& kind, const View& view) {
  switch (judgement) {
    case Judgement::ebike: return kind == "ebike_in_lift";
    case Judgement::bag: return kind == "dropped_bag";
    case Judgement::duty: return kind == "attendant_off_duty";
    case Judgement::bins: return kind == "overflow";
    case Judgement::fall: return kind == "fall";
    case Judgement::areas: return std::any_of(view.areas.begin(), view.areas.end(), [&](const AreaWords& area) { return area.kind == kind; });
    case Judgement::falling: case Judgement::parking: case Judgement::plates: case Judgement::face: return false;  // nothing of them stands
  }
  return false;
}

/// For so long something may have been so before it is told.
double longest_of(const View& view) {
  double out = std::max({60.0, view.duty.absent_s, view.bag.still_s + view.bag.alone_s, view.fall.lying_s, view.ebike.window_s});
  for (const AreaWords& area : view.areas) out = std::max(out, area.for_s);
  for (const BinWords& bin : view.bins) out = std::max(out, bin.for_s);
  return out;
}

std::string parking_key(const std::string& camera) { return camera + "/parking"; }

}  // namespace

Watch::Watch(Surroundings around, CameraWords words, DrawnOff off)
    : around_(std::move(around)), words_(std::move(words)), off_(std::move(off)),
      recorder_(around_.folder / "recordings" / words_.id, around_.segment_s),
      ring_(around_.before_s + around_.after_s + 15, ring_bytes) {
  state_.id = words_.id;
  state_.state = "waiting";
  state_.drawn_off = off_.why;
}

Watch::~Watch() { halt(); }

void Watch::halt() {
  stop();
  if (thread_.joinable()) thread_.join();
}

void Watch::start() {
  thread_ = std::thread([this] { guarded(words_.id, [this] { run(); }); });
}
void Watch::stop() { stop_ = true; }
bool Watch::asked(Judgement j) const { return (judged_now_ >> static_cast<unsigned>(j) & 1U) != 0; }

WatchState Watch::state() const {
  const std::lock_guard lock(mutex_);
  WatchState out = state_;
  out.shed += around_.looks.shed(words_.id) + around_.looks.shed(parking_key(words_.id));
  out.ring_bytes = ring_.bytes();
  return out;
}

void Watch::note(const std::string& state, const std::string& trouble) {
  const std::lock_guard lock(mutex_);
  state_.state = state;
  if (trouble.empty()) return;
  state_.trouble = trouble;
  ++state_.breaks;
}

/// Who watches no more says so: nothing of what stood would ever be over.
void Watch::run() {
  keep_watching();
  const std::lock_guard lock(judging_);
  end_all("not watched any more");
  judges_.reset();
}

void Watch::keep_watching() {
  double pause_s = 1;
  if (off_.dark) {
    note("dark", off_.why);
    return;
  }
  while (!stop_) {
    const Time began = around_.world.clock.now();
    const std::uint64_t packets = state().packets;
    try {
      watch_stream();
      if (!words_.loop && !is_live(words_.source)) {
        note("ended");
        return;
      }
      if (words_.loop && state().packets > packets) continue;
      if (!stop_) note("broken", words_.loop ? "there is nothing in the file" : "the stream ended");
    } catch (const Refusal& refusal) {
      note(refusal.code == "vision.masks" ? "dark" : "broken", refusal.detail);
    } catch (const std::exception& error) {
      // A defect in one camera's judging must not take the others along.
      note("broken", error.what());
    }
    // A stream that held for a minute has earned a quick return.
    pause_s = around_.world.clock.now() - began > std::chrono::minutes(1) ? 1 : std::min(pause_s * 2, 30.0);
    for (int i = 0; i < static_cast<int>(pause_s * 10) && !stop_; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

void Watch::pace(double seconds) {
  if (is_live(words_.source)) return;
  if (paced_from_ < 0) {
    paced_from_ = seconds;
    paced_at_ = around_.world.clock.now();
  }
  while (!stop_) {
    const auto due = paced_at_ + std::chrono::milliseconds(static_cast<std::int64_t>((seconds - paced_from_) * 1000));
    const auto left = due - around_.world.clock.now();
    if (left <= Duration::zero()) return;
    std::this_thread::sleep_for(std::min<Duration>(left, std::chrono::milliseconds(100)));
  }
}

/// A file that cannot be read leaves the detector alone at its work: a lift is never without a judge because of a broken file.
std::optional<SecondLook> Watch::open_second_look() {
  std::optional<SecondLook> second;
  std::string said;
  try {
    second = second_look_of(words_.view.ebike);
    said = !second ? "" : words_.view.ebike.second_look_decides ? "decides" : "shadow";
  } catch (const Refusal& refusal) {
    said = fmt::format("refused, the detector judges alone: {}{}{}: {}", refusal.code, refusal.field.empty() ? "" : " ", refusal.field, refusal.detail);
  }
  const std::lock_guard lock(mutex_);
  state_.second_look = said;
  return second;
}

/// A bin without its picture is not watched, and it is said; its camera and the other bins are.
std::vector<BinJudge> Watch::open_bins() {
  std::vector<BinJudge> out;
  std::vector<BinWords> there;
  std::string said;
  const bool wanted = std::find(words_.judge.begin(), words_.judge.end(), Judgement::bins) != words_.judge.end();
  for (const BinWords& bin : wanted ? view_.bins : std::vector<BinWords>{}) {
    std::string trouble;
    try {
      out.push_back(judge_of(bin, size_));
      there.push_back(bin);
      continue;
    } catch (const Refusal& refusal) {
      trouble = refusal.detail;
    } catch (const std::exception& error) {
      trouble = error.what();
    }
    said += fmt::format("{}{}: {}", said.empty() ? "" : "; ", bin.id, trouble);
  }
  view_.bins = std::move(there);
  const std::lock_guard lock(mutex_);
  state_.bins_refused = said;
  return out;
}

/// A mask that lies beside the picture was drawn on another one: what it is to hide is bare.
void Watch::check_masks(cv::Size picture) const {
  const View view = fitted(with_first_size(around_.folder, words_.id, words_.view, picture), picture);
  const auto masks = mask_pixels(view.masks);
  for (std::size_t i = 0; i < masks.size(); ++i)
    if (lies_beside(masks[i], picture))
      throw Refusal{RefusalKind::invalid, "vision.masks", fmt::format("mask {} lies beside the picture of {}×{}: say on which size it was drawn", i + 1, picture.width, picture.height)};
}

/// Zones and masks are laid on pictures of this stream's size. The judges go on where the last stream broke, if the pictures are as large.
void Watch::begin(const Source& source, cv::Size size) {
  check_masks(size);
  forget_faces();
  std::optional<SecondLook> second = open_second_look();
  const std::lock_guard lock(judging_);
  const bool goes_on = judges_ != nullptr && size_ == size;
  if (!goes_on) end_all("pictures of another size");
  std::vector<BinWords> bins_before = std::move(view_.bins);
  ++stream_;
  size_ = size;
  rate_ = source.rate();
  view_ = fitted(with_first_size(around_.folder, words_.id, words_.view, size_), size_);
  masks_ = mask_pixels(view_.masks);
  longest_s_ = longest_of(view_);
  zones_ = pixels_of(view_.zones);
  slots_ = slots_of(view_);
  if (goes_on) {
    view_.bins = std::move(bins_before);
    judges_->resume();
  } else {
    bins_ = open_bins();
    judges_ = std::make_unique<Judges>(view_, std::move(second), bins_, around_.repeat_s);
  }
  judged_now_ = judged_at(view_, words_.judge, around_.world.clock.now(), around_.offset_minutes);
  judged_ = -1;
  due_ = parking_due_ = 0;
  paced_from_ = -1;
  backlog_ = {};
  masks_noted_ = false;
  const std::lock_guard state(mutex_);
  codec_ = copy_of(source.codec());
  streaming_ = true;
}

void Watch::watch_stream() {
  Source source(words_.source, open_timeout_s, &stop_);
  Packet packet;
  for (bool at_hand = false;; at_hand = true) {
    const std::optional<ReadEnd> end = watch_stretch(source, packet, at_hand);
    if (end == ReadEnd::broken && !stop_) throw Refusal{RefusalKind::unavailable, "vision.source", "the stream broke"};
    if (end) return;
    // Judges compare seconds: with those of before they would be silent until the clock has caught up with itself.
    const double back = newest_ - packet.seconds;
    note("watching", fmt::format("the stream's clock {}, by {:.1f} s", back > 0 ? "stepped back" : "leapt ahead", std::abs(back)));
    source.begin_anew(packet);
  }
}

/// A stream that does not say how large its pictures are: its first picture does. How it ended, when there is none.
std::optional<ReadEnd> Watch::look_ahead(Source& source, Decoder& decoder) {
  Packet packet;
  double seconds = 0;
  while (!stop_) {
    if (const ReadEnd end = source.read(packet); end != ReadEnd::none) return end;
    decoder.give(&packet);
    if (decoder.take(seconds)) return std::nullopt;
  }
  return ReadEnd::end;
}

/// Until the stream ends (how) or its clock steps back or leaps ahead (none): then `packet` is the first of the next stretch. `at_hand`: it is of this one.
std::optional<ReadEnd> Watch::watch_stretch(Source& source, Packet& packet, bool at_hand) {
  Decoder decoder(source.codec());
  if (source.size().area() == 0)
    if (const auto ended = look_ahead(source, decoder)) return ended;
  begin(source, decoder.has_picture() ? decoder.size() : source.size());
  const Closing closing{*this};
  note("watching");
  ReadEnd end = ReadEnd::none;
  bool stepped = false;
  double newest = 0;
  while (!stop_) {
    if (!std::exchange(at_hand, false) && (end = source.read(packet)) != ReadEnd::none) break;
    stepped = packet.seconds < newest - most_step_back_s || (is_live(words_.source) && packet.seconds > newest + most_leap_s);
    if (stepped) break;
    newest = std::max(newest, packet.seconds);
    take_packet(packet, source, decoder);
  }
  decoder.give(nullptr);
  take_pictures(decoder);
  if (judges_->falling)
    for (const Fall& fall : judges_->falling->finish()) tell_fall(fall, shown(decoder));
  return stepped ? std::nullopt : std::optional(end);
}

void Watch::take_packet(Packet& packet, const Source& source, Decoder& decoder) {
  pace(packet.seconds);
  packet.arrived = to_ms(around_.world.clock.now());
  // A file waits for its reader and is never late.
  if (is_live(words_.source))
    backlog_.see(packet.seconds, std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count());
  // What is recorded is bare; an export must know what was private on that day, or there is no recording.
  if (words_.record && !masks_noted_ && packet.is_key())
    masks_noted_ = note_masks(around_.folder, words_.id, around_.world.clock.now(), view_);
  const bool written = !words_.record || (masks_noted_ && around_.room.for_films && recorder_.add(packet, source.codec()));
  {
    const std::lock_guard lock(mutex_);
    ring_.add(packet);
    newest_ = packet.seconds;
    newest_ms_ = packet.arrived;
    ++state_.packets;
    state_.disk_refused = !written;
    state_.corrupt = decoder.corrupt();
    state_.delay_s = std::round(backlog_.delay() * 10) / 10;
    const std::string& segment = recorder_.segment();
    if (!segment.empty() && (segments_.empty() || segments_.back().second != segment)) segments_.emplace_back(packet.seconds, segment);
    while (segments_.size() > 2 && segments_[1].first < packet.seconds - longest_s_ - around_.before_s) segments_.pop_front();
  }
  // Key frames are enough for what is looked at once in many seconds.
  const bool only_keys = std::all_of(words_.judge.begin(), words_.judge.end(), [](Judgement j) { return j == Judgement::parking; });
  if (!only_keys || (packet.is_key() && (!words_.judge.empty() || still_asked_))) {
    decoder.give(&packet);
    take_pictures(decoder);
  }
  finish_happenings(packet.seconds, false);
}

void Watch::take_pictures(Decoder& decoder) {
  for (double seconds = 0; decoder.take(seconds);) {
    {
      const std::lock_guard lock(mutex_);
      ++state_.pictures;
    }
    // A camera that was set to another size meanwhile: masks laid on the old one would hide the wrong part. What was in the air is told, without
    // a picture.
    if (decoder.size() != size_) {
      if (judges_->falling)
        for (const Fall& fall : judges_->falling->finish()) tell_fall(fall, {});
      throw Refusal{RefusalKind::unavailable, "vision.source", "the pictures have another size now"};
    }
    if (still_asked_.exchange(false)) keep_still(decoder);
    follow_hours(decoder);
    if (asked(Judgement::falling)) {
      if (!backlog_.behind()) {
        see_falls(decoder.grey(), seconds, decoder);
      } else {
        // Motion is looked for on the reading thread: it must not fall behind the camera for ever.
        const std::lock_guard lock(mutex_);
        ++state_.shed;
      }
    }
    offer(seconds, decoder);
  }
}

/// When an hour of the plan begins or ends, what stands of that judgement is over and its judge begins anew: nothing is told of minutes that nobody
/// watched. What is in the air fell in its hour, and is told. The other judges go on: no lift is let go because somebody's duty ends.
void Watch::follow_hours(const Decoder& decoder) {
  const std::uint32_t now = judged_at(view_, words_.judge, around_.world.clock.now(), around_.offset_minutes);
  if (now == judged_now_) return;
  const std::lock_guard lock(judging_);
  const auto turned = [bits = now ^ judged_now_](Judgement j) { return (bits >> static_cast<unsigned>(j) & 1U) != 0; };
  if (turned(Judgement::falling) && judges_->falling)
    for (const Fall& fall : judges_->falling->finish()) tell_fall(fall, shown(decoder));
  for (const Judgement judgement : words_.judge) {
    if (!turned(judgement)) continue;
    end_all("its hours are over", [&](const std::string& kind) { return is_of(judgement, kind, view_); });
    judges_->begin_anew(judgement, view_, bins_);
  }
  judged_now_ = now;
}

void Watch::keep_still(const Decoder& decoder) {
  cv::Mat picture = shown(decoder);
  const std::lock_guard lock(mutex_);
  still_ = std::move(picture);
}

std::optional<cv::Mat> Watch::still() {
  const std::lock_guard lock(mutex_);
  if (still_.empty()) {
    still_asked_ = true;
    return std::nullopt;
  }
  return std::exchange(still_, cv::Mat());
}

void Watch::see_falls(const cv::Mat& seen, double seconds, const Decoder& decoder) {
  cv::Mat grey = seen;
  if (!masks_.empty()) {
    grey = seen.clone();
    hide(grey, masks_);
  }
  Judges& judges = *judges_;
  if (!judges.falling) judges.falling.emplace(facade_of(view_, grey.size()));
  for (const Fall& fall : judges.falling->see(seconds, judges.motion.see(grey))) tell_fall(fall, shown(decoder));
}

/// As people may see it.
cv::Mat Watch::shown(const Decoder& decoder) const {
  cv::Mat out = decoder.bgr();
  hide(out, masks_);
  return out;
}

/// `still`: with nothing private in it, or none.
void Watch::tell_fall(const Fall& fall, cv::Mat still) {
  std::vector<cv::Point> line;
  for (const TrackPoint& p : fall.track) line.emplace_back(cvRound(p.at.x), cvRound(p.at.y));
  const int thick = std::max(1, still.rows / 360);
  if (!still.empty()) cv::polylines(still, line, false, cv::Scalar(0, 0, 255), thick, cv::LINE_AA);
  if (!still.empty() && !line.empty()) cv::circle(still, line.front(), 6 * thick, cv::Scalar(0, 0, 255), thick, cv::LINE_AA);
  happen("falling_object", fall.began, fall.ended, fall.confidence,
         fmt::format(R"({{"floor":{},"floors_beyond":{},"column":{},"floor_error":{:.2f},"column_error":{:.2f},"acceleration":{:.2f},"origin_m":{:.1f},"seconds":{:.2f}}})", fall.floor,
                     fall.floors_beyond, fall.column, fall.floor_error, fall.column_error, fall.acceleration, fall.origin_m, fall.ended - fall.began),
         still);
}

void Watch::offer(double seconds, const Decoder& decoder) {
  const bool moving = asked(Judgement::ebike) || asked(Judgement::bag) || asked(Judgement::duty) || asked(Judgement::plates) ||
                      asked(Judgement::areas) || asked(Judgement::bins) || asked(Judgement::fall) || asked(Judgement::face);
  const bool slow = asked(Judgement::parking) && seconds >= parking_due_;
  if (!slow && (!moving || seconds < due_)) return;
  const std::shared_ptr<Watch> self = weak_from_this().lock();
  if (!self) return;  // let go meanwhile: nobody is to judge this
  if (seconds >= due_) due_ = seconds + look_every_s;
  cv::Mat picture = shown(decoder);
  if (slow) {
    parking_due_ = seconds + view_.parking.every_s;
    around_.looks.put(parking_key(words_.id), 0, {self, -1, picture, stream_});
  }
  if (moving) around_.looks.put(words_.id, importance_of(judged_now_), {self, seconds, picture, stream_});
}

}  // namespace lifang::vision
