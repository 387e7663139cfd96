#include "vision/serve/face_book.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <limits>

#include "base/id.hpp"
#include "base/refusal.hpp"
#include "base/reflect.hpp"
#include "base/text.hpp"
#include "vision/detectors/face_finder.hpp"
#include "vision/serve/durable.hpp"

namespace lifang::vision {
namespace fs = std::filesystem;
namespace {

constexpr auto longest = std::chrono::hours(24 * 366);
constexpr double clearly = 0.05;  // by which the nearest must be nearer than anybody else
constexpr double enrolled_already = 0.35;
constexpr std::size_t most_prints = 16;

/// What lies inside a seal.
struct Inside {
  std::string consent;
  Time enrolled, until;
  std::vector<std::vector<double>> prints;
};
BOOST_DESCRIBE_STRUCT(Inside, (), (consent, enrolled, until, prints))

struct FaceFile {
  std::string key, sealed;  ///< hex
};
BOOST_DESCRIBE_STRUCT(FaceFile, (), (key, sealed))

struct FaceNote {
  Time at;
  std::string what, face, by;
};
BOOST_DESCRIBE_STRUCT(FaceNote, (), (at, what, face, by))

std::string place_of(const std::string& id) { return place_of_field("vision_faces", id, "template"); }

}  // namespace

FaceBook::FaceBook(World world, fs::path folder) : world_(world), folder_(std::move(folder)) {}

const Vault& FaceBook::vault() {
  if (!vault_) vault_.emplace(read_or_make_key(folder_ / "keys/faces.key", world_.ids));
  return *vault_;
}

bool FaceBook::note(const std::string& id, const std::string& what, const std::string& by) {
  return append_durably(folder_ / "faces.jsonl", to_json(FaceNote{world_.clock.now(), what, id, by}));
}

std::string FaceBook::enrol(const std::vector<std::vector<float>>& prints, const std::string& consent, Time until, const std::string& by) {
  const std::lock_guard lock(mutex_);
  const auto said = [](const std::string& text) { return !trim(text).empty() && text.size() <= 200 && valid_utf8(text); };
  if (!said(consent)) throw invalid("vision.consent", "/consent", "a face is kept only on a consent of its own: name it");
  if (!said(by)) throw invalid("vision.consent", "/by", "who enrols is written down");
  const Time now = world_.clock.now();
  if (until <= now || until > now + longest) throw invalid("vision.until", "/until", "within a year from now; after that consent is asked again");
  const bool whole = !prints.empty() && prints.size() <= most_prints &&
                     std::all_of(prints.begin(), prints.end(), [](const auto& print) { return print.size() == face_print_size; });
  if (!whole) throw invalid("vision.print", "/picture", fmt::format("1 to {} prints of {} numbers", most_prints, face_print_size));
  look_again();
  for (const Stored& one : stored_)
    for (const auto& mine : one.prints)
      if (static_cast<double>(print_distance(mine, prints.front())) < enrolled_already)
        throw conflict("vision.enrolled", one.entry.id + " is of this face already: forget it first, or neither is known at the gate");
  Inside inside{consent, now, until, {}};
  for (const auto& print : prints) inside.prints.emplace_back(print.begin(), print.end());
  const std::string id = "tpl_" + world_.ids.ulid();
  const std::string wrapped = vault().make_wrapped_key(id, world_.ids);
  const auto key = vault().unwrap(wrapped, id);
  const FaceFile file{to_hex(wrapped), to_hex(seal(*key, to_json(inside), place_of(id), world_.ids))};
  // Before it is there: nothing is kept that the log does not know.
  if (!note(id, "enrolled", by)) throw Refusal{RefusalKind::unavailable, "vision.folder", "the disk refused the log of templates"};
  if (!write_durably(folder_ / "faces" / (id + ".face"), to_json(file))) throw Refusal{RefusalKind::unavailable, "vision.folder", "the disk refused the template"};
  fs::permissions(folder_ / "faces", fs::perms::owner_all);
  fs::permissions(folder_ / "faces" / (id + ".face"), fs::perms::owner_read | fs::perms::owner_write);
  read_at_.reset();
  return id;
}

std::optional<FaceBook::Stored> FaceBook::open(const fs::path& file, const std::string& id) {
  std::ifstream in(file, std::ios::binary);
  try {
    const auto read = from_json<FaceFile>(std::string((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>()), {1U << 20, 8});
    const auto wrapped = from_hex(read.key), sealed = from_hex(read.sealed);
    const auto key = wrapped ? vault().unwrap(*wrapped, id) : std::nullopt;
    const auto plain = key && sealed ? unseal(*key, *sealed, place_of(id)) : std::nullopt;
    if (!plain) return std::nullopt;
    const auto inside = from_json<Inside>(*plain, {1U << 20, 8});
    Stored out{{id, inside.consent, inside.enrolled, inside.until}, {}};
    for (const auto& print : inside.prints) {
      // Of another network, or none: the nearest to an empty print would be everybody.
      if (print.size() != face_print_size) return std::nullopt;
      auto& floats = out.prints.emplace_back();
      for (const double number : print) floats.push_back(static_cast<float>(number));
    }
    return out;
  } catch (const Refusal& refusal) {
    if (refusal.code.starts_with("keys.")) throw;
    return std::nullopt;
  }
}

/// Another process may have enrolled or forgotten.
void FaceBook::look_again() {
  std::error_code none;
  const auto written = fs::last_write_time(folder_ / "faces", none);
  std::vector<std::string> names;
  for (const auto& file : fs::directory_iterator(folder_ / "faces", none)) names.push_back(file.path().filename().string());
  std::sort(names.begin(), names.end());
  if (read_at_ == written && names == names_) return;
  std::vector<Stored> stored;
  std::size_t damaged = 0;
  for (const std::string& name : names) {
    const fs::path file = folder_ / "faces" / name;
    if (file.extension() != ".face") continue;
    if (auto one = open(file, file.stem().string())) stored.push_back(std::move(*one));
    else ++damaged;
  }
  stored_ = std::move(stored);
  damaged_ = damaged;
  read_at_ = written;
  names_ = std::move(names);
}

bool FaceBook::remove(const std::string& id, const std::string& what, const std::string& by) {
  std::error_code failed;
  if (!is_client_id(id) || !fs::remove(folder_ / "faces" / (id + ".face"), failed) || failed) return false;
  note(id, what, by);
  read_at_.reset();
  return true;
}

bool FaceBook::forget(const std::string& id, const std::string& by) {
  const std::lock_guard lock(mutex_);
  return remove(id, "forgotten", by);
}

std::size_t FaceBook::forget_consent(const std::string& consent, const std::string& by) {
  const std::lock_guard lock(mutex_);
  look_again();
  std::size_t out = 0;
  for (const Stored& one : std::vector(stored_)) out += one.entry.consent == consent && remove(one.entry.id, "consent withdrawn", by);
  return out;
}

std::size_t FaceBook::sweep() {
  const std::lock_guard lock(mutex_);
  look_again();
  const Time now = world_.clock.now();
  std::size_t out = 0;
  for (const Stored& one : std::vector(stored_)) out += one.entry.until <= now && remove(one.entry.id, "past its end", "lifang-vision");
  return out;
}

std::vector<FaceEntry> FaceBook::list() {
  const std::lock_guard lock(mutex_);
  look_again();
  std::vector<FaceEntry> out;
  for (const Stored& one : stored_) out.push_back(one.entry);
  return out;
}

std::size_t FaceBook::damaged() {
  const std::lock_guard lock(mutex_);
  look_again();
  return damaged_;
}

std::optional<FaceMatch> FaceBook::match(const std::vector<float>& print, double threshold) {
  const std::lock_guard lock(mutex_);
  look_again();
  const Time now = world_.clock.now();
  FaceMatch best{"", std::numeric_limits<double>::max()};
  double next = best.distance;
  for (const Stored& one : stored_) {
    if (one.entry.until <= now) continue;
    double nearest = std::numeric_limits<double>::max();
    for (const auto& mine : one.prints) nearest = std::min(nearest, static_cast<double>(print_distance(mine, print)));
    if (nearest < best.distance) {
      next = best.distance;
      best = {one.entry.id, nearest};
    } else {
      next = std::min(next, nearest);
    }
  }
  if (best.id.empty() || best.distance > threshold || next - best.distance < clearly) return std::nullopt;
  return best;
}

}  // namespace lifang::vision
