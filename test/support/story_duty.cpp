// Sentences about places, people and who is on duty.
#include <sstream>

#include "base/members.hpp"
#include "support/known.hpp"
#include "support/story.hpp"

namespace lifang {
namespace {

using W = Story::Words;

std::vector<std::string> listed(const std::string& text) {
  std::vector<std::string> all;
  std::istringstream in(text);
  for (std::string each; std::getline(in, each, ',');) all.push_back(each);
  return all;
}

std::string path_of(Story& s, const std::string& place) {
  return s.ask([&](Reader& r) { return places::Places::path_of(r, places::PlaceId{place}); });
}

void keep_place(Story& s, const W& w, const std::optional<std::string>& parent) {
  const auto kind = enum_from_name<places::Kind>(w.at("kind"));
  Story::expect(kind.has_value(), "no such kind of place");
  places::PlaceWords words{*kind, w.at("name"), {}, {}, {}, {}, {}};
  if (parent) words.parent = places::PlaceId{*parent};
  s.act([&](Tx& tx) { return s.house().places.put(tx, s.root(), places::PlaceId{w.at("id")}, words); });
}

rosters::ClockTime clock_of(const std::string& text) {
  const auto clock = JsonText<rosters::ClockTime>::from(text);
  Story::expect(clock.has_value(), "not a time of day: " + text);
  return *clock;
}

void keep_duty(Story& s, const W& w, const std::string& from, const std::string& to, rosters::On on) {
  rosters::ShiftWords words;
  words.post = rosters::PostId{w.at("post")};
  words.place = places::PlaceId{w.at("place")};
  words.organisation = rosters::OrganisationId{w.at("organisation")};
  words.from = clock_of(from);
  words.to = clock_of(to);
  words.on = on;
  for (const std::string& person : listed(w.at("persons"))) {
    words.persons.emplace_back(s.who(person).person);
    s.grant(person, {"cases.read", "cases.report", "cases.handle"}, path_of(s, w.at("place")));
  }
  const std::string id = w.at("post") + "-" + w.at("place") + "-" + from.substr(0, 2) + std::string(enum_name(on));
  s.act([&](Tx& tx) {
    make_known(tx, words);
    return s.house().rosters.put_shift(tx, s.root(), rosters::ShiftId{id}, words);
  });
}

void keep_absence(Story& s, const std::string& person, const std::string& from, const std::string& until,
                  const std::optional<std::string>& substitute) {
  rosters::AbsenceWords words{rosters::PersonId{person}, Story::local(from + "T00:00"), Story::local(until + "T00:00"), {}, {}};
  if (substitute) words.substitute = rosters::PersonId{*substitute};
  s.act([&](Tx& tx) {
    make_known(tx, words.person);
    if (words.substitute) make_staff(tx, *words.substitute);
    return s.house().rosters.report_absence(tx, s.root(), words);
  });
}

}  // namespace

void add_duty_phrases(Story& story) {
  story.phrase("place {id} is the {kind} {name}", [](Story& s, const W& w) { keep_place(s, w, {}); });
  story.phrase("place {id} is the {kind} {name} in {parent}", [](Story& s, const W& w) { keep_place(s, w, w.at("parent")); });
  story.phrase("{who} lives in {place}", [](Story& s, const W& w) {
    s.grant(w.at("who"), {"cases.report"}, path_of(s, w.at("place")));
  });
  story.phrase("{who} runs the desk of {place}", [](Story& s, const W& w) {
    s.grant(w.at("who"), {"cases.*", "rosters.*", "evaluations.*", "notices.*", "drills.*", "scorecards.*", "affairs.*"}, path_of(s, w.at("place")));
  });
  story.phrase("duty {post} at {place}: {persons} for {organisation}", [](Story& s, const W& w) {
    keep_duty(s, w, "00:00", "24:00", rosters::On::every);
  });
  story.phrase("duty {post} at {place}: {persons} from {from} to {to} for {organisation}", [](Story& s, const W& w) {
    keep_duty(s, w, w.at("from"), w.at("to"), rosters::On::every);
  });
  story.phrase("duty {post} at {place}: {persons} from {from} to {to} on working days for {organisation}", [](Story& s, const W& w) {
    keep_duty(s, w, w.at("from"), w.at("to"), rosters::On::working);
  });
  story.phrase("{who} is away from {from} until {until}", [](Story& s, const W& w) {
    keep_absence(s, w.at("who"), w.at("from"), w.at("until"), {});
  });
  story.phrase("{who} is away from {from} until {until} and {substitute} stands in", [](Story& s, const W& w) {
    keep_absence(s, w.at("who"), w.at("from"), w.at("until"), w.at("substitute"));
  });
}

}  // namespace lifang
