#include "vision/serve/exporter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <set>

#include "base/refusal.hpp"
#include "base/reflect.hpp"
#include "base/secret.hpp"
#include "vision/serve/durable.hpp"
#include "vision/serve/mask_log.hpp"
#include "vision/stream/encoder.hpp"
#include "vision/stream/recorder.hpp"

namespace lifang::vision {
namespace fs = std::filesystem;
namespace {

constexpr auto most_at_once = std::chrono::hours(24);
constexpr double gap_s = 2;  // a longer hole begins a new file

struct Segment {
  fs::path file;
  Time began;
};

std::vector<Segment> segments_of(const fs::path& folder, Time from, Time to) {
  std::vector<Segment> all, out;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed))
    if (const auto began = parse_file_time(entry.path().filename().string())) all.push_back({entry.path(), *began});
  std::sort(all.begin(), all.end(), [](const Segment& a, const Segment& b) { return a.began < b.began; });
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i].began <= to && (i + 1 == all.size() || all[i + 1].began > from)) out.push_back(all[i]);
  return out;
}

std::string hash_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  Sha256 sum;
  std::string buffer(1 << 16, '\0');
  while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || in.gcount() > 0)
    sum.add({buffer.data(), static_cast<std::size_t>(in.gcount())});
  return sum.finish_hex();
}

double seconds_between(Time a, Time b) { return static_cast<double>((b - a).count()) / 1000; }
Time after(Time t, double seconds) { return t + Duration{std::llround(seconds * 1000)}; }

/// Writes the pieces of one export, a file for each stretch without a hole or a change of the stream.
class Cutter {
 public:
  Cutter(const fs::path& folder, const ServeWords& eyes, const ExportWords& words, Manifest& manifest)
      : folder_(folder), eyes_(eyes), words_(words), manifest_(manifest) {}

  void add(const Segment& segment) {
    std::optional<Source> source;
    try {
      source.emplace(segment.file.string(), 10);
    } catch (const Refusal&) {
      // Of some a power cut left nothing; whatever it was, whoever gets the export must know that something is not in it.
      manifest_.left_out.push_back(segment.file.filename().string());
      return;
    }
    const std::vector<std::vector<cv::Point>> masks = masks_of(source->size());
    if (masks.empty()) copy(segment, *source);
    else encode(segment, *source, masks);
  }

  void finish() {
    const bool written = muxer_ ? muxer_->finish() : !encoder_ || encoder_->finish();
    muxer_.reset();
    encoder_.reset();
    if (!written) throw Refusal{RefusalKind::unavailable, "vision.encode", "the disk refused the export"};
    if (!file_) return;
    const fs::path at = folder_ / file_->name;
    file_->sha256 = hash_of(at);
    file_->bytes = static_cast<std::int64_t>(fs::file_size(at));
    manifest_.files.push_back(*std::exchange(file_, std::nullopt));
  }

 private:
  /// Those of that time and those of today: what is private now was not made to be handed out.
  std::vector<std::vector<cv::Point>> masks_of(cv::Size size) {
    std::vector<Polygon> masks = masks_between(eyes_.folder, words_.camera, words_.from, words_.to, size);
    for (const CameraWords& camera : eyes_.cameras)
      if (camera.id == words_.camera)
        for (const Polygon& mask : fitted(with_drawn_size(eyes_.folder, camera.id, camera.view), size).masks)
          if (std::find(masks.begin(), masks.end(), mask) == masks.end()) masks.push_back(mask);
    if (!masks.empty()) {
      manifest_.masked = true;
      manifest_.masks = masks;
    }
    return mask_pixels(masks);
  }

  bool inside(Time t) const { return t >= words_.from && t <= words_.to; }

  void begin(Time at, cv::Size size) {
    finish();
    file_ = ExportedFile{};
    file_->name = fmt::format("{}-{}.mp4", words_.camera, file_time(at));
    file_->from = at;
    size_ = size;
  }

