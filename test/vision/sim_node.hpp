// A node for the eyes' tests: answers every request as the test says and remembers what it was asked.
#pragma once
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace lifang::vision::sim {

class Node {
 public:
  struct Asked {
    std::string method, path, body;
  };
  using Answer = std::function<std::pair<int, std::string>(const Asked&)>;  ///< status and body
  explicit Node(Answer answer);
  ~Node();
  std::string url() const;
  /// Waits until what was asked so far is enough; false after twenty seconds.
  bool until(const std::function<bool(const std::vector<Asked>&)>& enough) const;
  std::vector<Asked> asked() const;
  std::size_t count(const std::string& path) const;

 private:
  void run();
  void serve(int connection);

  Answer answer_;
  int listening_ = -1, port_ = 0;
  mutable std::mutex mutex_;
  mutable std::condition_variable more_;
  std::vector<Asked> asked_;
  std::thread thread_;
};

}  // namespace lifang::vision::sim
