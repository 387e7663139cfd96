// Every SQL statement of the room notices.
#pragma once
#include "rooms/notices/notices.hpp"

namespace lifang::notices::store {

// ---- the inbox ------------------------------------------------------------------------------------------------

/// Whose inbox is looked at.
struct Onlooker {
  std::string person;  ///< or the account, where no person stands behind it
  /// Theirs, each with the path of its place: a post's name is the same in every compound.
  std::vector<std::pair<std::string, std::string>> posts_at;
  std::vector<std::string> roots;  ///< places with notices.send, for what staff must tell
};
void add(Tx& tx, const Notice& notice);
void keep_told(Tx& tx, const Notice& notice);
std::optional<Notice> find(Reader& reader, const NoticeId& id, const std::string& for_reader);
std::vector<Notice> list(Reader& reader, const Onlooker& who, const Filter& filter);
std::int64_t count(Reader& reader, const Onlooker& who, const Filter& filter);
/// Of the program's own to that person: one of this title that is unread, or not older than `since`.
bool has_told(Reader& reader, const PersonId& person, const std::string& title, Time since);
void keep_receipt(Tx& tx, const NoticeId& id, const std::string& by, Time at);
std::vector<Receipt> receipts(Reader& reader, const NoticeId& id);

// ---- ringing --------------------------------------------------------------------------------------------------

void keep(Tx& tx, const Ring& ring);
std::optional<Ring> find_ring(Reader& reader, const RingId& id);
std::optional<Ring> ringing(Reader& reader, const cases::CaseId& id, const std::string& purpose);
std::vector<Ring> rings(Reader& reader, const std::vector<std::string>& roots, const RingFilter& filter);
std::int64_t count_rings(Reader& reader, const std::vector<std::string>& roots, const RingFilter& filter);

// ---- channels -------------------------------------------------------------------------------------------------

/// False when the channel has a message of this `dedupe` for this recipient already.
bool add(Tx& tx, const Message& message, const std::string& dedupe);
void keep(Tx& tx, const Message& message);
std::optional<Message> find_message(Reader& reader, const MessageId& id);
std::vector<Message> due(Reader& reader, Time now, std::size_t limit, const Queue& queue);
std::optional<Time> next_due(Reader& reader, const Queue& queue);
std::vector<Message> messages(Reader& reader, const MessageFilter& filter);
std::int64_t count_messages(Reader& reader, const MessageFilter& filter);
void add_log(Tx& tx, const MessageId& id, const LogLine& line);
std::vector<LogLine> log(Reader& reader, const MessageId& id);

struct StoredWebhook : Webhook {
  std::string sealed;
};
void keep(Tx& tx, const StoredWebhook& webhook);
bool remove_webhook(Tx& tx, const WebhookId& id);
std::vector<StoredWebhook> webhooks(Reader& reader);
std::optional<StoredWebhook> find_webhook(Reader& reader, const WebhookId& id);

/// Old notices with their receipts, ended messages with their log, ended rings.
std::int64_t forget(Tx& tx, Time before, std::int64_t limit);
void rebase(Tx& tx, const std::string& from, const std::string& to);

}  // namespace lifang::notices::store
