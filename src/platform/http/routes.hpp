// Routes: the upper half of the HTTP API. Which path, which right, how words become values and back.
// Included by the rooms' *_http.cpp and by house.cpp only.
#pragma once
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "base/caller.hpp"
#include "base/reflect.hpp"
#include "base/schema.hpp"
#include "platform/db/snapshots.hpp"
#include "platform/db/tx.hpp"
#include "platform/http/allowance.hpp"
#include "platform/http/server.hpp"
#include "platform/lane/lane.hpp"
#include "platform/metrics/metrics.hpp"
#include "platform/sheet/list.hpp"

namespace lifang::http {

/// Rights that are none: nobody need log in, or any login will do.
inline constexpr std::string_view kAnyone = "";
inline constexpr std::string_view kAnyLogin = "@";

/// Hears which words of the query a route asks for, and as what: "string", "date-time", "duration",
/// "integer", "boolean". A test holds the routes' descriptions against it.
using QueryWatch = std::function<void(std::string_view name, std::string_view type)>;

/// One request, once its caller is known.
struct Call {
  const Request& request;
  Caller caller;
  std::map<std::string, std::string, std::less<>> path;  ///< by name, decoded: "{id}" → "id"
  const QueryWatch* watch = nullptr;
  mutable bool paged = false;  ///< the route itself asked for limit(), so its list is one page

  std::string id() const { return path.at("id"); }
  std::optional<std::string> query(std::string_view name) const;
  /// Refuse invalid with the field "?name" what cannot be read; absent is nullopt.
  std::optional<Time> time(std::string_view name) const;
  std::optional<Duration> duration(std::string_view name) const;
  std::optional<std::int64_t> integer(std::string_view name) const;
  bool flag(std::string_view name) const;
  /// `limit` (default 50, 1…500) and the decoded `after`.
  std::size_t limit() const;
  std::optional<std::string> after() const;
  /// `ids`: things that are asked for by name, with commas between, each once; none where nothing is said.
  /// @throws Refusal invalid http.too_many_ids beyond 100
  std::vector<std::string> ids() const;

 private:
  std::optional<std::string> word(std::string_view name, std::string_view type) const;
};

/// What a list route answers. `next` is the sort key of the last item when there may be more; it is made
/// opaque on the way out and comes back decoded in Call::after(). A room may give it with any full page: whether
/// something follows is looked for here, so that the last page says null.
template <class T>
struct List {
  std::vector<T> items;
  std::optional<std::string> next;
  std::optional<std::int64_t> count;  ///< only when asked for with ?count=true
};

std::string encode_cursor(std::string_view key);
/// The key again; nullopt where the text is none that encode_cursor() gave.
std::optional<std::string> decode_cursor(std::string_view text);

/// No body, or "{}".
struct Nothing {};
BOOST_DESCRIBE_STRUCT(Nothing, (), ())

/// An answer that is not JSON (a picture, a file, a page).
using Raw = Response;

/// A response that the route made itself, for a status or a header of its own; its JSON is a T.
template <class T>
struct Answer : Response {
  Answer(Response response) : Response(std::move(response)) {}  // NOLINT: wanted implicit
};

/// A body that the route reads as it came, although it is a T in JSON; the reader of T is elsewhere.
template <class T>
struct Unread : JsonObject {};

template <class T>
inline constexpr bool is_variant = reflect::is_a<T, std::variant>;
template <class T>
inline constexpr bool is_list = reflect::is_a<T, List>;
template <class... T>
inline constexpr bool is_list<std::variant<T...>> = (is_list<T> && ...);
/// A list of described structs has columns, so it can be a file as well.
template <class T>
inline constexpr bool is_sheet = false;
template <class T>
inline constexpr bool is_sheet<List<T>> = DescribedStruct<T>;
template <class... T>
inline constexpr bool is_sheet<std::variant<T...>> = (is_sheet<T> && ...);
template <class T>
inline constexpr bool is_answer = reflect::is_a<T, Answer>;
template <class T>
inline constexpr bool is_unread = reflect::is_a<T, Unread>;
template <class T>
struct Inside;
template <template <class> class Around, class T>
struct Inside<Around<T>> {
  using type = T;
};

/// Where the asked page of a list of `size` stands, when the route gave the whole list.
struct WholeList {
  std::size_t begin = 0, end = 0;
  std::optional<std::string> next;
};
WholeList whole_list(const Call& call, std::size_t size);
/// {"items":[…],"next":…,"count":…} with these items.
boost::json::object list_schema(boost::json::object item);

Response json_response(std::string body, int status = 200);

class Routes {
 public:
  using Authenticate = std::function<Caller(Reader&, const Request&)>;
  struct Parts {
    lane::Lane& lane;
    db::ReaderPool& readers;
    Metrics& metrics;
    World& world;
    int offset_minutes = 0;  ///< the zone of times in spreadsheets
  };
  /// What the OpenAPI document and the test of every route × every role need to know.
  struct Route {
    std::string method, pattern, right, summary;
    std::string in, out;  ///< JSON Schema of body and answer, empty where there is none
    bool writes = false;
    std::size_t body_limit = 0;  ///< bytes; 0: the default. Where one is given, a body over a MiB may come as Request::body_file
    bool list = false;           ///< answers a List, so the path also ends in .csv and .xlsx
    bool body_is_file = false;   ///< the body is bytes and no JSON
  };

