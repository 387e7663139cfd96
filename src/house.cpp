#include "house.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

#include "base/check.hpp"
#include "house_below.hpp"
#include "house_calendar.hpp"
#include "house_live.hpp"
#include "platform/bus/typed.hpp"
#include "platform/http/routes.hpp"
#include "rooms/accounts/accounts_codes.hpp"
#include "rooms/accounts/accounts_http.hpp"
#include "rooms/actions/actions_http.hpp"
#include "rooms/affairs/affairs.hpp"
#include "rooms/affairs/affairs_http.hpp"
#include "rooms/audit/audit_http.hpp"
#include "rooms/cases/cases_catalogue.hpp"
#include "rooms/cases/cases_http.hpp"
#include "rooms/devices/devices_http.hpp"
#include "rooms/drills/drills.hpp"
#include "rooms/drills/drills_http.hpp"
#include "rooms/evaluations/evaluations_http.hpp"
#include "rooms/exchange/exchange.hpp"
#include "rooms/exchange/exchange_captures.hpp"
#include "rooms/exchange/exchange_captures_http.hpp"
#include "rooms/exchange/exchange_http.hpp"
#include "rooms/files/files_http.hpp"
#include "rooms/imports/imports.hpp"
#include "rooms/imports/imports_http.hpp"
#include "rooms/notices/notices_announce.hpp"
#include "rooms/notices/notices_announce_http.hpp"
#include "rooms/notices/notices_http.hpp"
#include "rooms/notices/notices_bridge.hpp"
#include "rooms/notices/notices_phone.hpp"
#include "rooms/people/people_http.hpp"
#include "rooms/places/places_http.hpp"
#include "rooms/readings/readings_http.hpp"
#include "rooms/rosters/rosters_http.hpp"
#include "rooms/rosters/rosters_rounds.hpp"
#include "rooms/rosters/rosters_rounds_http.hpp"
#include "rooms/rules/rules_http.hpp"
#include "rooms/scorecards/scorecards.hpp"
#include "rooms/scorecards/scorecards_http.hpp"
#include "rooms/situations/situations_http.hpp"

