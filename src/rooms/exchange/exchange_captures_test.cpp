// What is set up, what is queued for whom, what is withheld and what falls out, on both engines.
#include "rooms/exchange/exchange_captures.hpp"

#include <map>
#include <set>

#include "house_verify.hpp"
#include "house_why.hpp"
#include "support/captures_fixture.hpp"

namespace lifang::exchange {
namespace {

class CapturesRoom : public CapturesTest {
 protected:
  std::string refused_words(const std::function<void(LibraryWords&)>& change) {
    LibraryWords off = words();
    change(off);
    try {
      act([&](Tx& tx) { house_.exchange->captures().put(tx, root_, LibraryId{"xihu"}, off); });
    } catch (const Refusal& refusal) {
      return refusal.code + " " + refusal.field;
    }
    return "";
  }
  std::vector<Captures::Parcel> pack() {
    return ask([&](Reader& r) { return house_.exchange->captures().pack(r, LibraryId{"xihu"}, world_.clock.now(), 10); });
  }
  std::vector<Captures::Parcel> leave() {
    auto parcels = pack();
    act([&](Tx& tx) { house_.exchange->captures().leaving(tx, LibraryId{"xihu"}, parcels); });
    return parcels;
  }
  void answer(const CaptureId& id, Captures::Outcome outcome, std::int64_t code = 0) {
    act([&](Tx& tx) { house_.exchange->captures().answered(tx, {{id, outcome, code, "说明"}}); });
  }
};
BOTH_ENGINES(CapturesRoom);

TEST_P(CapturesRoom, a_library_is_set_up_whole_or_refused_at_the_member_to_blame) {
  const auto at = [&](auto change) { return refused_words(change); };
  EXPECT_EQ(at([](LibraryWords& w) { w.name = " "; }), "exchange.bad_name /name");
  EXPECT_EQ(at([](LibraryWords& w) { w.url = "ftp://x"; }), "exchange.bad_url /url");
  EXPECT_EQ(at([](LibraryWords& w) { w.url = "http://x/VIID"; }), "exchange.bad_url /url");
  EXPECT_EQ(at([](LibraryWords& w) { w.system = "3301060000200000001"; }), "exchange.bad_system /system");
  EXPECT_EQ(at([](LibraryWords& w) { w.login = "a\nb"; }), "exchange.bad_login /login");
  EXPECT_EQ(at([](LibraryWords& w) { w.password.reset(); }), "exchange.no_password /password");
  EXPECT_EQ(at([](LibraryWords& w) { w.places.clear(); }), "exchange.no_places /places");
  EXPECT_EQ(at([](LibraryWords& w) { w.places = {places::PlaceId{"fuyuan"}, places::PlaceId{"mars"}}; }), "places.unknown /places/1");
  EXPECT_EQ(at([](LibraryWords& w) { w.basis = "ok"; }), "exchange.no_basis /basis");
  EXPECT_EQ(at([](LibraryWords& w) { w.keep_days = 31; }), "exchange.bad_keep /keep_days");
  EXPECT_EQ(at([](LibraryWords& w) { w.keepalive = Duration{1}; }), "exchange.bad_keepalive /keepalive");
  EXPECT_EQ(at([](LibraryWords& w) { w.faces = true; }), "exchange.no_signs /signs_posted");
  EXPECT_EQ(at([](LibraryWords& w) { w.faces = w.signs_posted = true, w.purpose = SharePurpose::traffic; }), "exchange.weak_purpose /purpose");
  EXPECT_TRUE(log("exchange.").empty());
  LibraryWords quiet = words();
  quiet.plates = false;
  const Library made = set_up(quiet);
  EXPECT_FALSE(made.plates || made.faces);
  EXPECT_EQ(made.paths, std::vector<std::string>{"/wenxin/fuyuan/"});
  EXPECT_EQ(made.login, made.system);
  quiet.password.reset();  // an old one keeps its password
  set_up(quiet);
  EXPECT_EQ(ask([&](Reader& r) { return std::string(house_.exchange->captures().addresses(r).front().password.expose()); }), "viid-secret-1");
}

TEST_P(CapturesRoom, nothing_is_queued_that_is_not_switched_on_or_lies_elsewhere) {
  plate("浙A00001");
  EXPECT_TRUE(captures().empty()) << "no library";
  set_up(words());
  plate("浙A00002");
  detect("face", "{}", picture());
  detect("ebike_in_lift", "{}");
  detect("plate", R"({"plate":"浙A00003"})", {}, "yuli-eye");
  const auto queued = captures();
  ASSERT_EQ(queued.size(), 1U);
  EXPECT_EQ(queued[0].kind, CaptureKind::plate);
  EXPECT_EQ(queued[0].path, "/wenxin/fuyuan/gate/");
  EXPECT_EQ(queued[0].object.size(), 48U);
  EXPECT_TRUE(queued[0].object.starts_with("3301060000132"));
  EXPECT_EQ(queued[0].object.substr(20, 16), "0220260302080002");
  // A detection that is told twice is queued once.
  readings::Batch batch;
  readings::Detection again;
  again.ts = to_ms(queued[0].shot_at);
  again.device = house_.devices.registry().find("gate-eye")->number;
  again.kind = "plate";
  again.confidence = 0.9;
  again.attributes = R"({"plate":"浙A00002","colour":"blue","box":[1,2,3,4]})";
  batch.detections.push_back(again);
  act([&](Tx& tx) { house_.take(tx, batch); });
  EXPECT_EQ(captures().size(), 1U);
}

TEST_P(CapturesRoom, every_library_gets_its_own_and_a_camera_may_have_its_own_number) {
  act([&](Tx& tx) {
    house_.devices.set_attributes(tx, root_, devices::DeviceId{"gate-eye"}, R"({"viid":"33010600001190000077"})");
  });
  set_up(words());
  LibraryWords other = words();
  other.places = {places::PlaceId{"wenxin"}};
  set_up(other, "street");
  plate("浙A00002");
  const auto queued = captures();
  ASSERT_EQ(queued.size(), 2U);
  for (const Capture& capture : queued) EXPECT_TRUE(capture.object.starts_with("33010600001190000077")) << capture.object;
  // Two in the same second differ.
  plate("浙A00003");
  world_.clock.advance(-std::chrono::seconds(1));
  detect("plate", "{}", {}, "yuli-eye");
  std::set<std::string> numbers;
  for (const Capture& capture : captures())
    if (capture.library.text == "street") numbers.insert(capture.object);
  EXPECT_EQ(numbers.size(), 3U);
}

TEST_P(CapturesRoom, what_leaves_stands_in_the_audit_first_with_its_purpose_and_once) {
  LibraryWords with = words();
  with.purpose = SharePurpose::investigation;
  set_up(with);
  plate("浙A12345");
  EXPECT_TRUE(log("exchange.capture_left").empty());
  const auto parcels = leave();
  ASSERT_EQ(parcels.size(), 1U);
  const auto lines = log("exchange.capture_left");
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].who, "library:xihu");
  EXPECT_EQ(lines[0].path, "/wenxin/fuyuan/gate/");
  EXPECT_NE(lines[0].body.find(R"("purpose":"investigation")"), std::string::npos);
  EXPECT_EQ(lines[0].body.find("浙A12345"), std::string::npos) << "ids only";
  leave();
  EXPECT_EQ(log("exchange.capture_left").size(), 1U);
  EXPECT_EQ(log("exchange.library_kept").size(), 0U) << "the machine's own doing in this test";
  answer(parcels[0].capture.id, Captures::Outcome::sent);
  EXPECT_EQ(library().sent, 1);
  EXPECT_TRUE(leave().empty());
}

