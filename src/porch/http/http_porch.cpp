#include "porch/http/http_porch.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "platform/http/routes.hpp"
#include "platform/http/target.hpp"

namespace lifang::porch {
namespace {

using Read = Taken (*)(std::string_view, const devices::DeviceEntry&, const Limits&, readings::Batch&);

/// The token stands in the path, still encoded: /api/v1/TOKEN/telemetry.
std::string token_in(const std::string& path) {
  const std::string_view rest = std::string_view(path).substr(std::string_view("/api/v1/").size());
  return http::percent_decode(rest.substr(0, rest.find('/'))).value_or("");
}

constexpr const char* kBadCredentials = "porch.bad_credentials";

devices::DevicePtr device_at(const HttpPorch& porch, const http::Request& request) {
  return porch.devices.registry().by_secret(porch.vault.blind_index("devices.secret", token_in(request.path)));
}

/// What whoever wrote the program is to look at; the sample of the first refusal follows.
std::string_view remedy(Refused why) {
  switch (why) {
    case Refused::unreadable: return "no JSON of the form {metric: number} or {ts, values}, at byte/of bytes";
    case Refused::unknown_metric: return "the type of this device has no such metric";
    case Refused::bad_value: return "a number or true/false is due, not text, null, NaN or a nested value";
    case Refused::future: return "ts is Unix milliseconds and no more than a day ahead of this node";
    case Refused::too_many: return "too many values for one message; send it in parts";
    case Refused::not_its_device: return "no device that this one may speak for";
    case Refused::bad_detection: return "a detection needs a kind, a confidence of 0 to 1, a ts in milliseconds; missing or wrong";
    case Refused::empty: return "the message holds no value";
  }
  return "";
}

http::Response refused(const Taken& taken) {
  const auto first = std::ranges::find_if(taken.refused, [](std::uint32_t n) { return n > 0; });
  const auto why = first == std::end(taken.refused) ? Refused::empty : static_cast<Refused>(first - std::begin(taken.refused));
  const auto trace = std::ranges::find(taken.traces, name(why), &Trace::reason);
  const std::string sample = trace == taken.traces.end() || trace->sample.empty() ? "" : ": " + trace->sample;
  return http::problem(why == Refused::unreadable ? 400 : 422, name(why),
                       fmt::format("{}{}; nothing of this message was stored", remedy(why), sample));
}

/// What a request says, parsed off the lane.
struct Said {
  devices::DevicePtr device;
  Portion portion;
  Taken taken;
  std::int64_t now = 0;
};

/// With an Idempotency-Key: in a use case of its own, so that the first answer commits with what it is about.
void take_once(HttpPorch& porch, http::Routes& routes, std::shared_ptr<Said> said, http::Request&& request,
               http::Responder responder) {
  porch.intake.cut();  // what comes later goes behind it
  // It weighs as long as it waits, and no longer than there is somebody who could do it.
  const std::size_t weight = said->portion.size();
  porch.intake.expect(weight);
  const std::shared_ptr<void> waits(nullptr, [&porch, weight](std::nullptr_t) { porch.intake.done(weight); });
  routes.write_later(std::move(request), std::move(responder), [&porch, said, waits](Tx& tx, const http::Call&) {
    // Not for a repetition: that one never comes here.
    tx.after_commit([&porch, said] { porch.intake.count(said->taken, *said->device, said->now); });
    if (!said->taken.anything()) {
      auto response = refused(said->taken);
      response.headers.emplace_back("Cache-Control", "no-store");  // may be mended and sent again under the same key
      return response;
    }
    readings::Batch batch = said->portion.batch;
    porch.intake.store(tx, batch);
    return http::json_response("{}");
  });
}

void take(HttpPorch& porch, http::Routes& routes, Read read, http::Request&& request, http::Responder responder) {
  auto said = std::make_shared<Said>();
  said->device = device_at(porch, request);
  if (!said->device) {
    porch.metrics.refused(kBadCredentials);
    note_refused(porch, request, kBadCredentials, {});
    responder.answer(http::problem(401, kBadCredentials, "no device has this access token"));
    return;
  }
  // What waits already is answered after its commit; more would only pile up. Nothing was read, so nothing is lost.
  if (porch.intake.full()) {
    porch.metrics.refused("porch.full");
    auto later = http::problem(503, "porch.full", "more waits than can be stored just now; send it again");
    later.headers.emplace_back("Retry-After", "1");
    responder.answer(std::move(later));
    return;
  }
  Limits limits = porch.limits;
  limits.now = said->now = to_ms(porch.world.clock.now());
  said->device->state->last_seen = limits.now;
  said->taken = read(request.body, *said->device, limits, said->portion.batch);
  if (!request.header("Idempotency-Key").empty())
    return take_once(porch, routes, std::move(said), std::move(request), std::move(responder));
  porch.intake.count(said->taken, *said->device, said->now);
  if (!said->taken.anything()) {
    responder.answer(refused(said->taken));
    return;
  }
  auto held = std::make_shared<http::Responder>(std::move(responder));
  Portion& portion = said->portion;
  portion.messages = 1;
  portion.waiting.push_back([held](bool stored) {
    if (stored) held->answer(http::json_response("{}"));
    else held->answer(http::problem(503, "porch.not_stored", "nothing was stored; send it again"));
  });
  porch.intake.submit(portion);
}

/// A word of the device that is no message: it has been seen.
void seen(const HttpPorch& porch, const devices::DeviceEntry& device) {
  ++device.state->messages;
  device.state->last_seen = to_ms(porch.world.clock.now());
}

/// The device of the token; off the lane.
std::string device_of(const HttpPorch& porch, const http::Request& request) {
  const auto device = device_at(porch, request);
  if (!device) throw Refusal(RefusalKind::unauthenticated, kBadCredentials, "no device has this access token");
  seen(porch, *device);
  return device->id;
}

/// A picture or clip, before the detection that names it.
http::Routes::UseCase take_file(HttpPorch& porch, const http::Request& request) {
  const std::string device = device_of(porch, request);
  const auto upload = porch.files.take_in(request.body, request.body_file ? request.body_file->path() : "",
                                          request.header("Content-Type"), porch.world.ids);
  return [&porch, device, upload](Tx& tx, const http::Call&) {
    http::Response response = http::json_response(to_json(porch.files.keep_for_machine(tx, files::maker_of(device), upload, device)));
    response.status = 201;
    return response;
  };
}

/// What the device was told and what it said of itself; a device without MQTT asks for it now and then.
http::Response give_attributes(const HttpPorch& porch, Reader& reader, const http::Request& request) {
  const auto device = devices::Devices::find(reader, devices::DeviceId{device_of(porch, request)});
  if (!device) throw missing("devices.unknown", "no such device");
  return http::json_response(device->attributes.text);
}

Caller caller_of(const std::string& device) { return {"device:" + device, {}, device, {}, {}, {}}; }

/// The picture on which people draw what the device is to look at; the one before is let go. Only who sets devices up opens it.
http::Routes::UseCase take_picture(HttpPorch& porch, const http::Request& request) {
  const std::string device = device_of(porch, request);
  const auto upload = porch.files.take_in(request.body, request.body_file ? request.body_file->path() : "",
                                          request.header("Content-Type"), porch.world.ids);
  return [&porch, device, upload](Tx& tx, const http::Call&) {
    const devices::DeviceId id{device};
    const files::File file = porch.files.keep_for_machine(tx, files::maker_of(device), upload, device);
    const auto known = devices::Devices::find(tx, id);
    if (!known) throw missing("devices.unknown", "no such device");
    porch.files.release(tx, "device", device);
    porch.files.use_evidence(tx, file.id.text, {"device", device, known->path, "devices.write", {}});
    porch.devices.set_attributes(tx, caller_of(device), id, R"({"picture":")" + file.id.text + "\"}");
    http::Response response = http::json_response(to_json(file));
    response.status = 201;
    return response;
  };
}

/// "/api/v1/TOKEN/telemetry" and the others whose token is a device's.
bool is_porch(std::string_view path) {
  constexpr std::string_view kHead = "/api/v1/";
  if (!path.starts_with(kHead)) return false;
  path.remove_prefix(kHead.size());
  const auto slash = path.find('/');
  if (slash == std::string_view::npos) return false;
  const std::string_view leaf = path.substr(slash + 1);
  return leaf == "telemetry" || leaf == "detections" || leaf == "files" || leaf == "picture" || leaf == "attributes";
}

}  // namespace

