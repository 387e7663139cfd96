#include "rooms/readings/readings_http.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/describe.hpp"
#include "platform/bus/typed.hpp"
#include "platform/http/again.hpp"
#include "platform/http/routes.hpp"
#include "platform/lane/lane.hpp"
#include "rooms/devices/devices.hpp"
#include "rooms/readings/readings.hpp"
#include "rooms/readings/readings_personal.hpp"

namespace lifang::readings {
namespace {

constexpr std::string_view kRight = "readings.read";
constexpr std::int64_t kLongestStep = 366 * 86'400'000LL;

struct RawItem {
  std::int64_t ts = 0;  ///< Unix milliseconds
  double value = 0;
  std::optional<bool> suspect, late;  ///< only where true
};
BOOST_DESCRIBE_STRUCT(RawItem, (), (ts, value, suspect, late))

struct StepItem {
  std::int64_t ts = 0;  ///< where the step begins
  std::uint64_t count = 0;
  double min = 0, max = 0, mean = 0, last = 0;
};
BOOST_DESCRIBE_STRUCT(StepItem, (), (ts, count, min, max, mean, last))

struct LatestItem {
  std::string device;
  std::string name;  ///< of the device
  std::string place;
  std::string metric;
  std::optional<std::string> unit;
  std::int64_t ts = 0;
  double value = 0;
};
BOOST_DESCRIBE_STRUCT(LatestItem, (), (device, name, place, metric, unit, ts, value))

struct DetectionItem {
  std::string id;
  std::string device;
  std::string place;
  std::int64_t ts = 0;
  Time arrived;
  std::string kind;
  double confidence = 0;
  std::optional<JsonObject> attributes;
  std::optional<std::string> file;
  std::optional<bool> late;
  std::optional<bool> masked;  ///< only where true: what tells who is left out
};
BOOST_DESCRIBE_STRUCT(DetectionItem, (),
                      (id, device, place, ts, arrived, kind, confidence, attributes, file, late, masked))

std::string wanted(const http::Call& call, std::string_view name) {
  const auto word = call.query(name);
  if (!word || word->empty()) throw invalid("json.missing", "?" + std::string(name), fmt::format("which {0}: ?{0}=ID", name));
  return *word;
}

devices::DevicePtr device_of(const devices::Devices& devices, const http::Call& call) {
  auto device = devices.registry().find(wanted(call, "device"));
  if (!device) throw missing("devices.unknown", "no such device");
  call.caller.must(kRight, device->path);
  return device;
}

/// Of what the profile names now, or what the device ever sent under that name.
std::uint16_t metric_of(const devices::Devices& devices, const Readings& readings,
                        const devices::DeviceEntry& device, const std::string& name) {
  if (const auto* metric = device.profile->find(name)) return metric->number;
  std::optional<std::uint16_t> former;
  readings.each_latest(device.number, [&](std::uint16_t number, const Point&) {
    if (devices.registry().metric_name(number) == name) former = number;
  });
  if (!former) throw invalid("readings.unknown_metric", "?metric", "the device has no such metric");
  return *former;
}

/// "Z", "+08:00", "-03:30"; a plus sign that was not escaped arrives as a space.
std::int64_t zone_of(const http::Call& call, int offset_minutes) {
  const auto text = call.query("zone");
  if (!text) return offset_minutes * 60'000LL;
  if (*text == "Z" || *text == "z") return 0;
  const auto digit = [&](std::size_t i) {
    return (*text)[i] >= '0' && (*text)[i] <= '9' ? (*text)[i] - '0' : 100;
  };
  if (text->size() != 6 || std::string_view("+- ").find((*text)[0]) == std::string_view::npos ||
      (*text)[3] != ':')
    throw invalid("readings.bad_zone", "?zone", "Z or ±HH:MM");
  const int hours = digit(1) * 10 + digit(2), minutes = digit(4) * 10 + digit(5);
  if (hours > 23 || minutes > 59) throw invalid("readings.bad_zone", "?zone", "Z or ±HH:MM");
  const std::int64_t ms = (hours * 60 + minutes) * 60'000LL;
  return (*text)[0] == '-' ? -ms : ms;
}

std::optional<std::int64_t> after_of(const http::Call& call) {
  const auto text = call.after();
  if (!text) return std::nullopt;
  std::int64_t ts = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), ts);
  if (error != std::errc{} || end != text->data() + text->size())
    throw invalid("http.bad_cursor", "?after");
  return ts;
}

using History = std::variant<http::List<RawItem>, http::List<StepItem>>;

