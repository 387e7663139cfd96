// Hands recordings out: cut to what was asked for, masked, with hashes and with who asked for what.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "base/describe.hpp"
#include "base/world.hpp"
#include "vision/serve/config.hpp"

namespace lifang::vision {

struct ExportWords {
  std::string camera;
  Time from, to;
  std::string asked_by, reason;  ///< both must be given
  std::filesystem::path out;     ///< a folder that is not there yet, or is empty
};

struct ExportedFile {
  std::string name, sha256;
  std::int64_t bytes = 0;
  Time from, to;                     ///< by the clock of the recorder
  std::vector<std::string> segments; ///< of the recording, which it was made from
};
BOOST_DESCRIBE_STRUCT(ExportedFile, (), (name, sha256, bytes, from, to, segments))

struct Manifest {
  std::string camera;
  Time from, to;  ///< as asked for
  std::string asked_by, reason;
  Time made_at;
  std::string made_with;
  bool masked = false;         ///< decoded, blackened and encoded anew; else a copy of the stream
  std::vector<Polygon> masks;  ///< in pixels of the exported pictures
  std::vector<ExportedFile> files;
  std::vector<std::string> left_out;  ///< segments of this time that cannot be read: what they held is not in the files
  std::string previous;        ///< sha256 of the line before in exports.jsonl; empty for the first
  static constexpr auto defaulted = members("left_out");
};
BOOST_DESCRIBE_STRUCT(Manifest, (), (camera, from, to, asked_by, reason, made_at, made_with, masked, masks, files, left_out, previous))

/// Writes down who asked, then clips and manifest.json into `words.out`, then the manifest: two lines of FOLDER/exports.jsonl (the first without
/// files), where each line holds the hash of the one before. A camera with masks, of today or of that time, is always encoded anew; the files of the recorder are never
/// handed out. At most 24 hours at once.
/// Throws Refusal: invalid vision.export (what is off in `field`), missing vision.nothing_recorded, unavailable vision.encode, unreadable
/// vision.masks (those of that day).
Manifest export_recordings(const World& world, const ServeWords& eyes, const ExportWords& words);

/// What is wrong with an export: a line a file that is missing, altered, or not in its manifest; a manifest that is not as `log` (FOLDER/exports.jsonl)
/// has it; a log whose chain is broken. None if all holds.
std::vector<std::string> check_export(const std::filesystem::path& folder, const std::filesystem::path& log);

/// The time in a file name, as file_time spells it.
std::optional<Time> parse_file_time(std::string name);

}  // namespace lifang::vision