  Routes(Parts parts, std::size_t workers);
  ~Routes();

  /// Who speaks; throws Refusal unauthenticated where words are given but wrong, and answers an empty Caller
  /// where none are.
  void authenticate_with(Authenticate fn) { authenticate_ = std::move(fn); }
  /// Seals and opens stored answers of idempotent posts; without it no answers are stored.
  using Seal = std::function<std::string(const std::string&)>;
  void seal_with(Seal seal, Seal open) { seal_ = std::move(seal), open_ = std::move(open); }

  /// Removes stored answers that are older than a day.
  static void forget_answers(Tx& tx);

  /// Before the first request: bytes of a body where a route sets no limit of its own, and requests of one account or
  /// API key within a minute (0: as many as it likes).
  void bound(std::size_t max_body, std::uint32_t requests_a_minute) {
    max_body_ = max_body;
    allowance_.set(requests_a_minute);
  }

  /// Reads: fn(Reader&, const Call&) → a described struct, List<T>, a variant of lists, Answer<T> or Raw. On a
  /// worker, in one snapshot, past the lane.
  template <class Fn>
  void get(const std::string& pattern, std::string_view right, const std::string& summary, Fn fn) {
    using Out = std::decay_t<std::invoke_result_t<Fn, Reader&, const Call&>>;
    Doing doing;
    doing.read = [fn](Reader& reader, const Call& call) {
      Out out = fn(reader, call);
      cut(out, call);
      if constexpr (is_list<Out>) {
        tally(out, call, [&](const Call& page) { return fn(reader, page); });
        close(out, call, [&](const Call& page) { return fn(reader, page); });
      }
      return render(out);
    };
    if constexpr (is_sheet<Out>)
      doing.table = [fn](Reader& reader, const Call& call) {
        Out out = fn(reader, call);
        cut(out, call);
        return table_of(out);
      };
    add({"GET", pattern, std::string(right), summary, {}, schema_of<Out>(), false, 0, is_sheet<Out>}, std::move(doing));
  }
  /// Writes: fn(Tx&, const Call&, In) → Out, a use case on the lane, answered after its commit. `In` is read
  /// from the body before; an empty body is `{}`.
  template <class In, class Fn>
  void write(const std::string& method, const std::string& pattern, std::string_view right, const std::string& summary,
             Fn fn) {
    using Out = std::decay_t<std::invoke_result_t<Fn, Tx&, const Call&, In>>;
    add({method, pattern, std::string(right), summary, schema_of<In>(), schema_of<Out>(), true, 0},
        {{}, {}, [fn](const Call& call) -> UseCase {
           auto words = std::make_shared<In>(read_body<In>(call.request));
           return [fn, words](Tx& tx, const Call& c) { return render(fn(tx, c, *words)); };
         }, {}});
  }
  template <class In, class Fn>
  void post(const std::string& pattern, std::string_view right, const std::string& summary, Fn fn) {
    write<In>("POST", pattern, right, summary, std::move(fn));
  }
  template <class In, class Fn>
  void put(const std::string& pattern, std::string_view right, const std::string& summary, Fn fn) {
    write<In>("PUT", pattern, right, summary, std::move(fn));
  }
  template <class Fn>
  void remove(const std::string& pattern, std::string_view right, const std::string& summary, Fn fn) {
    write<Nothing>("DELETE", pattern, right, summary,
                   [fn = std::move(fn)](Tx& tx, const Call& call, const Nothing&) { return fn(tx, call); });
  }
  /// Slow work (hashing a password, storing an upload, rendering a report) on a worker: `prepare(Reader&, const
  /// Call&, In) → UseCase` runs off the lane; the use case that it returns runs on it.
  using UseCase = std::function<Response(Tx&, const Call&)>;
  template <class In, class Out, class Fn>
  void post_slow(const std::string& pattern, std::string_view right, const std::string& summary, Fn prepare,
                 std::size_t body_limit = 0) {
    add({"POST", pattern, std::string(right), summary, schema_of<In>(), schema_of<Out>(), true, body_limit, false,
         std::is_same_v<In, Raw>},
        {{}, {}, {}, [prepare](Reader& reader, const Call& call) -> UseCase {
           return prepare(reader, call, read_body<In>(call.request));
         }});
  }
  /// Long work (a rule over years of readings) on the one thread kept for it, one after the other, so that it never
  /// takes a worker from the others: `prepare(const db::Snapshots&, const Call&, In) → UseCase`. Eight may wait; who
  /// comes then is told 503 http.busy.
  template <class In, class Out, class Fn>
  void post_long(const std::string& pattern, std::string_view right, const std::string& summary, Fn prepare) {
    add({"POST", pattern, std::string(right), summary, schema_of<In>(), schema_of<Out>(), true, 0},
        {{}, {}, {}, {}, [prepare](const db::Snapshots& past, const Call& call) -> UseCase {
           return prepare(past, call, read_body<In>(call.request));
         }});
  }
  /// The same for what only reads: fn(const db::Snapshots&, const Call&) → a described struct. Never touches the lane.
  template <class Fn>
  void get_long(const std::string& pattern, std::string_view right, const std::string& summary, Fn fn) {
    using Out = std::decay_t<std::invoke_result_t<Fn, const db::Snapshots&, const Call&>>;
    Doing doing;
    doing.looking = [fn](const db::Snapshots& past, const Call& call) { return render(fn(past, call)); };
    add({"GET", pattern, std::string(right), summary, {}, schema_of<Out>(), false, 0, false}, std::move(doing));
  }
  /// The request as it came, answered by `fn` itself at any time (live streams, pages).
  using Free = std::function<void(Request&&, Responder)>;
  /// What the description says of a `free` route beyond its summary.
  struct FreeWords {
    bool login;      ///< it asks for any login, and itself
    std::string in;  ///< JSON Schema of the body
  };
  void free(const std::string& method, const std::string& pattern, const std::string& summary, Free fn,
            FreeWords words = {false, {}});
  /// Whatever no route took: the pages.
  void otherwise(Free fn) { otherwise_ = std::move(fn); }

