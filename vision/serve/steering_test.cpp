// What is drawn in the console: laid over the camera's own view, never under its masks.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>

#include "base/refusal.hpp"
#include "base/reflect.hpp"
#include "support/fake_world.hpp"
#include "support/test_folder.hpp"
#include "vision/serve/steering.hpp"
#include "vision/sim_node.hpp"

namespace lifang::vision {
namespace {
namespace fs = std::filesystem;

std::string refusal_of(const View& own, const std::string& drawn) {
  try {
    compose(own, parse_json(drawn));
  } catch (const Refusal& refusal) {
    return refusal.code + " " + refusal.field;
  }
  return "";
}

TEST(Steering, lays_what_was_drawn_over_what_stands_on_the_machine) {
  View own;
  own.masks = {{{0, 0}, {10, 0}, {10, 10}}};
  own.duty.absent_s = 77;
  own.zones = {{{1, 1}, {2, 1}, {2, 2}}};
  const View view = compose(own, parse_json(R"({"size":[640,360],"masks":[[[20,20],[30,20],[30,30]]],
    "zones":[[[5,5],[50,5],[50,50]]],"slots":[{"id":"A1","polygon":[[1,1],[9,1],[9,9],[1,9]]}],"facade":null})"));
  EXPECT_EQ(2U, view.masks.size()) << "a mask of the machine cannot be drawn away";
  EXPECT_EQ(50, view.zones.at(0)[1][0]);
  EXPECT_EQ(77, view.duty.absent_s) << "what was not drawn stays";
  EXPECT_EQ("A1", view.slots.at(0).id);
  EXPECT_EQ((std::vector<std::int64_t>{640, 360}), view.size);
}

TEST(Steering, brings_own_and_drawn_shapes_to_one_size) {
  View own;
  own.size = {1920, 1080};
  own.masks = {{{960, 0}, {1920, 0}, {1920, 540}}};
  const View view = compose(own, parse_json(R"({"size":[640,360],"masks":[]})"));
  EXPECT_EQ((Polygon{{320, 0}, {640, 0}, {640, 180}}), view.masks.at(0));
}

TEST(Steering, refuses_what_is_off_and_names_the_place) {
  EXPECT_EQ("vision.drawn ", refusal_of({}, "[1]"));
  EXPECT_EQ("vision.drawn /bins", refusal_of({}, R"({"bins":[]})")) << "a bin names a file of this machine";
  EXPECT_EQ("vision.drawn /masks", refusal_of({}, R"({"masks":5})"));
  EXPECT_EQ("vision.polygon /masks/0", refusal_of({}, R"({"masks":[[[0,0],[1,1]]]})"));
  View own;
  own.masks = {{{0, 0}, {10, 0}, {10, 10}}};
  EXPECT_EQ("vision.polygon /masks/0", refusal_of(own, R"({"masks":[[[0,0],[1,1]]]})")) << "the number that the page knows";
  EXPECT_EQ("vision.polygon /zones/0", refusal_of({}, R"({"zones":[[[0,0],[1e300,1],[2,2]]]})"));
  EXPECT_EQ("json.unknown_member /colour", refusal_of({}, R"({"colour":"red"})"));
  EXPECT_EQ("vision.config /size/0", refusal_of({}, R"({"size":[0,360]})"));
}

TEST(Steering, refuses_polygons_that_enclose_nothing_and_hours_that_are_none) {
  EXPECT_EQ("vision.polygon /masks/0", refusal_of({}, R"({"masks":[[[5,5],[5,5],[5,5]]]})"));
  EXPECT_EQ("vision.facade /facade/corners", refusal_of({}, R"({"facade":{"corners":[[0,0],[90,90],[90,10],[0,90]]}})")) << "crossed like a bow";
  EXPECT_EQ("vision.hours /hours/0/from", refusal_of({}, R"({"hours":[{"judge":"duty","from":"6:30","to":"09:00"}]})"));
  EXPECT_EQ("vision.hours /hours/0/to", refusal_of({}, R"({"hours":[{"judge":"duty","from":"06:30","to":"06:30"}]})"));
  EXPECT_EQ("vision.hours /hours/0/days", refusal_of({}, R"({"hours":[{"judge":"duty","from":"06:30","to":"07:30","days":[0]}]})"));
  EXPECT_EQ("json.not_one_of /hours/0/judge", refusal_of({}, R"({"hours":[{"judge":"ghosts","from":"06:30","to":"07:30"}]})"));
}

TEST(Hours, a_judgement_is_made_in_its_hours_and_one_without_hours_always) {
  const View view = compose({}, parse_json(R"({"hours":[{"judge":"duty","from":"06:30","to":"09:00"},{"judge":"duty","from":"18:30","to":"21:00"},
    {"judge":"areas","from":"22:00","to":"06:00","days":[5]}]})"));
  const std::vector<Judgement> asked{Judgement::duty, Judgement::areas, Judgement::falling};
  const auto made = [&](const char* at, Judgement j) { return (judged_at(view, asked, *parse_time(at), 480) >> static_cast<unsigned>(j) & 1U) == 1U; };
  EXPECT_FALSE(made("2026-11-20T06:29:00+08:00", Judgement::duty));
  EXPECT_TRUE(made("2026-11-20T06:30:00+08:00", Judgement::duty));
  EXPECT_FALSE(made("2026-11-20T09:00:00+08:00", Judgement::duty));
  EXPECT_TRUE(made("2026-11-20T20:00:00+08:00", Judgement::duty));
  EXPECT_TRUE(made("2026-11-20T23:00:00+08:00", Judgement::areas)) << "a Friday";
  EXPECT_TRUE(made("2026-11-21T05:59:00+08:00", Judgement::areas)) << "still its night";
  EXPECT_FALSE(made("2026-11-21T23:00:00+08:00", Judgement::areas));
  EXPECT_TRUE(made("2026-11-21T23:00:00+08:00", Judgement::falling));
  EXPECT_FALSE(made("2026-11-21T23:00:00+08:00", Judgement::bag)) << "nobody asked for it";
}

TEST(Steering, switches_the_second_look_on_and_never_names_its_file) {
  View own;
  own.ebike.second_look = "second.json";
  own.ebike.votes = 5;
  const View view = compose(own, parse_json(R"({"ebike":{"second_look_decides":true}})"));
  EXPECT_TRUE(view.ebike.second_look_decides);
  EXPECT_EQ("second.json", view.ebike.second_look);
  EXPECT_EQ(5, view.ebike.votes) << "what was not said stays";
  EXPECT_EQ("vision.drawn /ebike/second_look", refusal_of(own, R"({"ebike":{"second_look":"/etc/passwd"}})"));
  EXPECT_EQ("vision.drawn /ebike", refusal_of(own, R"({"ebike":[]})"));
  EXPECT_EQ("vision.config /ebike/votes", refusal_of(own, R"({"ebike":{"votes":0}})"));
}

/// A folder of the eyes with what was drawn for camera "a".
struct Drawn {
  explicit Drawn(const std::string& text) {
    words.folder = folder.path().string();
    words.cameras.emplace_back().id = "a";
    words.cameras[0].token = "t";
    fs::create_directories(folder.path() / "views");
    draw(text);
  }
  void draw(const std::string& text) const { std::ofstream(folder.path() / "views/a.json") << text; }
  std::string drawn() const {
    std::ifstream in(folder.path() / "views/a.json");
    return {std::istreambuf_iterator<char>(in), {}};
  }
  TestFolder folder;
  ServeWords words;
};

constexpr const char* one_mask = R"({"masks":[[[0,0],[9,0],[9,9]]]})";

TEST(Steering, begins_with_what_was_drawn_last_and_goes_dark_when_its_masks_are_lost) {
  const Drawn drawn(one_mask);
  std::map<std::string, DrawnOff> off;
  EXPECT_EQ(1U, with_drawn(drawn.words, off).cameras[0].view.masks.size());
  EXPECT_TRUE(off.empty());
  for (const char* torn : {R"({"masks":[[[0,)", "", R"({"masks":5})", "[1]"}) {
    off.clear();
    drawn.draw(torn);
    with_drawn(drawn.words, off);
    EXPECT_TRUE(off["a"].dark) << torn;
    EXPECT_FALSE(off["a"].why.empty());
  }
  fs::remove(drawn.folder.path() / "views/a.json");
  off.clear();
  with_drawn(drawn.words, off);
  EXPECT_TRUE(off.empty()) << "nothing was drawn";
}

TEST(Steering, keeps_the_masks_of_a_view_that_no_longer_fits) {
  const Drawn drawn(R"({"masks":[[[0,0],[9,0],[9,9]]],"slots":[{"id":"A\"1","polygon":[[1,1],[9,1],[9,9]]}]})");
  std::map<std::string, DrawnOff> off;
  const ServeWords words = with_drawn(drawn.words, off);
  EXPECT_EQ(1U, words.cameras[0].view.masks.size());
  EXPECT_TRUE(words.cameras[0].view.slots.empty());
  EXPECT_FALSE(off["a"].dark);
  EXPECT_NE(std::string::npos, off["a"].why.find("/slots/0/id")) << off["a"].why;
}

