// Every SQL statement of the room rosters.
#pragma once
#include "rooms/rosters/rosters.hpp"

namespace lifang::rosters::store {

void keep(Tx& tx, const Post& post);
std::optional<Post> find_post(Reader& reader, const PostId& id);
std::vector<Post> posts(Reader& reader, const std::optional<std::string>& after, std::size_t limit);

void keep(Tx& tx, const Shift& shift);
void remove_shift(Tx& tx, const ShiftId& id);
std::optional<Shift> find_shift(Reader& reader, const ShiftId& id);
/// Whether any shift is of the post, or stands for it.
bool is_manned(Reader& reader, const PostId& post);
/// Posts that have a shift at one of the paths.
std::vector<PostId> posts_at(Reader& reader, const std::vector<std::string>& paths);
/// Those of the post, or that stand for it, at one of the paths.
std::vector<Shift> shifts_at(Reader& reader, const PostId& post, const std::vector<std::string>& paths);
std::vector<Shift> shifts_of(Reader& reader, const PersonId& person);
std::vector<Shift> shifts(Reader& reader, const std::vector<std::string>& roots, const ShiftFilter& filter);

std::optional<PersonId> last_turn(Reader& reader, const PostId& post, const places::PlaceId& place);
void keep_turn(Tx& tx, const PostId& post, const places::PlaceId& place, const PersonId& person);

void keep(Tx& tx, const Absence& absence);
bool remove_absence(Tx& tx, const AbsenceId& id);
std::optional<Absence> find_absence(Reader& reader, const AbsenceId& id);
std::vector<Absence> absences(Reader& reader, const AbsenceFilter& filter);
/// The absence of the person at that instant; the one that began last.
std::optional<Absence> absence_at(Reader& reader, const PersonId& person, Time at);
std::vector<PersonId> substituted_by(Reader& reader, const PersonId& substitute, Time at);

void keep(Tx& tx, const HandOver& hand_over);
std::optional<HandOver> find_hand_over(Reader& reader, const HandOverId& id);
std::vector<HandOver> hand_overs(Reader& reader, const std::vector<std::string>& roots, const HandOverFilter& filter);

void keep_year(Tx& tx, std::int64_t year, const YearWords& words);
std::optional<YearWords> find_year(Reader& reader, std::int64_t year);
std::map<Day, bool> special_days(Reader& reader, Day from, Day to);

void keep_hours(Tx& tx, const OrganisationId& organisation, const WorkingHours& hours);
std::optional<WorkingHours> find_hours(Reader& reader, const OrganisationId& organisation);

void rebase(Tx& tx, const std::string& from, const std::string& to);

}  // namespace lifang::rosters::store
