// Routes: the upper half of the HTTP API. Which path, which right, how words become values and back.
// Included by the rooms' *_http.cpp and by house.cpp only.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "base/caller.hpp"
#include "base/reflect.hpp"
#include "platform/db/tx.hpp"
#include "platform/http/server.hpp"
#include "platform/lane/lane.hpp"
#include "platform/metrics/metrics.hpp"

namespace lifang::http {

/// Rights that are none: nobody need log in, or any login will do.
inline constexpr std::string_view kAnyone = "";
inline constexpr std::string_view kAnyLogin = "@";

/// One request, once its caller is known.
struct Call {
  const Request& request;
  Caller caller;
  std::map<std::string, std::string, std::less<>> path;  ///< by name, decoded: "{id}" → "id"

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
};

/// What a list route answers. `next` is the sort key of the last item when there may be more; it is made
/// opaque on the way out and comes back decoded in Call::after().
template <class T>
struct List {
  std::vector<T> items;
  std::optional<std::string> next;
  std::optional<std::int64_t> count;  ///< only when asked for with ?count=true
};

std::string encode_cursor(std::string_view key);
std::optional<std::string> decode_cursor(std::string_view text);

/// No body, or "{}".
struct Nothing {};
BOOST_DESCRIBE_STRUCT(Nothing, (), ())

/// An answer that is not JSON (a picture, a file, a page) or needs a status of its own.
using Raw = Response;

class Routes {
 public:
  using Authenticate = std::function<Caller(Reader&, const Request&)>;
  struct Parts {
    lane::Lane& lane;
    db::ReaderPool& readers;
    Metrics& metrics;
    World& world;
  };
  /// What the OpenAPI document and the test of every route × every role need to know.
  struct Route {
    std::string method, pattern, right, summary;
    std::string in, out;  ///< JSON Schema of body and answer, empty where there is none
    bool writes = false;
    std::size_t body_limit = 0;  ///< bytes; 0: the default
  };

  Routes(Parts parts, std::size_t workers);
  ~Routes();

  /// Who speaks; throws Refusal unauthenticated where words are given but wrong, and answers an empty Caller
  /// where none are.
  void authenticate_with(Authenticate fn) { authenticate_ = std::move(fn); }
  /// Seals and opens stored answers of idempotent posts; without it no answers are stored.
  using Seal = std::function<std::string(const std::string&)>;
  void seal_with(Seal seal, Seal open) { seal_ = std::move(seal), open_ = std::move(open); }

  /// Reads: fn(Reader&, const Call&) → a described struct, List<T>, Raw or boost::json::value. On a worker,
  /// in one snapshot, past the lane.
  template <class Fn>
  void get(const std::string& pattern, std::string_view right, const std::string& summary, Fn fn) {
    using Out = std::decay_t<std::invoke_result_t<Fn, Reader&, const Call&>>;
    add({"GET", pattern, std::string(right), summary, {}, schema_of<Out>(), false, 0},
        {[fn](Reader& reader, const Call& call) { return render(fn(reader, call)); }, {}, {}});
  }
  /// Writes: fn(Tx&, const Call&, In) → Out, a use case on the lane, answered after its commit. `In` is read
  /// from the body before; an empty body is `{}`.
  template <class In, class Fn>
  void write(const std::string& method, const std::string& pattern, std::string_view right, const std::string& summary,
             Fn fn) {
    using Out = std::decay_t<std::invoke_result_t<Fn, Tx&, const Call&, In>>;
    add({method, pattern, std::string(right), summary, schema_of<In>(), schema_of<Out>(), true, 0},
        {{}, [fn](const Call& call) -> UseCase {
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
    add({"POST", pattern, std::string(right), summary, schema_of<In>(), schema_of<Out>(), true, body_limit},
        {{}, {}, [prepare](Reader& reader, const Call& call) -> UseCase {
           return prepare(reader, call, read_body<In>(call.request));
         }});
  }
  /// The request as it came, answered by `fn` itself at any time (live streams, pages).
  using Free = std::function<void(Request&&, Responder)>;
  void free(const std::string& method, const std::string& pattern, const std::string& summary, Free fn);
  /// Whatever no route took: the pages.
  void otherwise(Free fn) { otherwise_ = std::move(fn); }

  /// For http::Server: finds the route, hands it to a worker or the lane, answers.
  void handle(Request&& request, Responder responder);
  std::size_t body_limit(std::string_view method, std::string_view path) const;
  /// Ends the workers; what comes later is answered 503.
  void stop();

  /// The caller of a request, for `free` routes; refuses like any route.
  Caller caller_of(const Request& request);
  /// Runs `work` on a worker.
  void later(std::function<void()> work);

  const std::vector<Route>& all() const { return routes_; }
  /// OpenAPI 3.1 of all of it.
  std::string openapi() const;
  /// `{"items":[…],"next":null}` etc. as a response.
  template <class Out>
  static Response render(const Out& out);

 private:
  struct Doing {
    std::function<Response(Reader&, const Call&)> read = nullptr;
    std::function<UseCase(const Call&)> write = nullptr;
    std::function<UseCase(Reader&, const Call&)> slow = nullptr;
    Free free = nullptr;
  };
  struct Held;  ///< a request on its way: request, call, responder
  struct Pool;

  template <class In>
  static In read_body(const Request& request) {
    if constexpr (std::is_same_v<In, Raw>) {
      return {};
    } else {
      if (request.body.empty()) return lifang::read<In>(boost::json::object{});
      return from_json<In>(request.body);
    }
  }
  template <class Out>
  static std::string schema_of();

  void add(Route route, Doing doing);
  std::optional<std::size_t> find(const std::string& method, std::string_view path, Call& call, bool& path_known) const;
  void work(std::shared_ptr<Held> held);
  void run_read(Held& held, Reader& reader);
  void run_write(std::shared_ptr<Held> held, UseCase use_case);
  Response once(Tx& tx, const Held& held, const UseCase& use_case);
  void answer(Held& held, Response&& response);
  Response refuse(std::exception_ptr thrown);
  Response as_sheet(Held& held, Reader& reader);

  Parts parts_;
  std::vector<Route> routes_;
  std::vector<Doing> doings_;
  std::map<std::string, std::vector<std::size_t>> by_head_;  ///< by the first three path segments
  Authenticate authenticate_;
  Seal seal_, open_;
  Free otherwise_;
  std::unique_ptr<Pool> pool_;
};

Response json_response(std::string body, int status = 200);

template <class T>
inline constexpr bool is_list = false;
template <class T>
inline constexpr bool is_list<List<T>> = true;

template <class Out>
Response Routes::render(const Out& out) {
  if constexpr (std::is_same_v<Out, Response>) {
    return out;
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
std::string Routes::schema_of() {
  return {};
}

}  // namespace lifang::http
