// The moves of people, one function each; what may be said with each.
#pragma once
#include "rooms/cases/cases_standing.hpp"
#include "rooms/cases/cases_work.hpp"

namespace lifang::cases {

/// A move that was found allowed, with everything that it needs.
struct Doing {
  Work& work;
  Viewer& viewer;
  const Words& words;
  Standings standings;
  bool on_behalf;  ///< the desk acts for the holder

  std::string note() const { return words.note.value_or(""); }
  Attached attached() const { return {note(), words.files.value_or(std::vector<std::string>{}), {}, on_behalf}; }
  bool stands(Standing standing) const { return (standings & bit(standing)) != 0; }
};

/// Whether the words fit the move: nothing that it does not know, nothing missing that it needs.
/// @throws Refusal invalid cases.not_for_this_move, cases.reason_needed, cases.too_long, cases.bad_file, json.missing
void check_words(Move move, const Words& words);

/// What the kind wants beside "done" and the words lack, "（未附照片）"; empty if nothing.
/// @throws Refusal invalid cases.evidence_needed where the kind is strict
Said missing_evidence(const Doing& doing);

/// Whether the post or person that it is to go to is there: nobody hands a case to a ghost, nor to whoever reported it
/// (cases_known.cpp). @throws Refusal invalid cases.unknown_post, cases.unknown_person, cases.not_staff, cases.own_report
void must_be_known(const Doing& doing);
void must_be_known(Reader& reader, const PostId& post, const std::string& field);
/// An organisation, or a post by its name. @throws Refusal invalid cases.unknown_organisation
void must_be_known(Reader& reader, const OrganisationId& called, const std::string& field);

/// Whether the post or person is of the organisation that holds the case.
/// @throws Refusal forbidden cases.not_your_organisation
void must_be_of_the_same(const Doing& doing);
bool is_of_the_same(const Doing& doing);

/// Does it. Does not save.
void do_move(const Doing& doing, Move move);

// Moves that touch more than the case itself (cases_do_joint.cpp).
void do_whistle(const Doing& doing);
void do_report_in(const Doing& doing);
void do_joint(const Doing& doing);
void do_part_done(const Doing& doing);
void do_confirm(const Doing& doing);
void do_merge(const Doing& doing);
/// Every reporter of `from` becomes one of `into`.
void add_reporters(Work& into, const Record& from);

}  // namespace lifang::cases
