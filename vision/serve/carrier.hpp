// Brings stills and clips to the node on a thread of its own, so that no picture holds an alarm up for long, and one camera's none of another's.
#pragma once
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace lifang::http {
class Client;
struct Reply;
}

namespace lifang::vision {

/// What the node's answer to one message means.
enum class Meaning {
  good,
  later,    ///< no answer, 5xx, 408, 425, 429
  held,     ///< 401, 403, 404: this camera's token
  refused,  ///< any other 4xx, for good
};
Meaning meaning_of(const http::Reply& reply);

/// What the node calls a file that it took; none when the answer says no such thing.
std::optional<std::string> file_id_in(std::string_view body);

/// The way to a device's own door. Its token may hold whatever is printable.
std::string door_of(const std::string& token, std::string_view what);

/// How long a picture of this size may be on its way, and a detection wait for it: 20 s and a second for each 64 KiB, two minutes at
/// most; 5 s where a machine or a helper must move at once.
std::chrono::seconds patience_for(std::uint64_t bytes, bool urgent);

/// The pictures of one detection. Their names are below the folder.
struct Load {
  std::string camera, token;
  bool urgent = false;
  std::optional<std::string> still, clip;
};

struct Carried {
  bool over = false;  ///< nothing more is to be waited for
  int held = 0;       ///< the node does not take the camera's token: its answer
  std::optional<std::string> still_file, clip_file;  ///< ids that the node gave
};

/// A file is tried three times at most. Where that was of no use (its own quota, a full disk of the node) no pictures of this camera are
/// offered for a minute, and for five where the node takes none at all (404, 405).
class Carrier {
 public:
  /// `moved`: called on the carrier's thread when something came to an end.
  Carrier(std::filesystem::path folder, std::string node, std::function<void()> moved);
  ~Carrier();
  /// Asks for the pictures of the letter `at` to be carried, or how far they are.
  Carried carry(const std::filesystem::path& at, const Load& load);
  /// The letter went or is to begin anew: what is on its way for it is let go.
  void forget(const std::filesystem::path& at);

 private:
  using Instant = std::chrono::steady_clock::time_point;
  struct Trip {
    Load load;
    Carried carried;
    Instant until, next;  ///< nobody waits any longer; the next try
    int tries = 0;        ///< of the file that is its turn
  };
  using Trips = std::map<std::filesystem::path, Trip>;
  void run(const std::stop_token& stop);
  Trips::iterator next_trip(Instant now, Instant& wake);
  void take(const std::unique_lock<std::mutex>& held, const std::filesystem::path& at, bool still, const http::Reply& reply);
  static void settle(Trip& trip, bool still);

  std::filesystem::path folder_;
  std::string node_;
  std::function<void()> moved_;
  std::mutex mutex_;
  std::condition_variable_any asked_;
  Trips trips_;                            ///< guarded by mutex_, as are …
  std::map<std::string, Instant> closed_;  ///< … by camera: no pictures until then
  std::filesystem::path under_way_;
  std::shared_ptr<http::Client> client_;   ///< of the file that is on its way
  std::jthread thread_;
};

}  // namespace lifang::vision
