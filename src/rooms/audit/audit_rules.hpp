// Pure decisions about the audit log: what is kept, and how a link is hashed.
#pragma once
#include "rooms/audit/audit.hpp"

namespace lifang::audit {

/// Whether a person or an API key did it.
bool is_kept(const bus::Told& told);
/// Whether it says that somebody looked at a person: topics "….revealed".
bool is_view(std::string_view action);
/// The hash that the entry should carry; its own `hash` is not looked at.
std::string hash_of(const Entry& entry);
/// What is signed of a link.
std::string words_of_anchor(std::int64_t seq, std::string_view hash);
inline constexpr std::string_view kFirst = "0000000000000000000000000000000000000000000000000000000000000000";

}  // namespace lifang::audit
