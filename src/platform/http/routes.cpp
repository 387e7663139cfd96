#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <thread>

#include "base/check.hpp"
#include "platform/http/routes_held.hpp"

namespace lifang::http {
namespace {

constexpr std::string_view kFindAnswer = "SELECT request, answer FROM http_answers WHERE name = $1 AND at > $2";
constexpr std::string_view kKeepAnswer =
    "INSERT INTO http_answers (name, request, at, answer) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (name) DO UPDATE SET request = excluded.request, at = excluded.at, answer = excluded.answer";

constexpr std::string_view kForgetAnswers = "DELETE FROM http_answers WHERE at <= $1";
constexpr Duration kAnswersKept = std::chrono::hours(24);

std::vector<std::string_view> segments(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    if (path.front() == '/') path.remove_prefix(1);
    const auto end = std::min(path.find('/'), path.size());
    if (end > 0) parts.push_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return parts;
}

/// The fixed words at the front of a path by which routes are kept: "/api/v1/cases".
std::string head_of(const std::vector<std::string_view>& parts) {
  std::string head;
  for (std::size_t i = 0; i < std::min<std::size_t>(parts.size(), 3); ++i) {
    if (parts[i].starts_with('{')) break;
    head.append("/").append(parts[i]);
  }
  return head;
}

bool matches(const std::vector<std::string_view>& pattern, const std::vector<std::string_view>& path,
             std::map<std::string, std::string, std::less<>>* out) {
  if (pattern.size() != path.size()) return false;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (pattern[i].starts_with('{')) {
      if (out) (*out)[std::string(pattern[i].substr(1, pattern[i].size() - 2))] = std::string(path[i]);
    } else if (pattern[i] != path[i]) {
      return false;
    }
  }
  return true;
}

std::string digest(std::string_view text) {
  unsigned char hash[16];
  crypto_generichash(hash, sizeof hash, reinterpret_cast<const unsigned char*>(text.data()), text.size(), nullptr, 0);
  std::string hex;
  for (const unsigned char c : hash) hex += fmt::format("{:02x}", c);
  return hex;
}

}  // namespace

// ---- workers ------------------------------------------------------------------------------------------------

struct Routes::Pool {
  std::mutex mutex;
  std::condition_variable bell;
  std::deque<std::function<void()>> queue;
  std::vector<std::thread> threads;
  const std::size_t most_waiting;  ///< beyond it an honest 503 is better than a long wait
  bool stopping = false;

  Pool(std::size_t n, std::size_t most) : most_waiting(most) {
    for (std::size_t i = 0; i < n; ++i) threads.emplace_back([this] { run(); });
  }
  bool add(std::function<void()> work) {
    const std::lock_guard lock(mutex);
    if (stopping || queue.size() >= most_waiting) return false;
    queue.push_back(std::move(work));
    bell.notify_one();
    return true;
  }
  void run() {
    for (;;) {
      std::function<void()> work;
      {
        std::unique_lock lock(mutex);
        bell.wait(lock, [this] { return stopping || !queue.empty(); });
        if (queue.empty()) return;
        work = std::move(queue.front());
        queue.pop_front();
      }
      // Whoever hands work over answers for what it throws. One request that did not must not take the node along.
      try {
        work();
      } catch (const std::exception& defect) {
        std::fprintf(stderr, "a request's work ended with: %s\n", defect.what());
      }
    }
  }
  void stop() {
    {
      const std::lock_guard lock(mutex);
      stopping = true;
    }
    bell.notify_all();
    for (auto& thread : threads) thread.join();
    threads.clear();
  }
};

Routes::Routes(Parts parts, std::size_t workers)
    : parts_(parts), pool_(std::make_unique<Pool>(workers, 4096)), long_pool_(std::make_unique<Pool>(1, 8)) {
  authenticate_ = [](Reader&, const Request&) { return Caller{}; };
}
Routes::~Routes() { stop(); }
void Routes::stop() {
  ending_ = true;
  pool_->stop();
  long_pool_->stop();
}
void Routes::later(std::function<void()> work) { pool_->add(std::move(work)); }

