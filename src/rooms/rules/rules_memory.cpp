#include "rooms/rules/rules_memory.hpp"

#include <bit>
#include <cstring>
#include <new>
#include <type_traits>

#include "base/check.hpp"
#include "rooms/readings/readings.hpp"

namespace lifang::rules {
namespace {

static_assert(std::is_trivially_copyable_v<Latest> && std::is_trivially_copyable_v<RuleState> &&
              std::is_trivially_copyable_v<Seen> && std::is_trivially_copyable_v<Time>);

constexpr char kFormat = 1;

/// Flags of one state in a blob: which fields follow.
enum Field : std::uint8_t {
  is_open = 1,
  is_ripe = 2,
  has_pending = 4,
  has_clearing = 8,
  has_changed = 16,
  has_silent = 32,
  has_occurrences = 64,
};

/// Little-endian base-128 numbers, signed ones folded so that small ones stay short.
class Packer {
 public:
  void number(std::uint64_t n) {
    for (; n >= 0x80; n >>= 7) bytes_ += static_cast<char>(n | 0x80);
    bytes_ += static_cast<char>(n);
  }
  void time(Time t) {
    const std::int64_t ms = to_ms(t);
    number(static_cast<std::uint64_t>(ms) << 1 ^ static_cast<std::uint64_t>(ms >> 63));
  }
  void real(double d) {
    std::uint64_t bits = std::bit_cast<std::uint64_t>(d);
    for (int i = 0; i < 8; ++i, bits >>= 8) bytes_ += static_cast<char>(bits & 0xff);
  }
  void text(std::string_view s) {
    number(s.size());
    bytes_ += s;
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_{kFormat};
};

class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : bytes_(bytes) {
    check(!bytes_.empty() && bytes_[0] == kFormat, "a rule memory of an unknown format");
    bytes_.remove_prefix(1);
  }
  std::uint64_t number() {
    std::uint64_t n = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const auto byte = static_cast<unsigned char>(take(1)[0]);
      n |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) return n;
    }
    check(false, "a rule memory with an endless number");
    return 0;
  }
  Time time() {
    const std::uint64_t n = number();
    return from_ms(static_cast<std::int64_t>(n >> 1 ^ (0 - (n & 1))));
  }
  double real() {
    const std::string_view eight = take(8);
    std::uint64_t bits = 0;
    for (std::size_t i = 8; i-- > 0;) bits = bits << 8 | static_cast<unsigned char>(eight[i]);
    return std::bit_cast<double>(bits);
  }
  std::string_view text() { return take(number()); }
  bool done() const { return bytes_.empty(); }

 private:
  std::string_view take(std::uint64_t n) {
    check(n <= bytes_.size(), "a rule memory that ends too early");
    const std::string_view front = bytes_.substr(0, n);
    bytes_.remove_prefix(n);
    return front;
  }
  std::string_view bytes_;
};

bool is_blank(const RuleState& s) {
  return !s.open && s.pending_since == kNever && s.changed_at == kNever && s.silent == 0 &&
         s.size == 0;
}

std::uint8_t fields_of(const RuleState& s) {
  unsigned f = 0;
  if (s.open) f |= is_open;
  if (s.ripe) f |= is_ripe;
  if (s.pending_since != kNever) f |= has_pending;
  if (s.clear_since != kNever) f |= has_clearing;
  if (s.changed_at != kNever) f |= has_changed;
  if (s.silent != 0) f |= has_silent;
  if (s.size != 0) f |= has_occurrences;
  return static_cast<std::uint8_t>(f);
}

struct Loaded {
  RuleRef ref;
  RuleState state;
  std::vector<Time> occurrences;  // oldest first
};

