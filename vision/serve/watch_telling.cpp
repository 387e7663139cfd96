#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/refusal.hpp"
#include "vision/serve/watch.hpp"

namespace lifang::vision {
namespace fs = std::filesystem;
namespace {

constexpr double most_late_s = 15;  // of a stream's clock behind ours, before its alarms are told with what there is

bool write_copy(const std::vector<Packet>& packets, const AVCodecParameters* codec, const fs::path& file) {
  try {
    Muxer muxer(file, codec);
    for (const Packet& packet : packets) muxer.write(packet);
    return muxer.finish();
  } catch (const Refusal&) {
    return false;
  }
}

}  // namespace

/// The picture, the name of the clip that is to come, and which segment of the recording must stay.
void Watch::keep_evidence(Letter& letter, const cv::Mat& still, const std::vector<std::string>& segments) {
  std::string name;
  {
    const std::lock_guard lock(mutex_);
    name = names_.next(words_.id, letter.kind, from_ms(letter.ts));
  }
  if (!segments.empty()) {
    std::string& text = letter.attributes.text;
    const bool none = text.size() <= 2;
    text = fmt::format(R"({}{}"segment":"{}"{}}})", none ? "{" : text.substr(0, text.size() - 1), none ? "" : ",", segments.front(),
                       segments.size() == 1 ? "" : fmt::format(R"(,"last_segment":"{}")", segments.back()));
    for (const std::string& segment : segments) reference(around_.folder, words_.id, segment, fs::path(name).filename().string());
  }
  if (!around_.room.for_stills) return;
  if (write_still(around_.folder / (name + ".jpg"), still)) letter.still = name + ".jpg";
  if (around_.room.for_films) letter.clip = name + ".mp4";
}

/// The clip of an alarm that went ahead of it goes with the next word about the same thing. When that is over before it was
/// developed, it stays in the folder.
void Watch::add_late_clip(Letter& letter) {
  const bool over = letter.kind.ends_with("_over");
  const std::lock_guard lock(mutex_);
  const auto late = late_clips_.find(over ? letter.kind.substr(0, letter.kind.size() - 5) : letter.kind);
  if (late == late_clips_.end() || (!late->second.there && !over)) return;
  if (late->second.there) letter.clip = late->second.clip;
  late_clips_.erase(late);
}

void Watch::clip_is_there(const std::string& kind, const std::string& clip) {
  const std::lock_guard lock(mutex_);
  if (const auto late = late_clips_.find(kind); late != late_clips_.end() && late->second.clip == clip) late->second.there = true;
}

void Watch::happen(std::string kind, double began, double ended, double confidence, std::string attributes, const cv::Mat& still) {
  Happening h;
  std::vector<std::string> segments;
  {
    const std::lock_guard lock(mutex_);
    h.letter.ts = newest_ms_ - static_cast<std::int64_t>(std::llround((newest_ - began) * 1000));
    segments = segments_over(segments_, began, ended);
    ++state_.events;
  }
  h.letter.camera = words_.id;
  h.letter.token = words_.token;
  h.letter.kind = std::move(kind);
  h.letter.confidence = std::round(confidence * 1000) / 1000;
  h.letter.attributes.text = std::move(attributes);
  h.from = began - around_.before_s;
  h.until = ended + around_.after_s;
  h.due = std::chrono::steady_clock::now() + std::chrono::milliseconds(static_cast<std::int64_t>((around_.after_s + most_late_s) * 1000));
  if (still.empty()) {
    add_late_clip(h.letter);
    around_.messenger.post(h.letter);
    return;
  }
  keep_evidence(h.letter, still, segments);
  if (!h.letter.clip || is_urgent(h.letter.kind)) return tell_at_once(std::move(h));
  h.kept = around_.messenger.keep(h.letter);
  {
    const std::lock_guard lock(mutex_);
    if (streaming_) {
      happenings_.push_back(std::move(h));
      return;
    }
  }
  h.letter.clip.reset();  // the stream has ended: there is nothing to wait for
  around_.messenger.release(h.kept, h.letter);
}

/// A copy of the stream would show what must not be seen, or what no browser plays.
bool Watch::goes_as_it_came(const AVCodecParameters* codec) const { return masks_.empty() && browsers_play(codec); }

/// The clip ends with what raised the alarm. Where it is a copy it goes along; where it must be encoded anew, the alarm goes ahead of it.
void Watch::tell_at_once(Happening h) {
  std::vector<Packet> packets;
  std::shared_ptr<const AVCodecParameters> codec;
  {
    const std::lock_guard lock(mutex_);
    if (!streaming_) h.letter.clip.reset();
    if (h.letter.clip) packets = ring_.since(h.from);
    codec = codec_;
  }
  if (!h.letter.clip || goes_as_it_came(codec.get())) {
    if (!h.letter.clip) {
      around_.messenger.post(h.letter);
      return;
    }
    h.kept = around_.messenger.keep(h.letter);
    finish(std::move(h), std::move(packets), codec);
    return;
  }
  const std::string clip = *std::exchange(h.letter.clip, std::nullopt), kind = h.letter.kind;
  add_late_clip(h.letter);
  bool fresh = false;
  if (!h.letter.clip) {
    const std::lock_guard lock(mutex_);
    fresh = late_clips_.try_emplace(kind, LateClip{clip, false}).second;
  }
  around_.messenger.post(h.letter);
  if (!fresh) return;  // shown again while it stands: the film of its beginning is sent or on its way
  around_.darkroom.develop({clip, std::move(packets), codec, h.from, rate_, masks_, [me = weak_from_this(), kind, clip](bool there) {
                              const auto watch = there ? me.lock() : nullptr;
                              if (watch) watch->clip_is_there(kind, clip);
                            }});
}

/// A letter that is on disk, with its clip or without it.
void Watch::finish(Happening h, std::vector<Packet> packets, const std::shared_ptr<const AVCodecParameters>& codec) {
  const auto done = [&messenger = around_.messenger, kept = h.kept, letter = h.letter](bool there) {
    Letter mine = letter;
    if (!there) mine.clip.reset();
    messenger.release(kept, mine);
  };
  try {
    if (!goes_as_it_came(codec.get())) around_.darkroom.develop({*h.letter.clip, std::move(packets), codec, h.from, rate_, masks_, done});
    else done(write_copy(packets, codec.get(), around_.folder / *h.letter.clip));
  } catch (const std::exception&) {
    done(false);
  }
}

void Watch::finish_happenings(double seconds, bool all) {
  std::vector<std::pair<Happening, std::vector<Packet>>> ready;
  std::shared_ptr<const AVCodecParameters> codec;
  {
    const std::lock_guard lock(mutex_);
    if (all) streaming_ = false;
    codec = codec_;
    const auto now = std::chrono::steady_clock::now();
    for (auto at = happenings_.begin(); at != happenings_.end();) {
      if (!all && seconds < at->until && now < at->due) {
        ++at;
        continue;
      }
      auto packets = ring_.since(at->from);
      ready.emplace_back(std::move(*at), std::move(packets));
      at = happenings_.erase(at);
    }
  }
  for (auto& [happening, packets] : ready) finish(std::move(happening), std::move(packets), codec);
}

/// However it ended: alarms that wait for their clip are told with what there is of it, and the recording is closed.
void Watch::close_stretch() noexcept {
  try {
    finish_happenings(0, true);
  } catch (const std::exception&) {
    // Memory is at its end; the letters lie on disk and go after the next start.
  }
  recorder_.finish();
  const std::lock_guard lock(mutex_);
  ring_.clear();
  segments_.clear();
}

}  // namespace lifang::vision
