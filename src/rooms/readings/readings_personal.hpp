// What of a detection tells who: plates, faces, persons. Masked for everybody, plain for a purpose (PIPL art. 6; GA/T 1400 pictures
// and plates are personal data). A part of the door.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/describe.hpp"
#include "base/time.hpp"

namespace lifang::readings {

/// The right that shows them, together with a purpose at the same place.
inline constexpr std::string_view kRevealRight = "readings.reveal";

/// A kind that is a read of somebody as a whole: "plate" and "face".
bool is_read(std::string_view kind);
/// Whether something in it tells who: a read, or any kind with a plate or a person among its attributes (a JSON object as text).
bool is_personal(std::string_view kind, std::string_view attributes);
/// "浙A12345" → "浙A·***45"; too short a text shows nothing.
std::string masked_plate(std::string_view plate);
/// The attributes without what tells who. A read keeps its masked plate, colours and boxes alone; other kinds lose the plate's
/// middle and whatever names a person, at any depth.
std::string masked_attributes(std::string_view kind, std::string_view attributes);

/// Somebody saw plates, faces or persons in plain: the view log, written before anything is answered.
struct Revealed {
  static constexpr std::string_view topic = "readings.revealed";
  std::string purpose;
  std::string what;  ///< "detection" (the subject), or "detections": a list by the words below
  std::optional<std::string> device, kind;
  std::optional<Time> from, to;
  std::optional<std::string> case_ = {};  ///< where the purpose is one
};
BOOST_DESCRIBE_STRUCT(Revealed, (), (purpose, what, device, kind, from, to, case_))

}  // namespace lifang::readings
