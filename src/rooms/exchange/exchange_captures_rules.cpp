#include "rooms/exchange/exchange_captures_rules.hpp"

#include <algorithm>
#include <cmath>

#include "base/check.hpp"
#include "base/reflect.hpp"
#include "base/refusal.hpp"
#include "base/text.hpp"
#include "platform/http/url.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace lifang::exchange {
namespace {

constexpr Duration kShortestKeepalive{10'000}, kLongestKeepalive{3'600'000};
constexpr std::size_t kMostPlaces = 200;
constexpr double kMostPixels = 100'000;

bool is_between(std::string_view text, std::size_t least, std::size_t most) {
  const std::size_t n = length_of(trim(text));
  return n >= least && n <= most;
}

bool has_controls(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 32 || c == 127; });
}

using boost::json::value;

std::optional<std::string> text_at(const boost::json::object& of, std::string_view name, std::size_t most) {
  const value* found = of.if_contains({name.data(), name.size()});
  if (!found || !found->is_string() || found->get_string().empty() || found->get_string().size() > most) return std::nullopt;
  return std::string(found->get_string());
}

std::optional<viid::Box> box_at(const boost::json::object& of) {
  const value* found = of.if_contains("box");
  if (!found || !found->is_array() || found->get_array().size() != 4) return std::nullopt;
  double n[4] = {};
  for (std::size_t i = 0; i < 4; ++i) {
    const value& each = found->get_array()[i];
    if (!each.is_number()) return std::nullopt;
    n[i] = each.to_number<double>();
    if (!(std::abs(n[i]) <= kMostPixels)) return std::nullopt;
  }
  const auto pixel = [](double at) { return static_cast<std::int64_t>(std::lround(std::max(0.0, at))); };
  return viid::Box{pixel(n[0]), pixel(n[1]), pixel(n[0] + n[2]), pixel(n[1] + n[3])};
}

Judged judge_one(const viid::Status& status) {
  switch (status.code) {
    case 0: return {Verdict::taken, 0, {}};
    case 2: case 9: return {Verdict::busy, status.code, status.words};                 // busy, restarting
    case 4: case 5: case 6: case 7: case 8: return {Verdict::refused, status.code, status.words};  // what we said is off
    default: return {Verdict::again, status.code, status.words};
  }
}

}  // namespace

void check_words(const LibraryWords& words, bool has_password) {
  if (!is_between(words.name, 1, 60)) throw invalid("exchange.bad_name", "/name", "1 to 60 characters");
  const auto url = http::parse_url(words.url);
  if (!url || url->target != "/") throw invalid("exchange.bad_url", "/url", "an address such as https://viid.example:8120, without a path");
  if (!viid::is_number(words.system)) throw invalid("exchange.bad_system", "/system", "20 digits, as GB/T 28181 annex D writes them");
  if (words.login && (!is_between(*words.login, 1, 64) || has_controls(*words.login)))
    throw invalid("exchange.bad_login", "/login", "1 to 64 characters");
  if (words.password && (words.password->empty() || words.password->size() > 128 || has_controls(*words.password)))
    throw invalid("exchange.no_password", "/password", "1 to 128 bytes");
  if (!words.password && !has_password) throw invalid("exchange.no_password", "/password", "a library that is new needs one");
  if (words.places.empty() || words.places.size() > kMostPlaces) throw invalid("exchange.no_places", "/places", "1 to 200 places");
  if (!is_between(words.basis, 4, 500)) throw invalid("exchange.no_basis", "/basis", "the order or agreement that asks for it, 4 to 500 characters");
  if (words.keep_days < 1 || words.keep_days > 30) throw invalid("exchange.bad_keep", "/keep_days", "1 to 30");
  if (words.keepalive < kShortestKeepalive || words.keepalive > kLongestKeepalive)
    throw invalid("exchange.bad_keepalive", "/keepalive", "10 s to 1 h");
  if (words.faces && !words.signs_posted)
    throw invalid("exchange.no_signs", "/signs_posted", "faces leave only where signs say that people are filmed");
  if (words.faces && words.purpose == SharePurpose::traffic)
    throw invalid("exchange.weak_purpose", "/purpose", "traffic is no purpose for faces");
}

