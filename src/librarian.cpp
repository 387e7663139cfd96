#include "librarian.hpp"

#include <algorithm>

#include "rooms/exchange/exchange_captures_rules.hpp"

namespace lifang {

using exchange::Captures;
using exchange::LibraryState;
using exchange::ViidSession;

namespace {

constexpr std::size_t kAtOnce = 10;  ///< objects in a request
/// Requests to one library in one round: then the others have their turn.
constexpr int kRequests = 8;
/// Nothing is due: look again after so long, should a wake have been missed by a restart of the clock.
constexpr auto kLongestNap = std::chrono::seconds(30);

Captures::Outcome outcome_of(exchange::Verdict verdict) {
  switch (verdict) {
    case exchange::Verdict::taken: return Captures::Outcome::sent;
    case exchange::Verdict::refused: return Captures::Outcome::refused;
    case exchange::Verdict::busy: return Captures::Outcome::busy;
    case exchange::Verdict::again: case exchange::Verdict::alone: break;
  }
  return Captures::Outcome::again;
}

}  // namespace

Librarian::Librarian(lane::Lane& lane, db::ReaderPool& readers, Captures& captures, World& world, Duration patience)
    : lane_(lane), readers_(readers), captures_(captures), world_(world), patience_(patience) {}

Librarian::~Librarian() { stop(); }

void Librarian::start() {
  thread_ = std::thread([this] { run(); });
}

void Librarian::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    if (talking_) talking_->cancel();
  }
  bell_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Librarian::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  bell_.notify_all();
}

bool Librarian::stopping() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void Librarian::run() {
  while (!stopping()) {
    Time next = world_.clock.now() + kLongestNap;
    try {
      next = round();
    } catch (const std::exception&) {
      // The database is away or the lane stops: nothing was marked as sent, so it is tried again later.
    }
    std::unique_lock lock(mutex_);
    const Duration nap = std::clamp<Duration>(next - world_.clock.now(), Duration{1}, kLongestNap);
    bell_.wait_for(lock, nap, [this] { return woken_ || stopping_; });
    woken_ = false;
  }
  leave();
}

void Librarian::leave() {
  for (auto& [id, talk] : talks_)
    if (talk.here) talk.session->leave();
  talks_.clear();
}

Time Librarian::round() {
  std::vector<Address> addresses;
  {
    auto lease = readers_.lease();
    addresses = captures_.addresses(lease.reader());
  }
  match(addresses);
  const Time longest = world_.clock.now() + kLongestNap;
  Time next = longest;
  for (const Address& address : addresses) {
    if (stopping()) break;
    Talk& talk = talks_.at(address.id);
    visit(address, talk);
    if (address.paused) continue;
    next = std::min(next, talk.here ? talk.keepalive : talk.again);
    if (!talk.here) continue;
    auto lease = readers_.lease();
    if (const auto due = Captures::next_due(lease.reader(), address.id)) next = std::min(next, *due);
  }
  return next;
}

/// One conversation for every library as it is set up now; of the others leave is taken.
void Librarian::match(const std::vector<Address>& addresses) {
  std::erase_if(talks_, [&](auto& entry) {
    const auto same = std::find_if(addresses.begin(), addresses.end(), [&](const Address& a) {
      return a.id == entry.first && a.version == entry.second.version;
    });
    if (same != addresses.end()) return false;
    if (entry.second.here) entry.second.session->leave();
    return true;
  });
  for (const Address& address : addresses) {
    auto& talk = talks_[address.id];
    if (talk.session) continue;
    talk.version = address.version;
    talk.every = address.keepalive;
    talk.session = std::make_shared<ViidSession>(
        ViidSession::Settings{address.url, address.system, address.login, address.password.copy(), patience_}, world_);
  }
}

