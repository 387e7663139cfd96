#include "rooms/notices/notices_http.hpp"

#include "platform/http/routes.hpp"
#include "rooms/notices/notices.hpp"

namespace lifang::notices {
namespace {

struct Sent {
  std::int64_t reached = 0;  ///< inboxes
};
BOOST_DESCRIBE_STRUCT(Sent, (), (reached))

struct ReadAllWords {
  NoticeId up_to;  ///< the newest that the reader has seen
};
BOOST_DESCRIBE_STRUCT(ReadAllWords, (), (up_to))

template <class E>
std::optional<E> choice(const http::Call& call, std::string_view name) {
  const auto text = call.query(name);
  if (!text) return std::nullopt;
  return read<E>(boost::json::value(*text), "?" + std::string(name));
}

template <class T>
T id_of(const http::Call& call, const char* code) {
  if (!T::fits(call.id())) throw missing(code, "no such thing");
  return T{call.id()};
}

template <class T>
http::List<T> page(std::vector<T> items, const http::Call& call) {
  http::List<T> list{std::move(items), {}, {}};
  if (list.items.size() == call.limit()) list.next = list.items.back().id.text;
  return list;
}

WebhookId webhook_of(const http::Call& call) {
  if (!is_client_id(call.id())) throw missing("notices.unknown_webhook", "no such webhook");
  return WebhookId{call.id()};
}

void add_inbox(http::Routes& routes, Notices& notices) {
  routes.get("/api/v1/notices", http::kAnyLogin, "My inbox: ?unread=true &class= &case= ; ?to_tell=true: whom staff must call or write to",
             [&notices](Reader& reader, const http::Call& call) {
               Filter filter{call.flag("unread"), call.flag("to_tell"), choice<Class>(call, "class"), {}, call.after(), call.limit()};
               if (const auto about = call.query("case")) filter.case_ = cases::CaseId{*about};
               if (filter.to_tell) call.caller.must("notices.send");
               auto list = page(notices.list(reader, call.caller, filter), call);
               if (call.flag("count")) list.count = notices.count(reader, call.caller, filter);
               return list;
             });
  routes.get("/api/v1/notices/{id}", http::kAnyLogin, "One notice", [&notices](Reader& reader, const http::Call& call) {
    return notices.get(reader, call.caller, id_of<NoticeId>(call, "notices.unknown"));
  });
  routes.post<SendWords>("/api/v1/notices", "notices.send", "To persons and posts", [&notices](Tx& tx, const http::Call& call, const SendWords& words) {
    return Sent{notices.send(tx, call.caller, words)};
  });
  routes.post<http::Nothing>("/api/v1/notices/{id}/read", http::kAnyLogin, "I have read it",
                             [&notices](Tx& tx, const http::Call& call, const http::Nothing&) {
                               return notices.read(tx, call.caller, id_of<NoticeId>(call, "notices.unknown"));
                             });
  routes.post<ReadAllWords>("/api/v1/notices/read-all", http::kAnyLogin, "I have read everything up to this one, emergencies apart",
                            [&notices](Tx& tx, const http::Call& call, const ReadAllWords& words) {
                              if (!NoticeId::fits(words.up_to.text)) throw missing("notices.unknown", "no such notice");
                              return notices.read_all(tx, call.caller, words.up_to);
                            });
  routes.post<ToldWords>("/api/v1/notices/{id}/told", "notices.send", "Somebody without the app was told",
                         [&notices](Tx& tx, const http::Call& call, const ToldWords& words) {
                           return notices.told(tx, call.caller, id_of<NoticeId>(call, "notices.unknown"), words);
                         });
  routes.get("/api/v1/notices/{id}/receipts", http::kAnyLogin, "Who has read it", [&notices](Reader& reader, const http::Call& call) {
    return http::List<Receipt>{notices.receipts(reader, call.caller, id_of<NoticeId>(call, "notices.unknown")), {}, {}};
  });
  routes.get("/api/v1/notices/rings", "notices.read", "What rings or rang: ?case= &state=ringing|answered|unanswered|stopped",
             [&notices](Reader& reader, const http::Call& call) {
               RingFilter filter{{}, choice<RingState>(call, "state"), call.after(), call.limit()};
               if (const auto about = call.query("case")) filter.case_ = cases::CaseId{*about};
               auto list = page(notices.rings(reader, call.caller, filter), call);
               if (call.flag("count")) list.count = notices.count_rings(reader, call.caller, filter);
               return list;
             });
  routes.get("/api/v1/notices/rings/{id}", "notices.read", "One ring", [&notices](Reader& reader, const http::Call& call) {
    const auto ring = notices.find_ring(reader, id_of<RingId>(call, "notices.unknown_ring"));
    if (!ring || !Notices::may_see(call.caller, *ring)) throw missing("notices.unknown_ring", "no such ring");
    return *ring;
  });
}

constexpr const char* kRight = "notices.webhooks";

/// What leaves the node is the whole node's: an address of one compound's system is no business of the next one.
void must_hold_everywhere(const http::Call& call) { call.caller.must(kRight, "/"); }

using IsRoom = std::function<bool(std::string_view)>;

void must_be_rooms(const WebhookWords& words, const IsRoom& is_room) {
  for (std::size_t i = 0; i < words.topics.size(); ++i) {
    const std::string& topic = words.topics[i];
    if (!is_room(std::string_view(topic).substr(0, topic.find('.'))))
      throw invalid("notices.bad_topic", "/topics/" + std::to_string(i),
                    "\"" + topic + "\" comes from no room; a room such as cases, or a topic such as cases.closed");
  }
}

void add_channels(http::Routes& routes, Notices& notices, const IsRoom& is_room) {
  routes.get("/api/v1/notices/webhooks", kRight, "Who hears what happens", [&notices](Reader& reader, const http::Call& call) {
    must_hold_everywhere(call);
    return http::List<Webhook>{notices.webhooks(reader), {}, {}};
  });
  routes.get("/api/v1/notices/webhooks/{id}", kRight, "One webhook", [&notices](Reader& reader, const http::Call& call) {
    must_hold_everywhere(call);
    const auto webhook = notices.find_webhook(reader, webhook_of(call));
    if (!webhook) throw missing("notices.unknown_webhook", "no such webhook");
    return *webhook;
  });
  routes.put<WebhookWords>("/api/v1/notices/webhooks/{id}", kRight, "Makes or changes a webhook; a made secret is answered once",
                           [&notices, is_room](Tx& tx, const http::Call& call, const WebhookWords& words) {
                             must_hold_everywhere(call);
                             must_be_rooms(words, is_room);
                             return notices.put_webhook(tx, call.caller, webhook_of(call), words);
                           });
  routes.remove("/api/v1/notices/webhooks/{id}", kRight, "Removes a webhook", [&notices](Tx& tx, const http::Call& call) {
    notices.remove_webhook(tx, call.caller, webhook_of(call));
    return http::Nothing{};
  });
  routes.get("/api/v1/notices/messages", kRight, "What leaves the node, of the places one answers for: ?state=queued|sent|dead &channel= &to=",
             [&notices](Reader& reader, const http::Call& call) {
               const MessageFilter filter = Notices::within(
                   call.caller, {choice<MessageState>(call, "state"), call.query("channel"), call.query("to"), call.after(), call.limit()});
               auto list = page(notices.messages(reader, filter), call);
               for (Message& message : list.items) message = Notices::in_part(call.caller, std::move(message));
               if (call.flag("count")) list.count = notices.count_messages(reader, filter);
               return list;
             });
  routes.get("/api/v1/notices/messages/{id}", kRight, "One message", [&notices](Reader& reader, const http::Call& call) {
    return notices.message(reader, call.caller, id_of<MessageId>(call, "notices.unknown_message"));
  });
  routes.get("/api/v1/notices/messages/{id}/log", kRight, "Its attempts", [&notices](Reader& reader, const http::Call& call) {
    const Message message = notices.message(reader, call.caller, id_of<MessageId>(call, "notices.unknown_message"));
    return http::List<LogLine>{notices.log(reader, message.id), {}, {}};
  });
  routes.post<http::Nothing>("/api/v1/notices/messages/{id}/retry", kRight, "Tries again what was given up",
                             [&notices](Tx& tx, const http::Call& call, const http::Nothing&) {
                               return notices.retry(tx, call.caller, id_of<MessageId>(call, "notices.unknown_message"));
                             });
}

}  // namespace

void add_routes(http::Routes& routes, Notices& notices, std::function<bool(std::string_view)> is_room) {
  add_inbox(routes, notices);
  add_channels(routes, notices, is_room);
}

}  // namespace lifang::notices