  /// For `free` routes: runs a use case on the lane as post() does and answers after its commit. An Idempotency-Key gives
  /// the first answer again; a refusal and an answer with `Cache-Control: no-store` are not kept. Refusals become answers.
  void write_later(Request&& request, Responder responder, UseCase use_case);
  /// Counts a refusal that a route puts into words of another standard (Open311).
  void count_refused(const std::string& code) const { parts_.metrics.refused(code); }
  /// Routes below this path speak another standard: `fn` puts a refusal into its words, and words of a query that are not
  /// ours pass, as the standard's clients send their own.
  using Reword = std::function<Response(const Request&, const Refusal&)>;
  void reword(std::string prefix, Reword fn) { rewords_.emplace_back(std::move(prefix), std::move(fn)); }
  /// Hears of each refusal that a route answers, on its worker or on the lane: must be quick and must not throw.
  using OnRefused = std::function<void(const Request&, const Refusal&)>;
  void on_refused(OnRefused fn) { on_refused_ = std::move(fn); }

  /// For http::Server: finds the route, hands it to a worker or the lane, answers.
  void handle(Request&& request, Responder responder);
  Config::BodyRoom body_room(std::string_view method, std::string_view path) const;
  /// Whether what is put there could never be read there, as its id is a word of the API: "/api/v1/devices/board",
  /// "/api/v1/devices/board.csv".
  bool is_reserved(const std::string& path) const;
  /// Ends the workers; what comes later is answered 503.
  void stop();

