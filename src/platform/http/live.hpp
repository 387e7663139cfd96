// Live: GET /api/v1/live?topics=… as server-sent events, resumed without a gap by Last-Event-ID.
#pragma once
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
/// places where it has the right `ROOM.read`.
class Live {
 public:
  Live(bus::Bus& bus, db::ReaderPool& readers, Routes& routes, Metrics& metrics);
  /// Ends all streams.
  void stop();
  std::size_t listeners() const;

 private:
  struct Listener;
  void listen(Request&& request, Responder responder);
  void catch_up(const std::shared_ptr<Listener>& listener);
  void publish(std::span<const bus::Told> events);
  static bool hears(const Listener& listener, const bus::Told& event);

  db::ReaderPool& readers_;
  Routes& routes_;
  Metrics& metrics_;
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<Listener>> listeners_;
  std::int64_t published_ = 0;
  bool stopped_ = false;
};

}  // namespace lifang::http
