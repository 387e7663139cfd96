#include "rooms/rules/rules_ready.hpp"

#include <boost/json.hpp>

#include <algorithm>

#include "base/check.hpp"
#include "base/embedded.hpp"
#include "base/reflect.hpp"
#include "rooms/rules/rules_rules.hpp"
#include "rooms/rules/rules_store.hpp"

namespace lifang::rules {
namespace {

std::vector<ReadyWords> read_words() {
  for (const embedded::File& file : embedded::data())
    if (file.path.ends_with("rules/data/rules.json")) return from_json<std::vector<ReadyWords>>(file.bytes);
  check(false, "the ready-made rules travel inside the program");
  return {};
}

/// They never change while the program runs.
const std::vector<ReadyWords>& all() {
  static const std::vector<ReadyWords> words = read_words();
  return words;
}

/// The body of a PUT.
std::string words_of(const ReadyWords& ready, Tongue tongue) {
  boost::json::object body;
  body["name"] = tongue == Tongue::zh ? ready.name : ready.name_en;
  body["applies_to"] = boost::json::object{{"profile", ready.profile.text}};
  const auto rule = parse_json(ready.rule.text);
  for (const auto& [key, value] : rule.as_object()) body[key] = value;
  return boost::json::serialize(body);
}

ReadyRule with_standing(Reader& reader, const ReadyWords& ready) {
  ReadyRule shown;
  static_cast<ReadyWords&>(shown) = ready;
  if (const auto profile = devices::ready_profile(reader, ready.profile.text)) shown.profile_standing = profile->standing;
  const auto row = store::find(reader, ready.id.text);
  if (!row) return shown;
  const auto here = store::version(reader, ready.id.text, row->latest);
  const auto is = [&](Tongue tongue) { return here && here->rule.text == rules::to_json(parse_rule(words_of(ready, tongue))); };
  shown.standing = is(Tongue::zh) || is(Tongue::en) ? ReadyState::same : ReadyState::changed;
  return shown;
}

}  // namespace

std::vector<ReadyRule> ready_rules(Reader& reader) {
  std::vector<ReadyRule> shown;
  for (const ReadyWords& ready : all()) shown.push_back(with_standing(reader, ready));
  return shown;
}

std::optional<ReadyRule> ready_rule(Reader& reader, const std::string& id) {
  const auto found = std::find_if(all().begin(), all().end(), [&](const ReadyWords& w) { return w.id.text == id; });
  if (found == all().end()) return std::nullopt;
  return with_standing(reader, *found);
}

std::string rule_name_in(Tongue tongue, std::string_view rule, const std::string& name) {
  const auto found = std::find_if(all().begin(), all().end(), [&](const ReadyWords& w) { return w.id.text == rule; });
  if (found == all().end() || (name != found->name && name != found->name_en)) return name;
  return tongue == Tongue::zh ? found->name : found->name_en;
}

std::vector<ReadyRule> adopt(Tx& tx, Rules& rules, devices::Devices& devices, const Caller& caller, const AdoptRules& words) {
  caller.must("rules.write", "/");
  const Tongue tongue = words.tongue.value_or(Tongue::zh);
  std::vector<ReadyRule> adopted;
  for (std::size_t i = 0; i < words.ids.size(); ++i) {
    const auto ready = ready_rule(tx, words.ids[i]);
    const std::string field = "/ids/" + std::to_string(i);
    if (!ready) throw invalid("rules.unknown_ready", field, "none of GET /api/v1/rules/ready");
    if (ready->standing == ReadyState::changed && !words.replace.value_or(false))
      throw Refusal(RefusalKind::conflict, "rules.ready_changed", ready->id.text + " was changed here; replace: true takes the program's", field);
    if (ready->profile_standing == ReadyState::absent) devices::adopt(tx, devices, caller, {{ready->profile.text}, tongue, {}});
    if (ready->standing != ReadyState::same) rules.put(tx, caller, ready->id, words_of(*ready, tongue));
    if (words.activate.value_or(false)) rules.activate(tx, caller, ready->id);
    adopted.push_back(*ready_rule(tx, words.ids[i]));
  }
  return adopted;
}

}  // namespace lifang::rules
