// Phones: how people are reached who do not look at a page. A part of the door of notices.
// Calls, text messages and official-account messages, through whatever gateway the node has.
#pragma once
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/caller.hpp"
#include "base/describe.hpp"
#include "platform/db/tx.hpp"
#include "platform/jobs/jobs.hpp"
#include "rooms/notices/notices.hpp"
#include "rooms/people/people.hpp"

namespace lifang::http {
struct Reply;
}

namespace lifang::notices {

/// `voice`: read out; 1 on the keypad takes it. `sms`. `wechat`: a message of the official account.
enum class Medium { voice, sms, wechat };
BOOST_DESCRIBE_ENUM(Medium, voice, sms, wechat)

/// What a channel carries; the number is looked up when it leaves and is stored nowhere.
struct Spoken {
  std::string words;
  std::optional<RingId> ring;
};
BOOST_DESCRIBE_STRUCT(Spoken, (), (words, ring))

/// A telephone company, or a stand-in. `to`: a phone number; for `wechat` the openid. Called off the lane; may take seconds.
class Gateway {
 public:
  virtual ~Gateway() = default;
  virtual Attempt send(Medium medium, const std::string& to, const std::string& words, const MessageId& reference) = 0;
  /// Calls `first`, and once they answer `second`, and joins the two; neither is shown the other's number. Called off the lane.
  virtual Attempt connect(const std::string& first, const std::string& second, const MessageId& reference) = 0;
  /// The openid behind a code of the official account's OAuth 2.0; nullopt for a wrong one. Called off the lane.
  virtual std::optional<std::string> identify(const std::string& code) = 0;
};

/// Calls nobody and remembers what it was last asked (1,000): for tests, demonstrations and drills of the gateway itself. Numbers that
/// end in 0000 are dead. Of WeChat it knows the codes "sandbox-NAME".
class SandboxGateway final : public Gateway {
 public:
  struct Sent {
    Medium medium = Medium::voice;
    std::string to, words;
    MessageId reference;
    std::string template_;  ///< of the official account; empty but for wechat
    std::string second;     ///< whom `to` was joined with
  };
  explicit SandboxGateway(std::string wechat_template = {}) : template_(std::move(wechat_template)) {}
  Attempt send(Medium medium, const std::string& to, const std::string& words, const MessageId& reference) override;
  Attempt connect(const std::string& first, const std::string& second, const MessageId& reference) override;
  std::optional<std::string> identify(const std::string& code) override;
  std::vector<Sent> sent() const;

 private:
  std::string template_;
  mutable std::mutex mutex_;
  std::vector<Sent> sent_;
};

/// Any gateway that speaks HTTP: a signed POST of {"medium","to","words","reference"}, for wechat with "template", for a call that
/// joins two {"medium":"bridge","to","second","reference"}; 2xx is a
/// receipt, 404 and 410 mean a dead number, or a WeChat user who follows the account no more. The answer to a call comes back by POST /api/v1/notices/calls/{reference}. {"medium":"wechat","code"} asks who
/// that is: {"openid"}; the official account's secret stays with the gateway.
class HttpGateway final : public Gateway {
 public:
  HttpGateway(std::string url, std::string secret, const Clock& clock, std::string wechat_template = {})
      : url_(std::move(url)), secret_(std::move(secret)), clock_(clock), template_(std::move(wechat_template)) {}
  Attempt send(Medium medium, const std::string& to, const std::string& words, const MessageId& reference) override;
  Attempt connect(const std::string& first, const std::string& second, const MessageId& reference) override;
  std::optional<std::string> identify(const std::string& code) override;

 private:
  http::Reply post(const std::string& body, const std::string& delivery, Duration timeout) const;
  std::string url_, secret_;
  const Clock& clock_;
  std::string template_;
};

/// Why a call never left: whoever has no number is reached on the page alone.
inline constexpr std::string_view kNoNumber = "no number in the register";

/// The openid of a person, or nothing where nobody bound one.
using OpenidOf = std::function<std::optional<std::string>(Reader& reader, const std::string& person)>;

/// One medium as a channel of the courier. The number, or for wechat the openid, is looked up as it leaves.
class PhoneChannel final : public Channel {
 public:
  PhoneChannel(Medium medium, db::ReaderPool& readers, const people::People& people, std::shared_ptr<Gateway> gateway,
               OpenidOf openid_of = {})
      : medium_(medium), readers_(readers), people_(people), gateway_(std::move(gateway)), openid_of_(std::move(openid_of)) {}
  std::string_view name() const override;
  Attempt send(const Message& message) override;

 private:
  Medium medium_;
  db::ReaderPool& readers_;
  const people::People& people_;
  std::shared_ptr<Gateway> gateway_;
  OpenidOf openid_of_;
};

enum class CallResult { answered, no_answer, busy, dead };
BOOST_DESCRIBE_ENUM(CallResult, answered, no_answer, busy, dead)
struct CallWords {
  CallResult result = CallResult::no_answer;
  std::optional<std::string> key;  ///< what was pressed
};
BOOST_DESCRIBE_STRUCT(CallWords, (), (result, key))

class Phones {
 public:
  Phones(jobs::Jobs& jobs, Notices& notices, cases::Cases& cases);

  /// Which media the node can use; none at first: then nothing is queued and people are reached in the app alone. Set
  /// before the lane starts.
  void use(std::set<Medium> media) { media_ = std::move(media); }
  bool has(Medium medium) const { return media_.contains(medium); }

  /// It rings at somebody: call them.
  void ringing(Tx& tx, const Ringing& ringing);
  /// Who can be written to by WeChat. Set before the lane starts; without it nobody is.
  void use(OpenidOf openid_of) { openid_of_ = std::move(openid_of); }
  /// What a message is about, and where that is.
  struct Cause {
    std::string id, path = "/";
  };
  /// Says it to a person by the best medium there is: WeChat where they bound it, else text message, else a call. What WeChat
  /// cannot deliver goes the next way. False where there is none.
  bool tell(Tx& tx, const PersonId& person, const std::string& words, const Cause& cause, bool aloud);
  /// The same by the way that the person chose; WeChat that is bound no more becomes a text message. One message for each
  /// cause and person.
  bool tell_by(Tx& tx, Medium medium, const PersonId& person, const std::string& words, const Cause& cause);
  /// Whether the node has it, and for WeChat the person has bound it.
  bool reaches(Reader& reader, Medium medium, const PersonId& person) const;
  /// What the gateway says of a call. 1 was pressed: they take the case, or report in. No answer, busy or dead: the next
  /// on the roster, at once. @throws Refusal missing notices.unknown_message
  void called(Tx& tx, const MessageId& id, const CallWords& words);

  /// What does not wait in a queue and is kept nowhere. Set before the lane starts.
  struct AtOnce {
    std::function<void(const std::string& number, const std::string& words)> say;      ///< quick: hands over
    std::function<std::optional<std::string>(const std::string& code)> identify;       ///< off the lane
    std::string wechat_app_id;
  };
  void use(AtOnce at_once) { at_once_ = std::move(at_once); }
  const AtOnce& at_once() const { return at_once_; }
  bool can_say() const { return has(Medium::sms) && at_once_.say; }

 private:
  void bridge_ended(Tx& tx, Message message, const CallWords& words);
  void given_up(Tx& tx, const Message& message);
  void fall_back(Tx& tx, const Message& message);
  void ring_on(Tx& tx, const Message& message);

  jobs::Jobs& jobs_;
  Notices& notices_;
  cases::Cases& cases_;
  std::set<Medium> media_;
  OpenidOf openid_of_;
  AtOnce at_once_;
};

}  // namespace lifang::notices
