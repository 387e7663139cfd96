// The disk is full: the node says so, acknowledges nothing that it could not write, and goes on by itself when space is back.
#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <filesystem>

#include "support/fault_load.hpp"

namespace lifang {
namespace {

/// A way to take all space from a node, and to give it back.
class Disk {
 public:
  virtual ~Disk() = default;
  virtual void fill(ServedNode& node) = 0;
  virtual void free(ServedNode& node) = 0;
};

/// A file system of its own with a ballast file; only root may mount one.
class SmallDisk final : public Disk {
 public:
  explicit SmallDisk(std::string directory) : directory_(std::move(directory)) {
    std::filesystem::create_directories(directory_);
    mounted = ::mount("lifang-fault", directory_.c_str(), "tmpfs", 0, "size=64m,mode=0700") == 0;
  }
  ~SmallDisk() override {
    if (mounted) ::umount2(directory_.c_str(), MNT_DETACH);
  }
  void fill(ServedNode&) override {
    const int ballast = ::open((directory_ + "/ballast").c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const std::string block(4096, 'x');
    while (::write(ballast, block.data(), block.size()) > 0) continue;
    ::close(ballast);
  }
  void free(ServedNode&) override { std::filesystem::remove(directory_ + "/ballast"); }
  bool mounted = false;

 private:
  std::string directory_;
};

/// No file of the node may grow: what systemd's LimitFSIZE does, and any user may do to a process of their own.
class SizeLimit final : public Disk {
 public:
  void fill(ServedNode& node) override { limit(node, 4096); }
  void free(ServedNode& node) override { limit(node, RLIM_INFINITY); }

 private:
  static void limit(ServedNode& node, rlim_t bytes) {
    rlimit both{};
    ASSERT_EQ(::prlimit(node.pid(), RLIMIT_FSIZE, nullptr, &both), 0);
    both.rlim_cur = std::min(bytes, both.rlim_max);
    ASSERT_EQ(::prlimit(node.pid(), RLIMIT_FSIZE, &both, nullptr), 0);
  }
};

class FaultDisk : public testing::Test {
 protected:
  void SetUp() override {
    if (lifang_program().empty()) GTEST_SKIP() << "skipped: no lifang beside the tests (./dev build)";
    std::string pattern = "/tmp/lifang-fault-XXXXXX";
    directory_ = mkdtemp(pattern.data());
  }
  void TearDown() override {
    if (!directory_.empty()) std::filesystem::remove_all(directory_);
  }

  static bool gets_more(const FaultLoad& load) {
    const auto before = load.acknowledged();
    return holds_within(30, [&] { return load.acknowledged() > before + 200; });
  }

  /// Full in the middle of the load: said, nothing more acknowledged; then space, and everything goes on where it was.
  static void fills_and_frees(ServedNode& node, Disk& disk, FaultLoad& load) {
    load.begin(node, std::int64_t{1} << 40);
    ASSERT_TRUE(gets_more(load));
    disk.fill(node);
    EXPECT_TRUE(holds_within(30, [&] { return node.ready().first == 503; })) << node.words();
    const auto [status, words] = node.ready();
    EXPECT_NE(words.find("sqlite"), std::string::npos) << status << ' ' << words;
    const auto at_full = load.acknowledged();
    EXPECT_EQ(node.ask("PUT", "/api/v1/places/city", R"({"kind":"city","name":"city"})").status, 503);
    EXPECT_EQ(node.client()->get("/healthz").status, 200) << "the process itself is well";
    EXPECT_EQ(node.ask("GET", "/api/v1/situations").status, 200) << "reading goes on";
    // A small batch may still find room where a large one did not, and is then rightly acknowledged: it comes to rest.
    EXPECT_TRUE(holds_within(30, [&] {
      const auto now = load.acknowledged();
      return !holds_within(2, [&] { return load.acknowledged() != now; });
    })) << "acknowledged on a full disk: "
        << load.acknowledged() - at_full;
    disk.free(node);
    EXPECT_TRUE(holds_within(30, [&] { return node.ready().first == 200; })) << node.words();
    EXPECT_TRUE(gets_more(load)) << node.words();
    load.end();
    load.check_readings(node);
    for (const auto& device : load.devices()) EXPECT_EQ(device->connections(), 1) << "nobody had to connect anew";
  }

  static void finish(ServedNode& node, FaultLoad& load) {
    std::int64_t most = 0;
    for (const auto& device : load.devices()) most = std::max(most, device->said());
    load.begin(node, most + 100);
    load.wait();
    load.check_readings(node);
    load.check_outcome(node);
    EXPECT_EQ(node.stop(), 0);
  }
  std::string directory_;
};

TEST_F(FaultDisk, a_full_file_system_is_told_and_outlived_also_by_kill_9_while_it_is_full) {
  SmallDisk disk(directory_ + "/mount");
  if (!disk.mounted) GTEST_SKIP() << "skipped: this user may not mount a small file system (run as root for this test)";
  ServedNode node(directory_ + "/mount/data");
  ASSERT_TRUE(node.start()) << node.words();
  FaultLoad load;
  load.prepare(node);
  fills_and_frees(node, disk, load);

  load.begin(node, std::int64_t{1} << 40);
  ASSERT_TRUE(holds_within(30, [&] { return load.said() > load.acknowledged(); }));
  disk.fill(node);
  EXPECT_TRUE(holds_within(30, [&] { return node.ready().first == 503; }));
  node.kill();
  load.end();
  disk.free(node);
  ASSERT_TRUE(node.start()) << node.words();
  load.check_readings(node);
  finish(node, load);
}

TEST_F(FaultDisk, a_limit_on_the_size_of_files_is_a_full_disk_and_no_reason_to_die) {
  SizeLimit disk;
  ServedNode node(directory_ + "/data");
  ASSERT_TRUE(node.start()) << node.words();
  FaultLoad load;
  load.prepare(node);
  fills_and_frees(node, disk, load);
  finish(node, load);
}

}  // namespace
}  // namespace lifang
