// What the messenger makes of a node's answers: who waits, who goes on, what is given up and counted.
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>

#include "base/reflect.hpp"
#include "support/fake_world.hpp"
#include "support/test_folder.hpp"
#include "vision/serve/messenger.hpp"
#include "vision/sim_node.hpp"
#include "vision/soon.hpp"

namespace lifang::vision {
namespace {
namespace fs = std::filesystem;
using sim::Node;

Letter letter_from(const std::string& camera) {
  Letter letter;
  letter.camera = camera;
  letter.token = "token-of-" + camera;
  letter.kind = "dropped_bag";
  return letter;
}

std::string detections_of(const std::string& camera) { return "/api/v1/token-of-" + camera + "/detections"; }
std::string files_of(const std::string& camera) { return "/api/v1/token-of-" + camera + "/files"; }

auto asked_for(const std::string& path, std::size_t times = 1) {
  return [path, times](const std::vector<Node::Asked>& asked) {
    return static_cast<std::size_t>(std::count_if(asked.begin(), asked.end(), [&](const Node::Asked& a) { return a.path == path; })) >= times;
  };
}

Letter with_still(const TestFolder& folder, Letter letter) {
  fs::create_directories(folder.path() / "events");
  std::ofstream(folder.path() / "events/a.jpg") << "a picture";
  letter.still = "events/a.jpg";
  return letter;
}

TEST(Messenger, a_dead_token_holds_back_its_own_camera_alone) {
  for (const int status : {401, 403, 404}) {
    const TestFolder folder;
    FakeWorld fake;
    const Node node([&](const Node::Asked& a) { return std::pair(a.path == detections_of("dead") ? status : 200, std::string("{}")); });
    Messenger messenger(fake.world, folder.path(), node.url(), false);
    messenger.know({{"dead", "token-of-dead"}, {"well", "token-of-well"}});
    messenger.post(letter_from("dead"));
    messenger.post(letter_from("well"));
    ASSERT_TRUE(node.until(asked_for(detections_of("well"))));
    messenger.post(letter_from("dead"));
    messenger.post(letter_from("well"));
    ASSERT_TRUE(node.until(asked_for(detections_of("well"), 2)));
    EXPECT_TRUE(soon([&] { return messenger.sent() == 2 && messenger.waiting() == 2; }));
    ASSERT_EQ(1U, messenger.held().size());
    EXPECT_EQ("dead", messenger.held()[0].camera);
    EXPECT_EQ(status, messenger.held()[0].status);
    // Somebody gives the camera another token: what waited goes with it.
    messenger.know({{"dead", "token-of-new"}, {"well", "token-of-well"}});
    EXPECT_TRUE(node.until(asked_for(detections_of("new"), 2)));
    EXPECT_TRUE(soon([&] { return messenger.waiting() == 0 && messenger.held().empty(); }));
    EXPECT_EQ(0U, messenger.refused());
  }
}

TEST(Messenger, a_dead_token_holds_back_its_own_camera_alone_also_in_memory) {
  const TestFolder folder;
  FakeWorld fake;
  const Node node([&](const Node::Asked& a) { return std::pair(a.path == detections_of("dead") ? 401 : 200, std::string("{}")); });
  Messenger messenger(fake.world, folder.path(), node.url(), false);
  fs::remove_all(folder.path() / "outbox");
  std::ofstream(folder.path() / "outbox") << "a file where the folder ought to be";
  messenger.post(letter_from("dead"));
  messenger.post(letter_from("well"));
  ASSERT_TRUE(node.until(asked_for(detections_of("well"))));
  EXPECT_TRUE(soon([&] { return messenger.sent() == 1 && messenger.waiting() == 1; }));
}

TEST(Messenger, a_node_that_is_overloaded_gets_no_more_of_anybody) {
  const TestFolder folder;
  FakeWorld fake;
  std::atomic<int> status{429};
  const Node node([&](const Node::Asked&) { return std::pair(status.load(), std::string("{}")); });
  Messenger messenger(fake.world, folder.path(), node.url(), false);
  messenger.post(letter_from("a"));
  messenger.post(letter_from("b"));
  ASSERT_TRUE(node.until(asked_for(detections_of("a"))));
  EXPECT_EQ(0U, node.count(detections_of("b")));
  EXPECT_TRUE(messenger.held().empty());
  status = 200;
  EXPECT_TRUE(node.until(asked_for(detections_of("b"))));
}

TEST(Messenger, a_picture_that_the_node_cannot_take_now_goes_later) {
  for (const int status : {408, 425, 429, 401, 403}) {
    const TestFolder folder;
    FakeWorld fake;
    std::atomic<bool> willing{false};
    const Node node([&](const Node::Asked& a) {
      if (a.path != files_of("a")) return std::pair(200, std::string("{}"));
      return willing.exchange(true) ? std::pair(201, std::string(R"({"id":"file_1"})")) : std::pair(status, std::string("{}"));
    });
    Messenger messenger(fake.world, folder.path(), node.url(), true);
    messenger.post(with_still(folder, letter_from("a")));
    ASSERT_TRUE(node.until(asked_for(detections_of("a"))));
    EXPECT_NE(std::string::npos, node.asked().back().body.find(R"("file":"file_1")")) << status;
    EXPECT_EQ(2U, node.count(files_of("a")));
    EXPECT_EQ(0U, messenger.pictures_lost());
  }
}

TEST(Messenger, a_picture_that_the_node_never_takes_holds_back_no_alarm) {
  for (const int status : {429, 503}) {
    const TestFolder folder;
    FakeWorld fake;
    const Node node([&](const Node::Asked& a) {
      if (a.path == files_of("a")) return std::pair(status, std::string("{}"));
      return a.path == files_of("b") ? std::pair(201, std::string(R"({"id":"file_1"})")) : std::pair(200, std::string("{}"));
    });
    Messenger messenger(fake.world, folder.path(), node.url(), true);
    messenger.post(with_still(folder, letter_from("a")));
    messenger.post(with_still(folder, letter_from("b")));
    messenger.post(letter_from("c"));
    ASSERT_TRUE(node.until(asked_for(detections_of("a")))) << status;
    const auto asked = node.asked();
    const auto first = [&](const std::string& path) { return std::find_if(asked.begin(), asked.end(), [&](const auto& one) { return one.path == path; }); };
    EXPECT_LT(first(detections_of("c")), first(detections_of("a"))) << "the others do not wait for it";
    EXPECT_LT(first(detections_of("b")), first(detections_of("a")));
    EXPECT_EQ(3U, node.count(files_of("a")));
    EXPECT_TRUE(soon([&] { return messenger.sent() == 3 && messenger.pictures_lost() == 1; }));
    messenger.post(with_still(folder, letter_from("a")));
    ASSERT_TRUE(node.until(asked_for(detections_of("a"), 2)));
    EXPECT_EQ(3U, node.count(files_of("a"))) << "no pictures of this camera for a minute";
    EXPECT_TRUE(soon([&] { return messenger.waiting() == 0; }));
  }
}

TEST(Messenger, a_detection_waits_for_its_pictures_by_their_size_and_hardly_where_somebody_must_move_at_once) {
  EXPECT_EQ(20, patience_for(1000, false).count());
  EXPECT_EQ(52, patience_for(2 << 20, false).count());
  EXPECT_EQ(120, patience_for(20 << 20, false).count());
  EXPECT_EQ(5, patience_for(20 << 20, true).count());
}

TEST(Messenger, a_node_without_files_gets_detections_alone_and_only_that_camera_stops_offering) {
  const TestFolder folder;
  FakeWorld fake;
  const Node node([&](const Node::Asked& a) {
    if (a.path == files_of("a")) return std::pair(404, std::string("{}"));
    return a.path == files_of("b") ? std::pair(201, std::string(R"({"id":"file_1"})")) : std::pair(200, std::string("{}"));
  });
  Messenger messenger(fake.world, folder.path(), node.url(), true);
  for (const char* camera : {"a", "a", "b"}) messenger.post(with_still(folder, letter_from(camera)));
  ASSERT_TRUE(node.until(asked_for(detections_of("b"))));
  EXPECT_EQ(1U, node.count(files_of("a"))) << "asked again after some minutes, not with each";
  EXPECT_EQ(2U, node.count(detections_of("a")));
  EXPECT_EQ(1U, node.count(files_of("b"))) << "what one camera is told holds for no other";
  EXPECT_TRUE(soon([&] { return messenger.sent() == 3; }));
  EXPECT_EQ(2U, messenger.pictures_lost()) << "and it is counted";
}

TEST(Messenger, what_is_refused_for_good_is_laid_aside_and_counted) {
  const TestFolder folder;
  FakeWorld fake;
  const Node node([&](const Node::Asked& a) { return std::pair(a.path == files_of("a") ? 413 : a.path == detections_of("b") ? 422 : 200, std::string("{}")); });
  Messenger messenger(fake.world, folder.path(), node.url(), true);
  messenger.post(with_still(folder, letter_from("a")));
  messenger.post(letter_from("b"));
  EXPECT_TRUE(soon([&] { return messenger.waiting() == 0; }));
  EXPECT_EQ(1U, messenger.sent());
  EXPECT_EQ(1U, messenger.pictures_lost());
  EXPECT_EQ(1U, messenger.refused());
  EXPECT_EQ(1, std::distance(fs::directory_iterator(folder.path() / "refused"), fs::directory_iterator()));
}

TEST(Messenger, a_letter_that_cannot_be_read_now_is_no_letter_to_give_up) {
  const TestFolder folder;
  FakeWorld fake;
  const fs::path outbox = folder.path() / "outbox";
  fs::create_directories(outbox / "0A.json");  // reading it fails, opening it does not …
  fs::create_symlink("nowhere", outbox / "0B.json");  // … here both do
  const Node node([](const Node::Asked&) { return std::pair(200, std::string("{}")); });
  Messenger messenger(fake.world, folder.path(), node.url(), false);
  messenger.post(letter_from("a"));
  EXPECT_TRUE(soon([&] { return messenger.sent() == 1; })) << "it stops none that come after it";
  EXPECT_EQ(2U, messenger.waiting());
  EXPECT_EQ(0U, messenger.refused());
}

TEST(Messenger, says_why_everything_waits) {
  const TestFolder folder;
  FakeWorld fake;
  std::atomic<int> status{503};
  const Node node([&](const Node::Asked&) { return std::pair(status.load(), std::string("{}")); });
  Messenger messenger(fake.world, folder.path(), node.url(), false);
  EXPECT_EQ("", messenger.trouble());
  messenger.post(letter_from("a"));
  EXPECT_TRUE(soon([&] { return messenger.trouble() == "it answers 503"; }));
  status = 200;
  EXPECT_TRUE(soon([&] { return messenger.sent() == 1; }));
  EXPECT_EQ("", messenger.trouble());
}

TEST(Messenger, a_secret_of_any_signs_finds_its_door) {
  const TestFolder folder;
  FakeWorld fake;
  const Node node([](const Node::Asked&) { return std::pair(200, std::string("{}")); });
  Messenger messenger(fake.world, folder.path(), node.url(), false);
  messenger.know({{"a", "what?#100%"}});
  messenger.post(letter_from("a"));
  EXPECT_TRUE(node.until(asked_for("/api/v1/what%3F%23100%25/detections")));
}

TEST(Messenger, what_waited_in_memory_is_written_down_at_the_end_when_there_is_room_again) {
  const TestFolder folder;
  FakeWorld fake;
  {
    Messenger messenger(fake.world, folder.path(), "http://127.0.0.1:1", false);
    fs::remove_all(folder.path() / "outbox");
    std::ofstream(folder.path() / "outbox") << "a file where the folder ought to be";
    EXPECT_FALSE(messenger.post(letter_from("a")));
    EXPECT_TRUE(soon([&] { return !messenger.trouble().empty(); }));  // it rests for a second
    fs::remove(folder.path() / "outbox");
  }
  EXPECT_FALSE(fs::is_empty(folder.path() / "outbox"));
}

TEST(Messenger, a_letter_that_waits_for_its_clip_is_on_disk_and_survives_the_program) {
  const TestFolder folder;
  FakeWorld fake;
  Letter letter = with_still(folder, letter_from("a"));
  letter.clip = "events/a.mp4";
  const auto letters = [&] {
    std::vector<Letter> out;
    for (const auto& entry : fs::directory_iterator(folder.path() / "outbox"))
      if (entry.path().extension() == ".json") {
        std::ifstream in(entry.path());
        out.push_back(from_json<Letter>(std::string(std::istreambuf_iterator<char>(in), {})));
      }
    return out;
  };
  {
    Messenger messenger(fake.world, folder.path(), "http://127.0.0.1:1", true);
    EXPECT_TRUE(messenger.keep(letter));
    EXPECT_EQ(1U, messenger.waiting());
    EXPECT_TRUE(letters().empty()) << "not sent before its clip is there";
  }
  {
    Messenger messenger(fake.world, folder.path(), "http://127.0.0.1:1", true);
    ASSERT_EQ(1U, letters().size());
    EXPECT_FALSE(letters()[0].clip) << "the clip was never finished";
    const auto kept = messenger.keep(letter);
    messenger.release(kept, letter);
    ASSERT_EQ(2U, letters().size());
    messenger.release(std::nullopt, letter);
    EXPECT_EQ(3U, messenger.waiting()) << "what the disk refused at first";
  }
}

}  // namespace
}  // namespace lifang::vision
