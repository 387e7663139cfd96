// What tests name by ids of their own choosing is put into the registers first: rosters and logins take no ghosts.
#pragma once
#include <string>

#include "base/reflect.hpp"
#include "platform/db/tx.hpp"
#include "rooms/people/people.hpp"
#include "rooms/rosters/rosters.hpp"

namespace lifang {

/// A person of that id, as bare as one whose data was erased: they can be named and nothing more.
inline void make_known(Tx& tx, const rosters::PersonId& person) {
  if (people::People::path_of(tx, people::PersonId{person.text})) return;
  tx.run("INSERT INTO people_persons (id, state, path, source, made_at, confirmed_at, confirmed_by) "
         "VALUES ($1, 'erased', '/', 'staff', 0, 0, '')",
         person.text);
}

inline void make_known(Tx& tx, const rosters::OrganisationId& organisation) {
  if (people::People::find_organisation(tx, people::OrganisationId{organisation.text})) return;
  tx.run("INSERT INTO people_organisations (id, kind, name, place, path, above, phone) VALUES ($1, 'other', $1, '', '/', '', '')",
         organisation.text);
}

inline void make_known(Tx& tx, const rosters::PostId& post) {
  if (rosters::Rosters::is_known(tx, post)) return;
  tx.run("INSERT INTO rosters_posts (id, name, above, organisation) VALUES ($1, $1, '', '')", post.text);
}

/// Everybody and everything that a shift names.
inline void make_known(Tx& tx, const rosters::ShiftWords& shift) {
  make_known(tx, shift.post);
  if (shift.stands_for) make_known(tx, *shift.stands_for);
  if (shift.organisation) make_known(tx, *shift.organisation);
  for (const rosters::PersonId& person : shift.persons) make_known(tx, person);
}

/// Somebody who has a shift, far from where anything happens: whoever stands in for others is staff already.
inline void make_staff(Tx& tx, const rosters::PersonId& person) {
  make_known(tx, person);
  if (rosters::Rosters::is_staff(tx, person, tx.now())) return;
  rosters::ShiftWords shift;
  shift.post = rosters::PostId{"porter"};
  shift.place = places::PlaceId{"elsewhere"};
  shift.to = {24 * 60};
  tx.run("INSERT INTO rosters_shifts (id, post, stands_for, place, path, words) "
         "VALUES ($1, 'porter', '', 'elsewhere', '/elsewhere/', $2)",
         "porter-" + person.text, to_json(shift));
  tx.run("INSERT INTO rosters_shift_persons (person, shift) VALUES ($1, $2)", person.text, "porter-" + person.text);
}

}  // namespace lifang
