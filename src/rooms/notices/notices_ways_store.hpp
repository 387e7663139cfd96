// SQL of the ways that people chose.
#pragma once
#include "rooms/notices/notices_ways.hpp"

namespace lifang::notices::store {

/// `app` where nothing was chosen.
Way way_of(Reader& reader, const std::string& person, Class class_);
/// Whether anything but the page was ever chosen.
bool has_ways(Reader& reader, const std::string& person);
void keep_way(Tx& tx, const std::string& person, Class class_, Way way);
void forget_ways(Tx& tx, const std::string& person);

}  // namespace lifang::notices::store
