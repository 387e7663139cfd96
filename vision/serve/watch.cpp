#include "vision/serve/watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "base/refusal.hpp"
#include "vision/serve/judges.hpp"
#include "vision/serve/mask_log.hpp"

namespace lifang::vision {
namespace fs = std::filesystem;
namespace {

constexpr double open_timeout_s = 10;
constexpr std::size_t ring_bytes = 64U << 20;
constexpr double look_every_s = 0.25;  // for what moves like people do

int importance_of(const std::vector<Judgement>& asked) {
  const auto has = [&](Judgement j) { return std::find(asked.begin(), asked.end(), j) != asked.end(); };
  return has(Judgement::ebike) || has(Judgement::fall) ? 3 : has(Judgement::areas) || has(Judgement::bag) || has(Judgement::plates) ? 2 : has(Judgement::duty) ? 1 : 0;
}

}  // namespace

Watch::Watch(Surroundings around, CameraWords words)
    : around_(std::move(around)), words_(std::move(words)),
      recorder_(around_.folder / "recordings" / words_.id, around_.segment_s),
      ring_(around_.before_s + around_.after_s + 15, ring_bytes) {
  state_.id = words_.id;
  state_.state = "waiting";
}

Watch::~Watch() {
  stop();
  if (thread_.joinable()) thread_.join();
}

void Watch::start() { thread_ = std::thread([this] { run(); }); }
void Watch::stop() { stop_ = true; }
bool Watch::asked(Judgement j) const { return (judged_now_ >> static_cast<unsigned>(j) & 1U) != 0; }

WatchState Watch::state() const {
  const std::lock_guard lock(mutex_);
  WatchState out = state_;
  out.shed = around_.looks.shed(words_.id);
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
  {
    const std::lock_guard lock(judging_);
    end_all("not watched any more");
    judges_.reset();
  }
  finish_happenings(0, nullptr, true);
}

void Watch::keep_watching() {
  double pause_s = 1;
  while (!stop_) {
    const Time began = around_.world.clock.now();
    try {
      watch_stream();
      if (!words_.loop && !words_.source.starts_with("rtsp://")) {
        note("ended");
        return;
      }
      if (words_.loop) continue;
    } catch (const Refusal& refusal) {
      note("broken", refusal.detail);
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
  if (words_.source.starts_with("rtsp://")) return;
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

/// Zones and masks are laid on pictures of this stream's size. The judges go on where the last stream broke, if the pictures are as large.
void Watch::begin(const Source& source) {
  std::optional<SecondLook> second = open_second_look();
  const std::lock_guard lock(judging_);
  const bool goes_on = judges_ != nullptr && size_ == source.size();
  if (!goes_on) end_all("pictures of another size");
  ++stream_;
  size_ = source.size();
  rate_ = source.rate();
  view_ = fitted(words_.view, size_);
  masks_ = pixels_of(view_.masks);
  zones_ = pixels_of(view_.zones);
  slots_ = slots_of(view_);
  if (goes_on) judges_->resume();
  else judges_ = std::make_unique<Judges>(view_, std::move(second), around_.repeat_s);
  judged_now_ = judged_at(view_, words_.judge, around_.world.clock.now(), around_.offset_minutes);
  judged_ = -1;
  due_ = parking_due_ = 0;
  paced_from_ = -1;
}

void Watch::watch_stream() {
  Source source(words_.source, open_timeout_s, &stop_);
  Decoder decoder(source.codec());
  begin(source);
  bool masks_noted = false;
  note("watching");
  // Key frames are enough for what is looked at once in many seconds.
  const bool only_keys = std::all_of(words_.judge.begin(), words_.judge.end(), [](Judgement j) { return j == Judgement::parking; });
  ReadEnd end = ReadEnd::none;
  Packet packet;
  while (!stop_ && (end = source.read(packet)) == ReadEnd::none) {
    pace(packet.seconds);
    packet.arrived = to_ms(around_.world.clock.now());
    // What is recorded is bare; an export must know what was private on that day, or there is no recording.
    if (words_.record && !masks_noted && packet.is_key())
      masks_noted = note_masks(around_.folder, words_.id, around_.world.clock.now(), view_);
    const bool written = !words_.record || (masks_noted && around_.room.for_films && recorder_.add(packet, source.codec()));
    {
      const std::lock_guard lock(mutex_);
      ring_.add(packet);
      newest_ = packet.seconds;
      newest_ms_ = packet.arrived;
      ++state_.packets;
      state_.disk_refused = !written;
      state_.corrupt = decoder.corrupt();
    }
    const bool decoding = !words_.judge.empty() && !only_keys;
    if (decoding || (packet.is_key() && (!words_.judge.empty() || still_asked_))) {
      decoder.give(&packet);
      take_pictures(decoder);
    }
    finish_happenings(packet.seconds, source.codec(), false);
  }
  decoder.give(nullptr);
  take_pictures(decoder);
  if (judges_->falling)
    for (const Fall& fall : judges_->falling->finish()) tell_fall(fall, decoder);
  finish_happenings(0, source.codec(), true);
  recorder_.finish();
  {
    const std::lock_guard lock(mutex_);
    ring_.clear();
  }
  if (end == ReadEnd::broken && !stop_) throw Refusal{RefusalKind::unavailable, "vision.source", "the stream broke"};
}

void Watch::take_pictures(Decoder& decoder) {
  for (double seconds = 0; decoder.take(seconds);) {
    {
      const std::lock_guard lock(mutex_);
      ++state_.pictures;
    }
    // A camera that was set to another size meanwhile: masks laid on the old one would hide the wrong part.
    if (decoder.size() != size_) throw Refusal{RefusalKind::unavailable, "vision.source", "the pictures have another size now"};
    if (still_asked_.exchange(false)) keep_still(decoder);
    follow_hours();
    if (asked(Judgement::falling)) see_falls(decoder.grey(), seconds, decoder);
    offer(seconds, decoder);
  }
}

/// When an hour of the plan begins or ends, what stands is over and the judges begin anew: nothing is told of minutes that nobody watched.
void Watch::follow_hours() {
  const std::uint32_t now = judged_at(view_, words_.judge, around_.world.clock.now(), around_.offset_minutes);
  if (now == judged_now_) return;
  const std::lock_guard lock(judging_);
  end_all("its hours are over");
  judges_ = std::make_unique<Judges>(view_, std::move(judges_->second_look), around_.repeat_s);
  judged_now_ = now;
}

void Watch::keep_still(const Decoder& decoder) {
  cv::Mat picture = decoder.bgr();
  hide(picture, masks_);
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
  for (const Fall& fall : judges.falling->see(seconds, judges.motion.see(grey))) tell_fall(fall, decoder);
}

void Watch::tell_fall(const Fall& fall, const Decoder& decoder) {
  cv::Mat still = decoder.bgr();
  hide(still, masks_);
  std::vector<cv::Point> line;
  for (const TrackPoint& p : fall.track) line.emplace_back(cvRound(p.at.x), cvRound(p.at.y));
  const int thick = std::max(1, still.rows / 360);
  cv::polylines(still, line, false, cv::Scalar(0, 0, 255), thick, cv::LINE_AA);
  if (!line.empty()) cv::circle(still, line.front(), 6 * thick, cv::Scalar(0, 0, 255), thick, cv::LINE_AA);
  happen("falling_object", fall.began, fall.ended, fall.confidence,
         fmt::format(R"({{"floor":{},"column":{},"floor_error":{:.2f},"acceleration":{:.2f},"origin_m":{:.1f},"seconds":{:.2f}}})", fall.floor,
                     fall.column, fall.floor_error, fall.acceleration, fall.origin_m, fall.ended - fall.began),
         still);
}

void Watch::offer(double seconds, const Decoder& decoder) {
  const bool moving = asked(Judgement::ebike) || asked(Judgement::bag) || asked(Judgement::duty) || asked(Judgement::plates) ||
                      asked(Judgement::areas) || asked(Judgement::bins) || asked(Judgement::fall);
  const bool slow = asked(Judgement::parking) && seconds >= parking_due_;
  if (!slow && (!moving || seconds < due_)) return;
  if (seconds >= due_) due_ = seconds + look_every_s;
  cv::Mat picture = decoder.bgr();
  hide(picture, masks_);
  if (slow) {
    parking_due_ = seconds + view_.parking.every_s;
    around_.looks.put(words_.id + "/parking", 0, {shared_from_this(), -1, picture, stream_});
  }
  if (moving) around_.looks.put(words_.id, importance_of(words_.judge), {shared_from_this(), seconds, picture, stream_});
}

void Watch::happen(std::string kind, double began, double ended, double confidence, std::string attributes, const cv::Mat& still) {
  Happening h;
  double newest = 0;
  std::int64_t newest_ms = 0;
  std::string segment;
  {
    const std::lock_guard lock(mutex_);
    newest = newest_;
    newest_ms = newest_ms_;
    ++state_.events;
  }
  h.letter.camera = words_.id;
  h.letter.token = words_.token;
  h.letter.kind = kind;
  h.letter.ts = newest_ms - static_cast<std::int64_t>(std::llround((newest - began) * 1000));
  h.letter.confidence = std::round(confidence * 1000) / 1000;
  h.letter.attributes.text = std::move(attributes);
  const std::string name = fmt::format("events/{}/{}-{}", words_.id, file_time(from_ms(h.letter.ts)), kind);
  if (!still.empty() && around_.room.for_stills) {
    std::error_code failed;
    fs::create_directories((around_.folder / name).parent_path(), failed);
    try {
      if (cv::imwrite((around_.folder / (name + ".jpg")).string(), still, {cv::IMWRITE_JPEG_QUALITY, 88})) h.letter.still = name + ".jpg";
    } catch (const cv::Exception&) {
      // A full disk takes the picture, not the alarm.
    }
    if (around_.room.for_films) h.letter.clip = name + ".mp4";
  }
  h.from = began - around_.before_s;
  // Where a machine or a helper must move at once, the clip ends with what raised the alarm.
  const bool urgent = kind == "ebike_in_lift" || kind == "fall";
  h.until = !h.letter.clip ? 0 : urgent ? ended : ended + around_.after_s;
  const std::lock_guard lock(mutex_);
  happenings_.push_back(std::move(h));
}

void Watch::finish_happenings(double seconds, const AVCodecParameters* codec, bool all) {
  std::vector<std::pair<Happening, std::vector<Packet>>> ready;
  {
    const std::lock_guard lock(mutex_);
    for (auto at = happenings_.begin(); at != happenings_.end();) {
      if (!all && seconds < at->until) {
        ++at;
        continue;
      }
      auto packets = at->letter.clip ? ring_.since(at->from) : std::vector<Packet>{};
      ready.emplace_back(std::move(*at), std::move(packets));
      at = happenings_.erase(at);
    }
  }
  for (auto& [happening, packets] : ready) {
    if (codec == nullptr) happening.letter.clip.reset();  // its stream broke and never came back
    if (happening.letter.clip && !masks_.empty()) {
      // A copy of the stream would show what must not be seen.
      around_.darkroom.develop({std::move(happening.letter), std::move(packets), copy_of(codec), happening.from, rate_, masks_});
      continue;
    }
    if (happening.letter.clip) {
      bool written = false;
      try {
        Muxer muxer(around_.folder / *happening.letter.clip, codec);
        for (const Packet& packet : packets) muxer.write(packet);
        written = muxer.finish();
      } catch (const Refusal&) {
      }
      if (!written) happening.letter.clip.reset();
    }
    around_.messenger.post(happening.letter);
  }
}

}  // namespace lifang::vision
