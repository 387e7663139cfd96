#include "rooms/notices/notices_bridge.hpp"

#include <algorithm>

#include "base/reflect.hpp"
#include "platform/http/routes.hpp"
#include "rooms/notices/notices_rung.hpp"
#include "rooms/notices/notices_store.hpp"

namespace lifang::notices {
namespace {

Bridge bridge_of(const Message& message) {
  return {message.id, from_json<BridgeLeg>(message.body).case_, message.state, message.error, message.at};
}

/// Work on the case is theirs now: they hold it, owe a part of it, or act for the holder at the desk.
bool works_on(const Caller& caller, const cases::Case& about) {
  if (!cases::is_open(about.state)) return false;
  if (about.person && about.person->text == caller.person) return true;
  const auto may = [&](cases::Move move) { return std::find(about.allowed.begin(), about.allowed.end(), move) != about.allowed.end(); };
  return !about.owed.empty() || may(cases::Move::handle) || may(cases::Move::accept) || may(cases::Move::assign);
}

}  // namespace

Bridge Bridges::ask(Tx& tx, const Caller& caller, const BridgeWords& words) {
  const cases::Case about = cases_.get(tx, caller, words.case_);
  if (!works_on(caller, about)) throw forbidden("notices.not_your_case", "only whoever works on an open case calls about it");
  if (!open_) throw Refusal(RefusalKind::unavailable, "notices.no_gateway", "this node has no telephone gateway");
  const auto all = cases_.reporters(tx, about.id);
  const auto reporter = std::find_if(all.begin(), all.end(), [&](const cases::Reporter& r) { return r.n == words.reporter; });
  if (reporter == all.end()) throw missing("notices.unknown_reporter", "no such reporter of this case");
  if (reporter->anonymous) throw conflict("notices.no_number", "they wished to stay unnamed");
  const auto number = [&](const std::string& person) {
    return people::PersonId::fits(person) ? people_.phone_for_channel(tx, people::PersonId{person}) : std::nullopt;
  };
  const auto theirs = reporter->person ? number(reporter->person->text) : std::nullopt;
  if (!theirs) throw conflict("notices.no_number", "the register has no number of theirs");
  const auto own = number(caller.person);
  if (!own) throw conflict("notices.own_number", "the register has no number of yours at which the gateway could call you first");
  const MessageId id = notices_.enqueue(
      tx, {std::string(kBridge), caller.person, to_json(BridgeLeg{about.id, reporter->person->text}), "", about.id.text, about.path});
  cases_.write_down(tx, about.id, "bridge", {"办理人员隐号致电上报人", "Whoever handles it calls the reporter (numbers masked)"}, id.text);
  return bridge_of(*notices_.find_message(tx, id));
}

Bridge Bridges::get(Reader& reader, const Caller& caller, const MessageId& id) const {
  const auto message = notices_.find_message(reader, id);
  if (!message || message->channel != kBridge || message->to != caller.person)
    throw missing("notices.unknown_message", "no such call of yours");
  return bridge_of(*message);
}

Attempt BridgeChannel::send(const Message& message) {
  std::optional<std::string> first, second;
  {
    auto lease = readers_.lease();
    first = people_.phone_for_channel(lease.reader(), people::PersonId{message.to});
    second = people_.phone_for_channel(lease.reader(), people::PersonId{from_json<BridgeLeg>(message.body).second});
  }
  if (!first || !second) return {false, true, std::string(kNoNumber)};
  return gateway_->connect(*first, *second, message.id);
}

void add_bridge_routes(http::Routes& routes, Bridges& bridges) {
  routes.post<BridgeWords>("/api/v1/notices/bridges", "cases.handle", "Calls me, then a reporter of a case of mine; neither sees the other's number",
                           [&bridges](Tx& tx, const http::Call& call, const BridgeWords& words) { return bridges.ask(tx, call.caller, words); });
  routes.get("/api/v1/notices/bridges/{id}", "cases.handle", "How such a call of mine went", [&bridges](Reader& reader, const http::Call& call) {
    if (!MessageId::fits(call.id())) throw missing("notices.unknown_message", "no such call");
    return bridges.get(reader, call.caller, MessageId{call.id()});
  });
  add_rung_routes(routes, bridges.cases(), bridges.people());
}

}  // namespace lifang::notices
