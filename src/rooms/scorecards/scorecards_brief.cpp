// The street's daily brief: a page that a browser prints on A4.
#include <fmt/format.h>

#include "platform/sheet/xml.hpp"
#include "rooms/cases/cases_catalogue.hpp"
#include "rooms/rosters/rosters_calendar.hpp"
#include "rooms/scorecards/scorecards.hpp"

namespace lifang::scorecards {
namespace {

constexpr std::size_t kLongestList = 30;

constexpr std::string_view kHead = R"(<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{0}</title><style>
@page{{size:A4;margin:18mm}}body{{font:12pt/1.6 "Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei",sans-serif;color:#000;margin:0 auto;max-width:180mm}}
h1{{font-size:20pt;text-align:center;margin:0 0 2mm}}p.when{{text-align:center;margin:0 0 6mm}}h2{{font-size:14pt;border-bottom:1pt solid #000;margin:6mm 0 2mm}}
table{{width:100%;border-collapse:collapse}}th,td{{border:.5pt solid #666;padding:1mm 2mm;text-align:left;font-size:11pt}}tr{{break-inside:avoid}}thead{{display:table-header-group}}
.figures td{{text-align:center;font-size:16pt}}.figures th{{text-align:center}}footer{{margin-top:8mm;font-size:9pt}}
</style><h1>{0}</h1>)";

std::string text(std::string_view words) { return sheet::escape_xml(words); }

std::string shown(const std::optional<double>& value) { return value ? fmt::format("{:.1f}", *value) : "—"; }

std::string clock(Time t, int offset) {
  const std::string local = to_rfc3339(t, offset);
  return local.substr(5, 5) + " " + local.substr(11, 5);
}

std::string row(const std::vector<std::string>& cells, std::string_view tag = "td") {
  std::string out = "<tr>";
  for (const std::string& cell : cells) out += fmt::format("<{0}>{1}</{0}>", tag, text(cell));
  return out + "</tr>";
}

std::string table(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows, std::string_view none) {
  if (rows.empty()) return fmt::format("<p>{}</p>", none);
  std::string out = "<table><thead>" + row(head, "th") + "</thead><tbody>";
  for (const auto& cells : rows) out += row(cells);
  return out + "</tbody></table>";
}

std::string_view circle_name(cases::Circle circle) {
  return circle == cases::Circle::micro ? "社区" : circle == cases::Circle::small ? "街镇" : "城区";
}

}  // namespace

std::string Scorecards::brief(Reader& reader, const Caller& caller, const places::PlaceId& place, const std::string& day, Time now) const {
  const auto date = rosters::day_of_text(day);
  if (!date) throw invalid("scorecards.bad_day", "?day", "a day such as 2026-03-02");
  const std::string path = places::Places::path_of(reader, place, "?place");
  caller.must("scorecards.read", path);
  if (is_only_called(caller, path)) throw forbidden("scorecards.only_called", "the brief names cases to which this login is not called");
  Caller looks = caller;
  looks.grants = {{"cases.read", path}, {"scorecards.read", path}};
  const Time from = Time{date->time_since_epoch()} - std::chrono::minutes{offset_};
  const Time to = from + std::chrono::hours(24);

  const cases::Figures f = cases::figures(reader, looks, path, from, to, now);
  std::string page = fmt::format(fmt::runtime(kHead), text(places::Places::get(reader, place).name + "治理日报"));
  page += fmt::format("<p class=\"when\">{}　生成于 {}</p>", text(day), clock(now, offset_));
  // What stands is known of this hour alone; of a day that is over the page says what happened in it.
  const bool past = to <= now;
  const auto standing = [&](std::int64_t n) { return past ? std::string("—") : std::to_string(n); };
  page += "<h2>概况</h2><table class=\"figures\">" + row({"新增", "办结", "在办", "超期", "挂账", "督办"}, "th") +
          row({std::to_string(f.opened), std::to_string(f.ended), standing(f.open), standing(f.overdue),
               standing(f.deferred), standing(f.supervised)}) + "</table>";

  cases::Filter late;
  late.place_path = path;
  late.open = true;
  late.overdue = true;
  late.by_due = true;
  late.limit = kLongestList;
  std::vector<std::vector<std::string>> rows;
  for (const cases::Case& c : cases_.list(reader, looks, late))
    if (!c.drill)
      rows.push_back({c.number, c.title, std::string(circle_name(c.circle)),
                      c.organisation ? name_of(reader, ScoresBy::organisation, c.organisation->text) : "—",
                      c.late_since ? clock(*c.late_since, offset_) : c.due ? clock(*c.due, offset_) : "—"});
  page += std::string("<h2>超期清单") + (past ? "（生成时）" : "") + "</h2>" + table({"工单号", "事项", "循环", "承办单位", "超期自"}, rows, "无超期工单。");

  rows.clear();
  ScoresFilter today;
  today.by = ScoresBy::kind;
  today.place_path = path;
  today.from = from;
  today.to = to;
  for (const Score& s : scores(reader, looks, today))
    rows.push_back({s.name, std::to_string(s.cases), shown(s.response), std::to_string(s.overdue)});
  page += "<h2>当日事项</h2>" + table({"事项", "件数", "响应率（%）", "超期"}, rows, "当日无工单。");

  rows.clear();
  ScoresFilter month = today;
  month.by = ScoresBy::organisation;
  month.from = to - std::chrono::hours(24 * 30);
  for (const Score& s : scores(reader, looks, month))
    rows.push_back({s.name, std::to_string(s.cases), shown(s.response), shown(s.solved), shown(s.satisfied), s.commended ? "表扬" : ""});
  page += "<h2>近三十日三率</h2>" + table({"单位", "办件", "响应率（%）", "解决率（%）", "满意率（%）", ""}, rows, "无数据。");
  return page + "<footer>演练、并案与申诉成立的误报不计入。</footer></html>";
}

}  // namespace lifang::scorecards