TEST_P(CapturesRoom, a_plate_carries_its_picture_and_what_is_gone_is_left_out) {
  set_up(words());
  detect("plate", R"({"plate":"浙A12345","crop":")" + picture() + "\"}", picture());
  detect("plate", R"({"plate":"浙A12346","crop":"file_00000000000000000000000000"})", "file_00000000000000000000000099");
  const auto parcels = pack();
  ASSERT_EQ(parcels.size(), 2U);
  EXPECT_NE(parcels[0].object.find(R"("Type":"14","FileFormat":"Png")"), std::string::npos);
  EXPECT_NE(parcels[0].object.find(R"("Width":9,"Height":7)"), std::string::npos);
  EXPECT_NE(parcels[0].object.find(R"("Type":"02")"), std::string::npos);
  EXPECT_NE(parcels[1].object.find(R"("SubImageInfoObject":[])"), std::string::npos);
  LibraryWords narrow = words();
  narrow.scenes = false;
  set_up(narrow);
  EXPECT_EQ(pack()[0].object.find(R"("Type":"14")"), std::string::npos);
}

TEST_P(CapturesRoom, faces_wait_for_consent_and_a_withdrawal_counts_at_the_last_moment) {
  people::PersonWords resident;
  resident.name = "王小明";
  resident.place = places::PlaceId{"fuyuan"};
  const std::string person = act([&](Tx& tx) { return house_.people.add(tx, root_, resident).id.text; });
  LibraryWords with = words();
  with.faces = with.signs_posted = true;
  set_up(with);
  const auto face = [&](const std::string& attributes) { detect("face", attributes, picture()); };
  face("{}");
  face(R"({"person":")" + person + "\"}");
  auto parcels = pack();
  ASSERT_EQ(parcels.size(), 2U);
  EXPECT_EQ(parcels[0].withheld, "");
  EXPECT_EQ(parcels[1].withheld, "no_consent");
  EXPECT_EQ(parcels[1].object, "");
  const auto consent = [&](bool given) {
    act([&](Tx& tx) {
      const people::ConsentWords to{"face_sharing", "paper"};
      if (given) house_.people.give_consent(tx, root_, people::PersonId{person}, to);
      else house_.people.withdraw_consent(tx, root_, people::PersonId{person}, to);
    });
  };
  consent(true);
  parcels = pack();
  EXPECT_EQ(parcels[1].withheld, "");
  EXPECT_EQ(parcels[1].object.find(person), std::string::npos);
  EXPECT_EQ(parcels[1].object.find("王小明"), std::string::npos);
  consent(false);
  detect("face", "{}");
  EXPECT_EQ(leave().size(), 1U);
  EXPECT_EQ(log("exchange.capture_left").size(), 1U);
  EXPECT_EQ(library().withheld, 2);
  std::map<std::string, int> why;
  for (const Capture& capture : captures(CaptureState::withheld)) ++why[capture.words];
  EXPECT_EQ(why["no_consent"], 1);
  EXPECT_EQ(why["no_picture"], 1);
  // Switched off while one waits: it does not leave any more.
  face("{}");
  with.faces = false;
  set_up(with);
  leave();
  EXPECT_EQ(captures(CaptureState::withheld).front().words, "switched_off");
}

