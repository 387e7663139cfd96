// Sentences about what came of it: where cases stand, what diaries say, who hears, who is asked, what rings.
#include <algorithm>

#include "base/members.hpp"
#include "support/story.hpp"

namespace lifang {
namespace {

using W = Story::Words;

cases::Case look(Story& s, const W& w, const std::string& name = "case") {
  const auto found = s.ask([&](Reader& r) { return s.house().cases.get(r, s.root(), cases::CaseId{s.id_of(w.at(name))}); });
  return found;
}

std::vector<cases::DiaryLine> diary(Story& s, const W& w) {
  return s.ask([&](Reader& r) { return s.house().cases.diary(r, s.root(), cases::CaseId{s.id_of(w.at("case"))}, 0, 500); });
}

bool hears(Story& s, const std::string& who, const std::string& text) {
  const auto inbox = s.ask([&](Reader& r) { return s.house().notices.list(r, s.who(who), {}); });
  return std::any_of(inbox.begin(), inbox.end(), [&](const notices::Notice& n) {
    return n.text.find(text) != std::string::npos || n.title.find(text) != std::string::npos;
  });
}

std::vector<notices::Ring> rings(Story& s, const W& w, notices::RingState state) {
  notices::RingFilter filter;
  filter.case_ = cases::CaseId{s.id_of(w.at("case"))};
  filter.state = state;
  return s.ask([&](Reader& r) { return s.house().notices.rings(r, s.root(), filter); });
}

void rate(Story& s, const W& w, std::optional<bool> solved) {
  evaluations::Words words;
  words.score = std::stoll(w.at("score"));
  words.solved = solved;
  const std::string id = s.id_of(w.at("case"));
  s.act([&](Tx& tx) { return s.house().evaluations.give(tx, s.who(w.at("who")), id, words); });
}

void add_states(Story& story) {
  story.phrase("case {case} opens for {post}", [](Story& s, const W& w) {
    const cases::Case c = look(s, w);
    Story::expect_same(w.at("post"), c.post ? c.post->text : "nobody", "post");
    Story::expect(c.state == cases::State::assigned || c.state == cases::State::reported, "it has been taken already");
  });
  story.phrase("case {case} is {state}", [](Story& s, const W& w) {
    const cases::Case c = look(s, w);
    if (w.at("state") == "overdue") Story::expect(c.overdue, "it is not overdue");
    else if (w.at("state") == "supervised") Story::expect(c.supervised, "it is not supervised");
    else Story::expect_same(w.at("state"), std::string(enum_name(c.state)), "state");
  });
  story.phrase("the diary of {case} tells {codes} in this order, each once", [](Story& s, const W& w) {
    std::string found;
    for (const auto& line : diary(s, w))
      if (("," + w.at("codes") + ",").find("," + line.code + ",") != std::string::npos) found += (found.empty() ? "" : ",") + line.code;
    Story::expect_same(w.at("codes"), found, "diary");
  });
  story.phrase("case {case} was late", [](Story& s, const W& w) { Story::expect(look(s, w).was_late, "it never was late"); });
  story.phrase("case {case} is not overdue", [](Story& s, const W& w) { Story::expect(!look(s, w).overdue, "it is overdue"); });
  story.phrase("case {case} is held by {person}", [](Story& s, const W& w) {
    const cases::Case c = look(s, w);
    Story::expect_same(w.at("person"), c.person ? c.person->text : "nobody", "holder");
  });
  story.phrase("case {case} stands in the {circle} circle", [](Story& s, const W& w) {
    Story::expect_same(w.at("circle"), std::string(enum_name(look(s, w).circle)), "circle");
  });
  story.phrase("case {case} is due {day} {time}", [](Story& s, const W& w) {
    const cases::Case c = look(s, w);
    Story::expect_same(w.at("day") + "T" + w.at("time"), c.due ? Story::shown(*c.due) : "never", "due");
  });
  story.phrase("case {case} sleeps until {day} {time}", [](Story& s, const W& w) {
    const cases::Case c = look(s, w);
    Story::expect(c.state == cases::State::deferred, "it is awake");
    Story::expect_same(w.at("day") + "T" + w.at("time"), Story::shown(*c.deferred_until), "wakes");
  });
  story.phrase("case {case} has {n} reporters", [](Story& s, const W& w) {
    Story::expect_same(std::stoll(w.at("n")), look(s, w).reporters, "reporters");
  });
  story.phrase("case {case} and {other} are one", [](Story& s, const W& w) {
    Story::expect_same(s.id_of(w.at("case")), s.id_of(w.at("other")), "case");
  });
  story.phrase("case {case} ended {ending}", [](Story& s, const W& w) {
    const cases::Case c = look(s, w);
    Story::expect_same(w.at("ending"), c.ending ? std::string(enum_name(*c.ending)) : "not at all", "ending");
  });
  story.phrase("the diary of {case} says {words}", [](Story& s, const W& w) {
    std::string all;
    for (const cases::DiaryLine& line : diary(s, w)) {
      if (line.words.find(w.at("words")) != std::string::npos) return;
      all += "\n    " + Story::shown(line.at) + " " + line.words;
    }
    throw StoryFailure("it says:" + all);
  });
  story.phrase("{bureau} was late for {case}", [](Story& s, const W& w) {
    for (const cases::Called& called : s.ask([&](Reader& r) { return s.house().cases.beside(r, cases::CaseId{s.id_of(w.at("case"))}).called; }))
      if (called.organisation.text == w.at("bureau")) return Story::expect(called.late, "it was in time");
    throw StoryFailure("it was not called");
  });
}

void add_rates(Story& story) {
  story.phrase("the rates of {organisation} are response {a} of {b}", [](Story& s, const W& w) {
    cases::RatesFilter filter;
    filter.key = w.at("organisation");
    const auto rates = s.ask([&](Reader& r) { return s.house().cases.rates(r, s.root(), filter); });
    Story::expect(rates.size() == 1, "it held nothing");
    Story::expect_same(w.at("a") + " of " + w.at("b"), fmt::format("{} of {}", rates[0].response_good, rates[0].response_all), "response");
  });
}

bool is_queued(Story& s, const W& w) {
  cases::Filter mine;
  mine.mine = mine.by_due = true;
  const auto queue = s.ask([&](Reader& r) { return s.house().cases.list(r, s.who(w.at("who")), mine); });
  return std::any_of(queue.begin(), queue.end(), [&](const cases::Case& c) { return c.id.text == s.id_of(w.at("case")); });
}

void add_hearing(Story& story) {
  story.phrase("{case} is in the queue of {who}", [](Story& s, const W& w) { Story::expect(is_queued(s, w), "it is not in their queue"); });
  story.phrase("{case} is not in the queue of {who}", [](Story& s, const W& w) { Story::expect(!is_queued(s, w), "it is in their queue"); });
  story.phrase("{who} hears {words}", [](Story& s, const W& w) {
    Story::expect(hears(s, w.at("who"), w.at("words")), "nothing of it is in their inbox");
  });
  story.phrase("{who} does not hear {words}", [](Story& s, const W& w) {
    Story::expect(!hears(s, w.at("who"), w.at("words")), "it is in their inbox");
  });
  story.phrase("{staff} must tell {person} {words}", [](Story& s, const W& w) {
    notices::Filter filter;
    filter.to_tell = true;
    for (const auto& n : s.ask([&](Reader& r) { return s.house().notices.list(r, s.who(w.at("staff")), filter); })) {
      if (!n.person || n.person->text != w.at("person") || n.text.find(w.at("words")) == std::string::npos) continue;
      s.act([&](Tx& tx) { return s.house().notices.told(tx, s.who(w.at("staff")), n.id, {}); });
      return;
    }
    throw StoryFailure("it is not on the list of those to be told");
  });
  story.phrase("it rings at {person} for {case}", [](Story& s, const W& w) {
    const auto now = rings(s, w, notices::RingState::ringing);
    Story::expect(!now.empty(), "nothing rings");
    const bool there = std::any_of(now.begin(), now.end(), [&](const notices::Ring& r) { return r.person.text == s.who(w.at("person")).person; });
    Story::expect(there, "it rings at " + now.front().person.text);
  });
  story.phrase("nothing rings for {case}", [](Story& s, const W& w) {
    Story::expect(rings(s, w, notices::RingState::ringing).empty(), "it rings");
  });
  story.phrase("nobody answered for {case}", [](Story& s, const W& w) {
    Story::expect(!rings(s, w, notices::RingState::unanswered).empty(), "somebody did, or it rings still");
  });
}

}  // namespace

void add_outcome_phrases(Story& story) {
  add_states(story);
  add_rates(story);
  add_hearing(story);
  story.phrase("{who} rates {case} {score}", [](Story& s, const W& w) { rate(s, w, {}); });
  story.phrase("{who} rates {case} {score} and solved", [](Story& s, const W& w) { rate(s, w, true); });
  story.phrase("{who} rates {case} {score} and not solved", [](Story& s, const W& w) { rate(s, w, false); });
}

}  // namespace lifang