namespace lifang {
namespace {

constexpr std::string_view kAnswers = "http.answers";  ///< what stored answers are sealed for

/// A detection names one file; the clip beside its picture stands among its attributes.
std::optional<std::string> clip_of(const readings::Detection& detection) {
  if (detection.attributes.empty()) return std::nullopt;
  const auto attributes = parse_json(detection.attributes);
  const auto* clip = attributes.is_object() ? attributes.get_object().if_contains("clip") : nullptr;
  if (clip == nullptr || !clip->is_string()) return std::nullopt;
  return std::string(clip->get_string());
}

/// Notes with each device what came late or twice: whoever looks after it sees a clock or a network that is off.
void count_flagged(Tx& tx, devices::Devices& devices, const readings::Batch& batch) {
  struct Flagged {
    devices::DevicePtr device;
    std::uint64_t late = 0, repeated = 0;
    std::int64_t at = 0;
    std::string sample;
  };
  std::vector<Flagged> flagged;
  const auto note = [&](std::uint32_t device, std::uint64_t late, std::uint64_t repeated, std::int64_t at, std::int64_t ts) {
    if (late + repeated == 0) return;
    if (auto entry = devices.registry().at(device))
      flagged.push_back({std::move(entry), late, repeated, at, to_rfc3339(from_ms(ts))});
  };
  for (const readings::Item& item : batch.items) {
    std::uint64_t late = 0, repeated = 0;
    for (const readings::Value& value : batch.values_of(item)) {
      if (value.flags & readings::repeated) ++repeated;
      else if (value.flags & readings::late) ++late;
    }
    note(item.device, late, repeated, item.arrived, item.ts);
  }
  for (const readings::Detection& d : batch.detections)
    note(d.device, !d.id.empty() && (d.flags & readings::late) ? 1 : 0, d.id.empty() ? 1 : 0, d.arrived, d.ts);
  if (flagged.empty()) return;
  tx.after_commit([&devices, flagged = std::move(flagged)] {
    for (const Flagged& f : flagged) {
      f.device->state->late += f.late;
      f.device->state->repeated += f.repeated;
      if (f.late > 0) devices.refusals().note(f.device->number, "readings.late", f.at, f.sample, f.late);
      if (f.repeated > 0) devices.refusals().note(f.device->number, "readings.repeated", f.at, f.sample, f.repeated);
    }
  });
}

/// What people made of the situations that a rule raised.
rules::Outcomes outcomes() {
  constexpr std::size_t kMost = 20'000;  // of one rule: years of a rule that is not hopeless
  return {[](Reader& reader, const rules::RuleId& rule) {
            const auto rate = situations::Situations::false_rate(reader, rule);
            return rules::Outcomes::Rate{rate.situations, rate.false_alarms};
          },
          [](Reader& reader, const rules::RuleId& rule, std::optional<Time> from, std::optional<Time> to) {
            std::vector<rules::Marked> marked;
            for (const auto& o : situations::Situations::outcomes(reader, rule, from, to, kMost))
              marked.push_back({o.device, o.began_at, o.ended_at, o.peak.value_or(NAN), o.false_alarm});
            return marked;
          }};
}

/// What a round found, or who did not come, is owed to somebody; a kind that nobody knows becomes "other".
struct RoundWords {
  std::string text, by;
  std::vector<std::string> files;
};
void open_for_round(House& house, Tx& tx, const std::string& kind, const places::PlaceId& place, const rosters::TaskId& task,
                    const std::optional<rosters::PointId>& point, const RoundWords& words) {
  const auto known = house.cases.catalogue().find(tx, kind);
  cases::Report report;
  report.kind = known && !known->retired ? kind : std::string(cases::kOtherKind);
  report.place = place;
  report.text = words.text;
  report.files = words.files;
  cases::ReporterWords reporter;
  reporter.channel = cases::Channel::device;
  report.reporter = reporter;
  Caller machine = Caller::system();
  if (!words.by.empty()) machine.account = machine.name = words.by;
  rosters::Rounds::became(tx, task, point, house.cases.report(tx, machine, report, task.text).id.text);
}

/// What somebody found on a round, with their words and photos.
void found_on_round(House& house, Tx& tx, const rosters::Found& found, const std::string& by) {
  const auto task = rosters::Rounds::find_task(tx, found.task);
  RoundWords words{"巡查发现", by, {}};
  for (const auto& check : task ? task->checks : std::vector<rosters::Check>{}) {
    if (check.point != found.point) continue;
    words.text += "：" + check.name + (check.note.empty() ? "" : "，" + check.note);
    words.files = check.files;
  }
  open_for_round(house, tx, found.kind, found.place, found.task, found.point, words);
}

/// A rule says a word to a post: into the inbox of its people at the situation's place.
void tell_by_rule(House& house, Tx& tx, const actions::Notify& notify) {
  const auto situation = situations::Situations::find(tx, notify.situation);
  if (!situation || !is_client_id(notify.whom)) return;  // a version from before posts were checked
  notices::SendWords words;
  words.title = situation->drill ? "【演练】预警提醒" : "预警提醒";
  words.text = notify.text;
  words.place = situation->place;
  words.posts.emplace().emplace_back(notify.whom);
  words.urgent = enum_name(situation->severity) == "critical";
  house.notices.send(tx, Caller::system(), words, {situation->drill ? "[Drill] A warning" : "A warning"});
}

}  // namespace

House::House(Plan plan_, db::Database& database_, World& world_)
    : plan(std::move(plan_)),
      database(database_),
      world(world_),
      vault(plan.node_key),
      lane(database, world, bus, jobs, lane::Lane::Options{.only_asked = plan.only_asked}),
      readers(database),
      places(bus),
      people(bus, vault),
      accounts(bus, vault, plan.accounts),
      files(bus, vault, std::filesystem::path(plan.directory) / "files", plan.files),
      audit(vault),
      devices(bus, jobs, vault, plan.offset_minutes),
      readings(world, plan.readings, &vault),
      rules(bus, jobs, devices, readings, plan.offset_minutes),
      situations(bus, jobs, plan.offset_minutes),
      rosters(bus, world_.clock, plan.offset_minutes),
      cases(bus, jobs, files, rosters),
      evaluations(bus, jobs, cases),
      notices(bus, jobs, vault, rosters, cases),
      actions(bus, jobs, devices, readings, rules),
      imports(std::make_shared<imports::Imports>(bus, jobs, vault, imports::Rooms{places, people, rosters, devices, cases,
          [this](const std::string& path) { return routes->is_reserved(path); }}, plan.offset_minutes)),
      exchange(std::make_shared<exchange::Exchange>(
          bus, jobs, files, cases, people, rosters,
          std::make_shared<exchange::Captures>(bus, jobs, vault, exchange::Captures::Rooms{files, devices, readings, metrics}))),
      drills(std::make_shared<drills::Drills>(bus, jobs, files, cases, rosters, notices, people)),
      scorecards(std::make_shared<scorecards::Scorecards>(cases, plan.offset_minutes)),
      affairs(std::make_shared<affairs::Affairs>(bus, vault, people, plan.offset_minutes)),
      routes(std::make_unique<http::Routes>(http::Routes::Parts{lane, readers, metrics, world, plan.offset_minutes},
                                            plan.workers)) {
  phones = std::make_shared<notices::Phones>(jobs, notices, cases);
  bridges = std::make_shared<notices::Bridges>(notices, cases, people);
  notices::Announcements::Quiet quiet;
  quiet.offset_minutes = plan.offset_minutes;
  announcements = std::make_shared<notices::Announcements>(bus, jobs, people, cases, *phones, quiet);
  rounds = std::make_shared<rosters::Rounds>(bus, jobs, rosters, files);
  notices.let_webhooks_inside(plan.webhooks_inside);
  people.let_tell_looks([](Reader& reader, const people::PersonId& id) {
    std::vector<people::Look> looks;
    std::optional<std::int64_t> last;
    for (audit::View& view : audit::Audit::views_of(reader, id.text, {}, 2000, last))
      looks.push_back({view.at, std::move(view.name), std::move(view.purpose), std::move(view.what), std::move(view.case_)});
    return looks;
  });
  wire();
  add_routes();
  metrics.gauges([this](const auto& say) {
    say("lifang_readings_series", static_cast<double>(readings.series()));
    say("lifang_readings_unfolded_points", static_cast<double>(readings.unfolded()));
    const readings::Counters& count = readings.counters();
    say("lifang_readings_stored_total", static_cast<double>(count.stored));
    say("lifang_readings_suspect_total", static_cast<double>(count.suspect));
    say("lifang_readings_late_total", static_cast<double>(count.late));
    say("lifang_readings_repeated_total", static_cast<double>(count.repeated));
    say("lifang_detections_stored_total", static_cast<double>(count.detections));
  });
}

House::~House() {
  routes->stop();
  lane.stop();
}

/// Who hears whom. This page is the diagram of the system.
void House::wire() {
  rules.live().on_verdict([this](Tx& tx, const rules::Judged& judged) { situations.apply(tx, judged); });
  rules.live().ask_roster([this](Reader& reader, const std::string& post, std::string_view path, Time at) {
    return rosters.is_due(reader, rosters::PostId{post}, path, at);
  });
  rules.ask_known(known_to_rules(*this));
  lane.add(rules.live());
  lane.add(devices.refusals());

  bus::hear<places::Moved>(bus, "people", [this](Tx& tx, const places::Moved& moved, const bus::Told&) {
    people.on_moved(tx, moved);
  });
  bus::hear<places::Moved>(bus, "accounts", [this](Tx& tx, const places::Moved& moved, const bus::Told&) {
    accounts.on_moved(tx, moved);
  });
  bus::hear<places::Moved>(bus, "devices", [this](Tx& tx, const places::Moved& moved, const bus::Told&) {
    devices.place_moved(tx, moved.from, moved.to);
  });
  bus::hear<places::Moved>(bus, "rosters", [this](Tx& tx, const places::Moved& moved, const bus::Told&) {
    rosters.place_moved(tx, moved.from, moved.to);
  });
  bus::hear<places::Moved>(bus, "cases", [this](Tx& tx, const places::Moved& moved, const bus::Told&) {
    cases.place_moved(tx, moved.from, moved.to);
  });
  bus::hear<places::Moved>(bus, "evaluations", [this](Tx& tx, const places::Moved& moved, const bus::Told&) {
    evaluations.place_moved(tx, moved.from, moved.to);
  });
  bus.hear("evaluations", "cases.closed", [this](Tx& tx, const bus::Told& told) {
    evaluations.case_closed(tx, from_json<cases::Step>(told.body));
  });
  bus.hear("evaluations", "cases.reopened", [this](Tx& tx, const bus::Told& told) {
    evaluations.case_reopened(tx, from_json<cases::Step>(told.body), told.cause);
  });
  bus::hear<places::Moved>(bus, "notices", [this](Tx& tx, const places::Moved& moved, const bus::Told&) {
    notices.place_moved(tx, moved.from, moved.to);
  });
  for (const char* topic : {"cases.opened", "cases.joined", "cases.assigned", "cases.warned", "cases.escalated", "cases.called",
                            "cases.closed", "cases.reopened", "cases.refused", "cases.false_alarm", "cases.stepped"})
    bus.hear("notices", topic, [this](Tx& tx, const bus::Told& told) {
      notices.case_told(tx, from_json<cases::Step>(told.body), told);
    });
  bus::hear<evaluations::Asked>(bus, "notices", [this](Tx& tx, const evaluations::Asked& asked, const bus::Told&) {
    notices.evaluation_asked(tx, asked);
  });
  bus::hear<actions::Notify>(bus, "notices", [this](Tx& tx, const actions::Notify& n, const bus::Told&) { tell_by_rule(*this, tx, n); });
  bus::hear<places::Moved>(bus, "exchange", [this](Tx& tx, const places::Moved& moved, const bus::Told&) {
    exchange->place_moved(tx, moved.from, moved.to);
  });
  bus::hear<places::Moved>(bus, "rounds", [this](Tx& tx, const places::Moved& moved, const bus::Told&) {
    rounds->place_moved(tx, moved.from, moved.to);
  });
  bus::hear<rosters::Found>(bus, "cases", [this](Tx& tx, const rosters::Found& found, const bus::Told& told) {
    found_on_round(*this, tx, found, told.by);
  });
  bus::hear<rosters::Missed>(bus, "cases", [this](Tx& tx, const rosters::Missed& missed, const bus::Told&) {
    if (!missed.kind.empty())
      open_for_round(*this, tx, missed.kind, missed.place, missed.task, {}, {"巡查漏检 " + std::to_string(missed.points) + " 个点位", {}, {}});
  });
  bus::hear<rosters::RoundDone>(bus, "cases", [this](Tx& tx, const rosters::RoundDone& done, const bus::Told&) {
    const auto task = done.late ? rosters::Rounds::find_task(tx, done.task) : std::nullopt;
    if (task && !task->missed.empty())
      cases.write_down(tx, cases::CaseId{task->missed}, "note", {"当时没有网络，手机现已补报：全部点位都按时到过", "No network then; as the phone says now, every point was reached in time"}, done.task.text);
  });
  bus::hear<places::Moved>(bus, "announcements", [this](Tx& tx, const places::Moved& moved, const bus::Told&) {
    announcements->place_moved(tx, moved.from, moved.to);
  });
  bus::hear<notices::Arrived>(bus, "ways", [this](Tx& tx, const notices::Arrived& a, const bus::Told&) { announcements->ways().arrived(tx, a); });
  bus::hear<notices::Ringing>(bus, "phones", [this](Tx& tx, const notices::Ringing& r, const bus::Told&) { phones->ringing(tx, r); });
  bus::hear<places::Moved>(bus, "affairs", [this](Tx& tx, const places::Moved& moved, const bus::Told&) {
    affairs->place_moved(tx, moved.from, moved.to);
  });
  bus::hear<people::Erased>(bus, "affairs", [this](Tx& tx, const people::Erased& gone, const bus::Told&) { affairs->forget(tx, gone); });
  bus::hear<places::Moved>(bus, "drills", [this](Tx& tx, const places::Moved& moved, const bus::Told&) {
    drills->place_moved(tx, moved.from, moved.to);
  });
  bus.hear("webhooks", "*", [this](Tx& tx, const bus::Told& told) { notices.anything_told(tx, told); });
  bus::hear<places::Moved>(bus, "situations", [this](Tx& tx, const places::Moved& moved, const bus::Told&) {
    situations.place_moved(tx, moved.from, moved.to);
  });
  bus::hear<places::Moved>(bus, "actions", [this](Tx& tx, const places::Moved& moved, const bus::Told&) {
    actions.place_moved(tx, moved.from, moved.to);
  });
  bus::hear<situations::Opened>(bus, "actions", [this](Tx& tx, const situations::Opened& opened, const bus::Told&) {
    actions.situation_opened(tx, opened);
  });
  bus::hear<situations::Unsilenced>(bus, "actions", [this](Tx& tx, const situations::Unsilenced& unsilenced, const bus::Told&) {
    actions.situation_unsilenced(tx, unsilenced);
  });
  bus::hear<situations::Cleared>(bus, "actions", [this](Tx& tx, const situations::Cleared& cleared, const bus::Told&) {
    actions.situation_cleared(tx, cleared);
  });
  bus::hear<devices::Answered>(bus, "actions", [this](Tx& tx, const devices::Answered& answered, const bus::Told&) {
    actions.device_answered(tx, answered);
  });
  bus::hear<devices::ProfileKept>(bus, "rules", [this](Tx& tx, const devices::ProfileKept& kept, const bus::Told&) {
    rules.profile_kept(tx, kept.profile, kept.silence_changed.value_or(true));
  });
  for (const char* topic : {"devices.kept", "devices.attributes_changed", "devices.maintenance_set",
                            "devices.maintenance_ended"})
    bus.hear("rules", topic, [this](Tx& tx, const bus::Told& told) { rules.live().device_changed(tx, told.subject); });
  bus::hear<devices::MaintenanceEnded>(bus, "situations", [this](Tx& tx, const auto& ended, const bus::Told&) {
    situations.maintenance_ended(tx, ended.device);
  });
  bus::hear<devices::DeviceRemoved>(bus, "rules", [this](Tx& tx, const devices::DeviceRemoved& gone, const bus::Told&) {
    rules.live().device_removed(tx, gone.device.text);
    situations.device_removed(tx, gone.device);
  });
  bus::hear<situations::Opened>(bus, "cases", [this](Tx& tx, const situations::Opened& opened, const bus::Told&) {
    open_case(tx, opened);
  });
  bus::hear<situations::Unsilenced>(bus, "cases", [this](Tx& tx, const situations::Unsilenced& unsilenced, const bus::Told&) {
    open_case(tx, unsilenced);
  });
  hear_of_situations(*this);
  files.ask_holder("case", [this](Reader& reader, const Caller& caller, const std::string& id) {
    return cases::CaseId::fits(id) && cases.reads(reader, caller, cases::CaseId{id});
  });
  bus::hear<situations::MarkedFalse>(bus, "cases", [this](Tx& tx, const situations::MarkedFalse& marked, const bus::Told& told) {
    if (!marked.false_alarm) return;
    const auto situation = situations::Situations::find(tx, marked.situation);
    cases.situation_was_false(tx, told.by, marked.situation.text, situation ? situation->false_reason.value_or("") : "");
  });

  bus::hear<situations::Opened>(bus, "files", [this](Tx& tx, const situations::Opened& opened, const bus::Told&) {
    if (const auto situation = situations::Situations::find(tx, opened.situation)) hold_evidence(tx, *situation);
  });
  bus::hear<situations::Rose>(bus, "files", [this](Tx& tx, const situations::Rose& rose, const bus::Told&) {
    if (const auto situation = situations::Situations::find(tx, rose.situation)) hold_evidence(tx, *situation);
  });
  bus::hear<places::Moved>(bus, "files", [this](Tx& tx, const places::Moved& moved, const bus::Told&) {
    files.on_moved(tx, moved);
  });
  bus::hear<people::Erased>(bus, "cases", [this](Tx& tx, const people::Erased& e, const bus::Told&) { cases.forget(tx, cases::PersonId{e.person.text}); });
  bus::hear<people::Erased>(bus, "evaluations", [this](Tx& tx, const people::Erased& e, const bus::Told&) { evaluations.forget(tx, cases::PersonId{e.person.text}); });
  bus::hear<people::Erased>(bus, "accounts", [this](Tx& tx, const people::Erased& erased, const bus::Told&) {
    for (const accounts::AccountId& login : accounts.on_erased(tx, erased)) cases.forget_login(tx, login.text);
  });
  bus::hear<people::Erased>(bus, "announcements", [](Tx& tx, const people::Erased& erased, const bus::Told&) {
    notices::Digest::forget(tx, erased.person.text);
    notices::Ways::forget(tx, erased.person.text);
  });
  bus.hear("audit", "*", [this](Tx& tx, const bus::Told& told) { audit.on_told(tx, told); });

  keep_tidy();
}

/// The pictures and clips that devices named as evidence stay as long as the situation. @returns those that there are
std::vector<std::string> House::hold_evidence(Tx& tx, const situations::Situation& situation) {
  std::vector<std::string> held;
  const auto hold = [&](const std::string& file) {
    if (files.use_evidence(tx, file, {"situation", situation.id.text, situation.path, "situations.read", {}})) held.push_back(file);
  };
  for (const auto& evidence : situation.evidence) {
    if (evidence.file) hold(*evidence.file);
    const auto detection = evidence.detection_id ? readings.plain_detection(tx, *evidence.detection_id) : std::nullopt;
    if (detection)
      if (const auto clip = clip_of(*detection)) hold(*clip);
  }
  return held;
}

/// A situation whose rule names a kind of case, and that nobody silenced, is owed to somebody.
void House::open_case(Tx& tx, const situations::Opened& opened) {
  if (!opened.case_kind || opened.silenced) return;
  const auto situation = situations::Situations::find(tx, opened.situation);
  cases::SituationOpened words{opened.situation.text, opened.rule.text, opened.rule_version, opened.device.text, opened.place,
                               std::string(enum_name(opened.severity)), *opened.case_kind, opened.text, {}, false, situation ? situation->text_en : std::string()};
  if (situation) {
    words.drill = situation->drill;
    words.files = hold_evidence(tx, *situation);
  }
  const auto opened_case = cases.open_for_situation(tx, words);
  const auto version = rules::Rules::version(tx, opened.rule, opened.rule_version);
  if (opened_case && version) whistle_by_rule(*this, tx, *opened_case, opened.situation.text, version->rule);
}

void House::take(Tx& tx, readings::Batch& batch) {
  readings.append(tx, batch);
  count_flagged(tx, devices, batch);
  exchange->captures().seen(tx, batch);
  rules.live().judge(tx, batch);
}

void House::add_routes() {
  admit();
  places::add_routes(*routes, places);
  people::add_routes(*routes, people, world, lane);
  files::add_routes(*routes, files, world, lane, bus);
  audit::add_routes(*routes, audit, world);
  devices::add_routes(*routes, devices, below_devices(*this));
  readings::add_routes(*routes, readings, {devices, lane, bus, plan.offset_minutes});
  rules::add_routes(*routes, rules, devices, readings, world, outcomes());
  situations::add_routes(*routes, situations);
  actions::add_routes(*routes, actions);
  rosters::add_routes(*routes, rosters);
  cases::add_routes(*routes, cases);
  evaluations::add_routes(*routes, evaluations);
  notices::add_routes(*routes, notices, [this](std::string_view word) { return is_room(word, *routes); });
  imports::add_routes(*routes, *imports, world);
  exchange::add_routes(*routes, *exchange, world, plan.offset_minutes);
  exchange::add_capture_routes(*routes, exchange->captures());
  drills::add_routes(*routes, *drills);
  rosters::add_round_routes(*routes, *rounds);
  scorecards::add_routes(*routes, *scorecards, world, plan.offset_minutes);
  affairs::add_routes(*routes, *affairs);
  notices::add_announcement_routes(*routes, *announcements, *phones, world, plan.public_url);
  notices::add_bridge_routes(*routes, *bridges);
  std::vector<std::string> rights;
  for (const auto& route : routes->all()) rights.push_back(route.right);
  accounts.know_rights(std::move(rights));
}

/// Who speaks, and how answers are kept that may be asked for again.
void House::admit() {
  const accounts::Doorstep doorstep{accounts, world, metrics,
                                    [this](const std::string& session) {
                                      lane.submit([session](Tx& tx) { accounts::Accounts::touch(tx, session); },
                                                  [](std::exception_ptr) {});
                                    },
                                    plan.public_url,
                                    [this](Reader& reader, const Caller& caller, const std::string& named) {
                                      return cases.for_purpose(reader, caller, named).text;
                                    }};
  accounts::add_routes(*routes, doorstep);
  const auto& at_once = phones->at_once();
  accounts::add_code_routes(
      *routes, doorstep,
      std::make_shared<accounts::PhoneCodes>(
          bus, vault, accounts, [&at_once](const std::string& number, const std::string& words) { at_once.say(number, words); },
          [this] { return phones->can_say(); }),
      std::make_shared<accounts::Wechat>(bus, vault, accounts, [&at_once] { return at_once.wechat_app_id; },
                                         [&at_once](const std::string& code) { return at_once.identify(code); }));
  routes->authenticate_with([doorstep](Reader& reader, const http::Request& request) {
    // The socket in the node's folder has mode 0600: whoever reaches it owns the machine's data anyway.
    if (request.remote_address == "unix" && request.header("Authorization").empty())
      return Caller{"shell", {}, "shell", {}, {}, {{"*", "/"}}};
    return accounts::caller_of(doorstep, reader, request);
  });
  routes->seal_with([this](const std::string& plain) { return vault.seal_own(kAnswers, plain, world.ids); },
                    [this](const std::string& sealed) {
                      auto plain = vault.unseal_own(kAnswers, sealed);
                      check(plain.has_value(), "a stored answer opens with the node's key");
                      return *std::move(plain);
                    });
}

void House::recall(Tx& tx) {
  accounts.open(tx);
  if (audit_noted().empty()) audit.open(tx);
  devices.open(tx);
  readings.start(tx);
  situations.open(tx);
  rules.open(tx);
  rosters.open(tx);
  cases.open(tx);
  exchange->captures().open(tx);
}

void House::open() { lane.open([this](Tx& tx) { recall(tx); }); }
void House::look() { lane.look([this](Tx& tx) { recall(tx); }); }

}  // namespace lifang
