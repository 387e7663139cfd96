// Sentences about what people and devices do with cases.
#include <memory>
#include <sstream>
#include <utility>

#include "rooms/cases/cases_catalogue.hpp"
#include "support/story.hpp"

namespace lifang {
namespace {

using W = Story::Words;
using cases::Move;

cases::CaseId case_of(Story& s, const W& w, const std::string& name = "case") { return cases::CaseId{s.id_of(w.at(name))}; }

void move(Story& s, const W& w, Move what, const cases::Words& words = {}) {
  const cases::CaseId id = case_of(s, w);
  s.act([&](Tx& tx) { return s.house().cases.move(tx, s.who(w.at("who")), id, what, words); });
}

cases::Words noted(const W& w) {
  cases::Words words;
  words.note = w.at("note");
  return words;
}

void report(Story& s, const W& w, const std::optional<cases::ReporterWords>& reporter, const std::string& text) {
  cases::Report words;
  words.kind = w.at("kind");
  words.place = places::PlaceId{w.at("place")};
  words.text = text;
  words.reporter = reporter;
  const auto opened = s.act([&](Tx& tx) { return s.house().cases.report(tx, s.who(w.at("who")), words); });
  s.names[w.at("case")] = opened.id.text;
}

void plain(Story& story, const std::string& verb, Move what) {
  story.phrase("{who} " + verb + " {case}", [what](Story& s, const W& w) { move(s, w, what); });
  story.phrase("{who} " + verb + " {case} because {note}", [what](Story& s, const W& w) { move(s, w, what, noted(w)); });
}

void add_reports(Story& story) {
  story.phrase("{who} reports {kind} at {place} as {case}", [](Story& s, const W& w) { report(s, w, {}, "请来看看"); });
  story.phrase("{who} reports {kind} at {place} {text} as {case}", [](Story& s, const W& w) { report(s, w, {}, w.at("text")); });
  story.phrase("{who} takes the call of {person} about {kind} at {place} {text} as {case}", [](Story& s, const W& w) {
    report(s, w, cases::ReporterWords{cases::PersonId{w.at("person")}, cases::Channel::call, {}}, w.at("text"));
  });
  story.phrase("situation {situation} opens {kind} at {place} by device {device} as {case}", [](Story& s, const W& w) {
    const cases::SituationOpened words{w.at("situation"), "rule-" + w.at("kind"), 1, w.at("device"), places::PlaceId{w.at("place")},
                                       "warning", w.at("kind"), "设备告警", {}, false};
    const auto id = s.act([&](Tx& tx) { return s.house().cases.open_for_situation(tx, words); });
    Story::expect(id.has_value(), "no case opened");
    s.names[w.at("case")] = id->text;
  });
  story.phrase("situation {situation} clears", [](Story& s, const W& w) {
    s.act([&](Tx& tx) { s.house().cases.situation_cleared(tx, w.at("situation"), tx.now()); });
  });
}

void add_joint(Story& story) {
  story.phrase("{who} whistles for {case}", [](Story& s, const W& w) { move(s, w, Move::whistle); });
  story.phrase("{who} whistles for {case} and calls {bureaus} within {minutes} minutes", [](Story& s, const W& w) {
    cases::Words words;
    words.call.emplace();
    std::istringstream in(w.at("bureaus"));
    for (std::string each; std::getline(in, each, ',');) words.call->emplace_back(each);
    words.report_in = std::chrono::minutes(std::stoi(w.at("minutes")));
    move(s, w, Move::whistle, words);
  });
  story.phrase("{who} reports in to {case}", [](Story& s, const W& w) { move(s, w, Move::report_in); });
  story.phrase("{who} shares {case} with {post} {task} and {post2} {task2} within {hours} hours", [](Story& s, const W& w) {
    cases::Words words;
    const Duration each = std::chrono::hours(std::stoi(w.at("hours")));
    words.parts = std::vector<cases::PartWords>{{cases::PostId{w.at("post")}, w.at("task"), each},
                                                {cases::PostId{w.at("post2")}, w.at("task2"), each}};
    move(s, w, Move::joint, words);
  });
  story.phrase("{who} finishes their part of {case}", [](Story& s, const W& w) { move(s, w, Move::done); });
  story.phrase("{who} confirms line {n} of {case}", [](Story& s, const W& w) {
    cases::Words words;
    words.check = std::stoll(w.at("n"));
    move(s, w, Move::confirm, words);
  });
  story.phrase("{who} merges {case} into {other}", [](Story& s, const W& w) {
    cases::Words words;
    words.into = case_of(s, w, "other");
    move(s, w, Move::merge, words);
  });
}

// ---- without a network ----------------------------------------------------------------------------------------------

/// What waits on somebody's phone, and what came back refused.
struct Letter {
  Move what;
  std::string name, case_name;
  std::optional<std::string> note;
};
struct Phone {
  bool offline = false;
  std::vector<Letter> waiting;
  std::map<std::string, std::string> refused;  ///< "accept C2" → code
};
using Phones = std::shared_ptr<std::map<std::string, Phone>>;

/// The phone tells what it kept, oldest first; a refusal is kept and the rest goes on.
void send_all(Story& s, const std::string& who, Phone& phone) {
  phone.offline = false;
  for (const Letter& letter : std::exchange(phone.waiting, {})) {
    cases::Words words;
    words.note = letter.note;
    try {
      s.act([&](Tx& tx) { return s.house().cases.move(tx, s.who(who), cases::CaseId{s.id_of(letter.case_name)}, letter.what, words); });
    } catch (const Refusal& refusal) {
      phone.refused[letter.name + " " + letter.case_name] = refusal.code;
    }
  }
}

void add_cellar(Story& story) {
  const Phones phones = std::make_shared<std::map<std::string, Phone>>();
  story.phrase("{who} goes where there is no network", [phones](Story&, const W& w) { (*phones)[w.at("who")].offline = true; });
  const auto keep = [phones](const W& w, Move what) {
    Phone& phone = (*phones)[w.at("who")];
    Story::expect(phone.offline, "they have a network");
    const auto note = w.find("note");
    phone.waiting.push_back({what, std::string(cases::spelling(what)), w.at("case"),
                             note == w.end() ? std::nullopt : std::optional(note->second)});
  };
  for (const auto& [verb, what] : {std::pair("accepts", Move::accept), std::pair("arrives at", Move::arrive), std::pair("handles", Move::handle)}) {
    const std::string pattern = std::string("{who} ") + verb + " {case} on his phone";
    story.phrase(pattern, [keep, what](Story&, const W& w) { keep(w, what); });
    story.phrase(pattern + " because {note}", [keep, what](Story&, const W& w) { keep(w, what); });
  }
  story.phrase("{who} is back in the network", [phones](Story& s, const W& w) { send_all(s, w.at("who"), (*phones)[w.at("who")]); });
  story.phrase("the phone of {who} keeps nothing back", [phones](Story&, const W& w) {
    Story::expect((*phones)[w.at("who")].waiting.empty(), "something waits on it");
  });
  story.phrase("the phone of {who} says that {move} of {case} was refused with {code}", [phones](Story&, const W& w) {
    const auto& refused = (*phones)[w.at("who")].refused;
    const auto found = refused.find(w.at("move") + " " + w.at("case"));
    Story::expect(found != refused.end(), "it was not refused");
    Story::expect_same(w.at("code"), found->second, "code");
  });
}

}  // namespace

void add_case_phrases(Story& story) {
  add_reports(story);
  add_cellar(story);
  add_joint(story);
  const std::pair<const char*, Move> verbs[] = {
      {"accepts", Move::accept},   {"arrives at", Move::arrive}, {"handles", Move::handle},       {"verifies", Move::verify},
      {"closes", Move::close},     {"returns", Move::return_},   {"approves", Move::approve},     {"denies", Move::deny},
      {"urges", Move::urge},       {"supervises", Move::supervise}, {"refuses", Move::refuse},    {"dismisses", Move::false_alarm},
      {"reopens", Move::reopen},   {"appeals", Move::appeal},    {"assigns", Move::assign},       {"notes on", Move::note},
  };
  for (const auto& [verb, what] : verbs) plain(story, verb, what);
  story.phrase("{who} assigns {case} to {post}", [](Story& s, const W& w) {
    cases::Words words;
    words.post = cases::PostId{w.at("post")};
    move(s, w, Move::assign, words);
  });
  story.phrase("{who} transfers {case} to {post} because {note}", [](Story& s, const W& w) {
    cases::Words words = noted(w);
    words.post = cases::PostId{w.at("post")};
    move(s, w, Move::transfer, words);
  });
  story.phrase("{who} defers {case} until {day} because {note}", [](Story& s, const W& w) {
    cases::Words words = noted(w);
    words.until = Story::local(w.at("day") + "T00:00");
    move(s, w, Move::defer, words);
  });
  story.phrase("{who} finds {case} not done because {note}", [](Story& s, const W& w) {
    cases::Words words = noted(w);
    words.passed = false;
    move(s, w, Move::verify, words);
  });
  story.phrase("{who} decides for the appeal of {case}", [](Story& s, const W& w) {
    cases::Words words;
    words.granted = true;
    move(s, w, Move::decide, words);
  });
}

}  // namespace lifang
