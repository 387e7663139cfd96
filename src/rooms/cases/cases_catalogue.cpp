#include "rooms/cases/cases_catalogue.hpp"

#include <array>
#include <map>
#include <sstream>

#include "base/check.hpp"
#include "base/csv.hpp"
#include "base/embedded.hpp"
#include "base/id.hpp"
#include "base/members.hpp"
#include "base/reflect.hpp"
#include "rooms/cases/cases_store.hpp"

namespace lifang::cases {
namespace {

constexpr Duration kLongest = std::chrono::hours(24 * 400);

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, separator);) parts.push_back(part);
  return parts;
}

Duration duration(const std::string& text) {
  if (text.empty()) return Duration{0};
  const auto d = parse_duration(text);
  check(d.has_value(), "kinds.csv holds durations");
  return *d;
}

std::array<std::string, 3> three(const std::string& text) {
  const auto parts = split(text, ';');
  check(parts.size() == 3, "kinds.csv holds one value a circle");
  return {parts[0], parts[1], parts[2]};
}

/// Reads one row by the names of its columns.
class Line {
 public:
  Line(const CsvReader& csv, const std::vector<std::string>& row) : csv_(csv), row_(row) {}
  const std::string& operator[](std::string_view name) const {
    const auto column = csv_.column(name);
    check(column.has_value(), "kinds.csv has its columns");
    return row_[*column];
  }

 private:
  const CsvReader& csv_;
  const std::vector<std::string>& row_;
};

Kind kind_of(const Line& line) {
  Kind kind;
  kind.code = line["code"];
  kind.ready_made = true;
  kind.name = line["name"];
  kind.name_en = line["name_en"];
  kind.class_ = enum_of<Class>(line["class"]);
  kind.grade = enum_of<Grade>(line["grade"]);
  kind.hours = enum_of<Hours>(line["hours"]);
  const auto posts = three(line["posts"]), accept = three(line["accept"]), handle = three(line["handle"]),
             verify = three(line["verify"]);
  Duty* duties[] = {&kind.micro, &kind.small, &kind.great};
  for (std::size_t i = 0; i < 3; ++i)
    *duties[i] = {PostId{posts[i]}, duration(accept[i]), duration(handle[i]), duration(verify[i])};
  kind.verifier = enum_of<Verifier>(line["verifier"]);
  kind.evidence = split(line["evidence"], ';');
  kind.strict = line["strict"] == "true";
  kind.evaluate = line["evaluate"] == "true";
  kind.steady = duration(line["steady"]);
  kind.merge_within = duration(line["merge"]);
  if (!line["near"].empty()) {
    const auto near = three(line["near"]);
    kind.near = {enum_of<Alike>(near[0]), std::stoll(near[1]), std::stoll(near[2])};
  }
  kind.ring = duration(line["ring"]);
  for (const std::string& called : split(line["calls"], ';')) kind.calls.emplace_back(called);
  kind.report_in = duration(line["report_in"]);
  kind.close_after = duration(line["close_after"]);
  for (const std::string& check_ : split(line["checklist"], ';')) {
    const auto cut = check_.find(':');
    check(cut != std::string::npos, "a line of a plan is post:words");
    kind.checklist.push_back({check_.substr(cut + 1), PostId{check_.substr(0, cut)}});
  }
  kind.emergency = line["emergency"];
  if (!line["emergency_en"].empty()) kind.emergency_en = line["emergency_en"];
  return kind;
}

std::optional<Refusal> duty_fault(const Duty& duty, const std::string& field) {
  if (!is_client_id(duty.post.text)) return invalid("cases.bad_kind", field + "/post", "a post");
  for (const auto& [name, d] : {std::pair{"accept", duty.accept}, {"handle", duty.handle}, {"verify", duty.verify}})
    if (d < Duration{0} || d > kLongest) return invalid("cases.bad_kind", field + "/" + name, "at most 400 days");
  if (duty.handle == Duration{0}) return invalid("cases.bad_kind", field + "/handle", "nothing is promised without it");
  return std::nullopt;
}

std::string words_of(const Kind& kind) { return to_json(static_cast<const KindWords&>(kind)); }

}  // namespace

