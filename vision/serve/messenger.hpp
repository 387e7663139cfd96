// Tells the node what was seen, and keeps it on disk until the node has said that it has it.
#pragma once
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/describe.hpp"
#include "base/json_text.hpp"
#include "base/world.hpp"
#include "vision/serve/carrier.hpp"

namespace lifang::vision {

/// A detection on its way. `still` and `clip` name files below the folder; they are sent before it.
struct Letter {
  std::string camera, token;
  std::int64_t ts = 0;  ///< Unix milliseconds
  std::string kind;
  double confidence = 0;
  JsonObject attributes;
  std::optional<std::string> still, clip;
  std::optional<std::string> still_file, clip_file;  ///< ids that the node gave them
};
BOOST_DESCRIBE_STRUCT(Letter, (), (camera, token, ts, kind, confidence, attributes, still, clip, still_file, clip_file))

/// A camera whose letters wait, because the node does not take its token.
struct HeldBack {
  std::string camera;
  int status = 0;  ///< that the node answered with
};
BOOST_DESCRIBE_STRUCT(HeldBack, (), (camera, status))

/// Where a machine or a helper must move at once.
bool is_urgent(const std::string& kind);

/// Store and forward: FOLDER/outbox/ULID.json until the node answers 2xx after its commit. What a full disk refuses waits in memory
/// (1,000 at most), is sent from there, or goes to disk when there is room again. Those of a camera are sent in order, at least once; the
/// node takes a repeated (device, ts, kind) once.
/// - No answer, 5xx, 408, 425, 429: everything waits, 1 to 60 s between tries.
/// - 401, 403, 404: the letters of this camera wait, likewise; those of the others go on.
/// - Any other 4xx: refused for good, moved to FOLDER/refused and counted.
/// Pictures are brought before their detection, by a carrier of their own; the other cameras' letters do not wait for them, and the camera's own
/// no longer than patience_for. Then the detection goes without what is missing, and that is counted; it lies in FOLDER/events.
class Messenger {
 public:
  Messenger(World world, std::filesystem::path folder, std::string node, bool upload);
  ~Messenger();
  /// Written to disk before it returns. False when the disk refused: then it waits in memory, and the oldest beyond 1,000 are
  /// lost and counted.
  bool post(const Letter& letter);
  /// Writes a letter down that still waits for its clip; it goes with release(), or without the clip after a restart. None when the
  /// disk refused: then release() posts it.
  std::optional<std::filesystem::path> keep(const Letter& letter);
  void release(const std::optional<std::filesystem::path>& kept, const Letter& letter);
  /// The tokens of today by camera: what waited goes with these.
  void know(std::map<std::string, std::string> tokens);

  std::size_t waiting() const;
  std::uint64_t sent() const { return sent_; }
  std::uint64_t lost() const { return lost_; }
  std::uint64_t refused() const { return refused_; }             ///< letters, for good
  std::uint64_t pictures_lost() const { return pictures_lost_; } ///< stills and clips without which a detection went
  std::vector<HeldBack> held() const;
  std::string trouble() const;  ///< why everything waits: what became of the last try to reach the node; empty when it answered

 private:
  using Instant = std::chrono::steady_clock::time_point;
  enum class Outcome { sent, refused, later, held, carried };  ///< carried: its pictures are on their way
  /// A letter for which the disk had no room, and where it would lie.
  struct Unsaved {
    Letter letter;
    std::filesystem::path at;
  };
  struct Pause {
    int status = 0;
    std::chrono::seconds length{1};
    Instant until;
  };
  void recover();
  void save_what_waits();
  bool send_unsaved();
  bool send_saved(const std::stop_token& stop);
  void run(const std::stop_token& stop);
  Outcome send(Letter& letter, const std::filesystem::path& at);
  Outcome wait_for_files(Letter& letter, const std::string& token, const std::filesystem::path& at);
  void lay_aside(const std::filesystem::path& at, const Letter* letter);
  bool is_held(const std::string& camera) const;
  Outcome hold(const std::string& camera, int status);
  std::chrono::milliseconds longest_rest() const;

  World world_;
  std::filesystem::path folder_;
  bool upload_;
  std::unique_ptr<http::Client> client_;
  mutable std::mutex mutex_;
  std::condition_variable_any written_;
  std::atomic<std::uint64_t> sent_{0}, lost_{0}, refused_{0}, pictures_lost_{0};
  std::map<std::filesystem::path, std::string> camera_at_;   ///< of letters that are held back; the thread's own
  std::set<std::string> behind_;  ///< cameras of which a letter waits in this round; the thread's own
  std::uint64_t posted_ = 0;
  std::deque<Unsaved> unsaved_;                ///< guarded by mutex_, as are …
  std::map<std::string, Pause> held_;          ///< … by camera
  std::map<std::string, std::string> tokens_;
  std::string trouble_;
  std::optional<Carrier> carrier_;
  std::jthread thread_;
};

/// The body of POST /api/v1/{token}/detections.
std::string detection_of(const Letter& letter);

}  // namespace lifang::vision
