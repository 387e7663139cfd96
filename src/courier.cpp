#include "courier.hpp"

#include <algorithm>

namespace lifang {
namespace {

constexpr std::size_t kAtOnce = 32;
constexpr std::size_t kMostExpress = 1000;
/// Nothing is due: look again after so long, should a wake have been missed by a restart of the clock.
constexpr auto kLongestNap = std::chrono::seconds(30);
constexpr Duration kFirstRest = std::chrono::seconds(10), kLongestRest = std::chrono::minutes(1);
/// So many are remembered as resting: a gateway that is away fails everybody, and each message has its own back-off.
constexpr std::size_t kMostResting = 100;

}  // namespace

Courier::Courier(lane::Lane& lane, db::ReaderPool& readers, notices::Notices& notices, const Clock& clock,
                 std::vector<std::unique_ptr<notices::Channel>> channels)
    : lane_(lane), readers_(readers), notices_(notices), clock_(clock) {
  for (auto& channel : channels) {
    names_.emplace_back(channel->name());
    carriers_.push_back({std::move(channel)});
  }
  carriers_.push_back({nullptr});
}

Courier::~Courier() { stop(); }

void Courier::start() {
  for (Carrier& carrier : carriers_) carrier.thread = std::thread([this, &carrier] { run(carrier); });
}

void Courier::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  bell_.notify_all();
  for (Carrier& carrier : carriers_)
    if (carrier.thread.joinable()) carrier.thread.join();
}

void Courier::wake() {
  {
    const std::lock_guard lock(mutex_);
    ++wakes_;
  }
  bell_.notify_all();
}

void Courier::express(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    if (express_.size() >= kMostExpress) return;
    express_.push_back(std::move(work));
    ++wakes_;
  }
  bell_.notify_all();
}

bool Courier::stops() {
  const std::lock_guard lock(mutex_);
  return stopping_;
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

void Courier::run(Carrier& carrier) {
  for (;;) {
    if (!carrier.channel) run_express();
    std::size_t tried = 0;
    std::optional<Time> next;
    try {
      tried = round_of(carrier);
      auto lease = readers_.lease();
      next = notices::Notices::next_due(lease.reader(), queue_of(carrier));
    } catch (const std::exception&) {
      // The database is away or the lane stops: nothing was marked as sent, so it is tried again later.
    }
    for (const auto& [recipient, rest] : carrier.resting) next = std::min(next.value_or(rest.until), rest.until);
    std::unique_lock lock(mutex_);
    if (stopping_) return;
    if (tried == kAtOnce) continue;
    Duration nap = kLongestNap;
    if (next) nap = std::clamp(*next - clock_.now(), Duration{1}, nap);
    bell_.wait_for(lock, nap, [&] { return carrier.woken != wakes_ || stopping_; });
    if (stopping_) return;
    carrier.woken = wakes_;
  }
}

std::size_t Courier::round() {
  run_express();
  std::size_t tried = 0;
  for (Carrier& carrier : carriers_) tried += round_of(carrier);
  return tried;
}

notices::Queue Courier::queue_of(Carrier& carrier) {
  notices::Queue queue;
  if (carrier.channel) queue.channel = carrier.channel->name();
  else queue.others = names_;
  for (const auto& [recipient, rest] : carrier.resting)
    if (rest.until > clock_.now()) queue.resting.push_back(recipient);
  return queue;
}

std::size_t Courier::round_of(Carrier& carrier) {
  std::vector<notices::Message> due;
  {
    auto lease = readers_.lease();
    due = notices_.due(lease.reader(), clock_.now(), kAtOnce, queue_of(carrier));
  }
  std::size_t tried = 0;
  for (const notices::Message& message : due) {
    if (stops()) break;
    const auto rest = carrier.resting.find(message.to);
    if (rest != carrier.resting.end() && rest->second.until > clock_.now()) continue;
    deliver(carrier, message);
    ++tried;
  }
  return tried;
}

void Courier::deliver(Carrier& carrier, const notices::Message& message) {
  const notices::Attempt attempt = send(carrier, message);
  if (attempt.sent || attempt.hopeless) {
    carrier.resting.erase(message.to);
  } else if (carrier.resting.contains(message.to) || carrier.resting.size() < kMostResting) {
    Rest& rest = carrier.resting[message.to];
    rest.pause = rest.pause == Duration{} ? kFirstRest : std::min(rest.pause * 2, kLongestRest);
    rest.until = clock_.now() + rest.pause;
  }
  lane_.now([&](Tx& tx) { notices_.attempted(tx, message.id, attempt); });
}

notices::Attempt Courier::send(Carrier& carrier, const notices::Message& message) {
  if (!carrier.channel) return {false, false, "no such channel on this node"};
  try {
    return carrier.channel->send(message);
  } catch (const Refusal& refusal) {
    return {false, true, refusal.code};
  } catch (const std::exception& error) {
    return {false, false, error.what()};
  }
}

}  // namespace lifang
