// A folder that goes with its test; in memory where the machine has such a place.
#pragma once
#include <stdlib.h>

#include <filesystem>
#include <string>

namespace lifang {

class TestFolder {
 public:
  TestFolder() {
    std::string pattern = (std::filesystem::exists("/dev/shm") ? "/dev/shm" : "/tmp") + std::string("/lifang-test-XXXXXX");
    path_ = mkdtemp(pattern.data());
  }
  ~TestFolder() { std::filesystem::remove_all(path_); }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace lifang
