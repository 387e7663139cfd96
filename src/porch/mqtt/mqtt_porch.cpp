#include "porch/mqtt/mqtt_porch.hpp"

#include <algorithm>
#include <charconv>

#include "base/reflect.hpp"
#include "base/text.hpp"

namespace lifang::porch {
namespace {

constexpr std::string_view kTelemetry = "v1/devices/me/telemetry";
constexpr std::string_view kDetections = "v1/devices/me/detections";
constexpr std::string_view kAttributes = "v1/devices/me/attributes";
constexpr std::string_view kResponse = "v1/devices/me/rpc/response/";
constexpr std::string_view kRequest = "v1/devices/me/rpc/request/";
constexpr std::string_view kGatewayTelemetry = "v1/gateway/telemetry";
constexpr std::string_view kGatewayDetections = "v1/gateway/detections";

constexpr const char* kSecret = "devices.secret";
constexpr std::string_view kBadCredentials = "porch.bad_credentials";
constexpr std::string_view kUnknownUser = "porch.unknown_user";  ///< on pages only

/// What a use case costs the lane beside a value that is stored with many others.
constexpr std::size_t kWeight = 16;

/// The I/O thread on which the receiver is being called: portions are per thread, and so need no lock.
thread_local Portion* my_portion = nullptr;

bool is_commands(std::string_view filter) {
  return filter == "v1/devices/me/rpc/request/+" || filter == "v1/devices/me/rpc/request/#";
}

std::optional<std::int64_t> answered_request(std::string_view topic) {
  if (!topic.starts_with(kResponse)) return std::nullopt;
  const std::string_view tail = topic.substr(kResponse.size());
  std::int64_t number = 0;
  const auto [end, ec] = std::from_chars(tail.data(), tail.data() + tail.size(), number);
  return ec == std::errc{} && end == tail.data() + tail.size() ? std::optional(number) : std::nullopt;
}

bool may_publish(std::string_view topic) {
  for (const std::string_view own : {kTelemetry, kDetections, kAttributes, kGatewayTelemetry, kGatewayDetections})
    if (topic == own) return true;
  return answered_request(topic).has_value();
}

Caller caller_of(const devices::DeviceEntry& device) { return {"device:" + device.id, {}, device.id, {}, {}, {}}; }

}  // namespace

/// What a connection keeps: who speaks, as the registry knew it when it last looked.
struct MqttPorch::Talk {
  devices::DevicePtr entry;
  std::string id = {};
};

MqttPorch::MqttPorch(Parts parts, mqtt::Config config, Limits limits, const Steady& steady)
    : parts_(parts), limits_(limits), server_(config, *this, steady) {
  parts_.intake.on_acked([this](std::span<const mqtt::Ack> acks, bool stored) {
    if (stored) return server_.acknowledge(acks);
    // Counted by the intake as porch.not_stored. Not stored, not acknowledged: a 3.1.1 device sends again only when it reconnects.
    for (const mqtt::Ack& ack : acks) server_.close(ack.connection);
  });
  parts_.intake.on_pressure([this](bool full) { server_.pause_reading(full); });
  parts_.bus.watch([this](std::span<const bus::Told> events) {
    for (const bus::Told& event : events) told(event);
  });
}

MqttPorch::~MqttPorch() { server_.stop(Duration{0}); }

/// Whose user name and secret, or access token, these are.
devices::DevicePtr MqttPorch::admitted(const mqtt::Connect& words) const {
  const devices::Registry& registry = parts_.devices.registry();
  if (!words.user) return nullptr;
  if (!words.password) return registry.by_secret(parts_.vault.blind_index(kSecret, *words.user));
  auto entry = registry.find(*words.user);
  const std::string hash = parts_.vault.blind_index(kSecret, *words.password);
  if (entry && !equal_in_constant_time(entry->secret, hash)) entry = nullptr;
  return entry;
}

/// Nobody outside gets to know which half was wrong; the page of the device that it seems to be does.
void MqttPorch::refuse_entry(const mqtt::Newcomer& newcomer) {
  const auto& words = newcomer.words;
  const devices::Registry& registry = parts_.devices.registry();
  if (const auto meant = words.user ? registry.find(*words.user) : nullptr)
    return parts_.intake.refuse(*meant, kBadCredentials, newcomer.peer, now());
  if (const auto meant = registry.find(words.client_id))
    return parts_.intake.refuse(*meant, kBadCredentials, newcomer.peer, now(), kUnknownUser);
  parts_.metrics.refused(std::string(kBadCredentials));
}

std::optional<mqtt::Admission> MqttPorch::connect(const mqtt::Newcomer& newcomer) {
  auto entry = admitted(newcomer.words);
  if (!entry) {
    refuse_entry(newcomer);
    return mqtt::Admission{mqtt::Reason::bad_credentials, {}};
  }
  // Told now, while somebody looks, and not when the device is gone.
  if (const auto& will = newcomer.words.will; will && !may_publish(will->topic))
    return mqtt::Admission{refuse_topic(*entry, will->topic), {}};
  const std::uint64_t number = entry->number;
  return mqtt::Admission{mqtt::Reason::success, {number, std::make_shared<Talk>(Talk{std::move(entry)})}};
}

void MqttPorch::turned_away(const mqtt::Newcomer& newcomer, mqtt::Why why) {
  const devices::Registry& registry = parts_.devices.registry();
  auto meant = newcomer.words.user ? registry.find(*newcomer.words.user) : nullptr;
  if (!meant) meant = registry.find(newcomer.words.client_id);
  if (meant) parts_.intake.note(*meant, "mqtt." + std::string(name(why)), newcomer.peer, now());
}

void MqttPorch::refused(mqtt::ConnectionId, const mqtt::Device& device, mqtt::Why why) {
  if (why == mqtt::Why::shutting_down) return;  // it is we who go
  const devices::DeviceEntry& entry = *static_cast<Talk*>(device.context.get())->entry;
  const std::string reason = "mqtt." + std::string(name(why));
  // Nothing that it said was lost by these: they are no refusals of its words.
  if (why == mqtt::Why::taken_over || why == mqtt::Why::keep_alive_timeout || why == mqtt::Why::slow_reader)
    return parts_.devices.refusals().note(entry.number, reason, now());
  parts_.intake.note(entry, reason, {}, now());
}

std::map<std::string, std::uint64_t> MqttPorch::refused_below() const {
  auto refused = server_.counters().refused;
  for (std::size_t i = 0; i < mqtt::kWhys; ++i)
    if (const auto why = static_cast<mqtt::Why>(i); said_by_receiver(why)) refused.erase("mqtt." + std::string(name(why)));
  return refused;
}

void MqttPorch::opened(mqtt::ConnectionId connection, const mqtt::Device& device) {
  Talk& talk = *static_cast<Talk*>(device.context.get());
  ++talk.entry->state->connections;
  talk.id = talk.entry->id;
  {
    const std::lock_guard lock(logins_mutex_);
    logins_.emplace(talk.id, Login{.connection = connection, .secret = talk.entry->secret});
  }
  // Its secret may have changed while it was being let in.
  if (talk.entry->stale.load(std::memory_order_relaxed)) send_away(talk.id);
}

void MqttPorch::closed(mqtt::ConnectionId connection, const mqtt::Device& device, mqtt::Why) {
  const Talk& talk = *static_cast<Talk*>(device.context.get());
  --talk.entry->state->connections;
  const std::lock_guard lock(logins_mutex_);
  const auto [from, to] = logins_.equal_range(talk.id);
  const auto login = std::find_if(from, to, [&](const auto& one) { return one.second.connection == connection; });
  if (login != to) logins_.erase(login);
}

void MqttPorch::send_away(const std::string& device) {
  const auto entry = parts_.devices.registry().find(device);
  std::vector<mqtt::ConnectionId> gone;
  {
    const std::lock_guard lock(logins_mutex_);
    const auto [from, to] = logins_.equal_range(device);
    for (auto login = from; login != to; ++login)
      if (!entry || entry->secret != login->second.secret) gone.push_back(login->second.connection);
  }
  for (const mqtt::ConnectionId connection : gone) server_.close(connection, mqtt::Reason::not_authorized);
}

const devices::DeviceEntry* MqttPorch::entry_of(const mqtt::Device& device) {
  Talk& talk = *static_cast<Talk*>(device.context.get());
  if (talk.entry->stale.load(std::memory_order_relaxed)) {
    const auto now = parts_.devices.registry().find(talk.entry->id);
    // Removed, or given another secret: it has to prove itself again.
    if (!now || now->secret != talk.entry->secret) return nullptr;
    talk.entry = now;
  }
  return talk.entry.get();
}

Portion* MqttPorch::new_portion() {
  const std::lock_guard lock(portions_mutex_);
  return portions_.emplace_back(std::make_unique<Portion>()).get();
}

/// Removed, or given another secret meanwhile.
mqtt::Reason MqttPorch::refuse_stale(const mqtt::Device& device) {
  parts_.intake.refuse(*static_cast<Talk*>(device.context.get())->entry, kBadCredentials, {}, now());
  return mqtt::Reason::not_authorized;
}

mqtt::Reason MqttPorch::refuse_topic(const devices::DeviceEntry& device, std::string_view topic) {
  // Some makers put the token into the topic: what equals the secret is not shown.
  std::string shown;
  for (std::size_t from = 0; from <= topic.size();) {
    const std::size_t to = std::min(topic.find('/', from), topic.size());
    const std::string_view level = topic.substr(from, to - from);
    if (from > 0) shown += '/';
    const bool secret = level.size() >= 8 && parts_.vault.blind_index(kSecret, level) == device.secret;
    shown += secret ? "***" : level;
    from = to + 1;
  }
  parts_.intake.refuse(device, "porch.foreign_topic", shown, now());
  return mqtt::Reason::not_authorized;
}

std::optional<mqtt::Reason> MqttPorch::publish(const mqtt::Incoming& message) {
  const devices::DeviceEntry* device = entry_of(message.device);
  if (!device) return refuse_stale(message.device);
  if (!my_portion) my_portion = new_portion();
  Limits limits = limits_;
  limits.now = now();
  device->state->last_seen.store(limits.now, std::memory_order_relaxed);
  auto& batch = my_portion->batch;
  const auto& registry = parts_.devices.registry();
  if (message.topic == kTelemetry)
    return take(message, read_telemetry(message.payload, *device, limits, batch), *device, limits.now);
  if (message.topic == kGatewayTelemetry)
    return take(message, read_gateway_telemetry(message.payload, *device, registry, limits, batch), *device, limits.now);
  if (message.topic == kDetections)
    return take(message, read_detections(message.payload, *device, limits, batch), *device, limits.now);
  if (message.topic == kGatewayDetections)
    return take(message, read_gateway_detections(message.payload, *device, registry, limits, batch), *device, limits.now);
  if (message.topic == kAttributes) {
    return use_case(message, *device, [this, id = devices::DeviceId{device->id}, caller = caller_of(*device),
                                       text = std::string(message.payload)](Tx& tx) {
      parts_.devices.set_attributes(tx, caller, id, text);
    });
  }
  if (const auto number = answered_request(message.topic)) return hear_response(message, *device, *number);
  return refuse_topic(*device, message.topic);
}

std::optional<mqtt::Reason> MqttPorch::hear_response(const mqtt::Incoming& message, const devices::DeviceEntry& device,
                                                     std::int64_t number) {
  return use_case(message, device, [this, id = devices::DeviceId{device.id}, number, text = std::string(message.payload)](Tx& tx) {
    // Acknowledged all the same: a late answer is no reason to send it again and again.
    if (parts_.devices.answered(tx, id, number, text)) return;
    tx.after_commit([this, id, number] {
      if (const auto entry = parts_.devices.registry().find(id.text))
        parts_.intake.refuse(*entry, "porch.unasked_answer", std::to_string(number), now());
    });
  });
}

std::optional<mqtt::Reason> MqttPorch::take(const mqtt::Incoming& message, const Taken& taken,
                                            const devices::DeviceEntry& device, std::int64_t now) {
  parts_.intake.count(taken, device, now);
  if (!taken.anything()) return mqtt::Reason::payload_format_invalid;
  ++my_portion->messages;
  if (message.qos > 0) my_portion->acks.push_back({message.connection, message.ticket, mqtt::Reason::success});
  return std::nullopt;
}

void MqttPorch::hand_over(std::size_t weight, lane::Lane::UseCase use_case, lane::Lane::Done done, lane::WhenAway when_away) {
  parts_.intake.expect(weight);
  parts_.lane.submit(
      std::move(use_case),
      [this, weight, done = std::move(done)](std::exception_ptr thrown) {
        parts_.intake.done(weight);
        done(thrown);
      },
      when_away);
}

std::optional<mqtt::Reason> MqttPorch::use_case(const mqtt::Incoming& message, const devices::DeviceEntry& device,
                                                lane::Lane::UseCase use_case) {
  ++device.state->messages;
  // In order: what this thread heard before goes first, what comes after goes behind.
  parts_.intake.submit(*my_portion);
  parts_.intake.cut();
  const mqtt::Ack ack{message.connection, message.ticket, mqtt::Reason::success};
  const bool wants_ack = message.qos > 0;
  hand_over(kWeight + message.payload.size() / 64, std::move(use_case), [this, ack, wants_ack, number = device.number](std::exception_ptr thrown) {
    mqtt::Ack answer = ack;
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const Refusal& refusal) {
      // Not durable is no refusal: without an acknowledgement the device sends it again.
      if (refusal.kind == RefusalKind::unavailable) {
        parts_.metrics.refused("porch.not_stored");
        return server_.close(ack.connection);
      }
      if (const auto entry = parts_.devices.registry().at(number)) parts_.intake.refuse(*entry, refusal.code, refusal.field, now());
      else parts_.metrics.refused(refusal.code);
      answer.reason = mqtt::Reason::payload_format_invalid;
    } catch (const std::exception&) {
      parts_.metrics.refused("porch.not_stored");
      return server_.close(ack.connection);
    }
    if (wants_ack) server_.acknowledge({&answer, 1});
  });
  return std::nullopt;
}

