#include "rooms/rules/rules_http.hpp"

#include <algorithm>

#include "platform/http/routes.hpp"
#include "rooms/rules/rules.hpp"
#include "rooms/rules/rules_ready.hpp"
#include "rooms/rules/rules_trial.hpp"

namespace lifang::rules {
namespace {

RuleId id_of(const http::Call& call) {
  if (!is_client_id(call.id())) throw missing("rules.unknown", "no such rule");
  return RuleId{call.id()};
}

struct TrialWords {
  std::optional<Time> from, to;
  std::optional<RuleJson> rule;  ///< where no rule of the almanac is meant
};
BOOST_DESCRIBE_STRUCT(TrialWords, (), (from, to, rule))

struct StretchWords {
  std::optional<Time> from, to;
};
BOOST_DESCRIBE_STRUCT(StretchWords, (), (from, to))

void must_be_a_stretch(const std::optional<Time>& from, const std::optional<Time>& to) {
  if (from && to && *to < *from) throw invalid("rules.bad_stretch", "/to", "not before from");
}

/// Beside the name that it was kept with, the one for whoever reads English.
struct NamedRule : RuleView {
  std::string name_en;
};
BOOST_DESCRIBE_STRUCT(NamedRule, (RuleView), (name_en))

NamedRule with_rate(Reader& reader, RuleView kept, const Outcomes& outcomes) {
  NamedRule view;
  static_cast<RuleView&>(view) = std::move(kept);
  view.name_en = rule_name_in(Tongue::en, view.id.text, view.name);
  const Outcomes::Rate rate = outcomes.rate(reader, view.id);
  view.situations = rate.situations;
  view.false_alarms = rate.false_alarms;
  if (rate.situations > 0) view.false_rate = static_cast<double>(rate.false_alarms) / static_cast<double>(rate.situations);
  return view;
}

/// What a rule would have caused. Nothing is written.
void add_trial_routes(http::Routes& routes, Rules& rules, devices::Devices& devices, readings::Readings& readings,
                      World& world) {
  const auto answer = [&rules, &devices, &readings, &world](const db::Snapshots& past, const Caller& caller, const RulePtr& rule,
                                                            const TrialWords& words) {
    must_be_a_stretch(words.from, words.to);
    const TrialAnswer trial =
        try_on_past(past, caller, rules.live(), devices, readings, rule, words.from, words.to, world.clock.now());
    return [response = http::Routes::render(trial)](Tx&, const http::Call&) { return response; };
  };
  routes.post_long<TrialWords, TrialAnswer>(
      "/api/v1/rules/{id}/backtest", "rules.read", "What the newest version of a rule would have caused: {from,to}",
      [answer](const db::Snapshots& past, const http::Call& call, const TrialWords& words) {
        const RulePtr newest = past.read([&](Reader& reader) {
          const RuleView view = Rules::get(reader, id_of(call));
          return Rules::version(reader, view.id, view.version);
        });
        return answer(past, call.caller, newest, words);
      });
  routes.post_long<TrialWords, TrialAnswer>(
      "/api/v1/rules/backtest", "rules.read", "What a rule that is not kept yet would have caused: {rule,from,to}",
      [answer](const db::Snapshots& past, const http::Call& call, const TrialWords& words) {
        if (!words.rule) throw invalid("rules.invalid", "/rule", "the rule to try");
        return answer(past, call.caller, std::make_shared<RuleVersion>(RuleVersion{0, 1, "trial", parse_rule(words.rule->text)}), words);
      });
}

/// A milder version that would have spared what staff marked as false alarms. Nothing is written: a person puts it.
void add_propose_route(http::Routes& routes, Rules& rules, devices::Devices& devices, readings::Readings& readings,
                       World& world, const Outcomes& outcomes) {
  routes.post_long<StretchWords, ProposeAnswer>(
      "/api/v1/rules/{id}/propose", "rules.read",
      "Milder versions that would have spared false alarms and lost no true one: {from,to}",
      [&rules, &devices, &readings, &world, outcomes](const db::Snapshots& past, const http::Call& call, const StretchWords& words) {
        must_be_a_stretch(words.from, words.to);
        RulePtr rule;
        const auto marked = past.read([&](Reader& reader) {
          const RuleView view = Rules::get(reader, id_of(call));
          rule = Rules::version(reader, view.id, view.active_version ? view.active_version : view.version);
          return outcomes.marked(reader, view.id, words.from, words.to);
        });
        const ProposeAnswer answer = propose_from_past(past, call.caller, rules.live(), devices, readings, rule, marked, words.from,
                                                       words.to, world.clock.now());
        return [response = http::Routes::render(answer)](Tx&, const http::Call&) { return response; };
      });
}

void add_ready_routes(http::Routes& routes, Rules& rules, devices::Devices& devices) {
  routes.get("/api/v1/rules/ready", "rules.read", "Rules that the program brings along, and which of them stand here",
             [](Reader& reader, const http::Call& call) {
               auto all = ready_rules(reader);
               http::List<ReadyRule> list;
               if (call.flag("count")) list.count = static_cast<std::int64_t>(all.size());
               if (const auto after = call.after()) {
                 const auto last = std::find_if(all.begin(), all.end(), [&](const ReadyRule& r) { return r.id.text == *after; });
                 all.erase(all.begin(), last == all.end() ? last : last + 1);
               }
               if (all.size() > call.limit()) {
                 all.resize(call.limit());
                 list.next = all.back().id.text;
               }
               list.items = std::move(all);
               return list;
             });
  routes.get("/api/v1/rules/ready/{id}", "rules.read", "One of them", [](Reader& reader, const http::Call& call) {
    auto found = ready_rule(reader, call.id());
    if (!found) throw missing("rules.unknown", "the program brings no such rule");
    return *found;
  });
  routes.post<AdoptRules>("/api/v1/rules/ready/adopt", "rules.write",
                          "Takes ready-made rules over, with types of devices that are missing: {ids,tongue,replace,activate}",
                          [&rules, &devices](Tx& tx, const http::Call& call, const AdoptRules& words) {
                            return http::List<ReadyRule>{adopt(tx, rules, devices, call.caller, words), {}, {}};
                          });
}

}  // namespace

void add_routes(http::Routes& routes, Rules& rules, devices::Devices& devices, readings::Readings& readings, World& world,
                Outcomes outcomes) {
  add_trial_routes(routes, rules, devices, readings, world);
  add_propose_route(routes, rules, devices, readings, world, outcomes);
  add_ready_routes(routes, rules, devices);
  routes.get("/api/v1/rules", "rules.read", "Rules", [outcomes](Reader& reader, const http::Call& call) {
    http::List<NamedRule> list;
    for (RuleView& view : Rules::list(reader, call.after(), call.limit())) list.items.push_back(with_rate(reader, std::move(view), outcomes));
    if (list.items.size() == call.limit()) list.next = list.items.back().id.text;
    return list;
  });
  routes.get("/api/v1/rules/{id}", "rules.read", "One rule, and how often it was wrong",
             [outcomes](Reader& reader, const http::Call& call) {
               return with_rate(reader, Rules::get(reader, id_of(call)), outcomes);
             });
  routes.get("/api/v1/rules/{id}/versions", "rules.read", "All versions of a rule, newest first",
             [](Reader& reader, const http::Call& call) {
               return http::List<VersionView>{Rules::versions(reader, id_of(call)), {}, {}};
             });
  routes.put<RuleJson>("/api/v1/rules/{id}", "rules.write", "A new version of a rule, as a draft",
                         [&rules](Tx& tx, const http::Call& call, const RuleJson& words) {
                           if (!is_client_id(call.id()))
                             throw invalid("rules.bad_id", "/id", "letters, digits, '.', '_', '-', at most 64");
                           return rules.put(tx, call.caller, RuleId{call.id()}, words.text);
                         });
  routes.post<http::Nothing>("/api/v1/rules/{id}/activate", "rules.write", "The newest version judges from here on",
                             [&rules](Tx& tx, const http::Call& call, const http::Nothing&) {
                               return rules.activate(tx, call.caller, id_of(call));
                             });
  routes.post<http::Nothing>("/api/v1/rules/{id}/retire", "rules.write", "No version judges any more",
                             [&rules](Tx& tx, const http::Call& call, const http::Nothing&) {
                               return rules.retire(tx, call.caller, id_of(call));
                             });
}

}  // namespace lifang::rules
