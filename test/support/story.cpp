#include "support/story.hpp"

#include <algorithm>
#include <sstream>

namespace lifang {
namespace {

House::Plan plan_in(const std::string& directory) {
  House::Plan plan;
  plan.directory = directory;
  plan.node_key = Secret(std::string(kKeyBytes, 'k'));
  plan.accounts.cost = PasswordCost::for_tests();
  return plan;
}

/// Words between spaces; a "quoted text" is one word without its quotes; a colon or comma at a word's end is dropped.
std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  bool quoted = false, any = false;
  for (const char c : text) {
    if (c == '"') {
      quoted = !quoted;
      any = true;
    } else if (c == ' ' && !quoted) {
      if (any) words.push_back(word);
      word.clear();
      any = false;
    } else {
      word += c;
      any = true;
    }
  }
  if (any) words.push_back(word);
  return words;
}

bool is_clock(const std::string& word) {
  const bool shape = (word.size() == 5 || (word.size() == 8 && word[5] == ':')) && word[2] == ':';
  return shape && word.find_first_not_of("0123456789:") == std::string::npos;
}
bool is_day(const std::string& word) {
  return word.size() == 10 && word[4] == '-' && word[7] == '-' && word.find_first_not_of("0123456789-") == std::string::npos;
}

}  // namespace

Story::Story(db::Engine engine) : database_(engine), house_(plan_in(database_.directory()), database_.database(), world_.world) {
  house_.open();
  add_duty_phrases(*this);
  add_case_phrases(*this);
  add_outcome_phrases(*this);
  add_room_phrases(*this);
  add_sense_phrases(*this);
  phrase("the day is {day}", [](Story& s, const Words& w) { s.begin(local(w.at("day") + "T00:00")); });
  phrase("nothing else happens until {day} {time}", [](Story& s, const Words& w) { s.pass_until(local(w.at("day") + "T" + w.at("time"))); });
}

Time Story::local(const std::string& text) {
  const auto t = parse_time(text + (text.size() == 16 ? ":00" : "") + "+08:00");
  expect(t.has_value(), "not a time: " + text);
  return *t;
}

std::string Story::shown(Time t) { return to_rfc3339(t, 480).substr(0, 16); }

void Story::begin(Time t) {
  world_.clock.set(t);
  house_.lane.settle();
}

void Story::phrase(const std::string& pattern, Doing doing) { sentences_.push_back({split(pattern), std::move(doing)}); }

void Story::pass_until(Time end) {
  expect(end >= now(), "a story goes forward: it is already " + shown(now()));
  for (;;) {
    auto due = house_.jobs.next_due();
    if (const auto timer = house_.rules.live().next_due(); timer && (!due || *timer < *due)) due = timer;
    if (!due || *due > end) break;
    if (*due > now()) world_.clock.set(*due);
    if (!house_.lane.step()) break;
    house_.lane.settle();
  }
  world_.clock.set(end);
  house_.lane.settle();
}

Caller& Story::who(const std::string& name) {
  auto [it, is_new] = people_.try_emplace(name);
  if (is_new) it->second = Caller{"account-" + name, name, name, {}, {}, {}};
  return it->second;
}

void Story::grant(const std::string& name, const std::vector<std::string>& rights, const std::string& path) {
  for (const std::string& right : rights) who(name).grants.push_back({right, path});
}

std::string Story::id_of(const std::string& name) const {
  const auto found = names.find(name);
  expect(found != names.end(), "nothing is called " + name + " yet");
  return found->second;
}

void Story::tell(const std::string& text) {
  std::istringstream in(text);
  std::string each;
  for (int n = 1; std::getline(in, each); ++n) {
    try {
      line(each);
    } catch (const std::exception& failure) {
      throw StoryFailure(fmt::format("line {}: {}\n  {} (it is {})", n, each, failure.what(), shown(now())));
    }
  }
}

void Story::line(std::string text) {
  if (const auto comment = text.find("  #"); comment != std::string::npos) text.resize(comment);
  auto words = split(text);
  if (words.empty() || text.front() == '#') return;
  std::string day = shown(now()).substr(0, 10);
  if (is_day(words.front())) {
    day = words.front();
    words.erase(words.begin());
  }
  if (!words.empty() && is_clock(words.front())) {
    pass_until(local(day + "T" + words.front()));
    words.erase(words.begin());
  }
  if (words.empty()) return;
  std::string refusal;
  if (words.size() > 2 && words[words.size() - 2] == "refused") {
    refusal = words.back();
    words.resize(words.size() - 2);
  }
  std::string code;
  try {
    expect(say(words), "nobody understands this sentence");
  } catch (const Refusal& refused) {
    if (refusal.empty()) throw StoryFailure(fmt::format("refused {}: {}", refused.code, refused.detail));
    code = refused.code;
  }
  if (!refusal.empty()) expect_same(refusal, code, "refusal");
}

bool Story::say(const std::vector<std::string>& words) {
  for (const Sentence& sentence : sentences_) {
    if (sentence.pattern.size() != words.size()) continue;
    Words found;
    bool fits = true;
    for (std::size_t i = 0; fits && i < words.size(); ++i) {
      const std::string& part = sentence.pattern[i];
      if (part.front() == '{') {
        std::string word = words[i];
        found[part.substr(1, part.find('}') - 1)] = word.ends_with(':') ? word.substr(0, word.size() - 1) : word;
      } else {
        fits = part == words[i];
      }
    }
    if (!fits) continue;
    sentence.doing(*this, found);
    return true;
  }
  return false;
}

}  // namespace lifang
