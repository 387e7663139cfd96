#include "vision/serve/steering.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <condition_variable>
#include <fstream>
#include <iterator>
#include <opencv2/imgcodecs.hpp>

#include "base/refusal.hpp"
#include "base/reflect.hpp"
#include "platform/http/client.hpp"
#include "vision/serve/carrier.hpp"
#include "vision/serve/durable.hpp"
#include "vision/serve/guard.hpp"

namespace lifang::vision {
namespace fs = std::filesystem;
namespace json = boost::json;
namespace {

constexpr auto every = std::chrono::seconds(5);
constexpr std::size_t most_words = 64 << 10;

fs::path file_of(const fs::path& folder, const std::string& camera) { return folder / "views" / (camera + ".json"); }

std::string text_of(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// A number or a text, as a text; empty when there is neither.
std::string word_of(const json::object& attributes, std::string_view name) {
  const json::value* value = attributes.if_contains(name);
  if (value == nullptr || value->is_null()) return {};
  return value->is_string() ? std::string(value->get_string()) : json::serialize(*value);
}

}  // namespace

View compose(const View& own, const json::value& drawn) {
  if (!drawn.is_object()) throw invalid("vision.drawn", "", "is an object");
  const json::object& words = drawn.get_object();
  if (words.contains("bins")) throw invalid("vision.drawn", "/bins", "are set up on the machine of the eyes, because they name a file of it");
  View base = own;
  if (const auto* size = words.if_contains("size")) {
    View sized;
    sized.size = read<std::vector<std::int64_t>>(*size, "/size");
    check_view(sized, "");
    if (sized.size.size() == 2) base = fitted(base, {static_cast<int>(sized.size[0]), static_cast<int>(sized.size[1])});
  }
  json::object all = parse_json(to_json(base)).as_object();
  for (const auto& [name, value] : words) {
    if (value.is_null()) continue;
    if (name == "ebike") {
      // Word by word, so that switching the second look on does not set its file or the votes back.
      if (!value.is_object()) throw invalid("vision.drawn", "/ebike", "is an object");
      if (value.get_object().contains("second_look"))
        throw invalid("vision.drawn", "/ebike/second_look", "is set up on the machine of the eyes, because it names a file of it");
      for (const auto& [word, said] : value.get_object()) all["ebike"].as_object()[word] = said;
      continue;
    }
    if (name != "masks") {
      all[name] = value;
      continue;
    }
    if (!value.is_array()) throw invalid("vision.drawn", "/masks", "is a list of polygons");
    // The drawn ones first, so that a refusal names the one that the page knows by that number.
    json::array masks = value.get_array();
    for (const json::value& mask : all["masks"].as_array()) masks.push_back(mask);
    all["masks"] = std::move(masks);
  }
  View view = read<View>(json::value(std::move(all)));
  check_view(view, "");
  return view;
}

namespace {

/// What was drawn over a camera. Rules for zones, slots and hours may have changed since: then its masks are taken alone. Masks that cannot be
/// read may have hidden anything.
std::optional<DrawnOff> lay_drawn(CameraWords& camera, const fs::path& file, const std::string* unsaved) {
  std::error_code failed;
  const fs::file_status there = fs::status(file, failed);
  if (unsaved == nullptr && there.type() == fs::file_type::not_found) return std::nullopt;
  const auto why = [](const Refusal& refusal) { return fmt::format("{} {}: {}", refusal.code, refusal.field, refusal.detail); };
  try {
    const json::value drawn = parse_json(unsaved != nullptr ? *unsaved : text_of(file));
    try {
      camera.view = compose(camera.view, drawn);
    } catch (const Refusal& refusal) {
      json::object masks;
      if (drawn.is_object())
        for (const char* word : {"size", "masks"})
          if (const auto* value = drawn.get_object().if_contains(word)) masks[word] = *value;
      camera.view = compose(camera.view, drawn.is_object() ? json::value(masks) : drawn);
      return DrawnOff{"of what was drawn only the masks are taken: " + why(refusal), false};
    }
  } catch (const Refusal& refusal) {
    return DrawnOff{"the masks that were drawn cannot be read: " + why(refusal), true};
  }
  if (unsaved != nullptr) return DrawnOff{"what was drawn counts, but the disk has no room for it: a restart would forget it", false};
  return std::nullopt;
}

}  // namespace

ServeWords with_drawn(ServeWords words, std::map<std::string, DrawnOff>& off, const std::map<std::string, std::string>& unsaved) {
  for (CameraWords& camera : words.cameras)
    if (const auto in_memory = unsaved.find(camera.id); auto trouble = lay_drawn(camera, file_of(words.folder, camera.id), in_memory == unsaved.end() ? nullptr : &in_memory->second)) off[camera.id] = std::move(*trouble);
  return words;
}

std::optional<Wanted> wanted_of(std::string_view attributes) {
  const json::value value = parse_json(attributes);
  if (!value.is_object()) return std::nullopt;
  const json::object& words = value.get_object();
  Wanted out;
  if (const auto* drawn = words.if_contains("view"); drawn != nullptr && !drawn->is_null()) out.drawn = json::serialize(*drawn);
  out.picture = word_of(words, "picture_asked");
  if (out.picture == word_of(words, "picture_given")) out.picture.clear();
  return out;
}

Steering::Steering(World world, fs::path folder, const std::string& node, Still still)
    : world_(world), folder_(std::move(folder)), still_(std::move(still)) {
  http::Client::Config config;
  config.timeout = std::chrono::seconds(20);
  config.max_answer = 1 << 20;
  client_ = std::make_unique<http::Client>(node, config);
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

Steering::~Steering() {
  thread_.request_stop();
  client_->cancel();
}

void Steering::steer(const std::vector<CameraWords>& cameras) {
  const std::lock_guard lock(mutex_);
  cameras_ = cameras;
}

void Steering::run(const std::stop_token& stop) {
  std::mutex idle;
  std::condition_variable_any woken;
  while (!stop.stop_requested()) {
    guarded("what is drawn in the console", [&] { round(); });
    std::unique_lock lock(idle);
    woken.wait_for(lock, stop, every, [] { return false; });
  }
}

void Steering::round() {
  const std::lock_guard one_at_a_time(rounds_);
  std::vector<CameraWords> cameras;
  {
    const std::lock_guard lock(mutex_);
    cameras = cameras_;
  }
  for (const CameraWords& camera : cameras) {
    try {
      look_after(camera);
    } catch (const std::exception&) {
      // What one camera's attributes hold must not keep the others from theirs.
    }
  }
}

void Steering::look_after(const CameraWords& camera) {
  const http::Reply reply = client_->request("GET", door_of(camera.token, "attributes"), {}, "");
  if (!reply.good() || reply.body.size() > most_words) return;
  const std::optional<Wanted> wanted = wanted_of(reply.body);
  if (!wanted) return;
  if (!wanted->drawn.empty()) take_view(camera, wanted->drawn);
  tell_state(camera);
  if (!wanted->picture.empty()) give_picture(camera, wanted->picture);
}

void Steering::take_view(const CameraWords& camera, const std::string& text) {
  Told& told = told_[camera.id];
  const bool news = text_of(file_of(folder_, camera.id)) != text;
  if (told.drawn == text && !(told.taken && news)) return;  // a file that was torn meanwhile is written again
  json::object state;
  try {
    compose(camera.view, parse_json(text));
    state["state"] = "taken";
  } catch (const Refusal& refusal) {
    state["state"] = "refused";
    state["code"] = refusal.code;
    state["field"] = refusal.field;
    state["detail"] = refusal.detail;
  }
  const bool taken = state["state"] == "taken";
  if (taken && news) keep_view(camera, text);
  state["at"] = to_rfc3339(world_.clock.now());
  if (!news || told.drawn == text || say(camera, {{"view_state", state}})) {
    told.drawn = text;
    told.taken = taken;
  }
}

/// A disk without room must leave nothing bare that somebody wants hidden: it counts from now on, and is written when there is room.
void Steering::keep_view(const CameraWords& camera, const std::string& text) {
  const bool saved = write_durably(file_of(folder_, camera.id), text);
  const std::lock_guard lock(mutex_);
  const auto before = unsaved_.find(camera.id);
  if (saved) unsaved_.erase(camera.id);
  else if (before != unsaved_.end() && before->second == text) return;
  else unsaved_[camera.id] = text;
  changed_ = true;
}

std::map<std::string, std::string> Steering::unsaved() const {
  const std::lock_guard lock(mutex_);
  return unsaved_;
}

void Steering::report(std::map<std::string, CameraReport> cameras) {
  const std::lock_guard lock(mutex_);
  reports_ = std::move(cameras);
}

/// What people at the node ought to know of a camera; told when it changes.
void Steering::tell_state(const CameraWords& camera) {
  CameraReport now;
  {
    const std::lock_guard lock(mutex_);
    const auto at = reports_.find(camera.id);
    if (at == reports_.end()) return;
    now = at->second;
  }
  const std::string text = to_json(now);
  Told& told = told_[camera.id];
  if (told.state == text) return;
  json::object state = parse_json(text).as_object();
  state["at"] = to_rfc3339(world_.clock.now());
  if (say(camera, {{"eyes_state", state}})) told.state = text;
}

void Steering::give_picture(const CameraWords& camera, const std::string& asked) {
  const auto picture = still_(camera.id);
  if (!picture || picture->empty()) return;  // asked again in the next round
  std::vector<unsigned char> jpeg;
  cv::imencode(".jpg", *picture, jpeg, {cv::IMWRITE_JPEG_QUALITY, 85});
  const std::string body(jpeg.begin(), jpeg.end());
  if (!client_->request("POST", door_of(camera.token, "picture"), {{"Content-Type", "image/jpeg"}}, body).good()) return;
  say(camera, {{"picture_given", asked}, {"picture_size", json::array{picture->cols, picture->rows}}});
}

bool Steering::say(const CameraWords& camera, const json::object& attributes) {
  return client_->post(door_of(camera.token, "attributes"), json::serialize(attributes)).good();
}

}  // namespace lifang::vision
