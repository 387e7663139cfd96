// Sentences of the rooms below cases: drills.
#include <algorithm>

#include "rooms/drills/drills.hpp"
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
      if (rung.person.text == w.at("person") && rung.answered_at) {
        Story::expect_same(w.at("seconds"), std::to_string(*rung.seconds), "seconds");
        return;
      }
    throw StoryFailure(w.at("person") + " did not answer");
  });
  story.phrase("in the drill {drill} {person} did not answer", [](Story& s, const W& w) {
    const auto all = drill(s, w).rung;
    const auto found = std::find_if(all.begin(), all.end(), [&](const drills::Rung& r) { return r.person.text == w.at("person"); });
    Story::expect(found != all.end(), "it did not ring at them");
    Story::expect(!found->answered_at, "they answered");
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

}  // namespace

void add_room_phrases(Story& story) { add_drills(story); }

}  // namespace lifang
