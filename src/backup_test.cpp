// Backups of running nodes, into a folder, into the other engine and back.
#include "backup.hpp"

#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <set>
#include <thread>

#include "base/real_world.hpp"
#include "base/secret.hpp"
#include "closed_node.hpp"
#include "support/private_postgres.hpp"
#include "support/test_folder.hpp"
#include "support/test_node.hpp"

namespace lifang {
namespace {

namespace fs = std::filesystem;

/// What is asked of a node that came out of a backup.
struct Sample {
  /// A device that speaks until the sample ends: what was acknowledged while the backup was made.
  explicit Sample(TestNode& node) : device_([this, origin = node.origin()] {
    http::Client client(origin);
    for (std::int64_t ts = 1; !stop_; ++ts) {
      const auto reply = client.post("/api/v1/station-secret/telemetry", fmt::format(R"({{"ts":{},"values":{{"pm25":{}}}}})", ts, ts % 300));
      if (reply.good()) sent_ = ts;
    }
  }) {
    while (sent_ < 200) std::this_thread::yield();
    acknowledged = sent_;
  }
  ~Sample() { end(); }
  void end() {
    stop_ = true;
    if (device_.joinable()) device_.join();
  }

  std::int64_t acknowledged = 0;

 private:
  std::atomic<bool> stop_{false};
  std::atomic<std::int64_t> sent_{0};
  std::thread device_;
};

void furnish_compound(TestNode& node) {
  node.must("PUT", "/api/v1/places/gate", R"({"kind":"spot","name":"大门"})");
  node.must("PUT", "/api/v1/devices/profiles/air",
            R"({"name":"空气站","metrics":[{"id":"pm25","min":0,"max":2000},{"id":"temp"}],"detections":["smoke"]})");
  node.must("PUT", "/api/v1/devices/station", R"({"profile":"air","place":"gate","secret":"station-secret"})");
  node.must("PUT", "/api/v1/rules/dust", R"({"name":"扬尘","applies_to":{"profile":"air"},"severity":"warning",
    "raise":{"when":{"metric":"pm25","op":">","value":150}}})");
  node.must("POST", "/api/v1/rules/dust/activate");
  node.must("POST", "/api/v1/cases", R"({"kind":"noise","place":"gate","text":"夜里装修声音很大"})");
}

/// The ids and tokens of a test's world repeat: a node that carries on where another stopped must draw others.
void draw_on(TestNode& node, int nodes_before) {
  for (int i = 0; i < 100'000 * nodes_before; ++i) node.world().ids.ulid();
  node.world().ids.random_bytes(static_cast<std::size_t>(1'000'000 * nodes_before));
}

std::set<std::int64_t> stored_values(TestNode& node) {
  std::set<std::int64_t> kept;
  const std::string all = "/api/v1/readings?device=station&metric=pm25&from=0&limit=500";
  for (std::string target = all; !target.empty();) {
    const auto page = node.must("GET", target);
    for (const auto& point : page.at("items").as_array()) kept.insert(point.at("ts").to_number<std::int64_t>());
    const auto& after = page.at("next");
    target = after.is_null() ? "" : all + "&after=" + std::string(after.as_string());
  }
  return kept;
}

void save_node(TestNode& node, const fs::path& file) {
  const auto reply = node.shell("POST", "/api/v1/node/backup", R"({"file":")" + file.string() + "\"}");
  EXPECT_TRUE(reply.good()) << reply.body;
}

void expect_whole(TestNode& node, std::int64_t acknowledged) {
  const auto kept = stored_values(node);
  for (std::int64_t ts = 1; ts <= acknowledged; ++ts) EXPECT_TRUE(kept.contains(ts)) << ts;
  EXPECT_FALSE(node.must("GET", "/api/v1/situations?rule=dust").at("items").as_array().empty());
  EXPECT_EQ(node.must("GET", "/api/v1/cases?q=%E8%A3%85%E4%BF%AE").at("items").as_array().size(), 1U) << "its words are found again";
  const auto verified = node.must("GET", "/api/v1/node/verify");
  EXPECT_TRUE(verified.at("ok").as_bool()) << to_json(verified);
  EXPECT_EQ(http::Client(node.origin()).post("/api/v1/station-secret/telemetry", R"({"pm25":1})").status, 200) << "secrets came along";
}

std::string refused(const fs::path& to, const fs::path& from, const std::string& database = {}) {
  RealWorld own;
  try {
    restore(to, from, database, own.world);
    return "";
  } catch (const Refusal& refusal) {
    return refusal.code;
  }
}

TEST(Backup, a_running_node_is_saved_whole_and_comes_back_elsewhere) {
  const TestFolder folder, other;
  const auto file = other.path() / "backup.lifang", again = other.path() / "again";
  std::int64_t acknowledged = 0;
  {
    TestNode node(folder.path());
    furnish_compound(node);
    const Sample sample(node);
    acknowledged = sample.acknowledged;
    save_node(node, file);
    EXPECT_EQ(node.ask("POST", "/api/v1/node/backup", R"({"file":")" + file.string() + "2\"}").status, 403) << "not over TCP";
  }
  EXPECT_EQ(refused(again, file), "");
  TestNode node(again);
  draw_on(node, 1);
  expect_whole(node, acknowledged);
}