  /// The caller of a request, for `free` routes; refuses like any route.
  Caller caller_of(const Request& request);
  /// Runs `work` on a worker.
  void later(std::function<void()> work);

  const std::vector<Route>& all() const { return routes_; }
  /// OpenAPI 3.1 of all of it.
  std::string openapi() const;
  /// The words of the query that the summary of a route names.
  struct Query {
    std::string name, type;  ///< type as QueryWatch has it
    std::vector<std::string> choices;
    std::string note;
  };
  static std::vector<Query> queries_of(const Route& route);
  /// For tests, before the first request.
  void watch_queries(std::function<void(const Route&, std::string_view name, std::string_view type)> watch) {
    watch_ = std::move(watch);
  }
  /// `{"items":[…],"next":null}` etc. as a response.
  template <class Out>
  static Response render(const Out& out);

 private:
  /// One page of a list as a sheet has it.
  struct Table {
    std::vector<std::string> columns;
    std::vector<std::vector<sheet::Cell>> rows;
    std::optional<std::string> next;
  };
  struct Doing {
    std::function<Response(Reader&, const Call&)> read = nullptr;
    std::function<Table(Reader&, const Call&)> table = nullptr;
    std::function<UseCase(const Call&)> write = nullptr;
    std::function<UseCase(Reader&, const Call&)> slow = nullptr;
    std::function<UseCase(const db::Snapshots&, const Call&)> lasting = nullptr;
    std::function<Response(const db::Snapshots&, const Call&)> looking = nullptr;
    Free free = nullptr;
  };
  struct Held;  ///< a request on its way: request, call, responder
  struct Pool;

  template <class In>
  static In read_body(const Request& request) {
    if constexpr (std::is_same_v<In, Raw>) {
      return {};
    } else if constexpr (is_unread<In>) {
      return {from_json<JsonObject>(request.body.empty() ? "{}" : request.body)};
    } else {
      if (request.body.empty()) return lifang::read<In>(boost::json::object{});
      return from_json<In>(request.body);
    }
  }
  /// JSON Schema of what a T becomes; empty for what is no JSON.
  template <class T>
  std::string schema_of();
  template <class T>
  boost::json::object schema_object();
  template <class Out>
  static Table table_of(const Out& out);
  /// A list that its route gave whole becomes the page that was asked for.
  template <class Out>
  static void cut(Out& out, const Call& call);

  /// How many items a list holds that was asked for `count` and whose room does not count them: its pages are walked.
  template <class Out, class Fn>
  static void tally(Out& out, const Call& call, const Fn& fn);
  struct Paged {
    std::size_t items = 0;
    std::optional<std::string> next;
  };
  static std::int64_t walk(const Call& call, const std::function<Paged(const Call&)>& page_of);
  /// Takes `next` away from the last page.
  template <class Out, class Fn>
  static void close(Out& out, const Call& call, const Fn& fn);
  static bool nothing_after(const Call& call, const std::string& next, const std::function<Paged(const Call&)>& page_of);
  /// `use` with the list itself, or with whichever of a variant of lists it is.
  template <class Out, class Use>
  static void with_list(Out& out, Use&& use) {
    if constexpr (is_variant<Out>) std::visit(use, out);
    else use(out);
  }
  template <class Out, class Fn>
  static Paged paged_by(const Fn& fn, const Call& page) {
    Paged paged;
    Out whole = fn(page);
    with_list(whole, [&](auto& list) { paged = {list.items.size(), list.next}; });
    return paged;
  }

  void add(Route route, Doing doing);
  std::optional<std::size_t> find(const std::string& method, std::string_view path, Call& call, bool& path_known) const;
  std::optional<std::size_t> find_list(const std::string& path, Call& call, std::string_view& suffix) const;
  std::string methods_of(std::string_view path) const;
  void must_be_free(const Held& held) const;
  void work(std::shared_ptr<Held> held);
  void work_long(std::shared_ptr<Held> held);
  void refuse_busy(Held& held);
  const Reword* reword_of(std::string_view path) const;
  void must_know_words(const Held& held) const;
  void run_read(Held& held, Reader& reader);
  void run_write(std::shared_ptr<Held> held, UseCase use_case);
  Response once(Tx& tx, const Held& held, const UseCase& use_case);
  void answer(Held& held, Response&& response);
  Response refuse(const Held& held, std::exception_ptr thrown);
  Response as_sheet(Held& held, Reader& reader);

