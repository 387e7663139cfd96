// Ways in without a password, for residents: a code sent to the phone, and WeChat. A part of the door of accounts.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/describe.hpp"
#include "rooms/accounts/accounts.hpp"

namespace lifang::accounts {

/// What a page may offer before anybody has logged in.
struct Ways {
  bool password = true;
  bool code = false;    ///< by a code to the phone
  bool wechat = false;
};
BOOST_DESCRIBE_STRUCT(Ways, (), (password, code, wechat))

struct CodeAskWords {
  std::string phone;
};
BOOST_DESCRIBE_STRUCT(CodeAskWords, (), (phone))

/// The same for a number that nobody has.
struct CodeAsked {
  Time expires_at;
  Time again_at;  ///< not before
};
BOOST_DESCRIBE_STRUCT(CodeAsked, (), (expires_at, again_at))

/// `login`: which one, where several belong to the number. `second`: of the second factor. `ticket`: binds WeChat at once.
struct CodeEntryWords {
  static constexpr auto defaulted = members("cookie");
  std::string phone, code;
  std::optional<std::string> login, second, ticket;
  bool cookie = false;
};
BOOST_DESCRIBE_STRUCT(CodeEntryWords, (), (phone, code, login, second, ticket, cookie))

/// `by`: code or wechat. Beside accounts.logged_in.
struct Entered {
  static constexpr std::string_view topic = "accounts.entered";
  AccountId account;
  std::string by;
};
BOOST_DESCRIBE_STRUCT(Entered, (), (account, by))

/// A code was asked for; `account` is empty for a number that no resident's login has (yet).
struct CodeWasAsked {
  static constexpr std::string_view topic = "accounts.code_asked";
  std::string account;
};
BOOST_DESCRIBE_STRUCT(CodeWasAsked, (), (account))

/// A registered resident proved their number and has a login by that: nobody at the desk made it.
struct SelfRegistered {
  static constexpr std::string_view topic = "accounts.self_registered";
  AccountId account;
  std::string person;
};
BOOST_DESCRIBE_STRUCT(SelfRegistered, (), (account, person))

/// Staff have passwords, second factors and bound phones: a text message that can be read by others opens none of theirs.
class PhoneCodes {
 public:
  static constexpr auto kValid = std::chrono::minutes(5);
  static constexpr auto kAgain = std::chrono::minutes(1);
  static constexpr std::int64_t kTries = 5;           ///< wrong ones of a code
  static constexpr std::int64_t kAnHour = 5;          ///< codes to one number
  static constexpr std::int64_t kAddressAnHour = 120;  ///< asked for, or wrong, from one address

  /// Says words to a number by text message, now or never: they are kept nowhere. Called after the commit; quick.
  using Send = std::function<void(const std::string& number, const std::string& words)>;
  /// `can_send`: whether the node has a gateway.
  PhoneCodes(bus::Bus& bus, const Vault& vault, Accounts& accounts, Send send, std::function<bool()> can_send)
      : bus_(bus), vault_(vault), accounts_(accounts), send_(std::move(send)), can_send_(std::move(can_send)) {}

  bool offered() const { return can_send_(); }
  /// A registered resident without a login is sent one too: the right code makes their login (accounts.self_registration).
  /// @throws Refusal invalid accounts.bad_phone; conflict accounts.no_codes; too_many accounts.too_many_codes
  CodeAsked ask(Tx& tx, const std::string& phone, const std::string& address) const;
  /// Refused: accounts.wrong_code (also for unknown numbers), accounts.too_many, accounts.which_login, accounts.code_needed.
  /// Never throws for a wrong code: the count must be kept. `attempt.login` is the one that was chosen, or empty.
  Entry enter(Tx& tx, const CodeEntryWords& words, Attempt attempt) const;
  /// Logins of a number, so that a page can ask which: only for whoever has proven the number.
  std::vector<std::string> logins(Reader& reader, const std::string& phone, Time now) const;
  static void sweep(Tx& tx, int limit);

