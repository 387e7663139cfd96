// What may leave for a viewing library, and what its answers mean. Pure.
#pragma once
#include <span>

#include "base/json_text.hpp"
#include "rooms/exchange/exchange_viid.hpp"

namespace lifang::exchange {

/// @throws Refusal invalid exchange.bad_name, bad_url, bad_system, bad_login, no_password, no_places, no_basis, bad_keep,
///   bad_keepalive, no_signs, weak_purpose at the member to blame
void check_words(const LibraryWords& words, bool has_password);

bool wants(const Library& library, CaptureKind kind);
/// Whether a path lies in one of the library's places.
bool covers_path(const Library& library, std::string_view path);

/// What a detection says of a plate or a face, as the porch took it.
struct Sight {
  viid::Plate plate;                   ///< of a plate; codes are the standard's already
  std::optional<viid::Box> box;
  std::optional<std::string> cutout;   ///< id of the file
  std::optional<std::string> person;   ///< whom a gate knew
};
/// `attributes` of a detection: {"plate","colour","plate_class","vehicle_colour","box":[x,y,width,height],"crop","person"};
/// what is missing or of another type is not known.
Sight read_sight(std::string_view attributes, double confidence);

/// What is asked before a capture leaves. A face whose person a gate knew needs that person's consent to this purpose,
/// always; one that nobody knew goes out for public security and investigation alone.
struct Asked {
  CaptureKind kind = CaptureKind::plate;
  bool known_person = false, consents = false;
  bool has_picture = false;
};
/// Empty, or why it stays: switched_off, ended, no_consent, no_picture.
std::string_view withheld(const Library& library, const Asked& asked, Time now);

/// What became of one object.
enum class Verdict {
  taken,
  refused,  ///< for good: it is told and counted, and not sent again
  again,    ///< not now; counted, and refused at the third time
  busy,     ///< the library's own state: sent again without being counted
  alone,    ///< the answer says nothing about it: to be sent by itself
};
struct Judged {
  Verdict verdict = Verdict::taken;
  std::int64_t code = 0;
  std::string words;
};
/// `statuses` in the order of an answer for `objects` (their ids); one for each of the objects.
std::vector<Judged> judge(std::span<const std::string> objects, const std::vector<viid::Status>& statuses);

inline constexpr std::int64_t kMostAttempts = 3;
/// Until an object that was answered "again" is sent once more: 10 s, then 40 s.
Duration again_after(std::int64_t attempts);
inline constexpr Duration kBusy{30'000};
/// An object with which the line broke although it went by itself: others go first for so long.
inline constexpr Duration kAside{600'000};

/// 1 to 300 s, from two bytes of chance: libraries that come back are not stormed (GA/T 1400.4).
Duration away_for(std::string_view chance);

}  // namespace lifang::exchange
