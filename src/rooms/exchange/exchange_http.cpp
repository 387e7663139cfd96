#include "rooms/exchange/exchange_http.hpp"

#include <fstream>
#include <iterator>

#include "platform/http/routes.hpp"
#include "rooms/exchange/exchange.hpp"

namespace lifang::exchange {
namespace {

struct OrdersWords {
  std::vector<HotlineOrder> items;
};
BOOST_DESCRIBE_STRUCT(OrdersWords, (), (items))

HotlineFilter filter_of(Reader& reader, const http::Call& call) {
  HotlineFilter filter;
  filter.since = call.time("since");
  if (call.query("ended")) filter.ended = call.flag("ended");
  filter.overdue = call.flag("overdue");
  filter.was_late = call.flag("was_late");
  filter.unanswered = call.flag("unanswered");
  if (const auto place = call.query("place")) filter.under = places::Places::path_of(reader, places::PlaceId{*place}, "?place");
  filter.q = call.query("q");
  filter.after = call.after();
  filter.limit = call.limit();
  return filter;
}

std::string body_of(const http::Request& request) {
  if (!request.body_file) return request.body;
  std::ifstream in(request.body_file->path(), std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

void add_routes(http::Routes& routes, Exchange& exchange, World& world, int offset_minutes) {
  add_open311_routes(routes, exchange, world, offset_minutes);
  routes.post<OrdersWords>("/api/v1/exchange/hotline", "exchange.write", "Orders of the 12345 hotline; the same number again is no double",
                           [&exchange](Tx& tx, const http::Call& call, const OrdersWords& words) {
                             return http::List<Taken>{exchange.take_in(tx, call.caller, words.items), {}, {}};
                           });
  routes.post_slow<http::Raw, FileTaken>(
      "/api/v1/exchange/hotline/file", "exchange.write", "The same as a spreadsheet: .xlsx or CSV as the body; `ignored`: headings that were not understood",
      [&exchange, offset_minutes](Reader&, const http::Call& call, const http::Raw&) -> http::Routes::UseCase {
        auto read = std::make_shared<OrdersRead>(Exchange::read_orders(body_of(call.request), offset_minutes));
        return [&exchange, read](Tx& tx, const http::Call& c) {
          return http::Routes::render(FileTaken{exchange.take_in(tx, c.caller, *read), {}, read->ignored});
        };
      },
      10 << 20);
  routes.get("/api/v1/exchange/hotline", "exchange.read", "Where the hotline's orders stand: ?since= &ended=true &overdue=true &was_late=true &unanswered=true &place= &q=",
             [&exchange](Reader& reader, const http::Call& call) {
               HotlineFilter filter = filter_of(reader, call);
               http::List<HotlineReply> list{exchange.orders(reader, call.caller, filter), {}, {}};
               if (list.items.size() == filter.limit) list.next = list.items.back().number;
               if (call.flag("count")) {
                 filter.after.reset();
                 filter.limit = 1'000'000;
                 list.count = static_cast<std::int64_t>(exchange.orders(reader, call.caller, filter).size());
               }
               return list;
             });
  routes.get("/api/v1/exchange/hotline/replies", "exchange.read", "The answers as the hotline's desk reads them, .xlsx: ?since= &after= &limit= &ended=true &overdue=true &was_late=true &unanswered=true &place= &q=",
             [&exchange, offset_minutes](Reader& reader, const http::Call& call) {
               HotlineFilter filter = filter_of(reader, call);
               filter.limit = 10'000;
               http::Response response;
               response.content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
               response.headers.emplace_back("Content-Disposition", "attachment; filename=\"12345-replies.xlsx\"");
               response.body = Exchange::as_sheet(exchange.orders(reader, call.caller, filter), offset_minutes);
               return response;
             });
  routes.get("/api/v1/exchange/hotline/{id}", "exchange.read", "One order by the hotline's number",
             [&exchange](Reader& reader, const http::Call& call) { return exchange.order(reader, call.caller, call.id()); });
  routes.post<ReplyWords>("/api/v1/exchange/hotline/{id}/reply", http::kAnyLogin, "What the hotline is to tell the caller",
                          [&exchange](Tx& tx, const http::Call& call, const ReplyWords& words) {
                            return exchange.reply(tx, call.caller, call.id(), words);
                          });
}

}  // namespace lifang::exchange
