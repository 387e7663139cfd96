// Live: GET /api/v1/live?topics=… as server-sent events, resumed without a gap by Last-Event-ID.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "base/caller.hpp"
#include "platform/bus/bus.hpp"
#include "platform/db/db.hpp"
#include "platform/http/routes.hpp"

namespace lifang::http {

/// One rendering of an event serves all listeners. A listener hears the rooms that it asked for, each within the
/// places where it has the right `ROOM.read`, and of that what `may_hear` lets through. When something about its login
/// changes (topics `accounts.*`), and after an hour, its stream ends: whoever may still listen comes back with
/// Last-Event-ID and misses nothing.
class Live {
 public:
  /// Quick, any thread, throws nothing.
  using MayHear = std::function<bool(const Caller&, const bus::Told&)>;
  /// Whether a word is a room of this program; what is none can never be heard, and is refused. Any thread.
  using IsRoom = std::function<bool(std::string_view)>;
  Live(bus::Bus& bus, db::ReaderPool& readers, Routes& routes, Metrics& metrics, MayHear may_hear, IsRoom is_room);
  /// Something of the moment: kept nowhere, without a number, so that it does not move what a page resumes behind. It reaches
  /// those who listen to the topic's room and have `ROOM.read` over everything. `body`: a JSON object. Any thread.
  void say(std::string_view topic, const std::string& body, Time at);
  /// The same of one thing, for those who named it (`?device=`) and have `ROOM.read` over `path`.
  void say_of(std::string_view topic, std::string_view subject, std::string_view path, const std::string& body,
              Time at);
  /// What was named by anybody who listens to this room, and by how many. Any thread.
  std::map<std::string, std::size_t> named(std::string_view room) const;
  /// Whether anybody listens to this room who would hear of it: nothing is made for nobody. Any thread.
  bool heard(std::string_view room) const;
  /// Ends all streams.
  void stop();
  std::size_t listeners() const;

 private:
  struct Listener;
  void listen(Request&& request, Responder responder);
  /// @throws Refusal invalid http.unknown_topic, forbidden access.no_right
  void read_words(Listener& listener, const Request& request) const;
  void catch_up(const std::shared_ptr<Listener>& listener);
  void publish(std::span<const bus::Told> events);
  bool hears(const Listener& listener, const bus::Told& event) const;
  void send_away(const bus::Told& event);
  void send_now(const std::string& event, Time at, const std::function<bool(const Listener&)>& to);
  static bool asked_for(const Listener& listener, std::string_view room);

  db::ReaderPool& readers_;
  Routes& routes_;
  Metrics& metrics_;
  MayHear may_hear_;
  IsRoom is_room_;
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<Listener>> listeners_;
  std::int64_t published_ = 0;
  std::int64_t rights_changed_ = 0;  ///< the last event that took a listener's rights into question
  bool stopped_ = false;
};

}  // namespace lifang::http
