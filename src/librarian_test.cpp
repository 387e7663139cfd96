// Captures on their way to a viewing library: a real socket, a clock that the test moves, both engines.
#include "librarian.hpp"

#include "support/captures_fixture.hpp"
#include "support/test_node.hpp"
#include "support/upper_library.hpp"

namespace lifang {
namespace {

using exchange::CaptureState;
using exchange::LibraryState;
using exchange::LibraryWords;
using Manner = UpperLibrary::Manner;

constexpr Duration kPatience{200};  // of this test: nobody waits for five seconds

class Carrying : public exchange::CapturesTest {
 protected:
  Carrying() { begin(); }
  void begin() {
    librarian_ = std::make_unique<Librarian>(house_.lane, house_.readers, house_.exchange->captures(), world_.world, kPatience);
  }
  LibraryWords above() const { return words(upper_->origin()); }
  Time round() {
    const Time next = librarian_->round();
    house_.lane.settle();
    return next;
  }
  /// Rounds until a library that is away is looked for again, at most five minutes.
  void look_again() {
    world_.clock.advance(std::chrono::seconds(301));
    round();
  }
  std::unique_ptr<UpperLibrary> upper_ = std::make_unique<UpperLibrary>(world_.clock);
  std::unique_ptr<Librarian> librarian_;
};
BOTH_ENGINES(Carrying);

TEST_P(Carrying, registers_with_digest_asks_the_time_hands_over_and_takes_leave) {
  set_up(above());
  upper_->set_ahead(std::chrono::seconds(90));
  detect("plate", R"({"plate":"浙A12345","colour":"blue","box":[1,2,3,4]})", picture());
  round();
  EXPECT_EQ(upper_->calls(), "Register Register Time MotorVehicles");
  const auto heard = upper_->heard();
  EXPECT_FALSE(heard[0].authorized);
  EXPECT_TRUE(heard[1].authorized);
  for (const auto& each : heard) EXPECT_EQ(each.user, UpperLibrary::kSystem) << each.call;
  EXPECT_EQ(heard[1].type, "application/VIID+JSON;charset=UTF-8");
  EXPECT_EQ(heard[1].body, R"({"RegisterObject":{"DeviceID":"33010600002000000001"}})");
  const auto taken = upper_->taken();
  ASSERT_EQ(taken.size(), 1U);
  const auto object = upper_->object(taken.begin()->first);
  EXPECT_EQ(object.at("PlateNo").as_string(), "浙A12345");
  const auto& shown = object.at("SubImageList").at("SubImageInfoObject").as_array().front();
  EXPECT_EQ(shown.at("Type").as_string(), "14");
  EXPECT_EQ(shown.at("ImageID"), object.at("SourceID"));
  EXPECT_EQ(library().state, LibraryState::here);
  EXPECT_EQ(library().clock_ahead_s, 90);
  EXPECT_EQ(library().sent, 1);
  EXPECT_EQ(waiting(), 0U);
  upper_->forget();
  world_.clock.advance(std::chrono::seconds(59));
  round();
  EXPECT_EQ(upper_->calls(), "");
  world_.clock.advance(std::chrono::seconds(1));
  round();
  EXPECT_EQ(upper_->calls(), "Keepalive");
  librarian_->leave();
  EXPECT_EQ(upper_->calls(), "Keepalive UnRegister");
}

TEST_P(Carrying, a_wrong_password_is_told_once_and_tried_again_within_five_minutes) {
  LibraryWords wrong = above();
  wrong.password = "not-this-one";
  set_up(wrong);
  plate("浙A12345");
  const Time now = world_.clock.now();
  const Time next = round();
  EXPECT_EQ(upper_->calls(), "Register Register");
  EXPECT_EQ(library().state, LibraryState::away);
  EXPECT_EQ(library().trouble, "401");
  EXPECT_GE(next, now + std::chrono::seconds(1));
  round();
  EXPECT_EQ(upper_->calls(), "Register Register") << "not before its time";
  look_again();
  EXPECT_EQ(upper_->calls(), "Register Register Register Register");
  EXPECT_EQ(told("exchange.library_lost"), 1);
  EXPECT_TRUE(log("exchange.capture_left").empty()) << "nothing left";
  set_up(above());  // set up anew, it is tried at once
  round();
  EXPECT_EQ(library().state, LibraryState::here);
  EXPECT_EQ(upper_->taken().size(), 1U);
  EXPECT_EQ(told("exchange.library_found"), 1);
}

TEST_P(Carrying, one_refused_object_does_not_hold_up_the_others) {
  set_up(above());
  for (int n = 0; n < 4; ++n) plate("浙A0000" + std::to_string(n));
  const auto queued = captures();  // newest first
  upper_->say([&](const std::string& id) -> std::string {
    if (id == queued[0].object) return "4";
    if (id == queued[1].object) return "\"1\"";
    if (id == queued[2].object) return "";  // the answer does not speak of it
    return "0";
  });
  round();
  EXPECT_EQ(library().refused, 1);
  EXPECT_EQ(library().sent, 1);
  EXPECT_EQ(waiting(), 2U);
  EXPECT_EQ(library().state, LibraryState::here);
  upper_->say([&](const std::string& id) -> std::string { return id == queued[1].object ? "1" : "0"; });
  for (int n = 0; n < 6; ++n) {
    world_.clock.advance(std::chrono::seconds(41));
    round();
  }
  EXPECT_EQ(library().sent, 2);
  EXPECT_EQ(library().refused, 2) << "the third time is the last";
  EXPECT_EQ(waiting(), 0U);
  for (const auto& [id, times] : upper_->taken()) EXPECT_EQ(times, 1) << id;
}

TEST_P(Carrying, a_library_that_hangs_is_tried_three_times_and_looked_for_later_with_the_same_numbers) {
  set_up(above());
  round();
  plate("浙A00001");
  plate("浙A00002");
  upper_->forget();
  upper_->be(Manner::hangs);
  round();
  EXPECT_EQ(upper_->calls(), "MotorVehicles MotorVehicles MotorVehicles");
  EXPECT_EQ(library().trouble, "timeout");
  EXPECT_EQ(waiting(), 2U);
  upper_->be(Manner::polite);
  round();
  EXPECT_EQ(upper_->calls(), "MotorVehicles MotorVehicles MotorVehicles") << "1 to 300 s later";
  look_again();
  EXPECT_EQ(upper_->taken().size(), 2U);
  EXPECT_EQ(waiting(), 0U);
  EXPECT_EQ(log("exchange.capture_left").size(), 2U);
}

TEST_P(Carrying, an_answer_that_is_lost_doubles_nothing) {
  set_up(above());
  round();
  plate("浙A00001");
  upper_->be(Manner::loses);
  round();
  EXPECT_EQ(library().sent, 0);
  upper_->be(Manner::polite);
  world_.clock.advance(std::chrono::minutes(11));  // one that broke the line alone steps aside
  round();
  round();
  EXPECT_EQ(library().sent, 1);
  const auto taken = upper_->taken();
  ASSERT_EQ(taken.size(), 1U) << "the same number, so the library has it once";
  EXPECT_EQ(taken.begin()->second, 4);
}

TEST_P(Carrying, a_request_that_is_refused_whole_goes_again_one_by_one) {
  set_up(above());
  for (int n = 0; n < 5; ++n) plate("浙A0000" + std::to_string(n));
  upper_->be(Manner::slams);
  round();
  EXPECT_EQ(upper_->taken().size(), 5U);
  EXPECT_EQ(library().sent, 5);
  EXPECT_EQ(library().refused, 0);
}

TEST_P(Carrying, a_library_that_goes_away_gets_everything_when_it_is_back_and_a_broken_one_too) {
  set_up(above());
  round();
  const auto port = upper_->port();
  upper_.reset();
  plate("浙A00001");
  round();
  EXPECT_EQ(library().state, LibraryState::away);
  EXPECT_EQ(library().trouble, "connect");
  for (int n = 2; n < 15; ++n) plate("浙A000" + std::to_string(10 + n));
  upper_ = std::make_unique<UpperLibrary>(world_.clock, port);
  upper_->be(Manner::broken);
  look_again();
  EXPECT_EQ(upper_->calls(), "Register Register Register");
  EXPECT_EQ(library().trouble, "502");
  upper_->be(Manner::polite);
  for (int n = 0; n < 5; ++n) look_again();
  EXPECT_EQ(upper_->taken().size(), 14U);
  EXPECT_EQ(library().sent, 14);
  for (const auto& [id, times] : upper_->taken()) EXPECT_EQ(times, 1) << id;
}

TEST_P(Carrying, a_library_may_challenge_everything_and_need_not_tell_its_time) {
  set_up(above());
  upper_->be(Manner::asks_always);
  plate("浙A00001");
  round();
  plate("浙A00002");
  round();
  // What a stuttering machine did not hear in time is sent once more, under the same number.
  EXPECT_TRUE(upper_->calls().starts_with("Register Register Time Time MotorVehicles MotorVehicles")) << upper_->calls();
  EXPECT_EQ(upper_->taken().size(), 2U);
  librarian_->leave();
  begin();
  upper_->be(Manner::silent_time);
  round();
  EXPECT_EQ(library().state, LibraryState::here);
  EXPECT_FALSE(library().clock_ahead_s);
}

TEST_P(Carrying, a_busy_library_loses_nothing_however_long_it_is_busy) {
  set_up(above());
  plate("浙A00001");
  upper_->say([](const std::string&) { return "\"2\""; });
  for (int n = 0; n < 10; ++n) {
    round();
    world_.clock.advance(std::chrono::seconds(31));
  }
  EXPECT_EQ(waiting(), 1U);
  upper_->say({});
  round();
  EXPECT_EQ(library().sent, 1);
}

TEST_P(Carrying, another_librarian_goes_on_where_the_last_one_fell) {
  set_up(above());
  for (int n = 0; n < 3; ++n) plate("浙A0000" + std::to_string(n));
  upper_->be(Manner::loses);
  round();
  const auto before = upper_->taken();
  EXPECT_EQ(before.size(), 3U);
  begin();  // the process died before it heard
  act([&](Tx& tx) { house_.exchange->captures().open(tx); });
  upper_->be(Manner::polite);
  round();
  EXPECT_EQ(upper_->taken().size(), 3U);
  EXPECT_EQ(library().sent, 3);
  EXPECT_EQ(log("exchange.capture_left").size(), 3U);
}

TEST_P(Carrying, a_pause_sends_nothing_and_takes_leave_and_a_removal_too) {
  set_up(above());
  round();
  upper_->forget();
  LibraryWords paused = above();
  paused.paused = true;
  set_up(paused);
  plate("浙A00001");
  round();
  EXPECT_EQ(upper_->calls(), "UnRegister");
  EXPECT_EQ(library().state, LibraryState::off);
  EXPECT_EQ(waiting(), 1U);
  set_up(above());
  round();
  EXPECT_EQ(library().sent, 1);
  upper_->forget();
  act([&](Tx& tx) { house_.exchange->captures().remove(tx, root_, exchange::LibraryId{"xihu"}); });
  round();
  EXPECT_EQ(upper_->calls(), "UnRegister");
}

TEST_P(Carrying, faces_and_plates_go_to_their_own_doors_in_requests_that_are_not_too_large) {
  LibraryWords with = above();
  with.faces = with.signs_posted = true;
  set_up(with);
  for (int n = 0; n < 12; ++n) {
    plate("浙A000" + std::to_string(10 + n));
    detect("face", "{}", picture());
  }
  for (int n = 0; n < 5; ++n) round();
  EXPECT_EQ(upper_->taken().size(), 24U);
  EXPECT_EQ(waiting(), 0U);
  for (const auto& each : upper_->heard())
    EXPECT_EQ(each.call.ends_with("/Faces"), each.body.starts_with("{\"FaceListObject\"")) << each.call;
}

/// The whole node: threads, sockets, and a stop in the middle of a request.
TEST(CarryingNode, survives_a_stop_in_the_middle_and_doubles_nothing) {
  TestFolder folder;
  FakeClock clock;
  UpperLibrary upper(clock);
  const std::string detection = R"({"kind":"plate","confidence":0.9,"attributes":{"plate":"浙A12345"},"ts":1767225500000})";
  {
    TestNode node(folder.path());
    node.must("PUT", "/api/v1/places/fuyuan", R"({"kind":"compound","name":"府苑新村"})");
    node.must("PUT", "/api/v1/devices/profiles/eye", R"({"name":"抓拍机","metrics":[],"detections":["plate"]})");
    node.must("PUT", "/api/v1/devices/gate-eye", R"({"profile":"eye","place":"fuyuan","secret":"eye-of-the-gate"})");
    const auto made = node.must("PUT", "/api/v1/exchange/libraries/xihu",
                                R"({"name":"分局视图库","url":")" + upper.origin() + R"(","system":"33010600002000000001",
                                    "password":"viid-secret-1","places":["fuyuan"],"purpose":"public_security",
                                    "basis":"西公视〔2026〕7号","plates":true})");
    EXPECT_EQ(boost::json::serialize(made).find("viid-secret-1"), std::string::npos);
    upper.wait_for("/Time");
    upper.be(Manner::loses);
    EXPECT_EQ(node.ask("POST", "/api/v1/eye-of-the-gate/detections", detection, "-").status, 200);
    upper.wait_for("/MotorVehicles");
  }
  upper.wait_for("/UnRegister");
  const auto before = upper.taken();
  EXPECT_EQ(before.size(), 1U) << "taken, and the node never heard of it";
  upper.forget();
  upper.be(Manner::polite);
  TestNode node(folder.path());
  upper.wait_for("/MotorVehicles");
  EXPECT_EQ(node.ask("POST", "/api/v1/eye-of-the-gate/detections", detection, "-").status, 200) << "told again by the camera";
  const auto waiting = [&] { return node.must("GET", "/api/v1/exchange/libraries/xihu").at("waiting").to_number<int>(); };
  for (int turn = 0; turn < 2000 && waiting() > 0; ++turn) std::this_thread::yield();
  EXPECT_EQ(upper.taken().size(), 1U);
  EXPECT_EQ(node.must("GET", "/api/v1/exchange/captures?count=true&state=sent").at("count").to_number<int>(), 1);
  EXPECT_EQ(node.metric("lifang_captures_total{ended=\"sent\"}"), 1U);
}

}  // namespace
}  // namespace lifang
