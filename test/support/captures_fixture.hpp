// A house with a camera at a gate, one in another compound, and a viewing library that may be set up.
#pragma once
#include <algorithm>

#include <boost/json.hpp>

#include "rooms/exchange/exchange.hpp"
#include "rooms/exchange/exchange_captures.hpp"
#include "support/house_fixture.hpp"

namespace lifang::exchange {

inline const std::string kPng = "\x89PNG\r\n\x1A\n" + std::string("\0\0\0\x0D", 4) + "IHDR" + std::string("\0\0\0\x09\0\0\0\x07", 8);

class CapturesTest : public HouseTest {
 protected:
  CapturesTest() {
    world_.clock.set(*parse_time("2026-03-02T08:00:00+08:00"));
    place("wenxin", places::Kind::street, {});
    place("fuyuan", places::Kind::compound, "wenxin");
    place("gate", places::Kind::spot, "fuyuan");
    place("yuli", places::Kind::compound, "wenxin");
    devices::ProfileWords profile;
    profile.name = "抓拍机";
    profile.detections = std::vector<std::string>{"plate", "face"};
    act([&](Tx& tx) { house_.devices.put_profile(tx, root_, devices::ProfileId{"eye"}, profile); });
    camera("gate-eye", "gate");
    camera("yuli-eye", "yuli");
  }
  void place(const std::string& id, places::Kind kind, const std::string& parent) {
    places::PlaceWords words{kind, id, {}, {}, {}, {}, {}};
    if (!parent.empty()) words.parent = places::PlaceId{parent};
    act([&](Tx& tx) { house_.places.put(tx, root_, places::PlaceId{id}, words); });
  }
  void camera(const std::string& id, const std::string& at) {
    devices::DeviceWords words;
    words.profile = devices::ProfileId{"eye"};
    words.place = places::PlaceId{at};
    words.secret = "secret-of-" + id;
    act([&](Tx& tx) { house_.devices.put(tx, root_, devices::DeviceId{id}, words); });
  }
  static LibraryWords words(const std::string& url = "http://127.0.0.1:9") {
    LibraryWords words;
    words.name = "西湖分局视图库";
    words.url = url;
    words.system = "33010600002000000001";
    words.password = "viid-secret-1";
    words.places = {places::PlaceId{"fuyuan"}};
    words.basis = "西公视〔2026〕7号";
    words.plates = true;
    return words;
  }
  Library set_up(const LibraryWords& words, const std::string& id = "xihu") {
    return act([&](Tx& tx) { return house_.exchange->captures().put(tx, root_, LibraryId{id}, words); });
  }
  Library library(const std::string& id = "xihu") {
    return ask([&](Reader& r) { return Captures::get(r, root_, LibraryId{id}); });
  }
  std::string picture() {
    const auto upload = house_.files.take_in(kPng, {}, "image/png", world_.ids);
    return act([&](Tx& tx) { return house_.files.keep_for_machine(tx, files::maker_of("gate-eye"), upload, "gate-eye").id.text; });
  }
  /// What a camera says; the clock goes on by a second, so that nothing is said twice.
  void detect(const std::string& kind, const std::string& attributes, const std::string& file = {}, const std::string& camera = "gate-eye") {
    world_.clock.advance(std::chrono::seconds(1));
    readings::Batch batch;
    readings::Detection detection;
    detection.ts = detection.arrived = to_ms(world_.clock.now());
    detection.device = house_.devices.registry().find(camera)->number;
    detection.kind = kind;
    detection.confidence = 0.9;
    detection.attributes = attributes;
    detection.file = file;
    batch.detections.push_back(detection);
    act([&](Tx& tx) { house_.take(tx, batch); });
  }
  void plate(const std::string& number) { detect("plate", R"({"plate":")" + number + R"(","colour":"blue","box":[1,2,3,4]})"); }
  std::vector<Capture> captures(std::optional<CaptureState> state = {}) {
    CaptureFilter filter;
    filter.state = state;
    filter.limit = 500;
    return ask([&](Reader& r) { return Captures::captures(r, root_, filter); });
  }
  std::size_t waiting() { return captures(CaptureState::waiting).size(); }
  /// How often this was told.
  std::int64_t told(const std::string& topic) {
    const auto events = ask([](Reader& r) { return bus::Bus::after(r, 0, {"exchange"}, 10'000); });
    return std::count_if(events.begin(), events.end(), [&](const bus::Told& event) { return event.topic == topic; });
  }
  std::vector<audit::Shown> log(const std::string& action) {
    audit::Filter filter;
    filter.action = action;
    filter.limit = 500;
    return ask([&](Reader& r) { return audit::Audit::list(r, root_, filter); });
  }
};

}  // namespace lifang::exchange
