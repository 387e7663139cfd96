#include "rooms/audit/audit_http.hpp"

#include <charconv>

#include "base/world.hpp"
#include "platform/http/routes.hpp"
#include "rooms/audit/audit.hpp"
#include "rooms/people/people.hpp"
#include "rooms/places/places.hpp"

namespace lifang::audit {
namespace {

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t n = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (ec != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return n;
}

std::optional<std::int64_t> cursor_of(const http::Call& call) {
  const auto after = call.after();
  if (!after) return std::nullopt;
  const auto n = number(*after);
  if (!n) throw invalid("http.bad_cursor", "?after", "the `next` of an earlier answer, unchanged");
  return n;
}

http::List<Shown> list(Reader& reader, const http::Call& call) {
  Filter filter;
  filter.who = call.query("who");
  filter.action = call.query("action");
  filter.subject = call.query("subject");
  if (const auto place = call.query("place"))
    filter.under = places::Places::path_of(reader, places::PlaceId{*place}, "?place");
  filter.from = call.time("from");
  filter.to = call.time("to");
  filter.before = cursor_of(call);
  filter.limit = call.limit();
  http::List<Shown> items{Audit::list(reader, call.caller, filter), {}, {}};
  if (items.items.size() == filter.limit) items.next = items.items.back().id;
  if (call.flag("count")) items.count = Audit::count(reader, call.caller, filter);
  return items;
}

http::List<View> page_of(Reader& reader, const http::Call& call, const std::string& person) {
  http::List<View> list;
  std::optional<std::int64_t> last;
  list.items = Audit::views_of(reader, person, cursor_of(call), call.limit(), last);
  if (list.items.size() == call.limit()) list.next = std::to_string(*last);
  return list;
}

http::List<View> views_of_me(Reader& reader, const http::Call& call) {
  if (call.caller.person.empty()) return {};
  return page_of(reader, call, call.caller.person);
}

http::List<View> views_for(Reader& reader, const http::Call& call, Time now) {
  Audit::must_read_views(reader, call.caller, call.id(), now);
  return page_of(reader, call, call.id());
}

}  // namespace

void add_routes(http::Routes& routes, Audit& audit, World& world) {
  routes.get("/api/v1/audit", "audit.read",
             "What people did, newest first: ?who= &action= (or its beginning) &subject= &place= &from= &to=", list);
  routes.get("/api/v1/audit/{id}", "audit.read", "One entry", [](Reader& reader, const http::Call& call) {
    const auto seq = number(call.id());
    if (!seq) throw missing("audit.unknown", "no such entry");
    return Audit::get(reader, call.caller, *seq);
  });
  routes.get("/api/v1/audit/head", "audit.read", "Number and hash of the last entry, to be noted elsewhere",
             [](Reader& reader, const http::Call&) { return Audit::head(reader); });
  routes.get("/api/v1/audit/verdict", "audit.read", "Walks the whole chain", [&audit](Reader& reader, const http::Call& call) {
    call.caller.must("audit.read", "/");
    return audit.verify(reader);
  });
  routes.get("/api/v1/audit/views/me", http::kAnyLogin, "Who looked at my plain data, when and what for", views_of_me);
  routes.get("/api/v1/audit/people/{id}/views", http::kAnyLogin,
             "Who looked at the plain data of a person: for the person, and for who helps them in affairs",
             [&world](Reader& reader, const http::Call& call) { return views_for(reader, call, world.clock.now()); });
}

}  // namespace lifang::audit