TEST_P(CapturesRoom, what_the_library_refuses_is_told_and_counted_and_not_sent_for_ever) {
  set_up(words());
  plate("浙A00001");
  plate("浙A00002");
  plate("浙A00003");
  const auto parcels = leave();
  ASSERT_EQ(parcels.size(), 3U);
  answer(parcels[0].capture.id, Captures::Outcome::refused, 4);
  answer(parcels[1].capture.id, Captures::Outcome::again, 1);
  answer(parcels[2].capture.id, Captures::Outcome::busy, 2);
  EXPECT_EQ(waiting(), 2U);
  EXPECT_TRUE(pack().empty()) << "both wait a while";
  world_.clock.advance(std::chrono::seconds(10));
  ASSERT_EQ(pack().size(), 1U);
  answer(parcels[1].capture.id, Captures::Outcome::again, 1);
  world_.clock.advance(std::chrono::seconds(40));
  for (int n = 0; n < 9; ++n) answer(parcels[2].capture.id, Captures::Outcome::busy, 2);
  answer(parcels[1].capture.id, Captures::Outcome::again, 1);
  EXPECT_EQ(library().refused, 2);
  EXPECT_EQ(waiting(), 1U) << "a busy library is no refusal";
  EXPECT_EQ(told("exchange.capture_refused"), 2);
  const auto refused_one = ask([&](Reader& r) { return Captures::capture(r, root_, parcels[0].capture.id); });
  EXPECT_EQ(refused_one.code, 4);
  EXPECT_EQ(refused_one.words, "说明");
  act([&](Tx& tx) { return house_.exchange->captures().again(tx, root_, parcels[0].capture.id); });
  EXPECT_EQ(library().refused, 1);
  EXPECT_EQ(refused([&](Tx& tx) { house_.exchange->captures().again(tx, root_, parcels[0].capture.id); }), "exchange.not_refused");
}