History history(Reader& reader, const http::Call& call, const Readings& readings,
                  const devices::Devices& devices, int offset_minutes) {
  const auto device = device_of(devices, call);
  const std::uint16_t metric = metric_of(devices, readings, *device, wanted(call, "metric"));
  const auto time = [&](std::string_view name, std::int64_t otherwise) {
    const auto t = call.time(name);
    return t ? to_ms(*t) : otherwise;
  };
  const std::int64_t from = after_of(call).value_or(time("from", -kMaxTs)), to = time("to", kMaxTs);
  const std::size_t limit = call.limit();
  const auto step = call.duration("step");
  if (!step) {
    const RawPage page = readings.raw(reader, device->number, metric, from, to, limit);
    http::List<RawItem> list;
    for (const Point& p : page.points)
      list.items.push_back({p.ts, p.value,
                            (p.flags & suspect) != 0 ? std::optional(true) : std::nullopt,
                            (p.flags & late) != 0 ? std::optional(true) : std::nullopt});
    if (page.next) list.next = std::to_string(*page.next);
    return list;
  }
  if (step->count() < 60'000 || step->count() > kLongestStep)
    throw invalid("readings.bad_step", "?step", "from one minute to 366 days");
  const Steps steps{step->count(), zone_of(call, offset_minutes)};
  http::List<StepItem> list;
  for (const Bucket& b : readings.stepped(reader, device->number, metric, from, to, steps)) {
    if (list.items.size() == limit) {
      list.next = std::to_string(b.ts);
      break;
    }
    list.items.push_back({b.ts, b.count, b.min, b.max, b.mean(), b.last});
  }
  return list;
}

/// The devices that the caller may see and asked for, in order of id.
std::vector<devices::DevicePtr> devices_of(Reader& reader, const http::Call& call,
                                           const devices::Devices& devices) {
  const auto one = call.query("device"), profile = call.query("profile"),
             place = call.query("place");
  std::string under = "/";
  if (place) under = places::Places::path_of(reader, places::PlaceId{*place}, "?place");
  std::vector<devices::DevicePtr> found;
  for (auto& device : devices.registry().all())
    if (device && (!one || device->id == *one) && (!profile || device->profile->id == *profile) &&
        device->path.starts_with(under) && call.caller.may(kRight, device->path))
      found.push_back(std::move(device));
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a->id < b->id; });
  return found;
}

http::List<LatestItem> latest(Reader& reader, const http::Call& call, const Readings& readings,
                              const devices::Devices& devices) {
  const std::size_t limit = call.limit();
  const std::string after = call.after().value_or("");
  http::List<LatestItem> list;
  for (const auto& device : devices_of(reader, call, devices)) {
    if (device->id < after.substr(0, after.find('\n'))) continue;
    for (const auto& metric : device->profile->metrics) {
      const auto point = readings.latest(device->number, metric.number);
      if (!point) continue;
      // The cursor names the first one that is still to be shown.
      const std::string key = device->id + "\n" + metric.name;
      if (list.items.empty() && !after.empty() && device->id == after.substr(0, after.find('\n')) &&
          key != after)
        continue;
      if (list.items.size() == limit) {
        list.next = key;
        return list;
      }
      list.items.push_back({device->id, device->name, device->place, metric.name,
                            metric.unit.empty() ? std::nullopt : std::optional(metric.unit),
                            point->ts, point->value});
    }
  }
  return list;
}

DetectionItem shown(const Detection& d, const devices::DeviceEntry* device) {
  DetectionItem item{d.id, "", "", d.ts, from_ms(d.arrived), d.kind, d.confidence, {}, {}, {}, {}};
  if (device != nullptr) {
    item.device = device->id;
    item.place = device->place;
  }
  if (!d.attributes.empty()) item.attributes = JsonObject{d.attributes};
  if (!d.file.empty()) item.file = d.file;
  if ((d.flags & late) != 0) item.late = true;
  if (d.masked) item.masked = true;
  return item;
}

/// The right and the purpose must meet at one place.
bool reveals(const Caller& caller, std::string_view path) {
  return !caller.purpose.empty() && caller.may(kRevealRight, path) && caller.may("purpose." + caller.purpose, path);
}

void must_reveal(const Caller& caller, std::string_view path) {
  caller.must(kRevealRight, path);
  if (caller.purpose.empty()) throw forbidden("people.no_purpose", "say what for: X-Purpose or ?purpose=");
  if (!reveals(caller, path))
    throw forbidden("people.purpose_not_yours", "this login may not see plain data for that purpose");
}