bool wants(const Library& library, CaptureKind kind) { return kind == CaptureKind::plate ? library.plates : library.faces; }

bool covers_path(const Library& library, std::string_view path) {
  return std::any_of(library.paths.begin(), library.paths.end(), [&](const std::string& root) { return path.starts_with(root); });
}

Sight read_sight(std::string_view attributes, double confidence) {
  Sight sight;
  sight.plate.confidence = std::clamp(confidence, 0.0, 1.0);
  if (attributes.empty()) return sight;
  value json;
  try {
    json = parse_json(attributes);
  } catch (const Refusal&) {
    return sight;
  }
  if (!json.is_object()) return sight;
  const auto& all = json.get_object();
  sight.plate.number = text_at(all, "plate", 32).value_or("");
  const auto colour = text_at(all, "colour", 32);
  sight.plate.colour = colour ? viid::colour_code(*colour) : "";
  sight.plate.class_ = text_at(all, "plate_class", 2).value_or(viid::class_code(sight.plate.number, sight.plate.colour));
  if (const auto painted = text_at(all, "vehicle_colour", 32)) sight.plate.vehicle_colour = viid::colour_code(*painted);
  sight.box = box_at(all);
  sight.cutout = text_at(all, "crop", 64);
  sight.person = text_at(all, "person", 64);
  return sight;
}

std::string_view withheld(const Library& library, const Asked& asked, Time now) {
  if (!wants(library, asked.kind)) return "switched_off";
  if (library.until && now >= *library.until) return "ended";
  if (asked.kind == CaptureKind::plate) return {};
  const bool public_duty = library.purpose == SharePurpose::public_security || library.purpose == SharePurpose::investigation;
  if (!library.signs_posted || (asked.known_person ? !asked.consents : !public_duty)) return "no_consent";
  return asked.has_picture ? "" : "no_picture";
}

std::vector<Judged> judge(std::span<const std::string> objects, const std::vector<viid::Status>& statuses) {
  if (statuses.empty()) return std::vector<Judged>(objects.size());
  const auto is_ours = [&](const viid::Status& s) { return std::find(objects.begin(), objects.end(), s.id) != objects.end(); };
  const bool named = std::any_of(statuses.begin(), statuses.end(), is_ours);
  std::vector<Judged> all;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    if (!named && statuses.size() == objects.size()) {
      all.push_back(judge_one(statuses[i]));
    } else if (!named && statuses.size() == 1) {
      Judged whole = judge_one(statuses.front());
      // One refusal for many says nothing about any of them.
      if (whole.verdict == Verdict::refused || whole.verdict == Verdict::again) whole.verdict = Verdict::alone;
      all.push_back(std::move(whole));
    } else {
      const auto mine = std::find_if(statuses.begin(), statuses.end(), [&](const viid::Status& s) { return s.id == objects[i]; });
      all.push_back(mine != statuses.end() ? judge_one(*mine) : Judged{Verdict::alone, 0, {}});
      // Alone it is, and still not spoken of.
      if (all.back().verdict == Verdict::alone && objects.size() == 1) all.back() = {Verdict::again, 1, "not in the answer"};
    }
  }
  return all;
}

Duration again_after(std::int64_t attempts) { return Duration{10'000} * (std::int64_t{1} << (2 * std::clamp<std::int64_t>(attempts - 1, 0, 5))); }

Duration away_for(std::string_view chance) {
  check(chance.size() == 2, "two bytes of chance");
  const unsigned n = static_cast<unsigned char>(chance[0]) * 256U + static_cast<unsigned char>(chance[1]);
  return std::chrono::seconds(1 + n % 300);
}

}  // namespace lifang::exchange
