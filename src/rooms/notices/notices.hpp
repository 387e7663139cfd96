// Notices: what people must hear. Their inbox, what rings until somebody answers, and channels to the outside.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/caller.hpp"
#include "base/secret.hpp"
#include "platform/bus/bus.hpp"
#include "platform/db/tx.hpp"
#include "platform/jobs/jobs.hpp"
#include "rooms/evaluations/evaluations.hpp"
#include "rooms/notices/notices_values.hpp"
#include "rooms/rosters/rosters.hpp"

namespace lifang::notices {

class Notices {
 public:
  Notices(bus::Bus& bus, jobs::Jobs& jobs, const Vault& vault, rosters::Rosters& rosters, cases::Cases& cases);

  // ---- the inbox ----------------------------------------------------------------------------------------------

  /// To persons and posts by name (right notices.send over the place). `english`: for what are the program's own words.
  /// @returns how many inboxes it reached.
  std::int64_t send(Tx& tx, const Caller& caller, const SendWords& words, const InEnglish& english = {});
  /// Whether the program itself has sent them that title, and they have not read it yet or it is no older than `since`.
  static bool has_told(Reader& reader, const PersonId& person, const std::string& title, Time since);
  /// The caller has read it. Again is no error. @throws Refusal missing notices.unknown
  Notice read(Tx& tx, const Caller& caller, const NoticeId& id);
  /// Everything of the caller's own inbox up to that notice, at most 2,000 at once, oldest last; emergencies are read one by one.
  /// What came after it stays unread, and saying it again changes nothing. @returns how many were unread until now
  ReadAll read_all(Tx& tx, const Caller& caller, const NoticeId& up_to);
  /// Staff have told it to somebody who has no app (right notices.send). @throws conflict notices.told_already
  Notice told(Tx& tx, const Caller& caller, const NoticeId& id, const ToldWords& words);
  std::vector<Notice> list(Reader& reader, const Caller& caller, const Filter& filter) const;
  std::int64_t count(Reader& reader, const Caller& caller, const Filter& filter) const;
  Notice get(Reader& reader, const Caller& caller, const NoticeId& id) const;
  /// Who has read it and when, for the sender or the right notices.send.
  std::vector<Receipt> receipts(Reader& reader, const Caller& caller, const NoticeId& id) const;

  // ---- what rooms told ----------------------------------------------------------------------------------------

  void case_told(Tx& tx, const cases::Step& step, const bus::Told& told);
  void evaluation_asked(Tx& tx, const evaluations::Asked& asked);
  void place_moved(Tx& tx, const std::string& from, const std::string& to);
  /// Any event, for the webhooks that wait for it.
  void anything_told(Tx& tx, const bus::Told& told);

  // ---- channels to the outside ----------------------------------------------------------------------------------

  /// Right notices.webhooks over everything. The secret is answered once, here.
  /// @throws Refusal invalid notices.bad_url, inside_address, bad_topic, bad_secret
  MadeWebhook put_webhook(Tx& tx, const Caller& caller, const WebhookId& id, const WebhookWords& words);
  void remove_webhook(Tx& tx, const Caller& caller, const WebhookId& id);
  std::vector<Webhook> webhooks(Reader& reader) const;
  std::optional<Webhook> find_webhook(Reader& reader, const WebhookId& id) const;

  /// Receivers may stand in the node's own network; set before the lane starts.
  void let_webhooks_inside(bool may) { webhooks_inside_ = may; }
  bool webhooks_inside() const { return webhooks_inside_; }

  /// Called in the transaction in which a message was given up: somebody may know another way. Set before the lane starts.
  void on_dead(std::function<void(Tx&, const Message&)> fn) { dead_ = std::move(fn); }
  /// For the channel alone.
  std::string secret_of(Reader& reader, const WebhookId& id) const;
  /// Called after the commit that put something into a queue; set before the lane starts.
  void on_queued(std::function<void()> fn) { queued_ = std::move(fn); }
  /// Forgets what was sent or read before `before`; at most `limit` rows. @returns how many went.
  static std::int64_t sweep(Tx& tx, Time before, std::int64_t limit);

