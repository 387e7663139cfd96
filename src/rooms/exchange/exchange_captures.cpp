// Viewing libraries as operators set them up, and the queue that detections fill.
#include "rooms/exchange/exchange_captures.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/members.hpp"
#include "base/text.hpp"
#include "platform/bus/typed.hpp"
#include "rooms/devices/devices.hpp"
#include "rooms/exchange/exchange_captures_rules.hpp"
#include "rooms/exchange/exchange_captures_store.hpp"
#include "rooms/readings/readings.hpp"

namespace lifang::exchange {
namespace {

constexpr std::string_view kRight = "exchange.libraries";
constexpr std::string_view kSecret = "exchange.library";  ///< what passwords are sealed for
constexpr std::int64_t kMostWaiting = 100'000;            ///< for one library
constexpr auto kKeptEnded = std::chrono::hours(24 * 30);
constexpr std::int64_t kForgottenAtOnce = 5000;

/// Whoever sees part of a library's places only learns nothing of it.
bool may_see(const Caller& caller, const Library& library) {
  return std::all_of(library.paths.begin(), library.paths.end(), [&](const std::string& path) { return caller.may(kRight, path); });
}

store::StoredLibrary must_find(Reader& reader, const Caller& caller, const LibraryId& id) {
  caller.must(kRight);
  auto library = store::find_library(reader, id);
  if (!library || !may_see(caller, *library)) throw missing("exchange.unknown_library", "no such library");
  return *std::move(library);
}

std::optional<CaptureKind> kind_of(const std::string& detection) {
  for (const CaptureKind kind : {CaptureKind::plate, CaptureKind::face})
    if (detection == enum_name(kind)) return kind;
  return std::nullopt;
}

/// Its own number where one was given as the attribute `viid`, else one made of the system's.
std::string number_of(Reader& reader, const devices::DeviceEntry& device, const std::string& system) {
  if (const auto known = devices::Devices::find(reader, devices::DeviceId{device.id})) {
    const auto attributes = parse_json(known->attributes.text.empty() ? "{}" : known->attributes.text);
    const auto* own = attributes.is_object() ? attributes.get_object().if_contains("viid") : nullptr;
    if (own && own->is_string() && viid::is_number({own->get_string().data(), own->get_string().size()}))
      return std::string(own->get_string());
  }
  return viid::number_of_device(system, device.number);
}

}  // namespace

Captures::Captures(bus::Bus& bus, jobs::Jobs& jobs, const Vault& vault, Rooms rooms) : bus_(bus), vault_(vault), rooms_(rooms) {
  jobs.every("exchange.captures", std::chrono::minutes(10), [this](Tx& tx, const jobs::Job&) { tend(tx); });
}

void Captures::open(Tx& tx) {
  libraries_.clear();
  for (const auto& stored : store::libraries(tx)) libraries_.push_back(stored);
}

/// The lane's memory follows once what is written is there.
void Captures::publish(Tx& tx) {
  std::vector<Library> all;
  for (const auto& stored : store::libraries(tx)) all.push_back(stored);
  tx.after_commit([this, all = std::move(all)] {
    libraries_ = all;
    if (queued_) queued_();
  });
}

// ---- for the operator ---------------------------------------------------------------------------------------------

Library Captures::put(Tx& tx, const Caller& caller, const LibraryId& id, const LibraryWords& words) {
  caller.must(kRight);
  const auto before = store::find_library(tx, id);
  if (before && !may_see(caller, *before)) throw missing("exchange.unknown_library", "no such library");
  check_words(words, before.has_value());
  store::StoredLibrary library;
  library.id = id;
  library.name = std::string(trim(words.name));
  library.url = words.url;
  library.system = words.system;
  library.login = words.login.value_or(words.system);
  library.places = words.places;
  for (std::size_t i = 0; i < words.places.size(); ++i) {
    library.paths.push_back(places::Places::path_of(tx, words.places[i], fmt::format("/places/{}", i)));
    caller.must(kRight, library.paths.back());
  }
  library.purpose = words.purpose;
  library.basis = std::string(trim(words.basis));
  library.until = words.until;
  library.plates = words.plates;
  library.faces = words.faces;
  library.signs_posted = words.signs_posted;
  library.scenes = words.scenes;
  library.keep_days = words.keep_days;
  library.keepalive = words.keepalive;
  library.paused = words.paused;
  library.version = before ? before->version + 1 : 1;
  library.state_at = tx.now();
  library.sealed = words.password ? vault_.seal_own(kSecret, *words.password, tx.ids()) : before->sealed;
  store::keep(tx, library);
  bus::tell(bus_, tx, LibraryKept{id, library.plates, library.faces, library.paused, library.purpose},
            {id.text, library.paths.front(), {}, caller.account});
  publish(tx);
  return *store::find_library(tx, id);
}

void Captures::remove(Tx& tx, const Caller& caller, const LibraryId& id) {
  const auto library = must_find(tx, caller, id);
  store::remove_library(tx, id);
  bus::tell(bus_, tx, LibraryRemoved{id}, {id.text, library.paths.front(), {}, caller.account});
  publish(tx);
}

Library Captures::get(Reader& reader, const Caller& caller, const LibraryId& id) { return must_find(reader, caller, id); }

std::vector<Library> Captures::list(Reader& reader, const Caller& caller) {
  caller.must(kRight);
  std::vector<Library> seen;
  for (const auto& stored : store::libraries(reader))
    if (may_see(caller, stored)) seen.push_back(stored);
  return seen;
}

std::vector<Capture> Captures::captures(Reader& reader, const Caller& caller, const CaptureFilter& filter) {
  caller.must(kRight);
  return store::captures(reader, caller.paths(kRight), filter);
}

std::int64_t Captures::count(Reader& reader, const Caller& caller, const CaptureFilter& filter) {
  return store::count_captures(reader, caller.paths(kRight), filter);
}

Capture Captures::capture(Reader& reader, const Caller& caller, const CaptureId& id) {
  caller.must(kRight);
  auto found = store::find_capture(reader, id);
  if (!found || !caller.may(kRight, found->path)) throw missing("exchange.unknown_capture", "no such capture");
  return *std::move(found);
}

std::optional<Capture> Captures::find(Reader& reader, const CaptureId& id) { return store::find_capture(reader, id); }

Capture Captures::again(Tx& tx, const Caller& caller, const CaptureId& id) {
  Capture found = capture(tx, caller, id);
  if (found.state != CaptureState::refused) throw conflict("exchange.not_refused", "only what the library refused can be sent again");
  store::count(tx, found.library, CaptureState::refused, -1);
  found.state = CaptureState::waiting;
  found.attempts = 0;
  found.due = tx.now();
  found.ended_at.reset();
  store::keep(tx, found);
  if (queued_) tx.after_commit(queued_);
  return found;
}

// ---- on the lane --------------------------------------------------------------------------------------------------

void Captures::seen(Tx& tx, const readings::Batch& batch) {
  if (libraries_.empty()) return;
  bool queued = false;
  for (const readings::Detection& detection : batch.detections) {
    const auto kind = detection.id.empty() ? std::nullopt : kind_of(detection.kind);
    const auto device = kind ? rooms_.devices.registry().at(detection.device) : nullptr;
    if (!device) continue;
    for (const Library& library : libraries_) {
      if (!wants(library, *kind) || !covers_path(library, device->path) || (library.until && tx.now() >= *library.until)) continue;
      Capture capture;
      capture.id = CaptureId::make(tx.ids());
      capture.library = library.id;
      capture.kind = *kind;
      capture.detection = detection.id;
      capture.device = device->id;
      capture.path = device->path;
      capture.shot_at = from_ms(detection.ts);
      capture.queued_at = capture.due = tx.now();
      // Two numbers a capture: the scene and the cut-out.
      const std::int64_t serial = 2 * store::next_serial(tx, library.id);
      capture.object = viid::object_id(*kind, viid::image_id(number_of(tx, *device, library.system), capture.shot_at, serial));
      queued |= store::add(tx, capture);
    }
  }
  if (queued && queued_) tx.after_commit(queued_);
}

void Captures::place_moved(Tx& tx, const std::string& from, const std::string& to) {
  store::rebase_captures(tx, from, to);
  bool moved = false;
  for (auto& library : store::libraries(tx)) {
    bool mine = false;
    for (std::string& path : library.paths) {
      if (!path.starts_with(from)) continue;
      path = to + path.substr(from.size());
      mine = true;
    }
    if (mine) store::keep(tx, library);
    moved |= mine;
  }
  if (moved) publish(tx);
}

void Captures::tend(Tx& tx) {
  for (const auto& library : store::libraries(tx)) {
    const std::int64_t gone = store::expire(tx, library.id, tx.now() - std::chrono::hours(24 * library.keep_days), tx.now()) +
                              store::cut(tx, library.id, kMostWaiting, tx.now());
    if (gone == 0) continue;
    store::count(tx, library.id, CaptureState::expired, gone);
    auto& counter = rooms_.metrics.counter("lifang_captures_total", "ended", "expired");
    tx.after_commit([&counter, gone] { counter += static_cast<std::uint64_t>(gone); });
  }
  store::forget_captures(tx, tx.now() - kKeptEnded, kForgottenAtOnce);
}

std::vector<Captures::Address> Captures::addresses(Reader& reader) const {
  std::vector<Address> all;
  for (const auto& stored : store::libraries(reader)) {
    auto password = vault_.unseal_own(kSecret, stored.sealed);
    check(password.has_value(), "a library's password opens with the node's key");
    all.push_back({stored.id, stored.version, stored.url, stored.system, stored.login, Secret(*std::move(password)), stored.keepalive,
                   stored.paused, stored.state});
  }
  return all;
}

}  // namespace lifang::exchange