  void took(const Segment& segment, Time at) {
    const std::string name = segment.file.filename().string();
    if (file_->segments.empty() || file_->segments.back() != name) file_->segments.push_back(name);
    file_->to = last_ = at;
  }

  bool continues(Time at, cv::Size size) const { return file_ && size == size_ && at >= last_ && seconds_between(last_, at) <= gap_s; }

  void encode(const Segment& segment, Source& source, const std::vector<std::vector<cv::Point>>& masks) {
    Decoder decoder(source.codec());
    const auto take = [&] {
      for (double seconds = 0; decoder.take(seconds);) {
        const Time at = after(segment.began, seconds);
        if (!inside(at) || decoder.size() != source.size()) continue;
        cv::Mat picture = decoder.bgr();
        hide(picture, masks);
        if (muxer_ || !continues(at, picture.size())) {
          begin(at, picture.size());
          encoder_.emplace(folder_ / file_->name, picture.size(), source.rate());
        }
        encoder_->write(picture, seconds_between(file_->from, at));
        took(segment, at);
      }
    };
    for (Packet packet; source.read(packet) == ReadEnd::none;) {
      decoder.give(&packet);
      take();
    }
    decoder.give(nullptr);
    take();
  }

  /// From the last key frame before the time on: a copy can begin nowhere else.
  void copy(const Segment& segment, Source& source) {
    std::vector<Packet> group;
    bool fresh = true;  // each segment may bring other parameters of its coding
    const auto flush = [&] {
      for (Packet& packet : group) {
        const Time at = after(segment.began, packet.seconds);
        if (at > words_.to) break;
        if (encoder_ || !muxer_ || (fresh && !continues(at, source.size()))) {
          begin(at, source.size());
          muxer_.emplace(folder_ / file_->name, source.codec());
        }
        fresh = false;
        packet.seconds = seconds_between(file_->from, at);
        muxer_->write(packet);
        took(segment, at);
      }
    };
    Time last = segment.began;
    for (Packet packet; source.read(packet) == ReadEnd::none;) {
      if (packet.is_key()) {
        if (last >= words_.from) flush();
        group.clear();
      }
      last = after(segment.began, packet.seconds);
      group.push_back(packet);
    }
    if (last >= words_.from) flush();
  }

  const fs::path& folder_;
  const ServeWords& eyes_;
  const ExportWords& words_;
  Manifest& manifest_;
  std::optional<Muxer> muxer_;
  std::optional<Encoder> encoder_;
  std::optional<ExportedFile> file_;
  cv::Size size_;
  Time last_{};
};

void check_words(const ServeWords& eyes, const ExportWords& words) {
  const auto off = [](const char* field, const char* why) { return invalid("vision.export", field, why); };
  if (!is_client_id(words.camera)) throw off("/camera", "is no id");
  const bool known = std::any_of(eyes.cameras.begin(), eyes.cameras.end(), [&](const CameraWords& c) { return c.id == words.camera; });
  // Of a camera that is gone its masks may be unknown; then there is only its log to ask.
  if (!known && !fs::exists(fs::path(eyes.folder) / "masks" / (words.camera + ".jsonl"))) throw off("/camera", "is not configured");
  if (words.to <= words.from || words.to - words.from > most_at_once) throw off("/to", "lies after from, by 24 hours at most");
  if (words.asked_by.empty() || words.asked_by.size() > 200) throw off("/asked_by", "somebody must have asked for it");
  if (words.reason.empty() || words.reason.size() > 1000) throw off("/reason", "a reason must be given");
  std::error_code failed;
  if (fs::exists(words.out, failed) && !fs::is_empty(words.out, failed)) throw off("/out", "the folder is not empty");
}

std::vector<std::string> log_lines(const fs::path& file) {
  std::vector<std::string> out;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);)
    if (!line.empty()) out.push_back(line);
  return out;
}

/// False when the disk refused.
bool log_export(const fs::path& file, Manifest& manifest) {
  return append_durably(file, [&](std::string_view before) {
    manifest.previous = before.empty() ? "" : sha256_hex(before);
    return to_json(manifest);
  });
}

}  // namespace