TEST(Backup, a_compound_that_grows_moves_into_postgres_and_may_move_back) {
  const TestFolder folder, other;
  const auto small = other.path() / "small.lifang", large = other.path() / "large.lifang";
  const std::string url = PrivatePostgres::get().create("grown");
  std::int64_t acknowledged = 0;
  {
    TestNode node(folder.path());
    furnish_compound(node);
    const Sample sample(node);
    acknowledged = sample.acknowledged;
    save_node(node, small);
  }
  ASSERT_EQ(refused(other.path() / "large", small, url), "");
  EXPECT_FALSE(fs::exists(other.path() / "large" / "lifang.db")) << "no second database that somebody takes for the first";
  EXPECT_EQ(refused(other.path() / "twice", small, url), "node.not_empty");
  EXPECT_FALSE(fs::exists(other.path() / "twice"));
  {
    // Every command finds the rows from now on, without being told where they are.
    const ClosedNode closed(other.path() / "large", Errand::look);
    http::Client shell("http://node", {.unix_path = (other.path() / "large" / "lifang.sock").string()});
    EXPECT_TRUE(parse_json(shell.get("/api/v1/node/verify").body).at("ok").as_bool());
  }
  EXPECT_EQ(fs::status(other.path() / "large" / kDatabaseFile).permissions() & (fs::perms::group_all | fs::perms::others_all), fs::perms::none);
  {
    TestNode node(other.path() / "large", [&](config::Config& config) { config.database.url = url; });
    draw_on(node, 1);
    expect_whole(node, acknowledged);
    node.must("POST", "/api/v1/cases", R"({"kind":"leak","place":"gate","text":"又在敲墙"})");
    const Sample sample(node);
    save_node(node, large);
  }
  ASSERT_EQ(refused(other.path() / "back", large), "");
  TestNode node(other.path() / "back");
  draw_on(node, 2);
  expect_whole(node, acknowledged);
  EXPECT_EQ(node.must("GET", "/api/v1/cases?q=%E6%95%B2%E5%A2%99").at("items").as_array().size(), 1U);
  EXPECT_EQ(refused(other.path() / "other", large, "sqlite:" + (other.path() / "x.db").string()), "node.bad_database");
  PrivatePostgres::get().drop("grown");
}

TEST(Backup, two_databases_are_one_too_many) {
  const TestFolder folder;
  { TestNode node(folder.path()); }
  const std::string url = PrivatePostgres::get().create("second");
  config::Config config;
  config.database.url = url;
  try {
    open_database(config, folder.path(), from_ms(0));
    ADD_FAILURE() << "began empty beside a full one";
  } catch (const Refusal& refusal) {
    EXPECT_EQ(refusal.code, "node.two_databases");
  }
  PrivatePostgres::get().drop("second");
}

TEST(Backup, takes_no_place_but_that_of_an_older_backup) {
  const TestFolder folder, other;
  TestNode node(folder.path());
  const auto saved = [&](const fs::path& file) {
    const auto reply = node.shell("POST", "/api/v1/node/backup", R"({"file":")" + file.string() + "\"}");
    return reply.good() ? "" : std::string(parse_json(reply.body).at("code").as_string());
  };
  EXPECT_EQ(saved(folder.path() / "lifang.db"), "node.backup_inside");
  EXPECT_EQ(saved(folder.path() / "backup.lifang"), "");
  EXPECT_EQ(saved(other.path() / ".." / folder.path().filename() / "keys" / "node.key"), "node.backup_inside");
  const auto mine = other.path() / "letter";
  std::ofstream(mine) << "mine";
  EXPECT_EQ(saved(mine), "node.backup_over_another");
  EXPECT_EQ(saved(other.path()), "node.backup_over_another");
  EXPECT_EQ(fs::file_size(mine), 4U);
  EXPECT_EQ(saved(other.path() / "backup.lifang"), "");
  EXPECT_EQ(saved(other.path() / "backup.lifang"), "") << "every night anew";
  EXPECT_TRUE(node.must("GET", "/api/v1/node/verify").at("ok").as_bool());
}

