// Tells the node what was seen, and keeps it on disk until the node has said that it has it.
#pragma once
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/describe.hpp"
#include "base/json_text.hpp"
#include "base/world.hpp"

namespace lifang::http {
class Client;
}

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

/// Store and forward: FOLDER/outbox/ULID.json until the node answers 2xx after its commit. What a full disk refuses waits in memory
/// (1,000 at most), is sent from there, or goes to disk when there is room again. What the node refuses for good
/// (4xx but 401, 403, 404, 408, 425, 429) moves to FOLDER/refused. Waits 1 to 60 s between tries. Sent in order, at least once;
/// the node takes a repeated (device, ts, kind) once.
class Messenger {
 public:
  Messenger(World world, std::filesystem::path folder, std::string node, bool upload);
  ~Messenger();
  /// Written to disk before it returns. False when the disk refused: then it waits in memory, and the oldest beyond 1,000 are
  /// lost and counted.
  bool post(const Letter& letter);
  std::size_t waiting() const;
  std::uint64_t sent() const { return sent_; }
  std::uint64_t lost() const { return lost_; }

 private:
  enum class Outcome { sent, refused, later };
  /// A letter for which the disk had no room, and where it would lie.
  struct Unsaved {
    Letter letter;
    std::filesystem::path at;
  };
  void save_what_waits();
  bool send_unsaved();
  bool send_saved(const std::stop_token& stop);
  void run(const std::stop_token& stop);
  Outcome send(Letter& letter, const std::filesystem::path& at);
  std::optional<std::string> upload(const Letter& letter, const std::string& file, const char* type, Outcome& outcome);
  bool save(const Letter& letter, const std::filesystem::path& at) const;

  World world_;
  std::filesystem::path folder_;
  bool upload_;
  std::unique_ptr<http::Client> client_;
  mutable std::mutex mutex_;
  std::condition_variable_any written_;
  std::atomic<std::uint64_t> sent_{0}, lost_{0};
  bool node_takes_files_ = true;
  std::uint64_t posted_ = 0;
  std::deque<Unsaved> unsaved_;  ///< guarded by mutex_
  std::jthread thread_;
};

/// The body of POST /api/v1/{token}/detections.
std::string detection_of(const Letter& letter);

}  // namespace lifang::vision
