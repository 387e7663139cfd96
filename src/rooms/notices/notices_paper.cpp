// Paper: an announcement to be pinned up, and the page that hangs in a stairwell for a week.
#include <fmt/format.h>

#include <map>

#include "base/qr.hpp"
#include "platform/sheet/xml.hpp"
#include "rooms/cases/cases_catalogue.hpp"
#include "rooms/notices/notices_announce.hpp"
#include "rooms/notices/notices_announce_store.hpp"
#include "rooms/notices/notices_store.hpp"
#include "rooms/people/people.hpp"

namespace lifang::notices {
namespace {

constexpr std::string_view kHead = R"(<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{0}</title><style>
@page{{size:A4;margin:18mm}}body{{font:16pt/1.7 "Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei",sans-serif;color:#000;margin:0 auto;max-width:174mm}}
h1{{font-size:30pt;text-align:center;margin:0 0 6mm}}h2{{font-size:20pt;border-bottom:1pt solid #000;margin:8mm 0 3mm}}p{{margin:0 0 3mm;white-space:pre-line}}
.by{{text-align:right;margin-top:10mm}}.code{{border:2pt solid #000;text-align:center;padding:4mm;margin-top:8mm;break-inside:avoid}}.code b{{font-size:34pt;letter-spacing:2mm;overflow-wrap:anywhere}}
.code svg{{display:block;width:70mm;height:70mm;margin:2mm auto}}.code small{{font-size:12pt;overflow-wrap:anywhere}}
.letter{{font-size:22pt;line-height:1.8}}.letter h1{{font-size:40pt}}.number{{font-size:20pt;text-align:center}}.result{{border:2pt solid #000;padding:5mm;font-size:28pt;font-weight:700}}.boxes{{font-size:26pt;line-height:2.2}}
.code .tel{{font-size:24pt;letter-spacing:0}}.urgent{{border:3pt solid #000;padding:4mm}}li{{break-inside:avoid}}
</style>)";

constexpr int kMostPages = 200;  ///< 100,000 cases of one place in a week

std::string safe(std::string_view words) { return sheet::escape_xml(words); }

/// By the name of its kind: how much was reported there since, and how much was ended, whenever it had been reported. What was
/// refused, joined to another or no alarm at all was nothing to put right; calls for help are nobody's to read.
std::map<std::string, std::pair<int, int>> week_of(Reader& reader, const cases::Cases& cases, const std::string& path, Time since) {
  std::map<std::string, std::pair<int, int>> by_kind;
  const auto count = [&](cases::Filter filter, bool reported_before) {
    filter.place_path = path;
    filter.limit = 500;
    for (int page = 0; page < kMostPages; ++page) {
      const auto found = cases.list(reader, Caller::system(), filter);
      for (const cases::Case& c : found) {
        if (c.drill || c.ending == cases::Ending::refused || c.ending == cases::Ending::merged || c.ending == cases::Ending::false_alarm) continue;
        const auto kind = cases.catalogue().find(reader, c.kind);
        if (!kind || kind->class_ == cases::Class::help) continue;
        auto& [all, ended] = by_kind[kind->name];
        all += reported_before ? 0 : 1;
        ended += c.closed_at ? 1 : 0;  // verified is closed within its day, and then once
      }
      if (found.size() < filter.limit) break;
      filter.after = cases::Cases::cursor_of(found.back(), filter);
    }
  };
  cases::Filter filter;
  filter.from = since;
  count(filter, false);
  filter.from.reset();
  filter.to = since;
  filter.closed_from = since;
  count(filter, true);
  return by_kind;
}

/// Of the organisations of that kind that answer for the place and have a telephone, the nearest.
std::optional<people::Organisation> who_answers(Reader& reader, people::OrganisationKind kind, const std::string& path) {
  constexpr std::size_t kPage = 500;
  std::optional<people::Organisation> nearest;
  for (std::optional<std::string> after;;) {
    auto page = people::People::organisations(reader, kind, std::nullopt, after, kPage);
    for (people::Organisation& each : page)
      if (each.place && each.phone && !each.phone->empty() && path.starts_with(each.path) &&
          (!nearest || each.path.size() > nearest->path.size()))
        nearest = each;
    if (page.size() < kPage) return nearest;
    after = page.back().id.text;
  }
}

/// Whom to tell and how: a code where there is one, the telephones that the node knows, and what to say where one stands.
std::string where_to_report(Reader& reader, const places::PlaceId& place, const std::string& path, const std::string& url) {
  std::string numbers;
  for (const auto kind : {people::OrganisationKind::property_company, people::OrganisationKind::community_office})
    if (const auto found = who_answers(reader, kind, path))
      numbers += fmt::format("<p>{}：<b class=\"tel\">{}</b></p>", safe(found->name), safe(*found->phone));
  const std::string link = url.empty() ? "" : fmt::format("{}/#/report?place={}", url, place.text);
  const std::string_view how = !link.empty() ? numbers.empty() ? "有事请扫码上报" : "有事请扫码上报，或打电话并说出本处名称和编号"
                               : numbers.empty() ? "有事请到物业或社区报告，并说出本处名称和编号"
                                                 : "有事请打电话，并说出本处名称和编号";
  return fmt::format("<div class=\"code\"><p>{}</p>{}{}<p>{}</p><b>{}</b>{}</div></html>", how,
                     link.empty() ? "" : qr_svg(link, "上报二维码"), numbers, safe(places::Places::spoken(reader, place)),
                     safe(place.text), link.empty() ? "" : "<br><small>" + safe(link) + "</small>");
}

std::string head(const std::string& title) { return fmt::format(fmt::runtime(kHead), safe(title)); }

}  // namespace

std::string Announcements::local_day(Time t) const { return to_rfc3339(t, quiet_.offset_minutes).substr(0, 10); }

std::string Announcements::printed(Reader& reader, const Caller& caller, const AnnouncementId& id) const {
  const Announcement a = get(reader, caller, id);
  const bool urgent = a.urgency == Urgency::emergency;
  return head(a.title) + fmt::format("<main{}><h1>{}{}</h1><p>{}</p></main><p class=\"by\">{}<br>{}</p></html>", urgent ? " class=\"urgent\"" : "",
                                     urgent ? "紧急通知：" : "", safe(a.title), safe(a.text),
                                     safe(places::Places::spoken(reader, a.audience.place)), local_day(a.sent_at.value_or(a.made_at)));
}

std::string Announcements::stairwell(Reader& reader, const Caller& caller, const places::PlaceId& place, const std::string& url,
                                     Time now) const {
  const std::string path = places::Places::path_of(reader, place, "?place");
  caller.must("notices.send", path);
  const Time since = now - std::chrono::hours(24 * 7);
  std::string page = head("一周公告") + fmt::format("<h1>一周公告</h1><p class=\"by\">{}　{} 至 {}</p><h2>通知</h2>",
                                                   safe(places::Places::spoken(reader, place)), local_day(since), local_day(now));
  std::string told;
  for (const auto& a : store::sent_for(reader, path, since, 20)) {
    // What was meant for some of the house alone is not pinned up for all of it.
    if (a.audience.tags || a.audience.roles || a.audience.age_from || a.audience.age_to) continue;
    told += fmt::format("<li><b>{}</b><p>{}</p></li>", safe(a.title), safe(a.text));
  }
  page += told.empty() ? "<p>本周无通知。</p>" : "<ul>" + told + "</ul>";

  const std::map<std::string, std::pair<int, int>> by_kind = week_of(reader, cases_, path, since);  // all, ended
  page += "<h2>办了哪些事</h2>";
  if (by_kind.empty()) page += "<p>本周无上报事项。</p>";
  else page += "<ul>";
  for (const auto& [name, counts] : by_kind) page += fmt::format("<li>{}：上报 {} 件，办结 {} 件</li>", safe(name), counts.first, counts.second);
  if (!by_kind.empty()) page += "</ul>";
  return page + where_to_report(reader, place, path, url);
}

std::string Announcements::letter(Reader& reader, const Caller& caller, const NoticeId& id, Time now) const {
  const auto notice = store::find(reader, id, caller.account);
  if (!notice || !caller.may("notices.send", notice->path)) throw missing("notices.unknown", "no such notice");
  if (notice->channel == cases::Channel::app) throw conflict("notices.reads_it_themselves", "they read it in the app");
  const auto about = notice->case_ ? cases_.find(reader, *notice->case_) : std::nullopt;
  const bool refused = about && about->state == cases::State::refused, asks = notice->class_ == Class::question;
  std::string page = head(notice->title) + fmt::format("<main class=\"letter\"><h1>{}</h1>", refused ? "不予受理告知书" : asks ? "请您评价" : "办理结果告知书");
  if (about) page += fmt::format("<p class=\"number\">工单编号　<b>{}</b>　　上报日期　{}</p>", safe(about->number), local_day(about->opened_at));
  page += fmt::format("<p>您好！您反映的“{}”：</p>", safe(notice->title));
  page += fmt::format("<p class=\"result\">{}</p>", safe(notice->text));
  if (asks)
    page += "<p>请在方框里打勾，交给送信的工作人员，或打电话告诉我们。</p><p class=\"boxes\">□ 解决了　　□ 没有解决<br>"
            "□ 很满意　□ 满意　□ 一般　□ 不满意　□ 很不满意</p>";
  else if (refused) page += "<p>如果您认为不对，请告诉我们，由上一级重新看一遍。</p>";
  const auto place = about ? places::Places::spoken(reader, about->place) : std::string();
  return page + fmt::format("<p class=\"by\">{}<br>{}</p></main></html>", safe(place), local_day(now));
}

}  // namespace lifang::notices
