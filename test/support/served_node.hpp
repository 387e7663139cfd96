// A real `lifang serve` for fault tests: its own folder and process, killed, stopped and limited as the test wants.
#pragma once
#include <sys/types.h>

#include <boost/json.hpp>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "platform/http/client.hpp"

namespace lifang {

/// What one run of a program left behind.
struct Ran {
  int code = -1;  ///< exit code; 128 + signal where it was killed
  std::string words;  ///< both of its outputs
};

/// The `lifang` beside this test program; empty if it is not built.
std::string lifang_program();
/// Runs `lifang` with these words to its end. The words that it prints are kept.
Ran run_lifang(const std::vector<std::string>& words);

/// The same, told to end (SIGTERM) as soon as it has said `said`, or after a minute.
Ran run_lifang_until(const std::vector<std::string>& words, const std::string& said);

/// Asks again, a few times a second, until it holds or `seconds` are over. For processes of their own only: whatever
/// runs in this process has a clock that the test moves.
bool holds_within(int seconds, const std::function<bool()>& what);

class ServedNode {
 public:
  /// `database` is a PostgreSQL URL, or empty for SQLite in the folder.
  explicit ServedNode(std::string directory, std::string database = {});
  ~ServedNode();  ///< kill -9
  ServedNode(const ServedNode&) = delete;
  ServedNode& operator=(const ServedNode&) = delete;

  /// On ports of the kernel's choice the first time, on the same ones ever after; returns when it serves and answers.
  /// @returns false if it ended instead: words() then say why.
  bool start();
  /// Starts the process and does not wait: a standby serves when its turn comes.
  void begin();
  /// Waits until what was begun serves.
  bool serves();
  /// kill -9, as a power cut would. Nothing of the process is left when it returns.
  void kill();
  /// SIGTERM. @returns the exit code
  int stop();

  pid_t pid() const { return pid_; }
  std::uint16_t http_port() const { return http_; }
  std::uint16_t mqtt_port() const { return mqtt_; }
  std::string words();  ///< what this start has said so far
  const std::string& directory() const { return directory_; }

  /// As the first admin, on a connection of the calling thread's own making.
  std::unique_ptr<http::Client> client() const;
  http::Pairs headers() const { return {{"Authorization", "Bearer " + token_}}; }
  http::Reply ask(const std::string& method, const std::string& target, const std::string& body = {});
  /// The answer of a request that has to succeed. A failure is a failed test.
  boost::json::value must(const std::string& method, const std::string& target, const std::string& body = {});
  /// Every item of a list, page by page.
  std::vector<boost::json::value> all(const std::string& target);
  /// The status of /readyz (0: no answer) and its words.
  std::pair<int, std::string> ready();

 private:
  void log_in();
  void end(int signal);
  std::string directory_, database_;
  pid_t pid_ = 0;
  std::uint16_t http_ = 0, mqtt_ = 0;
  std::string token_;
  std::unique_ptr<http::Client> client_;
};

}  // namespace lifang
