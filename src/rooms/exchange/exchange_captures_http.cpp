#include "rooms/exchange/exchange_captures_http.hpp"

#include "platform/http/routes.hpp"
#include "rooms/exchange/exchange_captures.hpp"

namespace lifang::exchange {
namespace {

constexpr std::string_view kRight = "exchange.libraries";

template <class E>
std::optional<E> choice(const http::Call& call, std::string_view name) {
  const auto text = call.query(name);
  if (!text) return std::nullopt;
  return read<E>(boost::json::value(*text), "?" + std::string(name));
}

LibraryId library_of(const http::Call& call) {
  if (!is_client_id(call.id())) throw missing("exchange.unknown_library", "no such library");
  return LibraryId{call.id()};
}

CaptureId capture_of(const http::Call& call) {
  if (!CaptureId::fits(call.id())) throw missing("exchange.unknown_capture", "no such capture");
  return CaptureId{call.id()};
}

}  // namespace

void add_capture_routes(http::Routes& routes, Captures& captures) {
  routes.get("/api/v1/exchange/libraries", kRight, "Viewing libraries (GA/T 1400) that captures go out to, and how it stands with them",
             [](Reader& reader, const http::Call& call) { return http::List<Library>{Captures::list(reader, call.caller), {}, {}}; });
  routes.get("/api/v1/exchange/libraries/{id}", kRight, "One viewing library",
             [](Reader& reader, const http::Call& call) { return Captures::get(reader, call.caller, library_of(call)); });
  routes.put<LibraryWords>("/api/v1/exchange/libraries/{id}", kRight,
                           "Sets up a viewing library: what goes out to it, from where, for which purpose and on which order",
                           [&captures](Tx& tx, const http::Call& call, const LibraryWords& words) {
                             return captures.put(tx, call.caller, library_of(call), words);
                           });
  routes.remove("/api/v1/exchange/libraries/{id}", kRight, "Removes a viewing library with what waits for it",
                [&captures](Tx& tx, const http::Call& call) {
                  captures.remove(tx, call.caller, library_of(call));
                  return http::Nothing{};
                });
  routes.get("/api/v1/exchange/captures", kRight,
             "Captures on their way, newest first: ?library= &state=waiting|sent|refused|withheld|expired &kind=plate|face",
             [](Reader& reader, const http::Call& call) {
               CaptureFilter filter;
               if (const auto library = call.query("library")) filter.library = LibraryId{*library};
               filter.state = choice<CaptureState>(call, "state");
               filter.kind = choice<CaptureKind>(call, "kind");
               filter.after = call.after();
               filter.limit = call.limit();
               http::List<Capture> list{Captures::captures(reader, call.caller, filter), {}, {}};
               if (list.items.size() == filter.limit) list.next = list.items.back().id.text;
               if (call.flag("count")) list.count = Captures::count(reader, call.caller, filter);
               return list;
             });
  routes.get("/api/v1/exchange/captures/{id}", kRight, "One capture: where it stands, and what the library said of it",
             [](Reader& reader, const http::Call& call) { return Captures::capture(reader, call.caller, capture_of(call)); });
  routes.post<http::Nothing>("/api/v1/exchange/captures/{id}/again", kRight, "Sends a refused capture once more",
                             [&captures](Tx& tx, const http::Call& call, const http::Nothing&) {
                               return captures.again(tx, call.caller, capture_of(call));
                             });
}

}  // namespace lifang::exchange