TEST(Backup, restoring_spares_what_is_there_and_believes_no_other_file) {
  const TestFolder folder, other;
  const auto file = other.path() / "backup.lifang";
  {
    TestNode node(folder.path());
    save_node(node, file);
  }
  EXPECT_EQ(refused(folder.path(), file), "node.not_empty");
  const auto nothing = other.path() / "nothing";
  EXPECT_EQ(refused(nothing, folder.path() / "lifang.db"), "node.bad_backup");
  EXPECT_FALSE(fs::exists(nothing));
  EXPECT_EQ(refused(nothing, other.path() / "absent"), "node.bad_backup");
  const auto beside = other.path() / "nothing.part" / "mine";
  fs::create_directories(beside);
  EXPECT_EQ(refused(nothing, other.path() / "absent"), "node.bad_backup");
  EXPECT_TRUE(fs::exists(beside)) << "what lies beside it is not ours";
  EXPECT_EQ(refused(nothing, file), "");
  EXPECT_EQ(fs::status(nothing / "keys").permissions() & fs::perms::others_all, fs::perms::none);
}

TEST(Backup, one_turned_bit_anywhere_is_told_and_nothing_is_written) {
  const TestFolder folder, other;
  const auto file = other.path() / "backup.lifang";
  {
    TestNode node(folder.path());
    node.must("PUT", "/api/v1/places/gate", R"({"kind":"spot","name":"大门"})");
    save_node(node, file);
  }
  std::ifstream in(file, std::ios::binary);
  const std::string whole(std::istreambuf_iterator<char>(in), {});
  const auto target = other.path() / "restored", damaged = other.path() / "damaged.lifang";
  for (std::size_t i = 0; i < 24; ++i) {
    std::string bytes = whole;
    // Spread over the file, a prime apart from the frame's blocks.
    const std::size_t at = (i * 7919 + 13) * (bytes.size() / 24 | 1) % bytes.size();
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << i % 8));
    std::ofstream(damaged, std::ios::binary) << bytes;
    const std::string code = refused(target, damaged);
    // What no byte of the contents hangs on (the frame's own flags) may turn without harm: then nothing differs.
    if (code.empty()) {
      TestNode node(target);
      EXPECT_EQ(node.must("GET", "/api/v1/places/gate").at("name").as_string(), "大门") << "byte " << at;
      EXPECT_TRUE(node.must("GET", "/api/v1/node/verify").at("ok").as_bool()) << "byte " << at;
    } else {
      EXPECT_TRUE(code == "node.bad_backup" || code == "node.restore_failed") << code << " at byte " << at;
      EXPECT_FALSE(fs::exists(target)) << "byte " << at;
    }
    fs::remove_all(target);
  }
}

TEST(Backup, an_archive_without_a_manifest_is_not_believed) {
  const TestFolder folder, other;
  { TestNode node(folder.path()); }
  const auto file = other.path() / "bare.tar";
  ASSERT_EQ(std::system(("tar -cf '" + file.string() + "' -C '" + folder.path().string() + "' lifang.db").c_str()), 0);
  EXPECT_EQ(refused(other.path() / "nothing", file), "node.bad_backup");
}

/// The names in a folder.
std::set<std::string> names_in(const fs::path& directory) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(directory)) names.insert(entry.path().filename().string());
  return names;
}

ino_t number_of(const fs::path& directory) {
  struct stat facts {};
  EXPECT_EQ(::stat(directory.c_str(), &facts), 0);
  return facts.st_ino;
}

class Restore : public testing::Test {
 protected:
  Restore() {
    const TestFolder folder;
    TestNode node(folder.path());
    node.must("PUT", "/api/v1/places/gate", R"({"kind":"spot","name":"大门"})");
    save_node(node, file_);
  }
  static void expect_the_node(const fs::path& directory) {
    TestNode node(directory);
    EXPECT_EQ(node.must("GET", "/api/v1/places/gate").at("name").as_string(), "大门");
    EXPECT_TRUE(node.must("GET", "/api/v1/node/verify").at("ok").as_bool());
  }
  TestFolder other_;
  const fs::path file_ = other_.path() / "backup.lifang";
};

