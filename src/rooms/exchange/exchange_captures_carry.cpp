// What leaves for a viewing library: packed, looked at once more, written into the audit, and what became of it.
#include "rooms/exchange/exchange_captures.hpp"

#include <algorithm>

#include "base/members.hpp"
#include "base/text.hpp"
#include "platform/bus/typed.hpp"
#include "rooms/devices/devices.hpp"
#include "rooms/exchange/exchange_captures_rules.hpp"
#include "rooms/exchange/exchange_captures_store.hpp"
#include "rooms/files/files.hpp"
#include "rooms/people/people.hpp"
#include "rooms/readings/readings.hpp"

namespace lifang::exchange {
namespace {

/// What a person consents to who lets their face go to a viewing library.
constexpr std::string_view kConsent = "face_sharing";
constexpr std::size_t kMostBytes = 6U << 20;  ///< of objects in one request, unless one alone is larger

std::string_view format_of(files::Type type) {
  if (type == files::Type::jpeg) return "Jpeg";
  return type == files::Type::png ? "Png" : "";
}

/// Adds a file that is there as a picture; others are left out.
void add_picture(Reader& reader, const files::Files& files, const std::string& id, std::string number, std::string type,
                 std::vector<viid::Picture>& into) {
  const auto file = files::FileId::fits(id) ? files::Files::find(reader, files::FileId{id}) : std::nullopt;
  if (!file || format_of(file->type).empty()) return;
  try {
    into.push_back({std::move(number), std::move(type), std::string(format_of(file->type)), file->width.value_or(0), file->height.value_or(0),
                    files.read(reader, *file, 0, file->bytes)});
  } catch (const Refusal&) {
    // Its bytes are damaged: the object goes without it.
  }
}

/// What others wrote, as much of it as is kept.
std::string shortened(const std::string& words) {
  constexpr std::size_t kMost = 100;
  return length_of(words) <= kMost ? words : to_utf8(to_code_points(words).substr(0, kMost));
}

/// Who hands it over, for the audit: no person does, and the machine's own doings are not written down.
std::string carrier(const LibraryId& library) { return "library:" + library.text; }

}  // namespace

Captures::Parcel Captures::parcel(Reader& reader, const Library& library, const Capture& capture, Time now) const {
  Parcel parcel{capture, {}, {}};
  const auto detection = rooms_.readings.plain_detection(reader, capture.detection);
  if (!detection) {
    parcel.withheld = "gone";
    return parcel;
  }
  const Sight sight = read_sight(detection->attributes, detection->confidence);
  Asked asked{capture.kind, sight.person.has_value(), false, true};
  if (sight.person) asked.consents = people::People::has_consent(reader, people::PersonId{*sight.person}, kConsent);
  // Nothing is read from the disk of what may not leave anyway.
  parcel.withheld = withheld(library, asked, now);
  if (!parcel.withheld.empty()) return parcel;
  viid::Object object{capture.kind, capture.object, capture.object.substr(0, 20), capture.shot_at, sight.box, sight.plate, {}};
  if (library.scenes)
    add_picture(reader, rooms_.files, detection->file, std::string(viid::scene_of(capture.object)), "14", object.pictures);
  if (sight.cutout)
    add_picture(reader, rooms_.files, *sight.cutout, viid::cutout_of(capture.object), capture.kind == CaptureKind::plate ? "02" : "11",
                object.pictures);
  asked.has_picture = !object.pictures.empty();
  parcel.withheld = withheld(library, asked, now);
  if (parcel.withheld.empty()) parcel.object = viid::object_text(object);
  return parcel;
}

std::vector<Captures::Parcel> Captures::pack(Reader& reader, const LibraryId& id, Time now, std::size_t most) const {
  std::vector<Parcel> all;
  const auto library = store::find_library(reader, id);
  if (!library) return all;
  std::size_t bytes = 0;
  for (const Capture& capture : store::due(reader, id, now, most)) {
    Parcel next = parcel(reader, *library, capture, now);
    bytes += next.object.size();
    if (bytes > kMostBytes && !all.empty()) break;
    all.push_back(std::move(next));
  }
  return all;
}

std::optional<Time> Captures::next_due(Reader& reader, const LibraryId& library) { return store::next_due(reader, library); }

void Captures::leaving(Tx& tx, const LibraryId& id, std::vector<Parcel>& parcels) {
  const auto library = store::find_library(tx, id);
  std::erase_if(parcels, [&](Parcel& parcel) {
    // What was packed a moment ago may have been switched off, removed or grown too old meanwhile.
    const auto known = library ? store::find_capture(tx, parcel.capture.id) : std::nullopt;
    if (!known || known->state != CaptureState::waiting) return true;
    parcel.capture = *known;
    if (parcel.withheld.empty() && !wants(*library, known->kind)) parcel.withheld = "switched_off";
    if (!parcel.withheld.empty()) {
      end(tx, parcel.capture, CaptureState::withheld, parcel.withheld);
      return true;
    }
    if (parcel.capture.left_at) return false;
    parcel.capture.left_at = tx.now();
    store::keep(tx, parcel.capture);
    bus::tell(bus_, tx, CaptureLeft{known->id, id, known->kind, library->purpose, known->detection, known->device},
              {known->id.text, known->path, known->detection, carrier(id)});
    return false;
  });
}

void Captures::end(Tx& tx, Capture& capture, CaptureState state, const std::string& words) {
  capture.state = state;
  capture.ended_at = tx.now();
  capture.words = words;
  store::keep(tx, capture);
  store::count(tx, capture.library, state, 1);
  auto& counter = rooms_.metrics.counter("lifang_captures_total", "ended", std::string(enum_name(state)));
  tx.after_commit([&counter] { ++counter; });
}

void Captures::answered(Tx& tx, const std::vector<Answered>& all) {
  for (const Answered& one : all) {
    auto capture = store::find_capture(tx, one.id);
    if (!capture || capture->state != CaptureState::waiting) continue;
    capture->code = one.code;
    capture->words = shortened(one.words);
    Outcome outcome = one.outcome;
    if (outcome == Outcome::again && ++capture->attempts >= kMostAttempts) outcome = Outcome::refused;
    switch (outcome) {
      case Outcome::sent: end(tx, *capture, CaptureState::sent, {}); break;
      case Outcome::refused:
        end(tx, *capture, CaptureState::refused, capture->words);
        bus::tell(bus_, tx, CaptureRefused{capture->id, capture->library, capture->code},
                  {capture->id.text, capture->path, capture->detection, {}});
        break;
      case Outcome::again: capture->due = tx.now() + again_after(capture->attempts); break;
      case Outcome::busy: capture->due = tx.now() + kBusy; break;
      case Outcome::aside: capture->due = tx.now() + kAside; break;
    }
    if (capture->state == CaptureState::waiting) store::keep(tx, *capture);
  }
}

void Captures::stands(Tx& tx, const LibraryId& id, LibraryState state, const std::string& trouble, std::optional<Duration> clock_ahead) {
  const auto before = store::find_library(tx, id);
  if (!before) return;
  Library now = *before;
  now.state = state;
  now.trouble = shortened(trouble);
  if (state == LibraryState::here)
    now.clock_ahead_s = clock_ahead ? std::optional(std::chrono::duration_cast<std::chrono::seconds>(*clock_ahead).count()) : std::nullopt;
  if (now.state != before->state) now.state_at = tx.now();
  store::keep_state(tx, id, now);
  const std::string& path = now.paths.front();
  // It is lost once, however often it is looked for; one that was never there is lost as well.
  const bool was_lost = before->state == LibraryState::away && !before->trouble.empty();
  if (state == LibraryState::away && !was_lost && !trouble.empty()) bus::tell(bus_, tx, LibraryLost{id}, {id.text, path, {}, {}});
  if (state == LibraryState::here && before->state != state) bus::tell(bus_, tx, LibraryFound{id}, {id.text, path, {}, {}});
}

}  // namespace lifang::exchange