void Routes::add(Route route, Doing doing) {
  by_head_[head_of(segments(route.pattern))].push_back(routes_.size());
  std::vector<std::string> words{"purpose"};  // of whoever cannot set X-Purpose: a picture in a page
  for (Query& query : queries_of(route)) words.push_back(std::move(query.name));
  if (route.list) words.insert(words.end(), {"limit", "after", "count"});
  words_.push_back(std::move(words));
  routes_.push_back(std::move(route));
  doings_.push_back(std::move(doing));
}

void Routes::free(const std::string& method, const std::string& pattern, const std::string& summary, Free fn, FreeWords words) {
  Doing doing;
  doing.free = std::move(fn);
  const std::string right(words.login ? kAnyLogin : kAnyone);
  add({method, pattern, right, summary, std::move(words.in), {}}, std::move(doing));
}

std::optional<std::size_t> Routes::find(const std::string& method, std::string_view path, Call& call, bool& path_known) const {
  const auto parts = segments(path);
  std::string head = head_of(parts);
  std::optional<std::size_t> found;
  for (;;) {
    if (const auto it = by_head_.find(head); it != by_head_.end()) {
      for (const std::size_t i : it->second) {
        std::map<std::string, std::string, std::less<>> names;
        if (!matches(segments(routes_[i].pattern), parts, &names)) continue;
        path_known = true;
        if (routes_[i].method != method && !(method == "HEAD" && routes_[i].method == "GET")) continue;
        // A fixed word beats a name: /devices/profiles before /devices/{id}.
        if (found && names.size() >= call.path.size()) continue;
        found = i;
        call.path = std::move(names);
      }
    }
    const auto cut = head.rfind('/');
    if (cut == std::string::npos) break;
    head.resize(cut);
  }
  return found;
}

Config::BodyRoom Routes::body_room(std::string_view method, std::string_view path) const {
  const Request none;
  Call call{none, {}, {}};
  bool known = false;
  const auto i = find(std::string(method), path, call, known);
  // Who asks for more than others reads it wherever it is; for all others it stays in memory.
  if (i && routes_[*i].body_limit) return {routes_[*i].body_limit, true};
  return {max_body_, false};
}

/// "/api/v1/cases/kinds.xlsx" is the list of kinds and not the case named kinds.xlsx.
std::optional<std::size_t> Routes::find_list(const std::string& path, Call& call, std::string_view& suffix) const {
  for (const std::string_view end : {".csv", ".xlsx"}) {
    if (!path.ends_with(end)) continue;
    bool known = false;
    const auto found = find("GET", std::string_view(path).substr(0, path.size() - end.size()), call, known);
    if (!found || !routes_[*found].list) continue;
    suffix = end.substr(1);
    return found;
  }
  return std::nullopt;
}

/// As the header Allow has them; a path that has GET has HEAD too.
std::string Routes::methods_of(std::string_view path) const {
  std::string allowed;
  for (const char* method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}) {
    const Request none;
    Call call{none, {}, {}};
    bool known = false;
    if (find(method, path, call, known)) allowed += (allowed.empty() ? "" : ", ") + std::string(method);
  }
  return allowed;
}

bool Routes::is_reserved(const std::string& path) const {
  const Request none;
  Call put{none, {}, {}}, seen{none, {}, {}}, sheet{none, {}, {}};
  bool known = false;
  if (!find("PUT", path, put, known) || put.path.empty()) return false;
  std::string_view suffix;
  const bool word = find("GET", path, seen, known) && seen.path.size() < put.path.size();
  return word || find_list(path, sheet, suffix).has_value();
}

void Routes::must_be_free(const Held& held) const {
  if (held.request.method != "PUT" || !is_reserved(held.request.path)) return;
  throw lifang::invalid("http.reserved_id", "/id", "the API has a word of this name at this place; choose another id");
}

