#include "porch/mqtt/mqtt_porch.hpp"

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

/// The I/O thread on which the receiver is being called: portions are per thread, and so need no lock.
thread_local Portion* my_portion = nullptr;

Caller caller_of(const devices::DeviceEntry& device) { return {"device:" + device.id, {}, device.id, {}, {}, {}}; }

}  // namespace

/// What a connection keeps: who speaks, as the registry knew it when it last looked.
struct MqttPorch::Talk {
  devices::DevicePtr entry;
  bool gone = false;
};

MqttPorch::MqttPorch(Parts parts, mqtt::Config config, Limits limits, const Steady& steady)
    : parts_(parts), limits_(limits), server_(config, *this, steady) {
  parts_.intake.on_acked([this](std::span<const mqtt::Ack> acks, bool stored) {
    if (stored) return server_.acknowledge(acks);
    // Not stored, not acknowledged: a 3.1.1 device sends again only when it reconnects.
    for (const mqtt::Ack& ack : acks) server_.close(ack.connection);
  });
  parts_.intake.on_pressure([this](bool full) { server_.pause_reading(full); });
  parts_.bus.watch([this](std::span<const bus::Told> events) {
    for (const bus::Told& event : events) told(event);
  });
}

MqttPorch::~MqttPorch() { server_.stop(Duration{0}); }

std::optional<mqtt::Admission> MqttPorch::connect(const mqtt::Newcomer& newcomer) {
  const auto& words = newcomer.words;
  devices::DevicePtr entry;
  if (words.user && words.password) {
    entry = parts_.devices.registry().find(*words.user);
    const std::string hash = parts_.vault.blind_index("devices.secret", *words.password);
    if (entry && !equal_in_constant_time(entry->secret, hash)) entry = nullptr;
  } else if (words.user) {
    entry = parts_.devices.registry().by_secret(parts_.vault.blind_index("devices.secret", *words.user));
  }
  if (!entry) {
    parts_.metrics.refused("porch.bad_credentials");
    return mqtt::Admission{mqtt::Reason::bad_credentials, {}};
  }
  const std::uint64_t number = entry->number;
  return mqtt::Admission{mqtt::Reason::success, {number, std::make_shared<Talk>(Talk{std::move(entry)})}};
}

void MqttPorch::opened(mqtt::ConnectionId, const mqtt::Device& device) {
  ++static_cast<Talk*>(device.context.get())->entry->state->connections;
}

void MqttPorch::closed(mqtt::ConnectionId, const mqtt::Device& device, mqtt::Why) {
  --static_cast<Talk*>(device.context.get())->entry->state->connections;
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

std::optional<mqtt::Reason> MqttPorch::publish(const mqtt::Incoming& message) {
  const devices::DeviceEntry* device = entry_of(message.device);
  if (!device) return mqtt::Reason::not_authorized;
  if (!my_portion) my_portion = new_portion();
  Limits limits = limits_;
  limits.now = to_ms(parts_.world.clock.now());
  device->state->last_seen.store(limits.now, std::memory_order_relaxed);
  auto& batch = my_portion->batch;
  const auto& registry = parts_.devices.registry();
  if (message.topic == kTelemetry) return take(message, read_telemetry(message.payload, *device, limits, batch), *device);
  if (message.topic == kGatewayTelemetry)
    return take(message, read_gateway_telemetry(message.payload, *device, registry, limits, batch), *device);
  if (message.topic == kDetections) return take(message, read_detections(message.payload, *device, limits, batch), *device);
  if (message.topic == kGatewayDetections)
    return take(message, read_gateway_detections(message.payload, *device, registry, limits, batch), *device);
  const devices::DeviceId id{device->id};
  if (message.topic == kAttributes) {
    return use_case(message, [this, id, caller = caller_of(*device), text = std::string(message.payload)](Tx& tx) {
      parts_.devices.set_attributes(tx, caller, id, text);
    });
  }
  if (message.topic.starts_with(kResponse)) {
    const std::string_view tail = message.topic.substr(kResponse.size());
    std::int64_t number = 0;
    const auto [end, ec] = std::from_chars(tail.data(), tail.data() + tail.size(), number);
    if (ec == std::errc{} && end == tail.data() + tail.size())
      return use_case(message, [this, id, number, text = std::string(message.payload)](Tx& tx) {
        parts_.devices.answered(tx, id, number, text);
      });
  }
  parts_.metrics.refused("porch.foreign_topic");
  return mqtt::Reason::not_authorized;
}

std::optional<mqtt::Reason> MqttPorch::take(const mqtt::Incoming& message, const Taken& taken,
                                            const devices::DeviceEntry& device) {
  parts_.intake.count(taken, device);
  if (!taken.anything()) return mqtt::Reason::payload_format_invalid;
  if (message.qos > 0) my_portion->acks.push_back({message.connection, message.ticket, mqtt::Reason::success});
  return std::nullopt;
}

std::optional<mqtt::Reason> MqttPorch::use_case(const mqtt::Incoming& message, lane::Lane::UseCase use_case) {
  // In order: what this thread heard before goes first, what comes after goes behind.
  parts_.intake.submit(*my_portion);
  parts_.intake.cut();
  const mqtt::Ack ack{message.connection, message.ticket, mqtt::Reason::success};
  const bool wants_ack = message.qos > 0;
  parts_.lane.submit(std::move(use_case), [this, ack, wants_ack](std::exception_ptr thrown) {
    mqtt::Ack answer = ack;
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const Refusal& refusal) {
      parts_.metrics.refused(refusal.code);
      // Not durable is no refusal: without an acknowledgement the device sends it again.
      if (refusal.kind == RefusalKind::unavailable) return server_.close(ack.connection);
      answer.reason = mqtt::Reason::payload_format_invalid;
    } catch (const std::exception&) {
      return server_.close(ack.connection);
    }
    if (wants_ack) server_.acknowledge({&answer, 1});
  });
  return std::nullopt;
}

