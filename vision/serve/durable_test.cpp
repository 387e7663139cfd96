// Lines that somebody relies on, when the disk refuses or the power is cut.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <fstream>
#include <iterator>

#include "support/test_folder.hpp"
#include "vision/serve/durable.hpp"

namespace lifang::vision {
namespace {
namespace fs = std::filesystem;

std::string all_of_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Files of this program grow no further than so many bytes: a disk that takes half a line.
class Narrow {
 public:
  explicit Narrow(rlim_t bytes) : signal_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit now{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &now);
  }
  ~Narrow() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, signal_);
  }
  Narrow(const Narrow&) = delete;

 private:
  rlimit before_{};
  void (*signal_)(int);
};

TEST(Durable, a_line_that_the_disk_refuses_leaves_no_half_of_it) {
  const TestFolder folder;
  const fs::path file = folder.path() / "log/lines.jsonl";
  ASSERT_TRUE(append_durably(file, "the first"));
  {
    const Narrow disk(14);
    EXPECT_FALSE(append_durably(file, "the second, which is longer"));
  }
  EXPECT_EQ("the first\n", all_of_file(file));
  EXPECT_TRUE(append_durably(file, "the third"));
  EXPECT_EQ("the first\nthe third\n", all_of_file(file));
}

TEST(Durable, a_line_is_given_the_one_before_also_one_that_was_torn_off) {
  const TestFolder folder;
  const fs::path file = folder.path() / "lines.jsonl";
  std::string seen = "nothing asked";
  const auto next = [&](std::string_view before) {
    seen = before;
    return std::string("a line");
  };
  EXPECT_TRUE(append_durably(file, next));
  EXPECT_EQ("", seen);
  EXPECT_TRUE(append_durably(file, std::string(200'000, 'x')));
  EXPECT_TRUE(append_durably(file, next));
  EXPECT_EQ(std::string(200'000, 'x'), seen) << "however long it is";
  std::ofstream(file, std::ios::app) << "tor";
  EXPECT_TRUE(append_durably(file, next));
  EXPECT_EQ("tor", seen);
  EXPECT_TRUE(all_of_file(file).ends_with("a line\ntor\na line\n"));
}

}  // namespace
}  // namespace lifang::vision