void Routes::handle(Request&& request, Responder responder) {
  auto held = std::make_shared<Held>(std::move(request), std::move(responder));
  bool path_known = false;
  std::string_view suffix;
  const bool reads = held->request.method == "GET" || held->request.method == "HEAD";
  auto route = reads ? find_list(held->request.path, held->call, suffix) : std::nullopt;
  if (route) held->sheet = suffix;
  if (!route) route = find(held->request.method, held->request.path, held->call, path_known);
  if (!route && !path_known && otherwise_) {
    otherwise_(std::move(held->request), std::move(held->responder));
    return;
  }
  if (!route) {
    parts_.metrics.refused(path_known ? "http.method" : "http.no_route");
    Response none = path_known ? problem(405, "http.method", "this path knows other methods")
                               : problem(404, "http.no_route", "there is nothing at this path");
    if (path_known) none.headers.emplace_back("Allow", methods_of(held->request.path));
    answer(*held, std::move(none));
    return;
  }
  held->route = *route;
  if (watch_) held->watch = [this, at = *route](std::string_view name, std::string_view type) {
    watch_(routes_[at], name, type);
  };
  if (held->watch) held->call.watch = &held->watch;
  if (doings_[*route].free) {
    doings_[*route].free(std::move(held->request), std::move(held->responder));
    return;
  }
  if (!pool_->add([this, held] { work(held); })) refuse_busy(*held);
}

void Routes::refuse_busy(Held& held) {
  parts_.metrics.refused("http.busy");
  answer(held, problem(503, "http.busy", "too many requests wait; nothing was done, try again"));
}

const Routes::Reword* Routes::reword_of(std::string_view path) const {
  for (const auto& [prefix, fn] : rewords_)
    if (path.starts_with(prefix)) return &fn;
  return nullptr;
}

/// A filter with a slip in its name would otherwise answer with everything.
void Routes::must_know_words(const Held& held) const {
  if (reword_of(held.request.path)) return;
  const auto& words = words_[held.route];
  for (const auto& [name, value] : held.request.query)
    if (std::find(words.begin(), words.end(), name) == words.end())
      throw lifang::invalid("http.unknown_query", "?" + name,
                            fmt::format("not known here; this path knows {}", fmt::join(words, ", ")));
}

Caller Routes::caller_of(const Request& request) {
  auto lease = parts_.readers.lease();
  return authenticate_(lease.reader(), request);
}

void Routes::work(std::shared_ptr<Held> held) {
  try {
    const Route& route = routes_[held->route];
    const Doing& doing = doings_[held->route];
    UseCase use_case;
    {
      auto lease = parts_.readers.lease();
      held->call.caller = authenticate_(lease.reader(), held->request);
      const Caller& caller = held->call.caller;
      if (route.right != kAnyone && caller.account.empty())
        throw Refusal(RefusalKind::unauthenticated, "access.login_needed", "log in first");
      if (!caller.account.empty() && !allowance_.take(caller.account, parts_.world.clock.now()))
        throw Refusal(RefusalKind::too_many, "http.too_many", "too many requests of this login within a minute");
      if (route.right != kAnyone && route.right != kAnyLogin) caller.must(route.right);
      must_know_words(*held);
      must_be_free(*held);
      if (doing.read) {
        run_read(*held, lease.reader());
        return;
      }
      if (doing.lasting || doing.looking) {
        if (!long_pool_->add([this, held] { work_long(held); })) refuse_busy(*held);
        return;
      }
      use_case = doing.write ? doing.write(held->call) : doing.slow(lease.reader(), held->call);
    }
    run_write(held, std::move(use_case));
  } catch (...) {
    answer(*held, refuse(*held, std::current_exception()));
  }
}

void Routes::work_long(std::shared_ptr<Held> held) {
  try {
    const Doing& doing = doings_[held->route];
    const db::Snapshots past(parts_.readers, ending_);
    if (doing.looking) answer(*held, doing.looking(past, held->call));
    else run_write(held, doing.lasting(past, held->call));
  } catch (...) {
    answer(*held, refuse(*held, std::current_exception()));
  }
}

void Routes::run_read(Held& held, Reader& reader) {
  if (!held.sheet.empty()) answer(held, as_sheet(held, reader));
  else answer(held, doings_[held.route].read(reader, held.call));
}

