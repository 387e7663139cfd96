#include "vision/commands/gather.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <optional>

#include "base/id.hpp"
#include "base/refusal.hpp"
#include "base/reflect.hpp"
#include "platform/http/client.hpp"

namespace lifang::vision {
namespace fs = std::filesystem;
namespace json = boost::json;
namespace {

constexpr std::size_t most_answer = 32 << 20;

std::string text_of(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

bool says(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_bool() && value->get_bool();
}

/// The objects of a list. Throws Refusal when the node answered something else.
const json::array& list_in(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  const json::array* list = value == nullptr ? nullptr : value->if_array();
  if (list == nullptr || !std::all_of(list->begin(), list->end(), [](const json::value& item) { return item.is_object(); }))
    throw Refusal{RefusalKind::unavailable, "vision.gather", fmt::format("the node's answer has no list of objects \"{}\"", name)};
  return *list;
}

/// The day on which something was seen; none when that is no time of ours.
std::optional<std::string> day_of(const json::object& seen, int offset_minutes) {
  constexpr std::int64_t most = 253'402'214'400'000;  // the last day of the year 9999
  const json::value* ts = seen.if_contains("ts");
  if (ts == nullptr || !ts->is_int64() || ts->get_int64() < 0 || ts->get_int64() >= most) return std::nullopt;
  return to_rfc3339(from_ms(ts->get_int64()), offset_minutes).substr(0, 10);
}

/// What a file or folder is named after: the node's words, which must not lead out of the folder.
bool is_plain(const std::string& word) { return is_client_id(word); }

class Gatherer {
 public:
  Gatherer(const GatherWords& words, const std::string& token) : words_(words) {
    http::Client::Config config;
    config.max_answer = most_answer;
    client_.emplace(words.node, config);
    headers_ = {{"Authorization", "Bearer " + token}, {"X-Purpose", words.purpose}};
  }

  void run() {
    for (const char* state : {"verified", "closed"}) {
      std::string after;
      do {
        const json::object page = ask(fmt::format("/api/v1/cases?kind={}&state={}&limit=200{}{}", words_.kind, state, after.empty() ? "" : "&after=", after));
        for (const json::value& item : list_in(page, "items")) take(item.get_object());
        after = text_of(page, "next");
      } while (!after.empty());
    }
  }
  std::size_t ebikes = 0, others = 0, unsaid = 0, pictureless = 0;

 private:
  json::object ask(const std::string& target) {
    const http::Reply reply = client_->get(target, headers_);
    if (!reply.good())
      throw Refusal{RefusalKind::unavailable, "vision.gather",
                    fmt::format("{} answered {} {}: {}", target, reply.status, http::failure_name(reply.failure), reply.body.substr(0, 300))};
    json::value value = parse_json(reply.body, {most_answer, 32});
    if (!value.is_object()) throw Refusal{RefusalKind::unavailable, "vision.gather", target + " answered no object"};
    return std::move(value.get_object());
  }

  void take(const json::object& item) {
    const std::string ending = text_of(item, "ending"), situation = text_of(item, "situation"), lift = text_of(item, "device");
    if (says(item, "drill") || !is_plain(situation) || !is_plain(lift)) {
      ++unsaid;
      return;
    }
    const json::object raised = ask("/api/v1/situations/" + situation);
    const bool wrong = ending == "false_alarm" || says(raised, "false_alarm");
    if (!wrong && ending != "solved") {
      ++unsaid;
      return;
    }
    for (const json::value& evidence : list_in(raised, "evidence")) {
      const std::string detection = text_of(evidence.get_object(), "detection_id");
      if (is_plain(detection) && keep(ask("/api/v1/readings/detections/" + detection), !wrong, lift)) return;
    }
    ++pictureless;
  }

  /// Whether the detection has a picture that could be had.
  bool keep(const json::object& seen, bool ebike, const std::string& lift) {
    const std::string file = text_of(seen, "file"), id = text_of(seen, "id");
    const std::optional<std::string> day = day_of(seen, words_.offset_minutes);
    if (!is_plain(file) || !is_plain(id) || !day) return false;
    const http::Reply picture = client_->get("/api/v1/files/" + file + "/content", headers_);
    const std::string_view type = picture.header("Content-Type");
    if (!picture.good() || !(type == "image/jpeg" || type == "image/png")) return false;
    const fs::path at = words_.to / (ebike ? "ebike" : "other") / lift / *day / id;
    std::error_code failed;
    fs::create_directories(at.parent_path(), failed);
    write(at.string() + (type == "image/png" ? ".png" : ".jpg"), picture.body);
    const json::value* attributes = seen.if_contains("attributes");
    const json::value* box = attributes != nullptr && attributes->is_object() ? attributes->get_object().if_contains("box") : nullptr;
    if (box != nullptr) write(at.string() + ".json", "{\"box\":" + json::serialize(*box) + "}\n");
    (ebike ? ebikes : others)++;
    return true;
  }

  static void write(const fs::path& at, const std::string& bytes) {
    std::ofstream out(at, std::ios::binary);
    out << bytes << std::flush;
    if (!out) throw Refusal{RefusalKind::unavailable, "vision.gather", at.string() + " cannot be written"};
  }

  const GatherWords& words_;
  std::optional<http::Client> client_;
  http::Pairs headers_;
};

}  // namespace

void gather(const GatherWords& words, const std::string& token, std::FILE* say) {
  if (!is_client_id(words.kind)) throw invalid("vision.gather", "/kind", "is no kind of case");
  if (fs::exists(words.to) && !fs::is_empty(words.to)) throw conflict("vision.gather", words.to.string() + " holds something already");
  fs::create_directories(words.to);
  fs::permissions(words.to, fs::perms::owner_all);
  Gatherer gatherer(words, token);
  gatherer.run();
  fmt::print(say, "{} pictures of e-bikes, {} of false alarms in {}; passed over: {} cases that nobody judged, {} without a picture\n", gatherer.ebikes,
             gatherer.others, words.to.string(), gatherer.unsaid, gatherer.pictureless);
}

}  // namespace lifang::vision
