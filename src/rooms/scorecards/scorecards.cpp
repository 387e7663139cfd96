#include "rooms/scorecards/scorecards.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/members.hpp"
#include "platform/sheet/sheet.hpp"
#include "rooms/cases/cases_catalogue.hpp"
#include "rooms/people/people.hpp"
#include "rooms/rosters/rosters.hpp"

namespace lifang::scorecards {
namespace {

constexpr std::int64_t kFewest = 5;
constexpr double kGood = 95;

std::optional<double> percent(const std::optional<double>& share) {
  return share ? std::optional(std::round(*share * 1000) / 10) : std::nullopt;
}

std::optional<double> percent_of(std::int64_t part, std::int64_t all) {
  return all > 0 ? percent(static_cast<double>(part) / static_cast<double>(all)) : std::nullopt;
}

Score score_of(const cases::Rates& r) {
  Score s;
  s.id = r.key;
  s.cases = r.cases;
  s.response = percent(r.response);
  s.solved = percent(r.solved);
  s.satisfied = percent(r.satisfied);
  s.overdue = r.overdue;
  s.reopened = r.reopened;
  s.overdue_rate = percent_of(r.overdue, r.cases);
  s.reopen_rate = percent_of(r.reopened, r.cases);
  double sum = 0;
  int rates = 0;
  bool good = true;
  for (const auto& rate : {s.response, s.solved, s.satisfied}) {
    if (!rate) continue;
    sum += *rate;
    ++rates;
    good = good && *rate >= kGood;
  }
  if (rates > 0) s.score = std::round(sum / rates * 10) / 10;
  s.commended = good && rates > 0 && s.cases >= kFewest;
  return s;
}

/// What the order asks for, the more the better; nothing where there is no such figure.
std::optional<double> worth(const Score& s, Order order) {
  const auto less = [](const std::optional<double>& rate) { return rate ? std::optional(-*rate) : std::nullopt; };
  switch (order) {
    case Order::score: return s.score;
    case Order::cases: return static_cast<double>(s.cases);
    case Order::response: return s.response;
    case Order::solved: return s.solved;
    case Order::satisfied: return s.satisfied;
    case Order::overdue: return less(s.overdue_rate);
    case Order::reopened: return less(s.reopen_rate);
  }
  return std::nullopt;
}

/// Who has a rank: whoever has the figure, and cases enough for it to mean something.
bool is_ranked(const Score& s, Order order) { return s.cases >= kFewest && worth(s, order); }

bool is_equal(const Score& a, const Score& b, Order order) {
  return worth(a, order) == worth(b, order) && (order != Order::score || a.overdue_rate == b.overdue_rate);
}

bool before(const Score& a, const Score& b, Order order) {
  if (is_ranked(a, order) != is_ranked(b, order)) return is_ranked(a, order);
  const auto first = worth(a, order), second = worth(b, order);
  if (first != second) return second < first;  // nothing is less than anything
  if (order == Order::score && a.overdue_rate != b.overdue_rate) return a.overdue_rate.value_or(0) < b.overdue_rate.value_or(0);
  if (a.cases != b.cases) return a.cases > b.cases;
  return a.id < b.id;
}

/// Numbers the lines in the order that was asked for. Equals share a rank, and the next one is left out (1, 1, 3).
void rank(std::vector<Score>& all, Order order) {
  std::sort(all.begin(), all.end(), [order](const Score& a, const Score& b) { return before(a, b, order); });
  for (std::size_t i = 0; i < all.size() && is_ranked(all[i], order); ++i)
    all[i].rank = i > 0 && is_equal(all[i - 1], all[i], order) ? all[i - 1].rank : std::optional(static_cast<std::int64_t>(i) + 1);
}

/// Figures are seen where scorecards may be read; what they are made of is then no question of further rights. Whoever sees
/// cases there by call alone sees what their own are made of.
Caller looking(const Caller& caller) {
  caller.must("scorecards.read");
  Caller looks = caller;
  looks.grants.clear();
  for (const std::string& path : caller.paths("scorecards.read"))
    looks.grants.push_back({is_only_called(caller, path) ? "cases.called" : "cases.read", path});
  return looks;
}

/// The same with all cases of the places, to know where among the others somebody stands.
Caller looking_at_all(const Caller& looks) {
  Caller all = looks;
  for (Grant& grant : all.grants) grant.right = "cases.read";
  return all;
}

sheet::Cell cell(const std::optional<double>& value) { return value ? sheet::Cell(*value) : sheet::Cell(); }

}  // namespace

bool is_only_called(const Caller& caller, const std::string& path) {
  return caller.may("cases.called", path) && !caller.may("cases.read", path);
}

std::string Scorecards::name_of(Reader& reader, ScoresBy by, const std::string& key) const {
  if (key.empty()) return "未派单";
  if (by == ScoresBy::organisation) {
    const auto organisation = people::People::find_organisation(reader, people::OrganisationId{key});
    // What was called by the name of a post before its organisation was kept with the call.
    return organisation ? organisation->name : rosters::Rosters::post(reader, rosters::PostId{key}).name;
  }
  if (by == ScoresBy::post) return rosters::Rosters::post(reader, rosters::PostId{key}).name;
  if (by == ScoresBy::place) {
    const auto place = places::Places::find(reader, places::PlaceId{key});
    return place ? place->name : key;
  }
  if (by == ScoresBy::kind) {
    const auto kind = cases_.catalogue().find(reader, key);
    return kind ? kind->name : key;
  }
  return key;
}

std::vector<Score> Scorecards::lines(Reader& reader, const Caller& looks, const ScoresFilter& filter) const {
  std::vector<Score> all;
  for (const cases::Rates& rates : cases::scores(reader, cases_, looks, filter)) {
    Score score = score_of(rates);
    score.name = name_of(reader, filter.by, score.id);
    if (score.id.empty()) score.id = "nobody";
    all.push_back(std::move(score));
  }
  return all;
}

std::vector<Score> Scorecards::scores(Reader& reader, const Caller& caller, ScoresFilter filter, Order order) const {
  filter.offset_minutes = offset_;
  const Caller looks = looking(caller);
  std::vector<Score> all = lines(reader, looks, filter);
  if (filter.by == ScoresBy::month) return all;
  rank(all, order);
  const bool is_of_holders = filter.by == ScoresBy::organisation || filter.by == ScoresBy::post;
  if (!is_of_holders || !looks.may("cases.called")) return all;
  // Their own lines alone say nothing of where they stand.
  std::vector<Score> others = lines(reader, looking_at_all(looks), filter);
  rank(others, order);
  for (Score& score : all) {
    const auto same = std::find_if(others.begin(), others.end(), [&](const Score& other) { return other.id == score.id; });
    score.rank = same == others.end() ? std::nullopt : same->rank;
  }
  return all;
}

std::vector<Behind> Scorecards::behind(Reader& reader, const Caller& caller, ScoresFilter filter, cases::Measure measure) const {
  filter.offset_minutes = offset_;
  if (filter.key == "nobody") filter.key = "";
  std::vector<Behind> all;
  for (const cases::CaseId& id : cases::scores_behind(reader, cases_, looking(caller), filter, measure))
    if (const auto about = cases_.find(reader, id))
      all.push_back({about->id, about->number, about->title, about->state, about->opened_at, about->closed_at});
  return all;
}

std::string Scorecards::as_xlsx(const std::vector<Score>& scores, ScoresBy by) const {
  const std::string_view first = by == ScoresBy::organisation ? "单位" : by == ScoresBy::post ? "岗位" : by == ScoresBy::kind ? "事项"
                                 : by == ScoresBy::place ? "小区" : "月份";
  const std::vector<std::string> columns{"排名",        std::string(first), "办件数",      "响应率（%）", "解决率（%）", "满意率（%）",
                                         "超期数", "超期率（%）",      "重办数", "重办率（%）", "得分",        "表扬"};
  const auto writer = sheet::write_xlsx("考核", columns, offset_);
  for (const Score& s : scores) {
    const sheet::Cell ranked = s.rank ? sheet::Cell(static_cast<double>(*s.rank)) : sheet::Cell();
    const std::vector<sheet::Cell> cells{ranked, s.name, static_cast<double>(s.cases), cell(s.response), cell(s.solved), cell(s.satisfied),
                                         static_cast<double>(s.overdue), cell(s.overdue_rate), static_cast<double>(s.reopened),
                                         cell(s.reopen_rate), cell(s.score), std::string(s.commended ? "是" : "")};
    writer->row(cells);
  }
  return writer->finish();
}

std::string Scorecards::as_xlsx(const std::vector<Behind>& behind) const {
  const auto writer = sheet::write_xlsx("工单", std::vector<std::string>{"工单号", "事项", "状态", "立案时间", "结案时间"}, offset_);
  for (const Behind& b : behind) {
    const std::vector<sheet::Cell> cells{b.number, b.title, std::string(enum_name(b.state)), b.opened_at,
                                         b.closed_at ? sheet::Cell(*b.closed_at) : sheet::Cell()};
    writer->row(cells);
  }
  return writer->finish();
}

}  // namespace lifang::scorecards
