#include "platform/http/live.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <charconv>

namespace lifang::http {
namespace {

/// How long a stream goes on before its login is looked at again.
constexpr Duration kLongest = std::chrono::hours(1);
/// Things that one stream may name.
constexpr std::size_t kMostNamed = 20;

/// "id: 7\nevent: situations.opened\ndata: {…}\n\n"
std::string rendered(const bus::Told& told) {
  std::string data = "{\"subject\":";
  lifang::write(data, told.subject);
  data += ",\"at\":";
  lifang::write(data, told.at);
  data += ",\"cause\":";
  lifang::write(data, told.cause);
  data += ",\"path\":";
  lifang::write(data, told.path);
  data += ",\"body\":" + told.body + "}";
  return fmt::format("id: {}\nevent: {}\ndata: {}\n\n", told.seq, told.topic, data);
}

/// The same of the moment: without a number.
std::string rendered(std::string_view topic, std::string_view subject, std::string_view path, const std::string& body,
                     Time at) {
  std::string data = "{\"subject\":";
  lifang::write(data, std::string(subject));
  data += ",\"at\":";
  lifang::write(data, at);
  data += ",\"cause\":\"\",\"path\":";
  lifang::write(data, std::string(path));
  data += ",\"body\":" + body + "}";
  return fmt::format("event: {}\ndata: {}\n\n", topic, data);
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const auto end = std::min(text.find(','), text.size());
    if (end > 0) parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(n) : std::nullopt;
}

}  // namespace

struct Live::Listener {
  Stream stream;
  Caller caller;
  std::vector<std::string> rooms;
  std::vector<std::string> named;  ///< things that it wants to hear of as they are, moment by moment
  std::int64_t cursor = 0;      ///< the last event that it was sent, or passed over
  bool catching_up = true;      ///< reads the table; live events wait for it there
  std::atomic<bool> gone{false};
  std::optional<Time> since;    ///< of the first event after it came
};

Live::Live(bus::Bus& bus, db::ReaderPool& readers, Routes& routes, Metrics& metrics, MayHear may_hear, IsRoom is_room)
    : readers_(readers), routes_(routes), metrics_(metrics), may_hear_(std::move(may_hear)), is_room_(std::move(is_room)) {
  bus.watch([this](std::span<const bus::Told> events) { publish(events); });
  routes_.free("GET", "/api/v1/live",
               "Events as they happen (server-sent): ?topics=situations,cases &device= (ids; devices.said whenever one speaks) "
               "&last_event_id= (or the header Last-Event-ID)",
               [this](Request&& request, Responder responder) { listen(std::move(request), std::move(responder)); },
               {.login = true, .in = {}});
}

/// `ROOM.called` is the right to what one is called to alone: `may_hear` says which events are about that.
static bool may_listen(const Caller& caller, const std::string& room) { return caller.may(room + ".read") || caller.may(room + ".called"); }
static bool may_listen(const Caller& caller, const std::string& room, std::string_view path) {
  return caller.may(room + ".read", path) || caller.may(room + ".called", path);
}

bool Live::asked_for(const Listener& listener, std::string_view room) {
  return std::find(listener.rooms.begin(), listener.rooms.end(), room) != listener.rooms.end();
}

bool Live::hears(const Listener& listener, const bus::Told& event) const {
  const std::string room = event.topic.substr(0, event.topic.find('.'));
  return asked_for(listener, room) && may_listen(listener.caller, room, event.path) && may_hear_(listener.caller, event);
}

/// A login that was ended, closed or given other rights is asked for anew; so is everybody after an hour, because sessions
/// and delegations end by the clock too.
void Live::send_away(const bus::Told& event) {
  const bool about_roles = event.topic == "accounts.role_changed" || event.topic == "accounts.key_changed";
  const bool about_one = event.topic == "accounts.changed" || event.topic == "accounts.sessions_ended";
  if (about_roles || about_one) rights_changed_ = event.seq;
  for (const auto& listener : listeners_) {
    if (!listener->since) listener->since = event.at;
    const bool theirs = about_one && listener->caller.account == event.subject;
    if (!theirs && !about_roles && event.at - *listener->since < kLongest) continue;
    listener->stream.close();
    listener->gone = true;
  }
}

/// What it asks to hear: rooms that there are and that it may hear.
void Live::read_words(Listener& listener, const Request& request) const {
  listener.rooms = split(request.parameter("topics").value_or("situations,cases"));
  listener.named = split(request.parameter("device").value_or(""));
  if (listener.named.size() > kMostNamed)
    throw invalid("http.too_many_ids", "?device", fmt::format("at most {} at once", kMostNamed));
  for (const std::string& room : listener.rooms)
    if (!is_room_(room))
      throw invalid("http.unknown_topic", "?topics",
                    fmt::format("\"{}\" is no room; the stream is asked for by rooms, as in situations,cases", room));
  for (const std::string& room : listener.rooms)
    if (!may_listen(listener.caller, room)) listener.caller.must(room + ".read");
}

void Live::listen(Request&& request, Responder responder) {
  auto held = std::make_shared<Request>(std::move(request));
  auto answer = std::make_shared<Responder>(std::move(responder));
  routes_.later([this, held, answer] {
    auto listener = std::make_shared<Listener>();
    bus::Bus::Kept kept;
    std::int64_t before = 0;
    try {
      {
        const std::lock_guard lock(mutex_);
        before = rights_changed_;
      }
      listener->caller = routes_.caller_of(*held);
      if (listener->caller.account.empty())
        throw Refusal(RefusalKind::unauthenticated, "access.login_needed", "log in first");
      read_words(*listener, *held);
      kept = bus::Bus::kept(readers_.lease().reader());
    } catch (const Refusal& refusal) {
      metrics_.refused(refusal.code);
      return answer->answer(problem(http_status(refusal.kind), refusal.code, refusal.detail, refusal.field));
    } catch (const std::exception&) {
      // A page that lost its stream asks again by itself until the database is back.
      metrics_.refused("http.database");
      return answer->answer(problem(503, "http.database", "the database is away; ask again"));
    }
    std::string_view last = held->header("Last-Event-ID");
    if (last.empty()) last = held->parameter("last_event_id").value_or("");
    const auto cursor = number_in(last);
    // No number of ours, of another history (an older backup was restored), or so old that what came next is no longer kept.
    const bool lost = !last.empty() && (!cursor || *cursor > kept.last || *cursor < kept.first - 1);
    const bool resumes = cursor && !lost;
    if (resumes) listener->cursor = *cursor;
    Response head;
    head.headers.emplace_back("Cache-Control", "no-store");
    head.headers.emplace_back("X-Accel-Buffering", "no");
    head.body = "retry: 2000\n\n";
    {
      const std::lock_guard lock(mutex_);
      if (stopped_) {
        metrics_.refused("http.stopping");
        return answer->answer(problem(503, "http.stopping", "the node stops"));
      }
      if (!resumes) {
        listener->cursor = std::max(published_, kept.last);
        // Whoever loses the line before anything happened comes back from here; who cannot go on where they were reads anew.
        head.body += fmt::format("id: {}\n{}\n", listener->cursor, lost ? "event: reset\ndata: {}\n" : "");
      }
      listener->catching_up = resumes;
      listener->stream = answer->stream(std::move(head));
      listeners_.push_back(listener);
      // Somebody's rights changed while theirs were read: perhaps theirs. They come again at once.
      if (rights_changed_ != before) {
        listener->stream.close();
        listener->gone = true;
        return;
      }
    }
    listener->stream.on_close([weak = std::weak_ptr(listener)] {
      if (const auto l = weak.lock()) l->gone = true;
    });
    if (!resumes) return;
    try {
      catch_up(listener);
    } catch (const std::exception&) {
      // Ended, it comes again with the last id that it has seen: nothing is left out.
      listener->stream.close();
      listener->gone = true;
    }
  });
}

void Live::catch_up(const std::shared_ptr<Listener>& listener) {
  constexpr int kPage = 500;
  for (;;) {
    std::vector<bus::Told> page;
    {
      auto lease = readers_.lease();
      page = bus::Bus::after(lease.reader(), listener->cursor, listener->rooms, kPage);
    }
    for (const bus::Told& event : page) {
      if (hears(*listener, event) && !listener->stream.send(Bytes(rendered(event)))) return;
      listener->cursor = event.seq;
    }
    if (static_cast<int>(page.size()) == kPage) continue;
    const std::lock_guard lock(mutex_);
    // Whatever was published while we read is in the table: read once more, with the lane held off.
    auto lease = readers_.lease();
    const auto rest = bus::Bus::after(lease.reader(), listener->cursor, listener->rooms, kPage);
    for (const bus::Told& event : rest) {
      if (hears(*listener, event)) listener->stream.send(Bytes(rendered(event)));
      listener->cursor = event.seq;
    }
    if (static_cast<int>(rest.size()) == kPage) continue;
    listener->catching_up = false;
    return;
  }
}

void Live::publish(std::span<const bus::Told> events) {
  const std::lock_guard lock(mutex_);
  std::erase_if(listeners_, [](const auto& l) { return l->gone.load(); });
  for (const bus::Told& event : events) {
    published_ = event.seq;
    send_away(event);
    Bytes bytes;
    for (const auto& listener : listeners_) {
      if (listener->gone || listener->catching_up || event.seq <= listener->cursor || !hears(*listener, event)) continue;
      if (bytes.empty()) bytes = Bytes(rendered(event));
      if (!listener->stream.send(bytes)) listener->gone = true;
      listener->cursor = event.seq;
    }
  }
}

bool Live::heard(std::string_view room) const {
  const std::lock_guard lock(mutex_);
  const std::string right = std::string(room) + ".read";
  return std::any_of(listeners_.begin(), listeners_.end(), [&](const auto& l) {
    return !l->gone && asked_for(*l, room) && l->caller.may(right, "/");
  });
}

std::map<std::string, std::size_t> Live::named(std::string_view room) const {
  const std::lock_guard lock(mutex_);
  std::map<std::string, std::size_t> counts;
  for (const auto& listener : listeners_)
    if (!listener->gone && asked_for(*listener, room))
      for (const std::string& thing : listener->named) ++counts[thing];
  return counts;
}

void Live::say(std::string_view topic, const std::string& body, Time at) {
  const std::string room(topic.substr(0, topic.find('.')));
  send_now(rendered(topic, "", "/", body, at), at,
           [&](const Listener& l) { return asked_for(l, room) && l.caller.may(room + ".read", "/"); });
}

void Live::say_of(std::string_view topic, std::string_view subject, std::string_view path, const std::string& body,
                  Time at) {
  const std::string room(topic.substr(0, topic.find('.')));
  send_now(rendered(topic, subject, path, body, at), at, [&](const Listener& l) {
    return asked_for(l, room) && std::find(l.named.begin(), l.named.end(), subject) != l.named.end() &&
           l.caller.may(room + ".read", path);
  });
}

void Live::send_now(const std::string& event, Time at, const std::function<bool(const Listener&)>& to) {
  const Bytes bytes(event);
  const std::lock_guard lock(mutex_);
  std::erase_if(listeners_, [](const auto& l) { return l->gone.load(); });
  for (const auto& listener : listeners_) {
    if (!to(*listener)) continue;
    if (!listener->since) listener->since = at;
    const bool over = at - *listener->since >= kLongest;
    if (over) listener->stream.close();
    if (over || !listener->stream.send(bytes)) listener->gone = true;
  }
}

void Live::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  for (const auto& listener : listeners_) listener->stream.close();
  listeners_.clear();
}

std::size_t Live::listeners() const {
  const std::lock_guard lock(mutex_);
  return listeners_.size();
}

}  // namespace lifang::http
