// The SQL of the digest.
#pragma once
#include "rooms/notices/notices_digest.hpp"

namespace lifang::notices::store {

void gather(Tx& tx, const std::string& person, const Gathered& piece, Time due);
/// Receivers for whom something is due, in order.
std::vector<std::string> due_receivers(Reader& reader, Time now, std::size_t limit);
/// What is due for one, oldest first.
std::vector<Gathered> due_pieces(Reader& reader, const std::string& person, Time now);
void delivered(Tx& tx, const std::string& person, Time now, const NoticeId& notice);
void move_due(Tx& tx, const std::string& person, Time due);
std::int64_t waiting(Reader& reader, const std::string& person);
std::int64_t remove_waiting(Tx& tx, const std::string& announcement);

std::optional<DigestHours> digest_hours(Reader& reader, const std::string& person);
void keep_digest_hours(Tx& tx, const std::string& person, const DigestHours& hours);

void rebase_digest(Tx& tx, const std::string& from, const std::string& to);
void forget_digest(Tx& tx, const std::string& person);
void sweep_digest(Tx& tx, Time before, std::int64_t limit);

}  // namespace lifang::notices::store
