// Ready-made profiles: types of devices that most compounds begin with, as data of the program. A part of the door of devices.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "rooms/devices/devices.hpp"

namespace lifang::devices {

/// `absent`: not here; `same`: as the program brings it; `changed`: people changed it, or the program brings a newer text.
enum class ReadyState { absent, same, changed };
BOOST_DESCRIBE_ENUM(ReadyState, absent, same, changed)

/// In which tongue names are taken over.
enum class Tongue { zh, en };
BOOST_DESCRIBE_ENUM(Tongue, zh, en)

struct ReadyMetric {
  std::string id, name, name_en;
  std::optional<std::string> unit;
  std::optional<JsonAny> min, max;
};
BOOST_DESCRIBE_STRUCT(ReadyMetric, (), (id, name, name_en, unit, min, max))

/// One line of data/profiles.json. `version` grows with its text.
struct ReadyWords {
  ProfileId id;
  std::int64_t version = 1;
  std::string name, name_en;
  std::vector<ReadyMetric> metrics;
  std::vector<CommandWord> commands;
  std::vector<std::string> detections;
  std::optional<Duration> silent_after;
};
BOOST_DESCRIBE_STRUCT(ReadyWords, (), (id, version, name, name_en, metrics, commands, detections, silent_after))

struct ReadyProfile : ReadyWords {
  static constexpr std::string_view schema_name = "devices.ReadyProfile";
  ReadyState standing = ReadyState::absent;
};
BOOST_DESCRIBE_STRUCT(ReadyProfile, (ReadyWords), (standing))

/// `replace`: also those that people changed; otherwise they are refused.
struct AdoptWords {
  std::vector<std::string> ids;
  std::optional<Tongue> tongue;  ///< absent: zh
  std::optional<bool> replace;
};
BOOST_DESCRIBE_STRUCT(AdoptWords, (), (ids, tongue, replace))

/// As the program brings it; null if it brings none of this id.
const ReadyWords* ready_words(std::string_view id);
/// All that the program brings, with how each stands here.
std::vector<ReadyProfile> ready_profiles(Reader& reader);
std::optional<ReadyProfile> ready_profile(Reader& reader, const std::string& id);

/// How a type, or a metric of it, that the program brought along is called in the tongue, whichever it was taken over in; a name that
/// people gave stays as it is.
std::string profile_name_in(Tongue tongue, std::string_view profile, const std::string& name);
std::string metric_in(Tongue tongue, std::string_view profile, std::string_view metric, const std::string& name);

/// Keeps them as profiles, all or none. Right devices.write over everything.
/// @throws Refusal invalid devices.unknown_ready at /ids/N; conflict devices.ready_changed
std::vector<ReadyProfile> adopt(Tx& tx, Devices& devices, const Caller& caller, const AdoptWords& words);

}  // namespace lifang::devices
