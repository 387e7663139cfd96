// The configuration of `lifang-vision serve`: the node, the folder, the cameras.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "vision/commands/view.hpp"

namespace lifang::vision {

struct CameraWords {
  std::string id;      ///< the camera's device id at the node
  std::string token;   ///< its access token (HTTP twin of the porch)
  std::string source;  ///< rtsp://… or a file, which is then shown at its own pace
  std::vector<Judgement> judge;
  bool record = true;
  bool loop = false;   ///< a file begins again at its end
  View view;
  static constexpr auto defaulted = members("judge", "record", "loop", "view");
};
BOOST_DESCRIBE_STRUCT(CameraWords, (), (id, token, source, judge, record, loop, view))

/// What is off with that which was drawn in the console for a camera.
struct DrawnOff {
  std::string why;
  bool dark = false;  ///< masks were drawn and cannot be read: nothing is looked at, recorded or handed out
  bool operator==(const DrawnOff&) const = default;
};

struct ServeWords {
  std::string node = "http://127.0.0.1:8080";
  std::string folder = "vision-data";  ///< recordings, events, outbox, status
  std::int64_t threads = 1;            ///< that judge pictures; one a core given
  std::int64_t keep_hours = 72;        ///< plain recordings
  std::int64_t keep_event_days = 30;   ///< clips and stills of events; falling objects need 30 at least
  std::int64_t free_mib = 1024;        ///< below this much free disk the oldest recordings go
  std::int64_t segment_s = 60;
  double repeat_s = 20;                ///< 1 to 30; what stands is told again so often: the node acts on fresh evidence only
  double before_s = 8, after_s = 5;    ///< of a clip around its event
  bool upload = true;                  ///< clips and stills go to the node; else only the detection does
  bool steer = true;                   ///< zones and masks drawn in the console are taken; else only this file counts
  std::int64_t offset_minutes = 480;   ///< of local time, in which plans by hour are written
  std::vector<CameraWords> cameras;
  static constexpr auto defaulted = all_members;
};
BOOST_DESCRIBE_STRUCT(ServeWords, (), (node, folder, threads, keep_hours, keep_event_days, free_mib, segment_s, repeat_s, before_s,
                                       after_s, upload, steer, offset_minutes, cameras))

/// What a running program cannot take from a new configuration: the names of the members that differ.
std::vector<std::string> only_after_a_restart(const ServeWords& running, const ServeWords& now);

/// The configuration file, read again when it changes. What is off leaves the last good one in force.
class ServeFile {
 public:
  /// Throws Refusal as load_serve does.
  explicit ServeFile(std::filesystem::path file);
  const ServeWords& words() const { return words_; }
  /// Whether it was read again; `asked`: also when the file is as it was. Throws Refusal once for each state of a file that is off.
  bool look(bool asked);

 private:
  std::filesystem::path file_;
  std::filesystem::file_time_type written_;
  ServeWords words_;
};

/// Throws Refusal with the place of what is off; ids must be client ids and unlike each other.
ServeWords load_serve(const std::filesystem::path& file);
ServeWords read_serve(const boost::json::value& value);

}  // namespace lifang::vision