void MqttPorch::batch_end(unsigned) {
  if (my_portion) parts_.intake.submit(*my_portion);
}

mqtt::Reason MqttPorch::subscribe(mqtt::ConnectionId connection, const mqtt::Device& device, std::string_view filter,
                                  std::uint8_t qos) {
  const devices::DeviceEntry* entry = entry_of(device);
  if (!entry) return refuse_stale(device);
  const auto granted = static_cast<mqtt::Reason>(qos > 1 ? 1 : qos);
  if (filter == kAttributes) return granted;
  if (is_commands(filter)) {
    hear_commands(*static_cast<Talk*>(device.context.get()), connection, true);
    send_waiting(entry->id);
    return granted;
  }
  return refuse_topic(*entry, filter);
}

void MqttPorch::unsubscribed(mqtt::ConnectionId connection, const mqtt::Device& device, std::string_view filter) {
  if (is_commands(filter)) hear_commands(*static_cast<Talk*>(device.context.get()), connection, false);
}

void MqttPorch::told(const bus::Told& told) {
  if (told.topic == devices::Commanded::topic) {
    const auto event = from_json<devices::Commanded>(told.body);
    if (const auto entry = parts_.devices.registry().find(event.device.text); entry && entry->state->connections > 0)
      send_waiting(entry->id);
  } else if (told.topic == devices::DeviceKept::topic || told.topic == devices::DeviceRemoved::topic) {
    send_away(told.subject);
  } else if (told.topic == devices::AttributesChanged::topic) {
    const auto event = from_json<devices::AttributesChanged>(told.body);
    if (event.by_device) return;
    if (const auto entry = parts_.devices.registry().find(event.device.text); entry && entry->state->connections > 0)
      send_attributes(entry->id, entry->number);
  }
}