/// A list with a purpose is in the log before it is answered: once a request, however many pages a sheet has.
void log_list(const Around& around, const http::Call& call, const DetectionsWanted& asked, const std::string& under) {
  const Caller& caller = call.caller;
  if (caller.purpose.empty() || !caller.may(kRevealRight) || !caller.may("purpose." + caller.purpose)) return;
  if (call.path.contains(http::kAgain)) return;
  Revealed revealed{caller.purpose, "detections", call.query("device"), asked.kind, call.time("from"), call.time("to"), caller.case_named()};
  around.lane.now([&](Tx& tx) {
    bus::tell(around.bus, tx, revealed, {revealed.device.value_or(caller.account), under, {}, caller.account});
  });
}

http::List<DetectionItem> detections(Reader& reader, const http::Call& call,
                                     const Readings& readings, const Around& around) {
  const devices::Devices& devices = around.devices;
  DetectionsWanted asked;
  if (call.query("device")) asked.device = device_of(devices, call)->number;
  asked.kind = call.query("kind");
  if (const auto from = call.time("from")) asked.from = to_ms(*from);
  if (const auto to = call.time("to")) asked.to = to_ms(*to);
  asked.limit = call.limit();
  asked.after = call.after().value_or("");
  std::string under = "/";
  if (const auto place = call.query("place"))
    under = places::Places::path_of(reader, places::PlaceId{*place}, "?place");
  asked.visible = [&](std::uint32_t number) {
    const auto device = devices.registry().at(number);
    if (!device)
      return call.caller.may(kRight, "/") && under == "/";  // removed: only who sees everything
    return device->path.starts_with(under) && call.caller.may(kRight, device->path);
  };
  asked.plain = [&](std::uint32_t number) {
    const auto device = devices.registry().at(number);
    return reveals(call.caller, device ? device->path : "/");
  };
  const auto one = call.query("device") ? devices.registry().at(*asked.device) : nullptr;
  log_list(around, call, asked, one ? one->path : under);
  const DetectionsPage page = readings.detections(reader, asked);
  http::List<DetectionItem> list;
  for (const Detection& d : page.items)
    list.items.push_back(shown(d, devices.registry().at(d.device).get()));
  if (!page.next.empty()) list.next = page.next;
  return list;
}

}  // namespace

void add_routes(http::Routes& routes, Readings& readings, const Around& around) {
  devices::Devices& devices = around.devices;
  const int offset_minutes = around.offset_minutes;
  routes.get("/api/v1/readings", kRight,
             "Points of one metric: ?device= &metric= &from= &to=; with &step=PT1H in steps, days "
             "in &zone=+08:00",
             [&, offset_minutes](Reader& reader, const http::Call& call) {
               return history(reader, call, readings, devices, offset_minutes);
             });
  routes.get("/api/v1/readings/latest", kRight,
             "Latest values: ?place= (a subtree) &profile= &device=",
             [&](Reader& reader, const http::Call& call) {
               return latest(reader, call, readings, devices);
             });
  routes.get("/api/v1/readings/detections", kRight,
             "Detections, newest first: ?device= &kind= &place= &from= &to=; plates, faces and persons masked but for a purpose",
             [&readings, around](Reader& reader, const http::Call& call) {
               return detections(reader, call, readings, around);
             });
  routes.get("/api/v1/readings/detections/{id}", kRight, "One detection, masked",
             [&](Reader& reader, const http::Call& call) {
               const auto found = readings.detection(reader, call.id());
               const auto device = found ? devices.registry().at(found->device) : nullptr;
               if (!found) throw missing("readings.unknown_detection", "no such detection");
               call.caller.must(kRight, device ? device->path : "/");
               return shown(*found, device.get());
             });
  routes.post<http::Nothing>(
      "/api/v1/readings/detections/{id}/reveal", kRevealRight,
      "One detection with the plate, face or person that it names, for a purpose (X-Purpose); who looked is in the log",
      [&readings, around](Tx& tx, const http::Call& call, const http::Nothing&) {
        const auto found = readings.plain_detection(tx, call.id());
        if (!found) throw missing("readings.unknown_detection", "no such detection");
        const auto device = around.devices.registry().at(found->device);
        const std::string path = device ? device->path : "/";
        must_reveal(call.caller, path);
        bus::tell(around.bus, tx, Revealed{call.caller.purpose, "detection", {}, found->kind, {}, {}, call.caller.case_named()},
                  {found->id, path, {}, call.caller.account});
        http::Answer<DetectionItem> answer = http::json_response(to_json(shown(*found, device.get())));
        answer.headers.emplace_back("Cache-Control", "no-store");
        return answer;
      });
}

}  // namespace lifang::readings