  Parts parts_;
  Schemas schemas_;
  Allowance allowance_{0};
  std::size_t max_body_ = 1024 * 1024;
  std::function<void(const Route&, std::string_view, std::string_view)> watch_;
  std::vector<Route> routes_;
  std::vector<std::vector<std::string>> words_;  ///< of the query, by route
  std::vector<Doing> doings_;
  std::map<std::string, std::vector<std::size_t>> by_head_;  ///< by the first three path segments
  Authenticate authenticate_;
  Seal seal_, open_;
  Free otherwise_;
  OnRefused on_refused_;
  std::vector<std::pair<std::string, Reword>> rewords_;
  std::atomic<bool> ending_{false};
  std::unique_ptr<Pool> pool_, long_pool_;
};

template <class Out>
Response Routes::render(const Out& out) {
  if constexpr (std::is_convertible_v<const Out&, const Response&>) {
    return out;
  } else if constexpr (is_variant<Out>) {
    return std::visit([](const auto& one) { return render(one); }, out);
  } else if constexpr (is_list<Out>) {
    std::string body = "{\"items\":";
    lifang::write(body, out.items);
    body += ",\"next\":";
    if (out.next) lifang::write(body, encode_cursor(*out.next));
    else body += "null";
    if (out.count) body += ",\"count\":" + std::to_string(*out.count);
    return json_response(body + "}");
  } else {
    return json_response(to_json(out));
  }
}

template <class Out>
Routes::Table Routes::table_of(const Out& out) {
  if constexpr (is_variant<Out>) {
    return std::visit([](const auto& one) { return table_of(one); }, out);
  } else {
    using Item = typename decltype(out.items)::value_type;
    Table table{sheet::columns_of<Item>(), {}, out.next};
    table.rows.reserve(out.items.size());
    for (const Item& item : out.items) table.rows.push_back(sheet::cells_of(item));
    return table;
  }
}

template <class Out>
void Routes::cut(Out& out, const Call& call) {
  if constexpr (is_variant<Out>) {
    std::visit([&](auto& one) { cut(one, call); }, out);
  } else if constexpr (is_list<Out>) {
    if (call.paged) return;
    const WholeList page = whole_list(call, out.items.size());
    if (call.flag("count")) out.count = static_cast<std::int64_t>(out.items.size());
    out.items.erase(out.items.begin() + static_cast<std::ptrdiff_t>(page.end), out.items.end());
    out.items.erase(out.items.begin(), out.items.begin() + static_cast<std::ptrdiff_t>(page.begin));
    out.next = page.next;
  }
}

template <class Out, class Fn>
void Routes::tally(Out& out, const Call& call, const Fn& fn) {
  with_list(out, [&](auto& list) {
    if (list.count || !call.flag("count")) return;
    list.count = walk(call, [&](const Call& page) { return paged_by<Out>(fn, page); });
  });
}

template <class Out, class Fn>
void Routes::close(Out& out, const Call& call, const Fn& fn) {
  with_list(out, [&](auto& list) {
    if (!call.paged || !list.next) return;
    if (nothing_after(call, *list.next, [&](const Call& page) { return paged_by<Out>(fn, page); })) list.next.reset();
  });
}

template <class T>
boost::json::object Routes::schema_object() {
  if constexpr (is_variant<T>) {
    boost::json::array any;
    boost::mp11::mp_for_each<boost::mp11::mp_transform<std::type_identity, T>>(
        [&](auto one) { any.push_back(schema_object<typename decltype(one)::type>()); });
    return {{"anyOf", std::move(any)}};
  } else if constexpr (is_list<T>) {
    using Item = typename decltype(T::items)::value_type;
    return list_schema(schemas_.of<Item>());
  } else if constexpr (is_answer<T> || is_unread<T>) {
    return schema_object<typename Inside<T>::type>();
  } else {
    return schemas_.of<T>();
  }
}

template <class T>
std::string Routes::schema_of() {
  if constexpr (std::is_same_v<T, Raw> || std::is_void_v<T>) return {};
  else return to_json(schema_object<T>());
}

}  // namespace lifang::http
