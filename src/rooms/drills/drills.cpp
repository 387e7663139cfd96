#include "rooms/drills/drills.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/members.hpp"
#include "base/reflect.hpp"
#include "platform/bus/typed.hpp"
#include "rooms/cases/cases_catalogue.hpp"
#include "rooms/devices/devices.hpp"
#include "rooms/drills/drills_store.hpp"
#include "rooms/rules/rules.hpp"

namespace lifang::drills {
namespace {

constexpr const char* kEndJob = "drills.end";
constexpr Duration kUsual = std::chrono::minutes(30);
constexpr Duration kLongest = std::chrono::hours(24);

/// What the rule's actions would have told machines to do.
std::vector<std::string> commands_in(const boost::json::value& rule, const std::string& device) {
  std::vector<std::string> all;
  const auto* actions = rule.is_object() ? rule.get_object().if_contains("actions") : nullptr;
  if (!actions || !actions->is_array()) return all;
  for (const auto& action : actions->get_array()) {
    const auto text = [&](std::string_view name) -> std::string {
      const auto* found = action.is_object() ? action.get_object().if_contains(name) : nullptr;
      return found && found->is_string() ? std::string(found->get_string()) : std::string();
    };
    const std::string to = text("device"), command = text("command");
    if (!command.empty()) all.push_back(fmt::format("{} {}", to.empty() || to == "self" ? device : to, command));
  }
  return all;
}

/// The drill as if the rule had found something at the device.
void fill_from_rule(Tx& tx, const DrillWords& words, Drill& drill) {
  if (!words.device) throw invalid("drills.what", "/device", "a rule is drilled at one of its devices");
  const auto device = devices::Devices::find(tx, devices::DeviceId{*words.device});
  if (!device) throw invalid("drills.unknown_device", "/device", "no such device");
  const auto all = rules::Rules::versions(tx, rules::RuleId{*words.rule});
  if (all.empty()) throw invalid("drills.unknown_rule", "/rule", "no such rule");
  const auto rule = parse_json(all.front().rule.text);
  const auto* kind = rule.as_object().if_contains("case");
  if (!kind || !kind->is_string()) throw invalid("drills.no_case", "/rule", "this rule opens no case: it rings nobody");
  drill.rule = *words.rule;
  drill.device = *words.device;
  drill.kind = std::string(kind->get_string());
  drill.place = device->place;
  drill.blocked = commands_in(rule, drill.device);
}

std::int64_t seconds_between(Time from, Time to) { return std::chrono::duration_cast<std::chrono::seconds>(to - from).count(); }

}  // namespace

Drills::Drills(bus::Bus& bus, jobs::Jobs& jobs, files::Files& files, cases::Cases& cases, rosters::Rosters& rosters,
               const notices::Notices& notices, const people::People& people)
    : bus_(bus),
      jobs_(jobs),
      cases_(cases),
      notices_(notices),
      people_(people),
      outside_(bus, jobs, files, rosters, cases.catalogue()) {
  jobs_.on(kEndJob, [this](Tx& tx, const jobs::Job& job) {
    auto drill = store::find(tx, DrillId{job.name});
    const Caller machine = Caller::system();
    if (drill && !drill->ended_at) finish(tx, machine, *drill);
  });
}

Drill Drills::begin(Tx& tx, const Caller& caller, const DrillWords& words) {
  caller.must("drills.run");
  Drill drill;
  if (words.rule) {
    fill_from_rule(tx, words, drill);
  } else {
    if (!words.kind || !words.place) throw invalid("drills.what", "/kind", "a rule and a device, or a kind and a place");
    drill.kind = *words.kind;
    drill.place = *words.place;
  }
  drill.path = places::Places::path_of(tx, drill.place);
  caller.must("drills.run", drill.path);
  drill.note = words.note.value_or("");
  if (drill.note.size() > 500) throw invalid("drills.too_long", "/note", "at most 500 bytes");
  const Duration lasts = words.lasts.value_or(kUsual);
  if (lasts <= Duration{0} || lasts > kLongest) throw invalid("drills.too_long", "/lasts", "at most a day");
  if (store::runs(tx, drill.kind, drill.place)) throw conflict("drills.runs_already", "a drill of this kind runs at this place");
  drill.id = DrillId::make(tx.ids());
  drill.by = caller.account;
  drill.began_at = tx.now();
  drill.until = tx.now() + lasts;

  // Told as a report and not as a situation: no rule, no machine and no figure hears of it.
  cases::Report report;
  report.kind = drill.kind;
  report.place = drill.place;
  report.text = drill.note.empty() ? "演练：请按真实警情接单" : fmt::format("演练：{}", drill.note);
  report.drill = true;
  cases::ReporterWords reporter;
  reporter.channel = cases::Channel::device;
  report.reporter = reporter;
  Caller machine = caller;
  machine.person.clear();  // who starts a drill may be rung by it
  machine.grants.push_back({"cases.handle", drill.path});
  drill.case_ = cases_.report(tx, machine, report).id;
  store::insert(tx, drill);
  jobs_.at(tx, kEndJob, drill.id.text, drill.until);
  bus::tell(bus_, tx, Began{drill.id, drill.case_}, {drill.id.text, drill.path, {}, caller.account});
  return drill;
}

Drill Drills::end(Tx& tx, const Caller& caller, const DrillId& id) {
  auto drill = store::find(tx, id);
  caller.must("drills.run");
  if (!drill || !caller.may("drills.run", drill->path)) throw missing("drills.unknown", "no such drill");
  if (!drill->ended_at) finish(tx, caller, *drill);
  return *drill;
}

void Drills::finish(Tx& tx, const Caller& caller, Drill& drill) {
  drill.ended_at = tx.now();
  store::end(tx, drill.id, tx.now());
  jobs_.cancel(tx, kEndJob, drill.id.text);
  outside_.end_drill(tx, caller, drill.case_);
  bus::tell(bus_, tx, Ended{drill.id}, {drill.id.text, drill.path, drill.case_.text, caller.account});
}

void Drills::add_call(Reader& reader, Rung& rung, const std::string& ring) const {
  if (!people::PersonId::fits(rung.person.text) || !people_.phone_for_channel(reader, people::PersonId{rung.person.text})) {
    rung.number = Number::none;
    return;
  }
  notices::MessageFilter calls;
  calls.channel = "voice";
  calls.to = rung.person.text;
  calls.limit = 500;
  for (const notices::Message& message : notices_.messages(reader, calls)) {
    if (message.cause != ring || message.state == notices::MessageState::queued) continue;
    // What the network said of it stands first in its log line: "answered key 1", "no_answer".
    for (const notices::LogLine& line : notices_.log(reader, message.id))
      if (const auto said = enum_from_name<notices::CallResult>(line.detail.substr(0, line.detail.find(' ')))) rung.call = said;
    if (rung.call) rung.number = *rung.call == notices::CallResult::dead ? Number::dead : Number::works;
    else if (message.state == notices::MessageState::sent) rung.number = Number::unheard;
    // Given up before its tries were over: the number is dead. After all of them it is the gateway that is out of order.
    else if (message.attempts < notices::kMostAttempts) rung.number = Number::dead;
    return;
  }
}

Report Drills::report(Reader& reader, const Caller& caller, const DrillId& id) const {
  const auto drill = store::find(reader, id);
  caller.must("drills.read");
  if (!drill || !caller.may("drills.read", drill->path)) throw missing("drills.unknown", "no such drill");
  Report report;
  static_cast<Drill&>(report) = *drill;
  if (const auto about = cases_.find(reader, drill->case_)) report.state = about->state;
  for (const notices::Rung& rang : notices::rung_of(reader, Caller::system(), drill->case_, cases_, people_).rung) {
    Rung rung;
    rung.person = rang.person.value_or(cases::PersonId{});
    rung.name = rang.name;
    rung.purpose = rang.purpose;
    rung.step = rang.step;
    rung.at = rang.at;
    rung.state = rang.state;
    add_call(reader, rung, rang.ring.text);
    if (rung.number == Number::none || rung.number == Number::dead) ++report.unreachable;
    if (rung.state == notices::RungState::passed) ++report.unanswered;
    if (rung.state == notices::RungState::answered && rang.ended_at) {
      rung.answered_at = rang.ended_at;
      rung.seconds = seconds_between(rung.at, *rang.ended_at);
      if (rung.purpose.empty()) report.answered = true;
      const auto after = seconds_between(drill->began_at, *rang.ended_at);
      if (!report.seconds || after < *report.seconds) report.seconds = after;
    }
    report.rung.push_back(std::move(rung));
  }
  return report;
}

std::vector<Drill> Drills::list(Reader& reader, const Caller& caller, const Filter& filter) {
  return store::list(reader, caller.paths("drills.read"), filter);
}
std::int64_t Drills::count(Reader& reader, const Caller& caller, const Filter& filter) {
  return store::count(reader, caller.paths("drills.read"), filter);
}
std::optional<Drill> Drills::find(Reader& reader, const DrillId& id) { return store::find(reader, id); }

void Drills::place_moved(Tx& tx, const std::string& from, const std::string& to) { store::rebase(tx, from, to); }

}  // namespace lifang::drills
