// Whom a case rang, when, and whether they answered: for the staff of its place and for whoever reported it. A part of the door
// of notices.
#pragma once
#include "base/caller.hpp"
#include "base/describe.hpp"
#include "platform/db/tx.hpp"
#include "rooms/notices/notices.hpp"
#include "rooms/people/people.hpp"

namespace lifang::http {
class Routes;
}

namespace lifang::notices {

/// `passed`: nobody answered there, it rang on at the next. `elsewhere`: another has taken it.
enum class RungState { ringing, answered, passed, elsewhere };
BOOST_DESCRIBE_ENUM(RungState, ringing, answered, passed, elsewhere)

struct Rung {
  RingId ring;
  std::string purpose;             ///< "" for the case itself, else the organisation that was called
  PostId post;
  std::int64_t step = 1;
  std::optional<PersonId> person;  ///< for those with the right people.read there
  std::string name;                ///< masked, "王**"; empty where the register has nobody of that id
  Time at;
  RungState state = RungState::ringing;
  std::optional<Time> ended_at;    ///< answered, or rung on
};
BOOST_DESCRIBE_STRUCT(Rung, (), (ring, purpose, post, step, person, name, at, state, ended_at))

struct RungOfCase {
  cases::CaseId case_;
  std::vector<Rung> rung;  ///< in the order in which it rang
};
BOOST_DESCRIBE_STRUCT(RungOfCase, (), (case_, rung))

/// @throws Refusal missing cases.unknown for whoever may neither read notices and cases there nor has reported it
RungOfCase rung_of(Reader& reader, const Caller& caller, const cases::CaseId& id, const cases::Cases& cases, const people::People& people);

void add_rung_routes(http::Routes& routes, const cases::Cases& cases, const people::People& people);

namespace store {  // notices_rung_store.cpp
struct RungRow {
  std::int64_t step = 1;
  PersonId person;
  Time at;
};
void add_rung(Tx& tx, const RingId& ring, std::int64_t step, const PersonId& person, Time at);
std::vector<RungRow> rung(Reader& reader, const RingId& ring);
}  // namespace store

}  // namespace lifang::notices