TEST_F(Restore, fills_the_folder_that_is_there_and_writes_nothing_beside_it) {
  const fs::path mount = other_.path() / "mount", lost = mount / "lost+found";
  fs::create_directories(lost);
  const ino_t before = number_of(mount);
  ASSERT_EQ(refused(mount, file_), "");
  EXPECT_EQ(number_of(mount), before) << "a mount point cannot be another";
  EXPECT_TRUE(fs::exists(lost));
  EXPECT_EQ(names_in(other_.path()), (std::set<std::string>{"backup.lifang", "mount"}));
  expect_the_node(mount);
}

TEST_F(Restore, follows_a_link_to_where_the_node_is_wanted) {
  const fs::path disk = other_.path() / "disk", link = other_.path() / "link";
  fs::create_directories(disk);
  fs::create_directory_symlink(disk, link);
  ASSERT_EQ(refused(link, file_), "");
  EXPECT_TRUE(fs::is_symlink(link));
  EXPECT_TRUE(fs::exists(disk / "lifang.db"));
  for (const std::string& name : names_in(disk)) EXPECT_FALSE(name.starts_with(".restore-")) << name;
  expect_the_node(link);
}

TEST_F(Restore, passes_over_a_lock_that_nobody_holds_and_heeds_one_that_is_held) {
  const fs::path target = other_.path() / "looked-at";
  fs::create_directories(target);
  {
    const DirectoryLock lock(target);
    EXPECT_EQ(refused(target, file_), "node.held");
    EXPECT_TRUE(fs::exists(target / "lifang.lock"));
  }
  EXPECT_EQ(refused(target, file_), "");
  expect_the_node(target);
}

TEST_F(Restore, that_is_refused_leaves_an_empty_folder_empty) {
  const fs::path target = other_.path() / "empty";
  fs::create_directories(target);
  EXPECT_EQ(refused(target, other_.path() / "absent"), "node.bad_backup");
  EXPECT_EQ(names_in(target), std::set<std::string>{});
  std::ofstream(target / "mine") << "mine";
  EXPECT_EQ(refused(target, file_), "node.not_empty");
  EXPECT_EQ(names_in(target), std::set<std::string>{"mine"});
  EXPECT_EQ(refused(target / "mine", file_), "node.not_empty") << "a file is no folder";
}

TEST_F(Restore, that_was_cut_short_is_no_node) {
  const fs::path target = other_.path() / "cut";
  fs::create_directories(target / ".restore-01J9" / "files");
  std::ofstream(target / ".restore-01J9" / "lifang.db") << "half";
  const auto opened = [&] {
    try {
      open_database({}, target, from_ms(0));
      return std::string();
    } catch (const Refusal& refusal) {
      return refusal.code;
    }
  };
  EXPECT_EQ(opened(), "node.restore_unfinished");
  EXPECT_FALSE(fs::exists(target / "lifang.db")) << "nothing is begun beside it";
  // Before anything was moved up it may simply be done again.
  ASSERT_EQ(refused(target, file_), "");
  expect_the_node(target);
  // Afterwards nobody guesses which half is whose.
  fs::create_directories(target / ".restore-01J9");
  EXPECT_EQ(opened(), "node.restore_unfinished");
  EXPECT_EQ(refused(target, file_), "node.restore_unfinished");
  EXPECT_THROW(ClosedNode(target, Errand::look), Refusal);
  EXPECT_TRUE(fs::exists(target / "lifang.db"));
  fs::remove(target / ".restore-01J9");
  EXPECT_EQ(opened(), "");
}

TEST_F(Restore, believes_no_member_that_would_take_the_place_of_the_lock) {
  const TestFolder made;
  for (const char* name : {"lifang.db", "lifang.lock"}) std::ofstream(made.path() / name) << name;
  std::ofstream manifest(made.path() / "manifest");
  for (const char* name : {"lifang.db", "lifang.lock"}) {
    Blake2b hash;
    hash.add(name);
    manifest << hash.finish_hex() << "  " << name << "\n";
  }
  manifest.close();
  const fs::path file = other_.path() / "made.tar", target = other_.path() / "target";
  ASSERT_EQ(std::system(("tar -cf '" + file.string() + "' -C '" + made.path().string() + "' lifang.db lifang.lock manifest").c_str()), 0);
  EXPECT_EQ(refused(target, file), "node.bad_backup");
  EXPECT_FALSE(fs::exists(target));
}

}  // namespace
}  // namespace lifang
