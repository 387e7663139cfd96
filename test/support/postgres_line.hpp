// A line to PostgreSQL that can be cut at a COMMIT: before it arrives, or after it is done and before its answer comes back.
#pragma once
#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace lifang {

/// Listens on a Unix socket in a folder of its own, as a server would, and passes everything on.
class PostgresLine {
 public:
  /// `after_a_word`: as after, with a dying server's warning before the end, as an immediate shutdown sends it.
  enum class Cut { none, before, after, after_a_word };
  /// `server`: the folder of the real server's socket.
  explicit PostgresLine(std::string server);
  ~PostgresLine();
  PostgresLine(const PostgresLine&) = delete;
  PostgresLine& operator=(const PostgresLine&) = delete;

  const std::string& directory() const { return directory_; }
  void cut_at_next_commit(Cut cut) { cut_ = cut; }
  int cuts() const { return cuts_; }

 private:
  void accept_all();
  void pass_on(int client);
  /// False when the line is to be cut now.
  bool hand_up(std::string& bytes, int client, int server, bool& greeted);
  std::string server_, directory_;
  int listener_ = -1;
  std::atomic<Cut> cut_{Cut::none};
  std::atomic<int> cuts_{0};
  std::atomic<bool> stop_{false};
  std::mutex mutex_;
  std::vector<std::thread> lines_;
  std::thread acceptor_;
};

}  // namespace lifang