Loaded unpack_state(Unpacker& in) {
  Loaded l;
  l.ref.number = static_cast<std::uint32_t>(in.number());
  l.ref.version = static_cast<std::uint32_t>(in.number());
  const std::uint64_t f = in.number();
  RuleState& s = l.state;
  s.open = (f & is_open) != 0;
  s.ripe = (f & is_ripe) != 0;
  if (f & has_pending) s.pending_since = in.time();
  if (f & has_clearing) s.clear_since = in.time();
  if (f & has_changed) s.changed_at = in.time();
  if (f & has_silent) s.silent = in.number();
  if (s.open) {
    const std::uint64_t severity = in.number();
    check(severity <= 2, "a rule memory with an unknown severity");
    s.severity = static_cast<Severity>(severity);
    s.count = static_cast<std::uint32_t>(in.number());
    s.peak = in.real();
  }
  if (f & has_occurrences)
    for (std::uint64_t n = in.number(); n > 0; --n) l.occurrences.push_back(in.time());
  return l;
}

struct LoadedSeen {
  std::string_view kind;
  Seen seen;
};

LoadedSeen unpack_seen(Unpacker& in) {
  const std::string_view kind = in.text();
  const Time ts = in.time();
  return {kind, {ts, in.real()}};
}

}  // namespace

DeviceMemory::DeviceMemory(const DeviceProgram& program) {
  std::size_t bytes = 0;
  const auto place = [&](std::size_t count, std::size_t each) {
    const std::size_t offset = bytes;
    bytes += count * each;
    check(bytes < 1U << 31, "a rule memory beyond all measure");
    return static_cast<std::uint32_t>(offset);
  };
  static_assert(alignof(Latest) == 8 && alignof(RuleState) == 8 && alignof(Seen) == 8 &&
                alignof(Time) == 8);
  shape_.metrics = static_cast<std::uint32_t>(program.metrics.size());
  shape_.entries = static_cast<std::uint32_t>(program.entries.size());
  shape_.words = (shape_.entries + 63) / 64;
  shape_.kinds = static_cast<std::uint32_t>(program.kinds.size());
  shape_.slots = program.occurrence_slots;
  place(shape_.metrics, sizeof(Latest));
  shape_.bits_at = place(shape_.words, sizeof(std::uint64_t));
  shape_.states_at = place(shape_.entries, sizeof(RuleState));
  shape_.dues_at = place(shape_.entries, sizeof(Time));
  shape_.seen_at = place(shape_.kinds, sizeof(Seen));
  shape_.rings_at = place(shape_.slots, sizeof(Time));
  shape_.bytes = static_cast<std::uint32_t>(bytes);
  block_ = std::make_unique<std::byte[]>(bytes);
  std::uninitialized_fill_n(at<Latest>(0), shape_.metrics, Latest{});
  std::uninitialized_fill_n(at<std::uint64_t>(shape_.bits_at), shape_.words, std::uint64_t{0});
  std::uninitialized_fill_n(at<RuleState>(shape_.states_at), shape_.entries, RuleState{});
  std::uninitialized_fill_n(at<Time>(shape_.dues_at), shape_.entries, kForever);
  std::uninitialized_fill_n(at<Seen>(shape_.seen_at), shape_.kinds, Seen{});
  std::uninitialized_fill_n(at<Time>(shape_.rings_at), shape_.slots, kNever);
}

DeviceMemory::DeviceMemory(const DeviceMemory& other) {
  *this = other;
}

DeviceMemory& DeviceMemory::operator=(const DeviceMemory& other) {
  if (this == &other) return *this;
  if (block_ == nullptr || shape_.bytes != other.shape_.bytes)
    block_.reset(other.block_ ? new std::byte[other.shape_.bytes] : nullptr);
  if (other.block_) std::memcpy(block_.get(), other.block_.get(), other.shape_.bytes);
  if (!other.block_) block_.reset();
  newest_ = other.newest_;
  arrival_ = other.arrival_;
  next_due_ = other.next_due_;
  shape_ = other.shape_;
  must_write_ = other.must_write_;
  may_write_ = other.may_write_;
  by_arrival_ = other.by_arrival_;
  return *this;
}

Time DeviceMemory::shown(Time server_now) const {
  const Duration passed = std::max(between(arrival_, server_now), Duration{0});  // a clock set back
  if (!by_arrival_) return plus(newest_, passed);
  return std::max(server_now, plus(newest_, Duration{readings::paced(passed.count())}));
}