TEST(Steering, what_is_drawn_counts_also_while_the_disk_is_full) {
  const Drawn drawn(R"({"masks":[]})");
  fs::remove_all(drawn.folder.path() / "views");
  std::ofstream(drawn.folder.path() / "views") << "a file where a folder ought to be";
  const sim::Node node([](const sim::Node::Asked& a) { return std::pair(200, a.method == "GET" ? fmt::format(R"({{"view":{}}})", one_mask) : "{}"); });
  FakeWorld fake;
  Steering steering(fake.world, drawn.folder.path(), node.url(), [](const std::string&) { return std::nullopt; });
  steering.steer(drawn.words.cameras);
  steering.round();
  EXPECT_TRUE(steering.changed());
  std::map<std::string, DrawnOff> off;
  EXPECT_EQ(1U, with_drawn(drawn.words, off, steering.unsaved()).cameras[0].view.masks.size());
  EXPECT_NE("", off["a"].why) << "and it is said";
  EXPECT_FALSE(off["a"].dark);
  steering.round();
  EXPECT_FALSE(steering.changed()) << "nothing new";
  fs::remove(drawn.folder.path() / "views");
  steering.round();
  EXPECT_TRUE(steering.changed());
  EXPECT_EQ(one_mask, drawn.drawn());
  EXPECT_TRUE(steering.unsaved().empty());
}