std::optional<Refusal> fault_of(const KindWords& words) {
  if (words.name.empty() || words.name.size() > 200) return invalid("cases.bad_kind", "/name", "1 to 200 bytes");
  if (words.name_en.size() > 200) return invalid("cases.bad_kind", "/name_en", "at most 200 bytes");
  for (const auto& [duty, field] : {std::pair{&words.micro, "/micro"}, {&words.small, "/small"}, {&words.great, "/great"}})
    if (auto fault = duty_fault(*duty, field)) return fault;
  if (words.warn_percent < 1 || words.warn_percent > 99) return invalid("cases.bad_kind", "/warn_percent", "1 to 99");
  for (std::size_t i = 0; i < words.evidence.size(); ++i)
    if (words.evidence[i] != "photo" && words.evidence[i] != "note")
      return invalid("cases.bad_kind", "/evidence/" + std::to_string(i), "photo or note");
  if (words.emergency.size() > 500) return invalid("cases.bad_kind", "/emergency", "at most 500 bytes");
  if (words.emergency_en && words.emergency_en->size() > 500) return invalid("cases.bad_kind", "/emergency_en", "at most 500 bytes");
  if (words.calls.size() > 50) return invalid("cases.bad_kind", "/calls", "at most 50");
  if (words.checklist.size() > 50) return invalid("cases.bad_kind", "/checklist", "at most 50 lines");
  for (std::size_t i = 0; i < words.checklist.size(); ++i)
    if (words.checklist[i].words.empty() || words.checklist[i].words.size() > 500)
      return invalid("cases.bad_kind", "/checklist/" + std::to_string(i) + "/words", "1 to 500 bytes");
  for (const auto& [field, d] : {std::pair{"/steady", words.steady}, {"/merge_within", words.merge_within},
                                 {"/ring", words.ring}, {"/report_in", words.report_in}, {"/close_after", words.close_after},
                                 {"/appeal", words.appeal}})
    if (d < Duration{0} || d > kLongest) return invalid("cases.bad_kind", field, "at most 400 days");
  if (words.near.floors < 0 || words.near.floors > 200) return invalid("cases.bad_kind", "/near/floors", "0 to 200");
  if (words.near.metres < 0 || words.near.metres > 5000) return invalid("cases.bad_kind", "/near/metres", "0 to 5,000 metres");
  if (words.appeal <= Duration{0}) return invalid("cases.bad_kind", "/appeal", "somebody has to decide by some time");
  return std::nullopt;
}

void check_words(const KindWords& words) {
  if (auto fault = fault_of(words)) throw *std::move(fault);
}

namespace {

template <class Fn>
void each_ready_made(Fn&& fn) {
  for (const embedded::File& file : embedded::data()) {
    if (!file.path.ends_with("cases/data/kinds.csv")) continue;
    std::istringstream in{std::string(file.bytes)};
    CsvReader csv(in);
    csv.read_header();
    std::vector<std::string> row;
    while (csv.next(row)) fn(Line(csv, row));
  }
}

}  // namespace

std::vector<Kind> ready_made_kinds() {
  std::vector<Kind> kinds;
  each_ready_made([&](const Line& line) { kinds.push_back(kind_of(line)); });
  return kinds;
}

std::optional<std::string> plan_line_in_english(const std::string& words) {
  static const std::map<std::string, std::string> known = [] {
    std::map<std::string, std::string> all;
    each_ready_made([&](const Line& line) {
      const auto zh = split(line["checklist"], ';'), en = split(line["checklist_en"], ';');
      check(zh.size() == en.size(), "each line of a ready-made plan stands in both tongues");
      for (std::size_t i = 0; i < zh.size(); ++i) all.emplace(zh[i].substr(zh[i].find(':') + 1), en[i]);
    });
    return all;
  }();
  const auto found = known.find(words);
  return found == known.end() ? std::nullopt : std::optional(found->second);
}

void Catalogue::open(Tx& tx) {
  for (Kind& kind : ready_made_kinds()) {
    const auto newest = store::find_kind(tx, kind.code);
    if (newest && (!newest->ready_made || words_of(*newest) == words_of(kind))) continue;
    kind.version = newest ? newest->version + 1 : 1;
    kind.retired = newest && newest->retired;
    kind.at = tx.now();
    store::keep_kind(tx, kind, "system");
  }
}

Kind Catalogue::put(Tx& tx, const Caller& caller, const std::string& code, const KindWords& words) {
  caller.must("cases.catalogue", "/");
  if (!is_client_id(code)) throw invalid("cases.bad_kind", "/code", "letters, digits, '.', '_', '-', at most 64");
  check_words(words);
  const auto newest = store::find_kind(tx, code);
  Kind kind;
  static_cast<KindWords&>(kind) = words;
  if (kind.emergency_en && kind.emergency_en->empty()) kind.emergency_en.reset();  // a form says an empty field
  kind.code = code;
  if (newest && !newest->retired && words_of(*newest) == words_of(kind)) return *newest;
  kind.version = newest ? newest->version + 1 : 1;
  kind.at = tx.now();
  store::keep_kind(tx, kind, caller.account);
  return kind;
}

Kind Catalogue::retire(Tx& tx, const Caller& caller, const std::string& code, bool retired) {
  caller.must("cases.catalogue", "/");
  auto kind = store::find_kind(tx, code);
  if (!kind) throw missing("cases.unknown_kind", "no such kind");
  if (kind->retired == retired) return *kind;
  kind->retired = retired;
  kind->ready_made = false;
  ++kind->version;
  kind->at = tx.now();
  store::keep_kind(tx, *kind, caller.account);
  return *kind;
}

std::optional<Kind> Catalogue::find(Reader& reader, std::string_view code) const { return store::find_kind(reader, code); }

std::optional<Kind> Catalogue::find(Reader& reader, std::string_view code, std::int64_t version) const {
  return store::find_kind(reader, code, version);
}

Kind Catalogue::get(Reader& reader, std::string_view code, std::int64_t version) const {
  auto kind = store::find_kind(reader, code, version);
  check(kind.has_value(), "a case has a kind");
  return *std::move(kind);
}

std::vector<Kind> Catalogue::list(Reader& reader, const KindFilter& filter) const { return store::kinds(reader, filter); }
std::int64_t Catalogue::count(Reader& reader, const KindFilter& filter) const { return store::count_kinds(reader, filter); }
std::vector<Kind> Catalogue::versions(Reader& reader, std::string_view code) const {
  return store::kind_versions(reader, code);
}

}  // namespace lifang::cases