void MqttPorch::batch_end(unsigned) {
  if (my_portion) parts_.intake.submit(*my_portion);
}

mqtt::Reason MqttPorch::subscribe(mqtt::ConnectionId, const mqtt::Device& device, std::string_view filter,
                                  std::uint8_t qos) {
  const devices::DeviceEntry* entry = entry_of(device);
  if (!entry) return mqtt::Reason::not_authorized;
  const auto granted = static_cast<mqtt::Reason>(qos > 1 ? 1 : qos);
  if (filter == kAttributes) return granted;
  if (filter == "v1/devices/me/rpc/request/+" || filter == "v1/devices/me/rpc/request/#") {
    send_waiting(entry->id, entry->number);
    return granted;
  }
  parts_.metrics.refused("porch.foreign_topic");
  return mqtt::Reason::not_authorized;
}

void MqttPorch::told(const bus::Told& told) {
  if (told.topic == devices::Commanded::topic) {
    const auto event = from_json<devices::Commanded>(told.body);
    if (const auto entry = parts_.devices.registry().find(event.device.text); entry && entry->state->connections > 0)
      send_waiting(entry->id, entry->number);
  } else if (told.topic == devices::AttributesChanged::topic) {
    const auto event = from_json<devices::AttributesChanged>(told.body);
    if (event.by_device) return;
    if (const auto entry = parts_.devices.registry().find(event.device.text); entry && entry->state->connections > 0)
      send_attributes(entry->id, entry->number);
  }
}

void MqttPorch::send_waiting(const std::string& device, std::uint32_t number) {
  parts_.lane.submit(
      [this, device, number](Tx& tx) {
        const auto connections = server_.connections_of(number);
        if (connections.empty()) return;
        for (const devices::Command& command : devices::Devices::waiting_for(tx, devices::DeviceId{device})) {
          parts_.devices.sent(tx, command.id);
          std::string payload = "{\"method\":" + to_json(command.method) + ",\"params\":" + command.params.text + "}";
          const std::string topic = std::string(kRequest) + std::to_string(command.number);
          tx.after_commit([this, connections, topic, payload] {
            for (const auto connection : connections) server_.publish(connection, topic, payload, 1, 0);
          });
        }
      },
      [](std::exception_ptr) {});
}

void MqttPorch::send_attributes(const std::string& device, std::uint32_t number) {
  parts_.lane.submit(
      [this, device, number](Tx& tx) {
        const auto found = devices::Devices::find(tx, devices::DeviceId{device});
        if (!found) return;
        for (const auto connection : server_.connections_of(number))
          server_.publish(connection, std::string(kAttributes), found->attributes.text, 1, 0);
      },
      [](std::exception_ptr) {});
}

void MqttPorch::delivered(mqtt::ConnectionId, std::uint64_t, mqtt::Delivery delivery) {
  // A command that did not arrive waits in the devices room and is sent again with the next subscription.
  if (delivery == mqtt::Delivery::queue_full || delivery == mqtt::Delivery::too_large)
    parts_.metrics.refused("porch.not_delivered");
}

}  // namespace lifang::porch
