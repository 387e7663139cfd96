#include "rooms/notices/notices_phone.hpp"

#include <fmt/format.h>

#include <boost/json/value.hpp>

#include "base/reflect.hpp"
#include "platform/http/client.hpp"
#include "platform/http/url.hpp"
#include "rooms/cases/cases_ringing.hpp"
#include "rooms/notices/notices_bridge.hpp"
#include "rooms/notices/notices_rules.hpp"
#include "rooms/notices/notices_store.hpp"

namespace lifang::notices {
namespace {

struct GatewayBody {
  Medium medium = Medium::voice;
  std::string to, words;
  MessageId reference;
  std::optional<std::string> template_;  ///< what the official account has registered with WeChat
};
BOOST_DESCRIBE_STRUCT(GatewayBody, (), (medium, to, words, reference, template_))

struct BridgeBody {
  std::string medium = "bridge", to, second;
  MessageId reference;
};
BOOST_DESCRIBE_STRUCT(BridgeBody, (), (medium, to, second, reference))

struct WhoIs {
  Medium medium = Medium::wechat;
  std::string code;
};
BOOST_DESCRIBE_STRUCT(WhoIs, (), (medium, code))

cases::Said not_spoken() { return {"隐号通话未接通", "The masked call was not answered"}; }

/// The person at the phone, for one move: what they may do as their login, and to take what it has rung at them for.
Caller at_phone(Reader& reader, const Ring& ring, Time now) {
  Caller caller = cases::at_ring(reader, ring.person, ring.path, now);
  caller.account = "phone:" + ring.person.text;
  caller.name = "phone";
  return caller;
}

}  // namespace

// ---- gateways -----------------------------------------------------------------------------------------------------

Attempt SandboxGateway::send(Medium medium, const std::string& to, const std::string& words, const MessageId& reference) {
  const std::lock_guard lock(mutex_);
  if (sent_.size() == 1000) sent_.erase(sent_.begin());
  sent_.push_back({medium, to, words, reference, medium == Medium::wechat ? template_ : "", {}});
  if (to.ends_with("0000")) return {false, true, "sandbox: dead number"};
  return {true, false, "sandbox"};
}

Attempt SandboxGateway::connect(const std::string& first, const std::string& second, const MessageId& reference) {
  const std::lock_guard lock(mutex_);
  if (sent_.size() == 1000) sent_.erase(sent_.begin());
  sent_.push_back({Medium::voice, first, {}, reference, {}, second});
  if (first.ends_with("0000") || second.ends_with("0000")) return {false, true, "sandbox: dead number"};
  return {true, false, "sandbox"};
}

std::vector<SandboxGateway::Sent> SandboxGateway::sent() const {
  const std::lock_guard lock(mutex_);
  return sent_;
}

std::optional<std::string> SandboxGateway::identify(const std::string& code) {
  constexpr std::string_view kKnown = "sandbox-";
  if (!code.starts_with(kKnown) || code.size() == kKnown.size()) return std::nullopt;
  return "openid-" + code.substr(kKnown.size());
}

http::Reply HttpGateway::post(const std::string& body, const std::string& delivery, Duration timeout) const {
  const auto url = http::parse_url(url_);
  if (!url) return {};
  const std::string timestamp = std::to_string(to_ms(clock_.now()) / 1000);
  http::Client::Config config;
  config.timeout = timeout;
  config.max_answer = 64 * 1024;
  http::Client client(url_, config);
  return client.post(url->target, body,
                     {{"X-Lifang-Delivery", delivery},
                      {"X-Lifang-Timestamp", timestamp},
                      {"X-Lifang-Signature", signature_of(secret_, timestamp, body)}});
}

Attempt HttpGateway::send(Medium medium, const std::string& to, const std::string& words, const MessageId& reference) {
  if (!http::parse_url(url_)) return {false, false, "the gateway's address is no URL"};
  GatewayBody body{medium, to, words, reference, {}};
  if (medium == Medium::wechat) body.template_ = template_;
  const http::Reply reply = post(to_json(body), reference.text, Duration{15'000});
  if (reply.good()) return {true, false, std::to_string(reply.status)};
  if (reply.failure != http::Failure::none) return {false, false, std::string(http::failure_name(reply.failure))};
  return {false, reply.status == 404 || reply.status == 410, std::to_string(reply.status)};
}

Attempt HttpGateway::connect(const std::string& first, const std::string& second, const MessageId& reference) {
  if (!http::parse_url(url_)) return {false, true, "the gateway's address is no URL"};
  const http::Reply reply = post(to_json(BridgeBody{"bridge", first, second, reference}), reference.text, Duration{15'000});
  if (reply.good()) return {true, false, std::to_string(reply.status)};
  // Whoever asked for the call stands there with the phone in hand: a later try would ring at somebody who expects nothing.
  if (reply.failure != http::Failure::none) return {false, true, std::string(http::failure_name(reply.failure))};
  return {false, true, std::to_string(reply.status)};
}

std::optional<std::string> HttpGateway::identify(const std::string& code) {
  // Somebody waits for it before a page, and a worker with them: shorter than for a message.
  const http::Reply reply = post(to_json(WhoIs{Medium::wechat, code}), "identify", Duration{5'000});
  if (reply.failure != http::Failure::none || reply.status >= 500)
    throw Refusal(RefusalKind::unavailable, "notices.no_gateway", "the gateway does not answer");
  if (!reply.good()) return std::nullopt;
  const auto answer = parse_json(reply.body);
  const auto* openid = answer.is_object() ? answer.get_object().if_contains("openid") : nullptr;
  if (openid == nullptr || !openid->is_string() || openid->get_string().empty()) return std::nullopt;
  return std::string(openid->get_string());
}

std::string_view PhoneChannel::name() const { return enum_name(medium_); }

Attempt PhoneChannel::send(const Message& message) {
  std::optional<std::string> address;
  {
    auto lease = readers_.lease();
    if (medium_ == Medium::wechat) address = openid_of_ ? openid_of_(lease.reader(), message.to) : std::nullopt;
    else if (people::PersonId::fits(message.to)) address = people_.phone_for_channel(lease.reader(), people::PersonId{message.to});
  }
  if (!address) return {false, true, medium_ == Medium::wechat ? "no WeChat user is bound" : std::string(kNoNumber)};
  return gateway_->send(medium_, *address, from_json<Spoken>(message.body).words, message.id);
}

// ---- calling ------------------------------------------------------------------------------------------------------

Phones::Phones(jobs::Jobs& jobs, Notices& notices, cases::Cases& cases) : jobs_(jobs), notices_(notices), cases_(cases) {
  notices_.on_dead([this](Tx& tx, const Message& message) { given_up(tx, message); });
}

bool Phones::reaches(Reader& reader, Medium medium, const PersonId& person) const {
  if (!has(medium)) return false;
  return medium != Medium::wechat || (openid_of_ && openid_of_(reader, person.text));
}

void Phones::given_up(Tx& tx, const Message& message) {
  if (message.channel == kBridge) {
    cases_.write_down(tx, from_json<BridgeLeg>(message.body).case_, "bridge-missed", not_spoken(), message.id.text);
    return;
  }
  // The gateway knows the number to be dead before it called anybody. Whoever has none hears it on the page, for their whole time.
  if (message.channel == enum_name(Medium::voice) && message.error != kNoNumber) ring_on(tx, message);
  fall_back(tx, message);
}

/// Nobody answers there: the ring's own timer, now instead of later, is the one way on to the next.
void Phones::ring_on(Tx& tx, const Message& message) {
  const auto spoken = from_json<Spoken>(message.body);
  const auto ring = spoken.ring ? store::find_ring(tx, *spoken.ring) : std::nullopt;
  if (!ring || ring->state != RingState::ringing || ring->person.text != message.to) return;  // answered meanwhile, or gone on
  jobs_.at(tx, "notices.ring", ring->id.text, tx.now());
}

/// Unbound meanwhile, or follows the account no more: the next way, once.
void Phones::fall_back(Tx& tx, const Message& message) {
  if (message.channel != enum_name(Medium::wechat)) return;
  for (const Medium medium : {Medium::sms, Medium::voice}) {
    if (!has(medium)) continue;
    notices_.enqueue(tx, {std::string(enum_name(medium)), message.to, message.body, "instead/" + message.id.text, message.id.text, message.path});
    return;
  }
}

void Phones::ringing(Tx& tx, const Ringing& ringing) {
  if (!has(Medium::voice)) return;
  const auto about = cases_.find(tx, ringing.case_);
  if (!about) return;
  const std::string words = fmt::format("{}{}，请按1接单", ringing.drill ? "演练。" : "", about->title);
  notices_.enqueue(tx, {"voice", ringing.person.text, to_json(Spoken{words, ringing.ring}),
                        fmt::format("{}/{}", ringing.ring.text, ringing.step), ringing.ring.text, about->path});
}

bool Phones::tell(Tx& tx, const PersonId& person, const std::string& words, const Cause& cause, bool aloud) {
  std::vector<Medium> order{Medium::wechat, Medium::sms, Medium::voice};
  if (aloud) order = {Medium::voice, Medium::sms, Medium::wechat};
  for (const Medium medium : order) {
    if (!reaches(tx, medium, person)) continue;
    notices_.enqueue(tx, {std::string(enum_name(medium)), person.text, to_json(Spoken{words, {}}), cause.id + "/" + person.text, cause.id,
                          cause.path});
    return true;
  }
  return false;
}

/// The diary says whether the two have spoken; more of it is nobody's business.
void Phones::bridge_ended(Tx& tx, Message message, const CallWords& words) {
  const auto n = static_cast<std::int64_t>(store::log(tx, message.id).size()) + 1;
  const bool spoke = words.result == CallResult::answered;
  store::add_log(tx, message.id, {n, tx.now(), spoke, std::string(enum_name(words.result))});
  message.state = words.result == CallResult::dead ? MessageState::dead : MessageState::sent;
  message.ended_at = tx.now();
  message.error = words.result == CallResult::dead ? "dead number" : "";
  store::keep(tx, message);
  cases_.write_down(tx, from_json<BridgeLeg>(message.body).case_, spoke ? "bridged" : "bridge-missed",
                    spoke ? cases::Said{"已与上报人通话（隐号）", "Spoken to the reporter (numbers masked)"} : not_spoken(), message.id.text);
}

bool Phones::tell_by(Tx& tx, Medium medium, const PersonId& person, const std::string& words, const Cause& cause) {
  if (!reaches(tx, medium, person)) medium = Medium::sms;
  if (!reaches(tx, medium, person)) return false;
  notices_.enqueue(tx, {std::string(enum_name(medium)), person.text, to_json(Spoken{words, {}}), cause.id + "/" + person.text, cause.id,
                        cause.path});
  return true;
}

void Phones::called(Tx& tx, const MessageId& id, const CallWords& words) {
  auto message = store::find_message(tx, id);
  if (message && message->channel == kBridge) return bridge_ended(tx, *std::move(message), words);
  if (!message || message->channel != "voice") throw missing("notices.unknown_message", "no such call");
  const auto n = static_cast<std::int64_t>(store::log(tx, id).size()) + 1;
  store::add_log(tx, id, {n, tx.now(), words.result == CallResult::answered,
                          fmt::format("{}{}", enum_name(words.result), words.key ? " key " + *words.key : "")});
  message->state = words.result == CallResult::dead ? MessageState::dead : MessageState::sent;
  message->ended_at = tx.now();
  message->error = words.result == CallResult::dead ? "dead number" : "";
  store::keep(tx, *message);
  const auto spoken = from_json<Spoken>(message->body);
  if (!spoken.ring) return;
  const auto ring = store::find_ring(tx, *spoken.ring);
  if (!ring || ring->state != RingState::ringing || ring->person.text != message->to) return;  // answered meanwhile, or gone on
  if (words.result == CallResult::answered) {
    if (words.key != "1") return;  // heard and not taken: it rings until its time is over
    const Caller person = at_phone(tx, *ring, tx.now());
    if (ring->purpose.empty()) {
      cases_.move(tx, person, ring->case_, cases::Move::accept, {});
    } else {
      cases::Words in;
      in.organisation = cases::OrganisationId{ring->purpose};
      cases_.move(tx, person, ring->case_, cases::Move::report_in, in);
    }
    return;
  }
  ring_on(tx, *message);
}

}  // namespace lifang::notices
