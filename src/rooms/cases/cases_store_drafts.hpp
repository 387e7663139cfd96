// SQL of the drafts of kinds.
#pragma once
#include "rooms/cases/cases_drafts.hpp"

namespace lifang::cases::store {

void keep_draft(Tx& tx, const Draft& draft);
void drop_draft(Tx& tx, std::string_view code);
std::optional<Draft> find_draft(Reader& reader, std::string_view code);
/// In order of code.
std::vector<Draft> drafts(Reader& reader, const std::optional<std::string>& after, std::size_t limit);

}  // namespace lifang::cases::store