Time DeviceMemory::server_time(Time device_time) const {
  const Duration ahead = between(newest_, device_time);
  if (!by_arrival_ || ahead <= Duration{0}) return plus(arrival_, ahead);
  return std::min(device_time, plus(arrival_, Duration{readings::until_paced(ahead.count())}));
}

void DeviceMemory::set_latest(const DeviceProgram& program, std::uint16_t metric, Time ts,
                              double value) {
  const std::uint16_t slot = program.slot_of_metric(metric);
  if (slot != kNone16 && ts > latest()[slot].ts) latest()[slot] = {ts, value};
}

std::string DeviceMemory::blob(const DeviceProgram& program) const {
  check(states().size() == program.entries.size(), "a memory of another program");
  Packer out;
  std::size_t kinds = 0, kept = 0;
  for (const Seen& s : seen()) kinds += s.ts != kNever;
  for (const RuleState& s : states()) kept += !is_blank(s);
  if (kinds == 0 && kept == 0) return {};
  out.number(kinds);
  for (std::size_t k = 0; k < seen().size(); ++k) {
    if (seen()[k].ts == kNever) continue;
    out.text(program.kind_names[k]);
    out.time(seen()[k].ts);
    out.real(seen()[k].confidence);
  }
  out.number(kept);
  for (std::size_t i = 0; i < states().size(); ++i) {
    const RuleState& s = states()[i];
    if (is_blank(s)) continue;
    const Entry& entry = program.entries[i];
    out.number(entry.rule->number);
    out.number(entry.rule->version);
    out.number(fields_of(s));
    if (s.pending_since != kNever) out.time(s.pending_since);
    if (s.clear_since != kNever) out.time(s.clear_since);
    if (s.changed_at != kNever) out.time(s.changed_at);
    if (s.silent != 0) out.number(s.silent);
    if (s.open) {
      out.number(static_cast<std::uint64_t>(s.severity));
      out.number(s.count);
      out.real(s.peak);
    }
    if (s.size == 0) continue;
    out.number(s.size);
    for (std::size_t n = 0; n < s.size; ++n)
      out.time(occurrences()[entry.first_occurrence + (s.head + n) % entry.times]);
  }
  return out.take();
}

void DeviceMemory::load(const DeviceProgram& program, std::string_view blob) {
  check(states().size() == program.entries.size(), "a memory of another program");
  if (blob.empty()) return;
  Unpacker in(blob);
  for (std::uint64_t n = in.number(); n > 0; --n) {
    const LoadedSeen l = unpack_seen(in);
    for (std::size_t k = 0; k < program.kind_names.size(); ++k)
      if (program.kind_names[k] == l.kind) seen()[k] = l.seen;
  }
  for (std::uint64_t n = in.number(); n > 0; --n) {
    Loaded l = unpack_state(in);
    const std::uint16_t i = program.find(l.ref);
    if (i == kNone16) continue;
    const Entry& entry = program.entries[i];
    const std::size_t room = entry.times > 1 ? entry.times : 0;
    check(l.occurrences.size() <= room, "a rule memory with more occurrences than its rule counts");
    for (std::size_t k = 0; k < l.occurrences.size(); ++k)
      occurrences()[entry.first_occurrence + k] = l.occurrences[k];
    l.state.size = static_cast<std::uint16_t>(l.occurrences.size());
    states()[i] = l.state;
  }
  check(in.done(), "a rule memory with a tail");
}

std::vector<RuleRef> open_in(std::string_view blob) {
  std::vector<RuleRef> open;
  if (blob.empty()) return open;
  Unpacker in(blob);
  for (std::uint64_t n = in.number(); n > 0; --n) unpack_seen(in);
  for (std::uint64_t n = in.number(); n > 0; --n)
    if (const Loaded l = unpack_state(in); l.state.open) open.push_back(l.ref);
  return open;
}

std::vector<RulePtr> open_in(const DeviceProgram& program, const DeviceMemory& memory) {
  std::vector<RulePtr> open;
  for (std::size_t i = 0; i < program.entries.size(); ++i)
    if (memory.states()[i].open) open.push_back(program.entries[i].rule);
  return open;
}

}  // namespace lifang::rules
