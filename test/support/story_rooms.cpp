// Sentences about drills, forms of bureaus and rounds.
#include <algorithm>
#include <sstream>

#include "base/members.hpp"
#include "platform/sheet/sheet.hpp"
#include "rooms/affairs/affairs.hpp"
#include "rooms/drills/drills.hpp"
#include "rooms/rosters/rosters_rounds.hpp"
#include "support/story.hpp"

namespace lifang {
namespace {

using W = Story::Words;

drills::Report drill(Story& s, const W& w) {
  return s.ask([&](Reader& r) { return s.house().drills->report(r, s.root(), drills::DrillId{s.id_of(w.at("drill"))}); });
}

void add_drills(Story& story) {
  story.phrase("{who} drills {kind} at {place} as {drill} with the case {case}", [](Story& s, const W& w) {
    drills::DrillWords words;
    words.kind = w.at("kind");
    words.place = places::PlaceId{w.at("place")};
    const auto begun = s.act([&](Tx& tx) { return s.house().drills->begin(tx, s.who(w.at("who")), words); });
    s.names[w.at("drill")] = begun.id.text;
    s.names[w.at("case")] = begun.case_.text;
  });
  story.phrase("{who} ends the drill {drill}", [](Story& s, const W& w) {
    s.act([&](Tx& tx) { return s.house().drills->end(tx, s.who(w.at("who")), drills::DrillId{s.id_of(w.at("drill"))}); });
  });
  story.phrase("in the drill {drill} {person} answered after {seconds} seconds", [](Story& s, const W& w) {
    for (const drills::Rung& rung : drill(s, w).rung)
      if (rung.person.text == s.who(w.at("person")).person && rung.answered_at) {
        Story::expect_same(w.at("seconds"), std::to_string(*rung.seconds), "seconds");
        return;
      }
    throw StoryFailure(w.at("person") + " did not answer");
  });
  story.phrase("in the drill {drill} {person} did not answer", [](Story& s, const W& w) {
    const auto all = drill(s, w).rung;
    const std::string who = s.who(w.at("person")).person;
    const auto found = std::find_if(all.begin(), all.end(), [&](const drills::Rung& r) { return r.person.text == who; });
    Story::expect(found != all.end(), "it did not ring at them");
    Story::expect(!found->answered_at && found->state == notices::RungState::passed, "they answered");
  });
  story.phrase("in the drill {drill} it rang at {person} after {seconds} seconds and the call was {result}", [](Story& s, const W& w) {
    const drills::Report told = drill(s, w);
    for (const drills::Rung& rung : told.rung) {
      if (rung.person.text != s.who(w.at("person")).person) continue;
      const auto after = std::chrono::duration_cast<std::chrono::seconds>(rung.at - told.began_at).count();
      Story::expect_same(w.at("seconds"), std::to_string(after), "seconds");
      const std::string said = rung.call ? std::string(enum_name(*rung.call)) : "nothing";
      return Story::expect_same(w.at("result"), said, "the network said");
    }
    throw StoryFailure("it did not ring at them");
  });
  story.phrase("the node calls telephones", [](Story& s, const W&) { s.house().phones->use({notices::Medium::voice}); });
  story.phrase("the call of {person} is {result}", [](Story& s, const W& w) {
    notices::MessageFilter calls;
    calls.channel = "voice";
    calls.to = s.who(w.at("person")).person;
    const auto found = s.ask([&](Reader& r) { return s.house().notices.messages(r, calls); });
    Story::expect(!found.empty(), "nobody called them");
    const auto result = enum_from_name<notices::CallResult>(w.at("result"));
    Story::expect(result.has_value(), "a call is answered, no_answer, busy or dead");
    s.act([&](Tx& tx) { s.house().phones->called(tx, found.front().id, {*result, {}}); });
  });
  story.phrase("in the drill {drill} {n} could not be reached", [](Story& s, const W& w) {
    Story::expect_same(w.at("n"), std::to_string(drill(s, w).unreachable), "without a living number");
  });
  story.phrase("the drill {drill} is over", [](Story& s, const W& w) { Story::expect(drill(s, w).ended_at.has_value(), "it runs"); });
  story.phrase("no machine was told anything", [](Story& s, const W&) {
    Story::expect(s.ask([&](Reader& r) { return devices::Devices::list_commands(r, s.root(), {}); }).empty(), "a command was sent");
  });
  story.phrase("no rate counts {organisation}", [](Story& s, const W& w) {
    for (const auto& rates : s.ask([&](Reader& r) { return s.house().cases.rates(r, s.root(), {}); }))
      Story::expect(rates.key != w.at("organisation"), "it stands in the rates");
  });
}

// ---- forms --------------------------------------------------------------------------------------------------------

people::PersonId registered(Story& s, const W& w, const std::optional<std::string>& phone) {
  people::PersonWords words{w.at("name"), phone, {}, {}, {}, {}, places::PlaceId{w.at("place")}};
  const auto id = s.act([&](Tx& tx) { return s.house().people.add(tx, s.root(), words).id; });
  s.names[w.at("name")] = id.text;
  s.who(w.at("name")).person = id.text;
  return id;
}

affairs::RunId run_of(Story& s, const W& w) { return affairs::RunId{s.id_of(w.at("run"))}; }

std::vector<affairs::Blank> blanks(Story& s, const W& w, const Caller& caller) {
  return s.ask([&](Reader& r) { return s.house().affairs->blanks(r, caller, run_of(s, w), {}, 500); });
}

void add_forms(Story& story) {
  story.phrase("{name} is registered at {place}", [](Story& s, const W& w) { registered(s, w, {}); });
  story.phrase("{name} is registered at {place} with the phone {phone}", [](Story& s, const W& w) { registered(s, w, w.at("phone")); });
  story.phrase("{who} keeps the register of {place}", [](Story& s, const W& w) {
    const std::string path = s.ask([&](Reader& r) { return places::Places::path_of(r, places::PlaceId{w.at("place")}); });
    s.grant(w.at("who"), {"people.read", "people.write", "people.reveal", "purpose.registration", "affairs.read", "affairs.write"}, path);
    s.who(w.at("who")).purpose = "registration";
  });
  story.phrase("{who} maps the form {form} of {bureau} with {headings}", [](Story& s, const W& w) {
    auto words = affairs::Affairs::suggest(w.at("form") + "\n" + w.at("headings") + "\n");
    words.bureau = people::OrganisationId{w.at("bureau")};
    s.act([&](Tx& tx) { return s.house().affairs->put(tx, s.who(w.at("who")), affairs::FormId{w.at("form")}, words); });
  });
  story.phrase("{who} takes the form {form} in hand for {place} as {run}", [](Story& s, const W& w) {
    const affairs::RunWords words{affairs::FormId{w.at("form")}, places::PlaceId{w.at("place")}};
    s.names[w.at("run")] = s.act([&](Tx& tx) { return s.house().affairs->start(tx, s.who(w.at("who")), words).id.text; });
  });
  story.phrase("{n} cells of {run} are blank", [](Story& s, const W& w) {
    Story::expect_same(w.at("n"), std::to_string(blanks(s, w, s.root()).size()), "blank cells");
  });
  story.phrase("{who} answers {heading} in {run} with {value}", [](Story& s, const W& w) {
    affairs::AnswersWords answers;
    for (const affairs::Blank& blank : blanks(s, w, s.who(w.at("who"))))
      if (blank.heading == w.at("heading")) answers.items.push_back({blank.id, w.at("value")});
    Story::expect(!answers.items.empty(), "nobody asks for " + w.at("heading"));
    s.act([&](Tx& tx) { return s.house().affairs->answer(tx, s.who(w.at("who")), run_of(s, w), answers); });
  });
  story.phrase("{who} prints {run} and reads {text}", [](Story& s, const W& w) {
    const std::string file = s.act([&](Tx& tx) { return s.house().affairs->file(tx, s.who(w.at("who")), run_of(s, w)); });
    std::string all;
    for (const auto& row : sheet::read_table(file))
      for (const std::string& cell : row.cells) all += cell + " ";
    Story::expect(all.find(w.at("text")) != std::string::npos, "it says: " + all);
  });
}

// ---- rounds -------------------------------------------------------------------------------------------------------

rosters::Task newest_round(Story& s) {
  const auto all = s.ask([&](Reader& r) { return s.house().rounds->tasks(r, s.root(), {}); });
  Story::expect(!all.empty(), "no round has begun");
  return all.front();
}

void check_in(Story& s, const W& w, rosters::CheckWords words) {
  const auto point = s.ask([&](Reader& r) { return rosters::Rounds::find_point(r, rosters::PointId{"point-" + w.at("place")}); });
  Story::expect(point.has_value(), "there is no point");
  words.code = point->code;
  s.act([&](Tx& tx) { return s.house().rounds->check(tx, s.who(w.at("who")), newest_round(s).id, words); });
}

void add_rounds(Story& story) {
  story.phrase("the route {route} of {place} has points at {places}", [](Story& s, const W& w) {
    rosters::RouteWords route{w.at("route"), places::PlaceId{w.at("place")}, {}};
    std::istringstream in(w.at("places"));
    for (std::string each; std::getline(in, each, ',');) {
      const rosters::PointId id{"point-" + each};
      s.act([&](Tx& tx) { return s.house().rounds->put_point(tx, s.root(), id, {each, places::PlaceId{each}, {}, {}}); });
      route.points.push_back(id);
    }
    s.act([&](Tx& tx) { return s.house().rounds->put_route(tx, s.root(), rosters::RouteId{w.at("route")}, route); });
  });
  story.phrase("{post} goes {route} at {time} within {minutes} minutes or {kind} is told", [](Story& s, const W& w) {
    rosters::PlanWords plan;
    plan.route = rosters::RouteId{w.at("route")};
    plan.post = rosters::PostId{w.at("post")};
    plan.times = {*JsonText<rosters::ClockTime>::from(w.at("time"))};
    plan.within = std::chrono::minutes(std::stoi(w.at("minutes")));
    plan.missed = w.at("kind");
    s.act([&](Tx& tx) { return s.house().rounds->put_plan(tx, s.root(), rosters::PlanId{w.at("route")}, plan); });
  });
  story.phrase("{who} checks in at {place}", [](Story& s, const W& w) { check_in(s, w, {}); });
  story.phrase("{who} finds {kind} at {place} {note}", [](Story& s, const W& w) {
    rosters::CheckWords words;
    words.kind = w.at("kind");
    words.note = w.at("note");
    check_in(s, w, words);
  });
  story.phrase("the phone of {who} tells that it was at {place} at {time}", [](Story& s, const W& w) {
    rosters::CheckWords words;
    words.at = Story::local(Story::shown(s.now()).substr(0, 10) + "T" + w.at("time"));
    check_in(s, w, words);
  });
  story.phrase("the round is {state}", [](Story& s, const W& w) {
    Story::expect_same(w.at("state"), std::string(enum_name(newest_round(s).state)), "state");
  });
  story.phrase("a case {kind} opens at {place} as {case}", [](Story& s, const W& w) {
    for (const auto& c : s.ask([&](Reader& r) { return s.house().cases.list(r, s.root(), {}); }))
      if (c.kind == w.at("kind") && c.place.text == w.at("place") && cases::is_open(c.state)) {
        s.names[w.at("case")] = c.id.text;
        return;
      }
    throw StoryFailure("no such case");
  });
  story.phrase("no case {kind} is open at {place}", [](Story& s, const W& w) {
    for (const auto& c : s.ask([&](Reader& r) { return s.house().cases.list(r, s.root(), {}); }))
      Story::expect(c.kind != w.at("kind") || c.place.text != w.at("place") || !cases::is_open(c.state), c.number + " is open");
  });
  story.phrase("the cause of {case} is the round", [](Story& s, const W& w) {
    const auto found = s.ask([&](Reader& r) { return s.house().cases.find(r, cases::CaseId{s.id_of(w.at("case"))}); });
    Story::expect_same(newest_round(s).id.text, found->cause, "cause");
  });
}

}  // namespace

void add_room_phrases(Story& story) {
  add_drills(story);
  add_forms(story);
  add_rounds(story);
}

}  // namespace lifang