 private:
  /// Whose first login a number may open: one present person in a household, without a login of any kind. `several`: the
  /// number is more people's than one, so the desk must decide.
  struct Newcomer {
    std::string person;
    places::PlaceId place;
    bool several = false;
  };
  Newcomer newcomer(Reader& reader, const std::string& number) const;
  AccountId register_resident(Tx& tx, const Newcomer& newcomer) const;
  std::vector<AccountId> residents_with(Reader& reader, const std::string& number, Time now) const;

  bus::Bus& bus_;
  const Vault& vault_;
  Accounts& accounts_;
  Send send_;
  std::function<bool()> can_send_;
};

/// Where the page sends its visitor, and what must come back with them.
struct WechatDoor {
  std::string address;
  std::string state;
};
BOOST_DESCRIBE_STRUCT(WechatDoor, (), (address, state))

struct WechatEntryWords {
  static constexpr auto defaulted = members("cookie");
  std::string code;
  std::optional<std::string> second;
  bool cookie = false;
};
BOOST_DESCRIBE_STRUCT(WechatEntryWords, (), (code, second, cookie))

/// One of the two: this WeChat user is bound to a login and in, or not, and then a ticket for ten minutes that binds.
struct WechatEntry {
  std::optional<LoggedIn> in;
  std::optional<std::string> ticket;
};
BOOST_DESCRIBE_STRUCT(WechatEntry, (), (in, ticket))

/// One of the two.
struct WechatBindWords {
  std::optional<std::string> ticket, code;
};
BOOST_DESCRIBE_STRUCT(WechatBindWords, (), (ticket, code))

struct WechatBinding {
  bool bound = false;
  std::optional<Time> bound_at;
};
BOOST_DESCRIBE_STRUCT(WechatBinding, (), (bound, bound_at))

class Wechat {
 public:
  static constexpr auto kTicket = std::chrono::minutes(10);

  /// The openid behind a code of the official account's OAuth 2.0; nullopt for a wrong one. Off the lane, may take seconds.
  using Identify = std::function<std::optional<std::string>(const std::string& code)>;
  /// `app_id` answers "" while there is none: then nothing of this works.
  Wechat(bus::Bus& bus, const Vault& vault, Accounts& accounts, std::function<std::string()> app_id, Identify identify)
      : bus_(bus), vault_(vault), accounts_(accounts), app_id_(std::move(app_id)), identify_(std::move(identify)) {}

  bool offered() const { return !app_id_().empty(); }
  /// @throws Refusal missing accounts.no_wechat
  WechatDoor door(const std::string& public_url, Ids& ids) const;
  /// Who that is, on a worker. @throws Refusal missing accounts.no_wechat; unauthenticated accounts.wrong_code; too_many
  /// accounts.too_many_codes
  std::string openid(Reader& reader, const std::string& code, const std::string& address, Time now) const;
  /// Logs in, or answers a ticket. `refused` as Entry's.
  WechatEntry enter(Tx& tx, const std::string& openid, Attempt attempt, std::string& refused) const;
  /// What a ticket stands for. @throws Refusal invalid accounts.bad_ticket
  std::string opened(const std::string& ticket, Time now) const;
  /// One login, one WeChat user. @throws Refusal conflict accounts.bound_elsewhere; forbidden accounts.not_for_staff
  WechatBinding bind(Tx& tx, const AccountId& account, const std::string& openid) const;
  static WechatBinding binding(Reader& reader, const AccountId& account);
  /// @throws Refusal missing accounts.not_bound
  void unbind(Tx& tx, const AccountId& account) const;

 private:
  std::string ticket_for(Tx& tx, const std::string& openid) const;
  std::string sealed(Tx& tx, const AccountId& account, const std::string& openid) const;
  std::string index_of(const std::string& openid) const;

  bus::Bus& bus_;
  const Vault& vault_;
  Accounts& accounts_;
  std::function<std::string()> app_id_;
  Identify identify_;
};

/// Where the official account writes to somebody: the openid of a login of this person (or of this account, where no person
/// stands behind it). nullopt: not bound, or since before openids were kept. For a channel alone: it leaves the node and is
/// written nowhere.
std::optional<std::string> openid_of(Reader& reader, const Vault& vault, const std::string& person_or_account);

}  // namespace lifang::accounts
