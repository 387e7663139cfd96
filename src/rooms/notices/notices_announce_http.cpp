#include "rooms/notices/notices_announce_http.hpp"

#include "platform/http/routes.hpp"
#include "rooms/notices/notices_announce.hpp"
#include "rooms/notices/notices_phone.hpp"

namespace lifang::notices {
namespace {

AnnouncementId id_of(const http::Call& call) {
  if (!AnnouncementId::fits(call.id())) throw missing("notices.unknown", "no such announcement");
  return AnnouncementId{call.id()};
}

TemplateId template_of(const http::Call& call) {
  if (!is_client_id(call.id())) throw missing("notices.unknown_template", "no such template");
  return TemplateId{call.id()};
}

http::Response page(std::string body) {
  http::Response response;
  response.content_type = "text/html; charset=utf-8";
  response.headers.emplace_back("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
  response.body = std::move(body);
  return response;
}

void add_templates(http::Routes& routes, Announcements& announcements) {
  routes.get("/api/v1/notices/templates", "notices.send", "Templates of announcements", [](Reader& reader, const http::Call&) {
    return http::List<Template>{Announcements::templates(reader), {}, {}};
  });
  routes.get("/api/v1/notices/templates/{id}", "notices.send", "One template", [](Reader& reader, const http::Call& call) {
    for (Template& t : Announcements::templates(reader))
      if (t.id.text == call.id()) return t;
    throw missing("notices.unknown_template", "no such template");
  });
  routes.put<TemplateWords>("/api/v1/notices/templates/{id}", "notices.send", "Makes or changes a template",
                            [&announcements](Tx& tx, const http::Call& call, const TemplateWords& words) {
                              return announcements.put_template(tx, call.caller, template_of(call), words);
                            });
  routes.remove("/api/v1/notices/templates/{id}", "notices.send", "Removes a template", [&announcements](Tx& tx, const http::Call& call) {
    announcements.remove_template(tx, call.caller, template_of(call));
    return http::Nothing{};
  });
}

}  // namespace

void add_announcement_routes(http::Routes& routes, Announcements& announcements, Phones& phones, World& world, const std::string& public_url) {
  add_templates(routes, announcements);
  routes.post<AudienceWords>("/api/v1/notices/announcements/preview", "notices.send", "How many an audience has; never who",
                             [&announcements](Tx& tx, const http::Call& call, const AudienceWords& words) {
                               return announcements.preview(tx, call.caller, words, tx.now());
                             });
  routes.post<AnnouncementWords>("/api/v1/notices/announcements", "notices.send", "To an audience; an emergency waits for confirmation",
                                 [&announcements](Tx& tx, const http::Call& call, const AnnouncementWords& words) {
                                   return announcements.announce(tx, call.caller, words);
                                 });
  routes.get("/api/v1/notices/announcements", "notices.send", "What was announced, newest first, with receipts",
             [&announcements](Reader& reader, const http::Call& call) {
               http::List<Announcement> list{announcements.list(reader, call.caller, call.after(), call.limit()), {}, {}};
               if (list.items.size() == call.limit()) list.next = list.items.back().id.text;
               if (call.flag("count")) list.count = static_cast<std::int64_t>(announcements.list(reader, call.caller, {}, 100'000).size());
               return list;
             });
  routes.get("/api/v1/notices/announcements/{id}", "notices.send", "One of them", [&announcements](Reader& reader, const http::Call& call) {
    return announcements.get(reader, call.caller, id_of(call));
  });
  routes.get("/api/v1/notices/announcements/{id}/print", "notices.send", "The same as a page to be pinned up",
             [&announcements](Reader& reader, const http::Call& call) {
               return page(announcements.printed(reader, call.caller, id_of(call)));
             });
  routes.post<ConfirmWords>("/api/v1/notices/announcements/{id}/confirm", "notices.send", "Sends an emergency, with the count that was shown",
                            [&announcements](Tx& tx, const http::Call& call, const ConfirmWords& words) {
                              return announcements.confirm(tx, call.caller, id_of(call), words);
                            });
  routes.post<http::Nothing>("/api/v1/notices/announcements/{id}/withdraw", "notices.send", "Takes back what has not left",
                             [&announcements](Tx& tx, const http::Call& call, const http::Nothing&) {
                               return announcements.withdraw(tx, call.caller, id_of(call));
                             });
  routes.get("/api/v1/notices/stairwell", "notices.send", "What hangs in a stairwell for a week, to be printed: ?place=",
             [&announcements, &world, public_url](Reader& reader, const http::Call& call) {
               const auto place = call.query("place");
               if (!place) throw invalid("json.missing", "?place", "of which place");
               // The name by which somebody happens to call the node is none to be printed: http.public_url says which is.
               return page(announcements.stairwell(reader, call.caller, places::PlaceId{*place}, public_url, world.clock.now()));
             });
  routes.get("/api/v1/notices/{id}/letter", "notices.send", "What somebody without a phone is told, as a letter in big letters to be printed",
             [&announcements, &world](Reader& reader, const http::Call& call) {
               if (!NoticeId::fits(call.id())) throw missing("notices.unknown", "no such notice");
               return page(announcements.letter(reader, call.caller, NoticeId{call.id()}, world.clock.now()));
             });
  routes.get("/api/v1/notices/ways", http::kAnyLogin, "By which way the login hears of orders, progress, questions and announcements",
             [&announcements](Reader& reader, const http::Call& call) { return announcements.ways().chosen(reader, call.caller); });
  routes.put<WayWords>("/api/v1/notices/ways", http::kAnyLogin, "Chooses them: app, sms or wechat, as far as there are",
                       [&announcements](Tx& tx, const http::Call& call, const WayWords& words) {
                         return announcements.ways().choose(tx, call.caller, words);
                       });
  routes.get("/api/v1/notices/digest", http::kAnyLogin, "At which hour the login's own digest comes, and what waits for it",
             [&announcements, &world](Reader& reader, const http::Call& call) {
               return announcements.digest().hours(reader, call.caller, world.clock.now());
             });
  routes.put<DigestWords>("/api/v1/notices/digest", http::kAnyLogin, "Chooses the hour, and whether the phone is told too",
                          [&announcements](Tx& tx, const http::Call& call, const DigestWords& words) {
                            return announcements.digest().choose(tx, call.caller, words);
                          });
  routes.post<CallWords>("/api/v1/notices/calls/{id}", "exchange.gateway", "What came of a call: for the telephone gateway",
                         [&phones](Tx& tx, const http::Call& call, const CallWords& words) {
                           if (!MessageId::fits(call.id())) throw missing("notices.unknown_message", "no such call");
                           phones.called(tx, MessageId{call.id()}, words);
                           return http::Nothing{};
                         });
}

}  // namespace lifang::notices
