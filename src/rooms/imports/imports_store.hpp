// Every SQL statement of the room imports.
#pragma once
#include "rooms/imports/imports.hpp"

namespace lifang::imports::store {

void insert(Tx& tx, const Import& import_, const std::string& sealed);
void applied(Tx& tx, const Import& import_);
std::optional<Import> find(Reader& reader, const ImportId& id);
std::string file_of(Reader& reader, const ImportId& id);
std::vector<Import> list(Reader& reader, const std::string& by, const std::optional<std::string>& after, std::size_t limit);
void forget(Tx& tx, Time before);

}  // namespace lifang::imports::store
