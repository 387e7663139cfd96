// The values and events of notices. A part of the door.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/describe.hpp"
#include "base/id.hpp"
#include "base/time.hpp"
#include "rooms/cases/cases_values.hpp"

namespace lifang::notices {

struct NoticeTag {
  static constexpr std::string_view prefix = "notice";
};
using NoticeId = Id<NoticeTag>;
struct MessageTag {
  static constexpr std::string_view prefix = "message";
};
using MessageId = Id<MessageTag>;
struct RingTag {
  static constexpr std::string_view prefix = "ring";
};
using RingId = Id<RingTag>;
using WebhookId = Id<struct WebhookTag>;  ///< chosen by the client
using cases::PersonId;
using cases::PostId;

enum class Class { work, progress, question, announcement, alarm };
BOOST_DESCRIBE_ENUM(Class, work, progress, question, announcement, alarm)

/// One line of an inbox: of a person, or of a post (then each of its people has a receipt of their own).
struct Notice {
  NoticeId id;
  Class class_ = Class::work;
  std::optional<PersonId> person;
  std::optional<PostId> post;
  std::string path = "/";
  std::string title, text;
  std::optional<cases::CaseId> case_;
  std::string about;                ///< id of what it is about beside the case: an evaluation, a ring
  cases::Channel channel = cases::Channel::app;  ///< not app: staff must tell it, by call or on paper
  bool urgent = false;
  bool drill = false;
  Time at;
  std::optional<Time> read_at;      ///< by the caller, or told
  std::string told_by, told_note;   ///< staff who told it
  std::string sender;               ///< account, or empty: the machine
  std::string cause;
  std::optional<std::string> title_en, text_en;  ///< absent: a person wrote it, or it was kept before there was any
};
BOOST_DESCRIBE_STRUCT(Notice, (), (id, class_, person, post, path, title, text, case_, about, channel, urgent, drill, at, read_at,
                                   told_by, told_note, sender, cause, title_en, text_en))

struct SendWords {
  std::string title, text;
  places::PlaceId place;                           ///< where the sender speaks for
  std::optional<std::vector<PersonId>> persons;
  std::optional<std::vector<PostId>> posts;
  std::optional<bool> urgent;
};
BOOST_DESCRIBE_STRUCT(SendWords, (), (title, text, place, persons, posts, urgent))

struct InEnglish {
  std::optional<std::string> title = {}, text = {};
};

struct ToldWords {
  std::optional<std::string> note;
};
BOOST_DESCRIBE_STRUCT(ToldWords, (), (note))

/// `more`: call again for the rest.
struct ReadAll {
  std::int64_t read = 0;
  bool more = false;
};
BOOST_DESCRIBE_STRUCT(ReadAll, (), (read, more))

struct Receipt {
  std::string reader;  ///< person, or account where there is none
  Time at;
};
BOOST_DESCRIBE_STRUCT(Receipt, (), (reader, at))

struct Filter {
  bool unread = false;
  bool to_tell = false;  ///< those that staff must tell, within the caller's places
  std::optional<Class> class_;
  std::optional<cases::CaseId> case_;
  std::optional<std::string> after;
  std::size_t limit = 50;
};

/// Something is in an inbox: for live pages.
struct Arrived {
  static constexpr std::string_view topic = "notices.arrived";
  NoticeId notice;
  std::optional<PersonId> person;
  std::optional<PostId> post;
  bool urgent = false;
};
BOOST_DESCRIBE_STRUCT(Arrived, (), (notice, person, post, urgent))

// ---- ringing ------------------------------------------------------------------------------------------------------

enum class RingState { ringing, answered, unanswered, stopped };
BOOST_DESCRIBE_ENUM(RingState, ringing, answered, unanswered, stopped)

/// An alarm that must be heard, going from person to person until one answers.
struct Ring {
  RingId id;
  cases::CaseId case_;
  std::string path;
  std::string purpose;   ///< "" for the case itself, else the organisation that was called
  PostId post;
  PersonId person;       ///< at whom it rings now, or last rang
  std::int64_t step = 1; ///< the how manyeth person
  Duration each{};       ///< how long at each
  RingState state = RingState::ringing;
  Time began_at;
  Time until;            ///< then it goes on to the next
  std::optional<Time> ended_at;
  std::string by;        ///< account that answered
  std::vector<PersonId> rung;  ///< all so far, in order
  bool drill = false;
};
BOOST_DESCRIBE_STRUCT(Ring, (), (id, case_, path, purpose, post, person, step, each, state, began_at, until, ended_at, by, rung, drill))

struct RingFilter {
  std::optional<cases::CaseId> case_;
  std::optional<RingState> state;
  std::optional<std::string> after;
  std::size_t limit = 50;
};

/// It rings at somebody: the page makes a sound, a gateway calls.
struct Ringing {
  static constexpr std::string_view topic = "notices.ringing";
  RingId ring;
  cases::CaseId case_;
  PersonId person;
  std::int64_t step = 1;
  bool drill = false;
};
BOOST_DESCRIBE_STRUCT(Ringing, (), (ring, case_, person, step, drill))
struct RingEnded {
  static constexpr std::string_view topic = "notices.ring_ended";
  RingId ring;
  cases::CaseId case_;
  RingState state = RingState::answered;
};
BOOST_DESCRIBE_STRUCT(RingEnded, (), (ring, case_, state))

// ---- channels -----------------------------------------------------------------------------------------------------

/// What is to leave the node.
struct Outgoing {
  std::string channel;  ///< "webhook", "sms", "voice": the name of a Channel
  std::string to;       ///< what the channel calls an address: id of a webhook, of a person
  std::string body;
  std::string dedupe;   ///< within the channel; empty: none
  std::string cause;
  std::string path = "/";  ///< of the announcement, ring or case that it is about; "/": the whole node's
};

enum class MessageState { queued, sent, dead };
BOOST_DESCRIBE_ENUM(MessageState, queued, sent, dead)

struct Message {
  MessageId id;
  std::string channel, to, body;
  MessageState state = MessageState::queued;
  std::int64_t attempts = 0;
  Time at;
  Time due;
  std::optional<Time> ended_at;
  std::string error;  ///< of the last attempt
  std::string cause;
  std::string path = "/";
};
BOOST_DESCRIBE_STRUCT(Message, (), (id, channel, to, body, state, attempts, at, due, ended_at, error, cause, path))

/// After so many a message is given up.
inline constexpr std::int64_t kMostAttempts = 8;

struct Attempt {
  bool sent = false;
  bool hopeless = false;  ///< another try would fare no better
  std::string detail;     ///< "204", "connection refused"
};

struct LogLine {
  std::int64_t n = 0;
  Time at;
  bool sent = false;
  std::string detail;
};
BOOST_DESCRIBE_STRUCT(LogLine, (), (n, at, sent, detail))

struct MessageFilter {
  std::optional<MessageState> state;
  std::optional<std::string> channel, to;
  std::optional<std::string> after;
  std::size_t limit = 50;
  std::vector<std::string> roots = {"/"};  ///< of these places and all below them
};

/// Whoever wishes to hear what happens. `topics`: rooms ("cases") or whole topics ("cases.closed").
struct WebhookWords {
  std::string url;
  std::vector<std::string> topics;
  /// Its subtree alone; absent: kept, or the whole node for a new one; "": the whole node.
  std::optional<places::PlaceId> place;
  std::optional<std::string> secret;      ///< 16 to 128 characters; absent: kept, or made
  std::optional<bool> paused;
};
BOOST_DESCRIBE_STRUCT(WebhookWords, (), (url, topics, place, secret, paused))

struct Webhook {
  WebhookId id;
  std::string url;
  std::vector<std::string> topics;
  std::string path = "/";
  bool paused = false;
  std::optional<places::PlaceId> place;  ///< that the path ends in; absent: the whole node
};
BOOST_DESCRIBE_STRUCT(Webhook, (), (id, url, topics, path, paused, place))

struct MadeWebhook : Webhook {
  std::string secret;
};
BOOST_DESCRIBE_STRUCT(MadeWebhook, (Webhook), (secret))

/// Which of the waiting messages are asked for.
struct Queue {
  std::string channel = {};               ///< of this channel; empty: of every one
  std::vector<std::string> others = {};   ///< but not of these
  std::vector<std::string> resting = {};  ///< nor to these recipients
};

/// A way out of the node. `send` is called off the lane and may take seconds; a Refusal means that another try would
/// fare no better. The message's id is the delivery's, the same on every attempt.
class Channel {
 public:
  virtual ~Channel() = default;
  virtual std::string_view name() const = 0;
  virtual Attempt send(const Message& message) = 0;
};

}  // namespace lifang::notices
