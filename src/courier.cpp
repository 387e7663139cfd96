#include "courier.hpp"

#include <algorithm>

namespace lifang {
namespace {

constexpr std::size_t kAtOnce = 32;
constexpr std::size_t kMostExpress = 1000;
/// Nothing is due: look again after so long, should a wake have been missed by a restart of the clock.
constexpr auto kLongestNap = std::chrono::seconds(30);

}  // namespace

Courier::Courier(lane::Lane& lane, db::ReaderPool& readers, notices::Notices& notices, const Clock& clock,
                 std::vector<std::unique_ptr<notices::Channel>> channels)
    : lane_(lane), readers_(readers), notices_(notices), clock_(clock), channels_(std::move(channels)) {}

Courier::~Courier() { stop(); }

void Courier::start() {
  thread_ = std::thread([this] { run(); });
}

void Courier::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  bell_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Courier::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  bell_.notify_all();
}

void Courier::express(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    if (express_.size() >= kMostExpress) return;
    express_.push_back(std::move(work));
    woken_ = true;
  }
  bell_.notify_all();
}

void Courier::run_express() {
  for (;;) {
    std::function<void()> work;
    {
      const std::lock_guard lock(mutex_);
      if (stopping_ || express_.empty()) return;
      work = std::move(express_.front());
      express_.pop_front();
    }
    try {
      work();
    } catch (const std::exception&) {
      // Nobody waits for it: whoever misses their code asks for another.
    }
  }
}

void Courier::run() {
  for (;;) {
    run_express();
    std::size_t tried = 0;
    std::optional<Time> next;
    try {
      tried = round();
      auto lease = readers_.lease();
      next = notices::Notices::next_due(lease.reader());
    } catch (const std::exception&) {
      // The database is away or the lane stops: nothing was marked as sent, so it is tried again later.
    }
    if (tried == kAtOnce) continue;
    std::unique_lock lock(mutex_);
    if (stopping_) return;
    Duration nap = kLongestNap;
    if (next) nap = std::clamp(*next - clock_.now(), Duration{1}, nap);
    bell_.wait_for(lock, nap, [this] { return woken_ || stopping_; });
    if (stopping_) return;
    woken_ = false;
  }
}

std::size_t Courier::round() {
  std::vector<notices::Message> due;
  {
    auto lease = readers_.lease();
    due = notices_.due(lease.reader(), clock_.now(), kAtOnce);
  }
  for (const notices::Message& message : due) {
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) break;
    }
    run_express();
    deliver(message);
  }
  return due.size();
}

void Courier::deliver(const notices::Message& message) {
  const notices::Attempt attempt = send(message);
  lane_.now([&](Tx& tx) { notices_.attempted(tx, message.id, attempt); });
}

notices::Attempt Courier::send(const notices::Message& message) {
  const auto channel = std::find_if(channels_.begin(), channels_.end(),
                                    [&](const auto& each) { return each->name() == message.channel; });
  if (channel == channels_.end()) return {false, false, "no such channel on this node"};
  try {
    return (*channel)->send(message);
  } catch (const Refusal& refusal) {
    return {false, true, refusal.code};
  } catch (const std::exception& error) {
    return {false, false, error.what()};
  }
}

}  // namespace lifang
