// The SQL by which what somebody said is taken out of cases.
#pragma once
#include "rooms/cases/cases_store.hpp"

namespace lifang::cases::store {

/// The cases that name the person as one who reported.
std::vector<CaseId> reported_by(Reader& reader, const PersonId& person);
/// Those that somebody reported for themselves through this login when no person stood behind it.
std::vector<CaseId> reported_through(Reader& reader, const std::string& account);
/// Keeps the reporter's words and files as they are now.
void rewrite_report(Tx& tx, const CaseId& id, const Reporter& reporter);
/// Keeps the line's sentences, note and files as they are now.
void rewrite_line(Tx& tx, const CaseId& id, const DiaryLine& line);
/// Puts other words and files in the place of the case's own, also where it is searched for. `before`: as it is kept.
void rewrite_text(Tx& tx, const Record& before, const std::string& text, const std::vector<std::string>& files);

}  // namespace lifang::cases::store