void MqttPorch::hear_commands(const Talk& talk, mqtt::ConnectionId connection, bool on) {
  const std::lock_guard lock(logins_mutex_);
  const auto [from, to] = logins_.equal_range(talk.id);
  for (auto login = from; login != to; ++login)
    if (login->second.connection == connection) login->second.hears_commands = on, login->second.commanded = 0;
}

std::vector<mqtt::ConnectionId> MqttPorch::not_told(Tx& tx, const std::string& device, std::int64_t command) {
  std::vector<mqtt::ConnectionId> found;
  const std::lock_guard lock(logins_mutex_);
  const auto [from, to] = logins_.equal_range(device);
  for (auto login = from; login != to; ++login) {
    Login& one = login->second;
    if (!one.hears_commands || one.commanded >= command) continue;
    found.push_back(one.connection);
    tx.on_rollback([this, device, connection = one.connection, before = one.commanded, command] {
      const std::lock_guard relock(logins_mutex_);
      const auto [first, last] = logins_.equal_range(device);
      for (auto again = first; again != last; ++again)
        if (again->second.connection == connection && again->second.commanded == command) again->second.commanded = before;
    });
    one.commanded = command;
  }
  return found;
}

void MqttPorch::send_waiting(const std::string& device) {
  hand_over(
      kWeight,
      [this, device](Tx& tx) {
        for (const devices::Command& command : devices::Devices::waiting_for(tx, devices::DeviceId{device})) {
          // Nobody knows whether another connection brought it to the machine; this one is told it once.
          const auto connections = not_told(tx, device, command.number);
          if (connections.empty()) continue;
          parts_.devices.sent(tx, command.id);
          std::string payload = "{\"method\":" + to_json(command.method) + ",\"params\":" + command.params.text + "}";
          const std::string topic = std::string(kRequest) + std::to_string(command.number);
          tx.after_commit([this, connections, topic, payload] {
            for (const auto connection : connections) server_.publish(connection, topic, payload, 1, 0);
          });
        }
      },
      [](std::exception_ptr) {}, lane::WhenAway::wait);
}

void MqttPorch::send_attributes(const std::string& device, std::uint32_t number) {
  hand_over(
      kWeight,
      [this, device, number](Tx& tx) {
        const auto found = devices::Devices::find(tx, devices::DeviceId{device});
        if (!found) return;
        // The batch may hold another change of them, and fail: no device hears what is not durable.
        tx.after_commit([this, number, text = found->attributes.text] {
          for (const auto connection : server_.connections_of(number))
            server_.publish(connection, std::string(kAttributes), text, 1, 0);
        });
      },
      [](std::exception_ptr) {}, lane::WhenAway::wait);
}

void MqttPorch::delivered(mqtt::ConnectionId, std::uint64_t, mqtt::Delivery delivery) {
  // A command that did not arrive waits in the devices room and is sent again with the next subscription.
  if (delivery == mqtt::Delivery::queue_full || delivery == mqtt::Delivery::too_large)
    parts_.metrics.refused("porch.not_delivered");
}

}  // namespace lifang::porch
