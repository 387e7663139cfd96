// Paper: an announcement to be pinned up, and the page that hangs in a stairwell for a week.
#include <fmt/format.h>

#include <map>

#include "platform/sheet/xml.hpp"
#include "rooms/cases/cases_catalogue.hpp"
#include "rooms/notices/notices_announce.hpp"
#include "rooms/notices/notices_announce_store.hpp"

namespace lifang::notices {
namespace {

constexpr std::string_view kHead = R"(<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{0}</title><style>
@page{{size:A4;margin:18mm}}body{{font:16pt/1.7 "Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei",sans-serif;color:#000;margin:0 auto;max-width:174mm}}
h1{{font-size:30pt;text-align:center;margin:0 0 6mm}}h2{{font-size:20pt;border-bottom:1pt solid #000;margin:8mm 0 3mm}}p{{margin:0 0 3mm;white-space:pre-line}}
.by{{text-align:right;margin-top:10mm}}.code{{border:2pt solid #000;text-align:center;padding:4mm;margin-top:8mm;break-inside:avoid}}.code b{{font-size:34pt;letter-spacing:2mm;overflow-wrap:anywhere}}
.urgent{{border:3pt solid #000;padding:4mm}}li{{break-inside:avoid}}
</style>)";

std::string safe(std::string_view words) { return sheet::escape_xml(words); }

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

  cases::Filter filter;
  filter.place_path = path;
  filter.from = since;
  filter.limit = 500;
  std::map<std::string, std::pair<int, int>> by_kind;  // all, ended
  for (const cases::Case& c : cases_.list(reader, Caller::system(), filter)) {
    const auto kind = cases_.catalogue().find(reader, c.kind);
    if (c.drill || !kind || kind->class_ == cases::Class::help) continue;
    auto& [all, ended] = by_kind[kind->name];
    ++all;
    ended += cases::is_open(c.state) ? 0 : 1;
  }
  page += "<h2>办了哪些事</h2>";
  if (by_kind.empty()) page += "<p>本周无上报事项。</p>";
  else page += "<ul>";
  for (const auto& [name, counts] : by_kind) page += fmt::format("<li>{}：上报 {} 件，办结 {} 件</li>", safe(name), counts.first, counts.second);
  if (!by_kind.empty()) page += "</ul>";
  page += fmt::format("<div class=\"code\">有事请上报，报出本处编号：<br><b>{}</b>{}</div></html>", safe(place.text),
                      url.empty() ? "" : "<br>" + safe(url));
  return page;
}

}  // namespace lifang::notices