TEST(Steering, refuses_names_that_break_or_stand_twice) {
  const auto slot = [](const std::string& id) { return R"({"id":")" + id + R"(","polygon":[[1,1],[9,1],[9,9]]})"; };
  const auto slots = [&](const std::string& ids) { return refusal_of({}, R"({"slots":[)" + ids + "]}"); };
  EXPECT_EQ("", slots(slot("地下1-23") + "," + slot("A 2")));
  EXPECT_EQ("vision.name /slots/0/id", slots(slot("A\\\"1")));
  EXPECT_EQ("vision.name /slots/0/id", slots(slot("")));
  EXPECT_EQ("vision.name /slots/0/id", slots(slot("a\\n")));
  EXPECT_EQ("vision.name /slots/0/id", slots(slot(std::string(65, 'a'))));
  EXPECT_EQ("vision.name /slots/1/id", slots(slot("A1") + "," + slot("A1")));
}

TEST(Steering, writes_a_torn_view_again_and_tells_the_node_how_a_camera_fares) {
  const Drawn drawn("");
  const sim::Node node([](const sim::Node::Asked& a) { return std::pair(200, a.method == "GET" ? fmt::format(R"({{"view":{}}})", one_mask) : "{}"); });
  FakeWorld fake;
  Steering steering(fake.world, drawn.folder.path(), node.url(), [](const std::string&) { return std::nullopt; });
  steering.steer(drawn.words.cameras);
  steering.round();
  EXPECT_EQ(one_mask, drawn.drawn());
  EXPECT_TRUE(steering.changed());
  drawn.draw("{torn");
  steering.report({{"a", {"broken", "no route", true, {Judgement::ebike}}}});
  steering.round();
  EXPECT_EQ(one_mask, drawn.drawn()) << "as long as the node has it, it is not lost";
  EXPECT_TRUE(steering.changed());
  steering.round();
  std::size_t told = 0;
  for (const sim::Node::Asked& a : node.asked()) told += a.body.find(R"("eyes_state":{"state":"broken","trouble":"no route","sheds":true,"judge":["ebike"])") != std::string::npos;
  EXPECT_EQ(1U, told) << "once, until it changes";
}

}  // namespace
}  // namespace lifang::vision