void note_refused(HttpPorch& porch, const http::Request& request, std::string_view code, std::string_view sample) {
  if (!is_porch(request.path)) return;
  auto device = device_at(porch, request);
  // Who writes the id where the token belongs has read the manual in a hurry.
  if (!device) device = porch.devices.registry().find(token_in(request.path));
  if (!device) return;
  porch.intake.note(*device, code, code == kBadCredentials ? request.remote_address : sample, to_ms(porch.world.clock.now()));
}

// What devices send, for the description of the routes; telemetry.cpp reads it.
constexpr const char* kTelemetryForm =
    R"({"description":"{metric: number or true/false} at the time of arrival, {ts: Unix ms, values: {metric: …}}, or an array of either",)"
    R"("type":["object","array"],"items":{"type":"object"}})";
constexpr const char* kDetectionForm =
    R"({"description":"{kind, ts: Unix ms, confidence: 0…1, attributes: {…}, file}, of which kind must be there, or an array of them",)"
    R"("type":["object","array"],"items":{"type":"object"}})";

void add_routes(http::Routes& routes, HttpPorch& porch) {
  routes.on_refused([&porch](const http::Request& request, const Refusal& refusal) {
    if (refusal.kind != RefusalKind::unavailable) note_refused(porch, request, refusal.code, refusal.field);
  });
  routes.free("POST", "/api/v1/{token}/telemetry", "Telemetry of a device, answered after the commit",
              [&porch, &routes](http::Request&& request, http::Responder responder) {
                take(porch, routes, read_telemetry, std::move(request), std::move(responder));
              }, {.login = false, .in = kTelemetryForm});
  routes.free("POST", "/api/v1/{token}/detections", "Detections of a device, answered after the commit",
              [&porch, &routes](http::Request&& request, http::Responder responder) {
                take(porch, routes, read_detections, std::move(request), std::move(responder));
              }, {.login = false, .in = kDetectionForm});
  routes.post_slow<http::Raw, files::File>(
      "/api/v1/{token}/files", http::kAnyone, "A picture or clip of a device, for a detection that names it",
      [&porch](Reader&, const http::Call& call, const http::Raw&) { return take_file(porch, call.request); },
      porch.files.max_upload());
  routes.post_slow<http::Raw, files::File>(
      "/api/v1/{token}/picture", http::kAnyone, "A device's newest picture, on which it is set up; becomes its attribute `picture`",
      [&porch](Reader&, const http::Call& call, const http::Raw&) { return take_picture(porch, call.request); },
      porch.files.max_upload());
  routes.get("/api/v1/{token}/attributes", http::kAnyone, "A device's own attributes",
             [&porch](Reader& reader, const http::Call& call) -> http::Raw { return give_attributes(porch, reader, call.request); });
  routes.post<JsonObject>("/api/v1/{token}/attributes", http::kAnyone, "Merges attributes that a device says of itself; null removes one",
                          [&porch](Tx& tx, const http::Call& call, const JsonObject& changes) {
                            const std::string device = device_of(porch, call.request);
                            return porch.devices.set_attributes(tx, caller_of(device), devices::DeviceId{device}, changes.text).attributes;
                          });
}

}  // namespace lifang::porch