void Librarian::visit(const Address& address, Talk& talk) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    talking_ = talk.session;
  }
  if (address.paused) {
    if (talk.here) talk.session->leave();
    talk.here = false;
    if (address.state != LibraryState::off) stands(address.id, LibraryState::off, {});
    return;
  }
  if (!talk.here && (world_.clock.now() < talk.again || !enrol(address, talk))) return;
  if (world_.clock.now() >= talk.keepalive) {
    const std::string trouble = talk.session->keep_alive();
    if (!trouble.empty()) return lose(address, talk, trouble);
    talk.keepalive = world_.clock.now() + talk.every;
  }
  for (int n = 0; n < kRequests && !stopping(); ++n)
    if (!carry(address, talk)) break;
}

bool Librarian::enrol(const Address& address, Talk& talk) {
  const ViidSession::Enrolled enrolled = talk.session->enrol();
  if (!enrolled.trouble.empty()) {
    lose(address, talk, enrolled.trouble);
    return false;
  }
  talk.here = true;
  talk.keepalive = world_.clock.now() + talk.every;
  stands(address.id, LibraryState::here, {}, enrolled.clock_ahead);
  return true;
}

void Librarian::lose(const Address& address, Talk& talk, const std::string& trouble) {
  talk.here = false;
  talk.again = world_.clock.now() + exchange::away_for(world_.ids.random_bytes(2));
  if (!talk.session->cancelled()) stands(address.id, LibraryState::away, trouble);
}

void Librarian::stands(const exchange::LibraryId& id, LibraryState state, const std::string& trouble, std::optional<Duration> ahead) {
  lane_.now([&](Tx& tx) { captures_.stands(tx, id, state, trouble, ahead); });
}

/// One request. @returns whether more may be due.
bool Librarian::carry(const Address& address, Talk& talk) {
  std::vector<Captures::Parcel> parcels;
  {
    auto lease = readers_.lease();
    parcels = captures_.pack(lease.reader(), address.id, world_.clock.now(), talk.alone > 0 ? 1 : kAtOnce);
  }
  if (parcels.empty()) return false;
  lane_.now([&](Tx& tx) { captures_.leaving(tx, address.id, parcels); });
  if (parcels.empty()) return true;
  std::vector<std::string> objects;
  for (Captures::Parcel& parcel : parcels) objects.push_back(std::move(parcel.object));
  const ViidSession::Handed handed = talk.session->hand_over(parcels.front().capture.kind, objects);
  if (talk.session->cancelled()) return false;
  if (!handed.trouble.empty()) {
    // Whatever broke the line is not known: next time they go one by one, and the one that breaks it steps aside.
    if (!handed.arrived) talk.alone = 0;
    else if (parcels.size() > 1) talk.alone = parcels.size();
    else lane_.now([&](Tx& tx) { captures_.answered(tx, {{parcels.front().capture.id, Captures::Outcome::aside, 0, handed.trouble}}); });
    lose(address, talk, handed.trouble);
    return false;
  }
  if (talk.alone > 0) --talk.alone;
  settle(parcels, handed, talk);
  return true;
}

void Librarian::settle(const std::vector<Captures::Parcel>& parcels, const ViidSession::Handed& handed, Talk& talk) {
  std::vector<std::string> numbers;
  for (const Captures::Parcel& parcel : parcels) numbers.push_back(parcel.capture.object);
  std::vector<exchange::Judged> judged(parcels.size());
  if (handed.refused == 0) judged = exchange::judge(numbers, handed.statuses);
  else
    for (exchange::Judged& each : judged)
      each = {parcels.size() > 1 ? exchange::Verdict::alone : exchange::Verdict::refused, handed.refused, "HTTP"};
  std::vector<Captures::Answered> answers;
  for (std::size_t i = 0; i < parcels.size(); ++i) {
    const exchange::Judged& each = judged[i];
    if (each.verdict == exchange::Verdict::alone && parcels.size() > 1) ++talk.alone;  // as it is, in a request of its own
    else answers.push_back({parcels[i].capture.id, outcome_of(each.verdict), each.code, each.words});
  }
  lane_.now([&](Tx& tx) { captures_.answered(tx, answers); });
}

}  // namespace lifang