TEST_P(CapturesRoom, what_waited_too_long_falls_out_and_is_counted_and_ended_ones_are_forgotten) {
  LibraryWords brief = words();
  brief.keep_days = 1;
  set_up(brief);
  plate("浙A00001");
  pass(std::chrono::hours(20));
  plate("浙A00002");
  pass(std::chrono::hours(5));
  EXPECT_EQ(library().expired, 1);
  EXPECT_EQ(library().waiting, 1);
  EXPECT_EQ(captures(CaptureState::expired).size(), 1U);
  world_.clock.advance(std::chrono::hours(24 * 32));
  act([&](Tx& tx) { house_.exchange->captures().tend(tx); });
  EXPECT_EQ(library().expired, 2);
  EXPECT_EQ(captures().size(), 1U) << "the first is forgotten";
}

TEST_P(CapturesRoom, a_place_that_moves_takes_its_captures_and_its_library_along) {
  set_up(words());
  plate("浙A00001");
  place("xixi", places::Kind::street, {});
  place("fuyuan", places::Kind::compound, "xixi");
  EXPECT_EQ(library().paths, std::vector<std::string>{"/xixi/fuyuan/"});
  EXPECT_EQ(captures().front().path, "/xixi/fuyuan/gate/");
  plate("浙A00002");
  EXPECT_EQ(captures().size(), 2U);
}

TEST_P(CapturesRoom, a_capture_leads_back_to_what_the_camera_saw) {
  set_up(words());
  plate("浙A12345");
  const Capture capture = captures().front();
  const auto why = ask([&](Reader& r) { return explain(r, house_, root_, capture.id.text); });
  ASSERT_EQ(why.chain.size(), 2U);
  EXPECT_EQ(why.chain[0].kind, "capture");
  EXPECT_EQ(why.chain[1].id, capture.detection);
  EXPECT_TRUE(ask([&](Reader& r) { return verify(r, house_).ok; }));
}

TEST_P(CapturesRoom, only_who_may_over_all_of_its_places_sees_a_library) {
  const Caller here{"a", "", "a", "", "", {{"exchange.libraries", "/wenxin/fuyuan/"}}};
  const Caller elsewhere{"b", "", "b", "", "", {{"exchange.libraries", "/wenxin/yuli/"}}};
  act([&](Tx& tx) { house_.exchange->captures().put(tx, here, LibraryId{"xihu"}, words()); });
  EXPECT_EQ(log("exchange.library_kept").size(), 1U);
  plate("浙A00001");
  const auto list = [&](const Caller& who) { return ask([&](Reader& r) { return Captures::list(r, who).size(); }); };
  EXPECT_EQ(list(here), 1U);
  EXPECT_EQ(list(elsewhere), 0U);
  EXPECT_EQ(ask([&](Reader& r) { return Captures::captures(r, elsewhere, {}).size(); }), 0U);
  EXPECT_EQ(refused([&](Tx& tx) { house_.exchange->captures().put(tx, elsewhere, LibraryId{"xihu"}, words()); }), "exchange.unknown_library");
  EXPECT_EQ(refused([&](Tx& tx) { house_.exchange->captures().remove(tx, elsewhere, LibraryId{"xihu"}); }), "exchange.unknown_library");
  EXPECT_EQ(refused([&](Tx& tx) { house_.exchange->captures().put(tx, elsewhere, LibraryId{"mine"}, words()); }), "access.not_here");
  const CaptureId id = captures().front().id;
  EXPECT_EQ(refused([&](Tx& tx) { Captures::capture(tx, elsewhere, id); }), "exchange.unknown_capture");
  act([&](Tx& tx) { house_.exchange->captures().remove(tx, here, LibraryId{"xihu"}); });
  EXPECT_TRUE(captures().empty());
  plate("浙A00002");
  EXPECT_TRUE(captures().empty());
}

}  // namespace
}  // namespace lifang::exchange
