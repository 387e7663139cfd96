// The values and events of captures that go out to viewing libraries (视图库, GA/T 1400). A part of the door.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/describe.hpp"
#include "base/id.hpp"
#include "base/time.hpp"
#include "rooms/places/places.hpp"

namespace lifang::exchange {

using LibraryId = Id<struct LibraryTag>;  ///< chosen by the client
struct CaptureTag {
  static constexpr std::string_view prefix = "capture";
};
using CaptureId = Id<CaptureTag>;

/// The detections that can go out, named by their kind.
enum class CaptureKind { plate, face };
BOOST_DESCRIBE_ENUM(CaptureKind, plate, face)

/// What the library may use a capture for (PIPL art. 6 and 26). Faces of people who did not consent go out for
/// `public_security` and `investigation` alone.
enum class SharePurpose { public_security, investigation, traffic };
BOOST_DESCRIBE_ENUM(SharePurpose, public_security, investigation, traffic)

/// A viewing library above us, as its operator sets it up. Nothing leaves that is not switched on here.
struct LibraryWords {
  std::string name;
  std::string url;                      ///< "https://viid.example:8120"; what is behind the host is not used
  std::string system;                   ///< our own number there: 20 digits (GB/T 28181 annex D)
  std::optional<std::string> login;     ///< for Digest; absent: `system`
  std::optional<std::string> password;  ///< absent: kept
  std::vector<places::PlaceId> places;  ///< their subtrees
  SharePurpose purpose = SharePurpose::public_security;
  std::string basis;          ///< the order or agreement that asks for it, as it is filed
  std::optional<Time> until;  ///< when that ends: nothing leaves afterwards
  bool plates = false;
  bool faces = false;
  bool signs_posted = false;  ///< people are told on the spot that they are filmed: no faces without it
  bool scenes = true;         ///< whole pictures beside the cut-outs
  std::int64_t keep_days = 7;      ///< how long a capture waits for the library, 1 to 30
  Duration keepalive{60'000};      ///< 10 s to 1 h
  bool paused = false;             ///< nothing is sent; what comes waits
  static constexpr auto defaulted = members("plates", "faces", "signs_posted", "scenes", "keep_days", "keepalive", "paused");
};
BOOST_DESCRIBE_STRUCT(LibraryWords, (), (name, url, system, login, password, places, purpose, basis, until, plates, faces,
                                         signs_posted, scenes, keep_days, keepalive, paused))

enum class LibraryState { off, away, here };
BOOST_DESCRIBE_ENUM(LibraryState, off, away, here)

struct Library {
  LibraryId id;
  std::string name, url, system, login;
  std::vector<places::PlaceId> places;
  std::vector<std::string> paths;  ///< of these places
  SharePurpose purpose = SharePurpose::public_security;
  std::string basis;
  std::optional<Time> until;
  bool plates = false, faces = false, signs_posted = false, scenes = true;
  std::int64_t keep_days = 7;
  Duration keepalive{60'000};
  bool paused = false;
  LibraryState state = LibraryState::away;  ///< `here`: registered with it now
  Time state_at;
  std::string trouble;                      ///< why it is away
  std::optional<std::int64_t> clock_ahead_s;  ///< how far its clock is ahead of ours, at the last registering
  std::int64_t waiting = 0;
  std::int64_t sent = 0, refused = 0, withheld = 0;
  std::int64_t expired = 0;  ///< fell out of the queue by age or because too many waited
};
BOOST_DESCRIBE_STRUCT(Library, (), (id, name, url, system, login, places, paths, purpose, basis, until, plates, faces, signs_posted,
                                    scenes, keep_days, keepalive, paused, state, state_at, trouble, clock_ahead_s, waiting, sent, refused,
                                    withheld, expired))

enum class CaptureState { waiting, sent, refused, withheld, expired };
BOOST_DESCRIBE_ENUM(CaptureState, waiting, sent, refused, withheld, expired)

/// One detection on its way to one library. Plate, face and picture stay with the detection.
struct Capture {
  CaptureId id;
  LibraryId library;
  CaptureKind kind = CaptureKind::plate;
  std::string object;     ///< its 48 digits in the library, the same however often it is sent
  std::string detection;  ///< its cause
  std::string device;
  std::string path;
  Time shot_at;
  Time queued_at;
  Time due;
  std::optional<Time> left_at;  ///< first handed over; in the audit log since then
  std::optional<Time> ended_at;
  CaptureState state = CaptureState::waiting;
  std::int64_t attempts = 0;  ///< how often the library answered "not this one, not now"
  std::int64_t code = 0;      ///< its last StatusCode
  std::string words;          ///< its last words, or why we withheld it: switched_off, ended, no_consent, no_picture, gone
};
BOOST_DESCRIBE_STRUCT(Capture, (), (id, library, kind, object, detection, device, path, shot_at, queued_at, due, left_at, ended_at, state,
                                    attempts, code, words))

struct CaptureFilter {
  std::optional<LibraryId> library;
  std::optional<CaptureState> state;
  std::optional<CaptureKind> kind;
  std::optional<std::string> after;
  std::size_t limit = 50;
};

struct LibraryKept {
  static constexpr std::string_view topic = "exchange.library_kept";
  LibraryId library;
  bool plates = false, faces = false, paused = false;
  SharePurpose purpose = SharePurpose::public_security;
};
BOOST_DESCRIBE_STRUCT(LibraryKept, (), (library, plates, faces, paused, purpose))
struct LibraryRemoved {
  static constexpr std::string_view topic = "exchange.library_removed";
  LibraryId library;
};
BOOST_DESCRIBE_STRUCT(LibraryRemoved, (), (library))
/// It does not answer, or does not let us in. Told once until it is here again.
struct LibraryLost {
  static constexpr std::string_view topic = "exchange.library_lost";
  LibraryId library;
};
BOOST_DESCRIBE_STRUCT(LibraryLost, (), (library))
struct LibraryFound {
  static constexpr std::string_view topic = "exchange.library_found";
  LibraryId library;
};
BOOST_DESCRIBE_STRUCT(LibraryFound, (), (library))
/// Told before the first byte leaves: the line of the audit log.
struct CaptureLeft {
  static constexpr std::string_view topic = "exchange.capture_left";
  CaptureId capture;
  LibraryId library;
  CaptureKind kind = CaptureKind::plate;
  SharePurpose purpose = SharePurpose::public_security;
  std::string detection, device;
};
BOOST_DESCRIBE_STRUCT(CaptureLeft, (), (capture, library, kind, purpose, detection, device))
struct CaptureRefused {
  static constexpr std::string_view topic = "exchange.capture_refused";
  CaptureId capture;
  LibraryId library;
  std::int64_t code = 0;
};
BOOST_DESCRIBE_STRUCT(CaptureRefused, (), (capture, library, code))

}  // namespace lifang::exchange