  /// Puts a message into a channel's queue. `dedupe`: the same one twice is one message.
  MessageId enqueue(Tx& tx, Outgoing message);
  /// What is to be sent now, oldest first. Asked off the lane by whoever sends.
  std::vector<Message> due(Reader& reader, Time now, std::size_t limit, const Queue& queue = {}) const;
  /// When the next one is to be sent.
  static std::optional<Time> next_due(Reader& reader, const Queue& queue = {});
  /// How it went: sent, to be tried again after a back-off (10 s, growing fourfold up to 6 h), or dead after 8 tries.
  void attempted(Tx& tx, const MessageId& id, const Attempt& attempt);
  /// A dead message back into the queue (right notices.webhooks over its place).
  Message retry(Tx& tx, const Caller& caller, const MessageId& id);
  /// The same question about the places over which the caller has that right. By receiver it is asked over everything alone.
  static MessageFilter within(const Caller& caller, MessageFilter filter);
  /// As the caller may see it: without the right over everything there are no words in it, and no receiver but staff.
  static Message in_part(const Caller& caller, Message message);
  /// @throws Refusal missing notices.unknown_message
  Message message(Reader& reader, const Caller& caller, const MessageId& id) const;
  std::vector<Message> messages(Reader& reader, const MessageFilter& filter) const;
  std::int64_t count_messages(Reader& reader, const MessageFilter& filter) const;
  std::optional<Message> find_message(Reader& reader, const MessageId& id) const;
  std::vector<LogLine> log(Reader& reader, const MessageId& id) const;

  // ---- ringing ----------------------------------------------------------------------------------------------------

  std::vector<Ring> rings(Reader& reader, const Caller& caller, const RingFilter& filter) const;
  std::int64_t count_rings(Reader& reader, const Caller& caller, const RingFilter& filter) const;
  /// With the right to read notices and cases there; a ring at oneself always.
  static bool may_see(const Caller& caller, const Ring& ring);
  std::optional<Ring> find_ring(Reader& reader, const RingId& id) const;

 private:
  void post(Tx& tx, Notice notice, std::string_view cause);
  std::optional<std::string> title_in_english(Reader& reader, const cases::Case& about) const;
  void tell_reporters(Tx& tx, const cases::Case& about, const cases::DiaryLine& line);
  bool is_told_already(Reader& reader, const cases::Case& about, const cases::DiaryLine& line) const;
  void tell_holder(Tx& tx, const cases::Case& about, const cases::Step& step, const cases::DiaryLine& line);
  void ring(Tx& tx, const cases::Case& about, const cases::Step& step);
  /// At whom a ring goes on to ring.
  struct Next {
    PersonId person;
    std::int64_t passed = 0;  ///< persons before them who have no move on the case
    bool desk = false;        ///< nobody of the posts is left
  };
  std::optional<Next> next_rung(Reader& reader, const Ring& ring, std::vector<PersonId> first) const;
  void say_passed(Tx& tx, const Ring& ring, const Next& next);
  static cases::Said why_next(const Next& next, bool at_once);
  void rings_again(Tx& tx, const RingId& id);
  void answered(Tx& tx, const cases::CaseId& id, const std::string& purpose, RingState state, const std::string& by);
  void end(Tx& tx, Ring& ring, RingState state, const std::string& by);
  void sound(Tx& tx, const Ring& ring);
  void must_reach(Reader& reader, const Caller& caller, const PersonId& person, const std::string& path, const std::string& field) const;
  bool may_read(Reader& reader, const Caller& caller, const Notice& notice) const;

  bool webhooks_inside_ = false;
  bus::Bus& bus_;
  jobs::Jobs& jobs_;
  const Vault& vault_;
  rosters::Rosters& rosters_;
  cases::Cases& cases_;
  std::function<void()> queued_;
  std::function<void(Tx&, const Message&)> dead_;
};

}  // namespace lifang::notices