std::optional<Time> parse_file_time(std::string name) {
  // 2026-11-22T00-10-03.120Z.mkv, and .part while it is being written
  if (name.ends_with(".part")) name.resize(name.size() - 5);
  if (name.size() != 28 || !name.ends_with("Z.mkv")) return std::nullopt;
  name.resize(24);
  if (name[13] != '-' || name[16] != '-') return std::nullopt;
  name[13] = name[16] = ':';
  return parse_time(name);
}

Manifest export_recordings(const World& world, const ServeWords& eyes, const ExportWords& words) {
  check_words(eyes, words);
  Manifest manifest{words.camera, words.from, words.to, words.asked_by, words.reason, world.clock.now(), "lifang-vision " LIFANG_VERSION,
                    false, {}, {}, {}, {}};
  const fs::path log = fs::path(eyes.folder) / "exports.jsonl";
  const auto write_down = [&] {
    if (!log_export(log, manifest)) throw Refusal{RefusalKind::unavailable, "vision.export", "the log of exports cannot be written"};
  };
  write_down();  // who asks is known before anything is made
  const auto segments = segments_of(fs::path(eyes.folder) / "recordings" / words.camera, words.from, words.to);
  std::error_code failed;
  fs::create_directories(words.out, failed);
  if (failed) throw invalid("vision.export", "/out", "the folder cannot be made");
  Cutter cutter(words.out, eyes, words, manifest);
  for (const Segment& segment : segments) cutter.add(segment);
  cutter.finish();
  if (manifest.files.empty()) throw missing("vision.nothing_recorded", "nothing of this camera is recorded between these times");
  try {
    write_down();
  } catch (const Refusal&) {
    fs::remove_all(words.out, failed);
    throw;
  }
  std::ofstream out(words.out / "manifest.json");
  out << to_json(manifest) << "\n" << std::flush;
  if (!out) throw Refusal{RefusalKind::unavailable, "vision.encode", "the disk refused the manifest"};
  return manifest;
}

namespace {

/// Whether the log holds this very manifest, and each of its lines the hash of the one before.
void ask_log(const std::string& manifest, const fs::path& log, std::vector<std::string>& out) {
  const std::vector<std::string> lines = log_lines(log);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    try {
      if (from_json<Manifest>(lines[i]).previous == (i == 0 ? "" : sha256_hex(lines[i - 1]))) continue;
    } catch (const Refusal&) {
      // Not a line that an export wrote. What a power cut tore off is vouched for by the next line, which holds its hash.
      if (i + 1 < lines.size()) continue;
    }
    out.push_back(fmt::format("line {} of {} does not follow from the one before", i + 1, log.filename().string()));
  }
  if (std::find(lines.begin(), lines.end(), manifest) == lines.end())
    out.push_back(fmt::format("manifest.json is not as {} has it", log.filename().string()));
}

}  // namespace

std::vector<std::string> check_export(const fs::path& folder, const fs::path& log) {
  std::vector<std::string> out;
  std::ifstream in(folder / "manifest.json");
  if (!in) return {"manifest.json is missing"};
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  Manifest manifest;
  try {
    manifest = from_json<Manifest>(text);
  } catch (const Refusal& refusal) {
    return {"manifest.json cannot be read: " + refusal.detail};
  }
  ask_log(text.substr(0, text.find('\n')), log, out);
  std::set<std::string> named{"manifest.json"};
  std::error_code failed;
  for (const ExportedFile& file : manifest.files) {
    named.insert(file.name);
    const fs::path at = folder / fs::path(file.name).filename();
    if (!fs::is_regular_file(at, failed)) out.push_back(file.name + " is missing");
    else if (hash_of(at) != file.sha256) out.push_back(file.name + " is altered");
  }
  for (const auto& entry : fs::directory_iterator(folder, failed))
    if (!named.contains(entry.path().filename().string())) out.push_back(entry.path().filename().string() + " is not in the manifest");
  return out;
}

}  // namespace lifang::vision