void Routes::run_write(std::shared_ptr<Held> held, UseCase use_case) {
  auto response = std::make_shared<Response>();
  parts_.lane.submit(
      [this, held, use_case = std::move(use_case), response](Tx& tx) { *response = once(tx, *held, use_case); },
      [this, held, response](std::exception_ptr thrown) {
        answer(*held, thrown ? refuse(*held, thrown) : std::move(*response));
      });
}

void Routes::write_later(Request&& request, Responder responder, UseCase use_case) {
  run_write(std::make_shared<Held>(std::move(request), std::move(responder)), std::move(use_case));
}

Response Routes::once(Tx& tx, const Held& held, const UseCase& use_case) {
  const std::string_view key = held.request.header("Idempotency-Key");
  if (key.empty() || held.request.method != "POST" || !seal_) return use_case(tx, held.call);
  if (key.size() > 200) throw lifang::invalid("http.bad_idempotency_key", "Idempotency-Key", "at most 200 characters");
  const std::string name = digest(fmt::format("{}\n{}\n{}", held.call.caller.account, held.request.path, key));
  const std::string asked = digest(held.request.body);
  std::optional<Response> first;
  tx.each(kFindAnswer, [&](const db::Row& row) {
    if (row.text(0) != asked)
      throw lifang::invalid("http.idempotency_key_reused", "Idempotency-Key", "this key was used with another body");
    const std::string text = open_(std::string(row.blob(1)));
    if (text.empty())
      throw conflict("http.answered_once", "it was done with this key; its answer held a secret and was not kept: look in the list, "
                                           "take back what was made, and make it anew with another key");
    const auto cut = text.find('\n'), cut2 = text.find('\n', cut + 1);
    first = json_response(text.substr(cut2 + 1), std::stoi(text.substr(0, cut)));
    first->content_type = text.substr(cut + 1, cut2 - cut - 1);
  }, name, tx.now() - kAnswersKept);
  if (first) return *first;
  Response response = use_case(tx, held.call);
  if (response.status >= 400) return response;  // a refusal that the route put into words itself: it may be mended
  // Personal data and secrets are not kept, not even sealed. What was only shown or opened (200) is done again, and
  // logged again; what was made (201) must not be made twice, so that it was done is kept without the answer.
  const bool secret = std::any_of(response.headers.begin(), response.headers.end(), [](const auto& header) {
    return header.first == "Cache-Control" && header.second == "no-store";
  });
  if (secret && response.status != 201) return response;
  const std::string kept = seal_(secret ? "" : fmt::format("{}\n{}\n{}", response.status, response.content_type, response.body));
  tx.run(kKeepAnswer, name, asked, tx.now(), db::Blob{kept});
  return response;
}

void Routes::forget_answers(Tx& tx) { tx.run(kForgetAnswers, tx.now() - kAnswersKept); }

void Routes::answer(Held& held, Response&& response) {
  held.responder.answer(std::move(response));
}

Response Routes::refuse(const Held& held, std::exception_ptr thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const Refusal& refusal) {
    parts_.metrics.refused(refusal.code);
    if (on_refused_) on_refused_(held.request, refusal);
    if (const Reword* reword = reword_of(held.request.path)) return (*reword)(held.request, refusal);
    Response response = problem(http_status(refusal.kind), refusal.code, refusal.detail, refusal.field);
    if (refusal.kind == RefusalKind::unauthenticated) response.headers.emplace_back("WWW-Authenticate", "Bearer");
    if (refusal.kind == RefusalKind::too_many) response.headers.emplace_back("Retry-After", "60");
    return response;
  } catch (const db::Error& error) {
    std::fprintf(stderr, "http: %s\n", error.what());
    const bool taken = error.kind == db::Error::Kind::taken;
    parts_.metrics.refused(taken ? "http.taken" : "http.database");
    if (taken) return problem(409, "http.taken", "something of this name came first; nothing was written");
    return problem(503, "http.database", "the database is away; nothing was written, try again");
  } catch (const std::exception& error) {
    const std::string id = parts_.world.ids.ulid();
    std::fprintf(stderr, "http: bug %s: %s\n", id.c_str(), error.what());
    parts_.metrics.refused("http.bug");
    return problem(500, "http.bug", "we are at fault; nothing was written. Tell us this number: " + id);
  }
}

}  // namespace lifang::http
