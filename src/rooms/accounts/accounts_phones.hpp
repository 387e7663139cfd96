// Bound phones: a guard's phone knows him by a PIN of his own, and a shared one changes hands with it. A part of the door of
// accounts.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/describe.hpp"
#include "rooms/accounts/accounts.hpp"

namespace lifang::accounts {

/// `phone`: the token of a phone that others are bound to already (a shared one); absent: this is a new one.
struct BindWords {
  std::string name;  ///< "岗亭手机"
  std::string pin;   ///< 4 to 8 digits, no run, not one digit again and again
  std::optional<std::string> phone;
};
BOOST_DESCRIBE_STRUCT(BindWords, (), (name, pin, phone))

constexpr std::int64_t kMostWrongPins = 5;

struct Phone {
  std::string id, name;
  Time bound_at;
  std::string in_hand;  ///< login of whoever has it now, or empty
};
BOOST_DESCRIBE_STRUCT(Phone, (), (id, name, bound_at, in_hand))

/// `token` is shown this once: it makes the phone the phone.
struct BoundPhone : Phone {
  std::string token;
};
BOOST_DESCRIBE_STRUCT(BoundPhone, (Phone), (token))

struct PinWords {
  static constexpr auto defaulted = members("cookie");
  std::string phone, login, pin;
  bool cookie = false;
};
BOOST_DESCRIBE_STRUCT(PinWords, (), (phone, login, pin, cookie))

/// From the desk to a phone: whoever types it there within a quarter of an hour binds that phone to the login. Shown this once.
struct BindCode {
  std::string code;  ///< "K7M3-9QX2"
  Time expires_at;
  std::string login;
};
BOOST_DESCRIBE_STRUCT(BindCode, (), (code, expires_at, login))

/// `phone`: as in BindWords. Without a password: the code of the desk stands for it.
struct CodeBindWords {
  static constexpr auto defaulted = members("cookie");
  std::string code, name, pin;
  std::optional<std::string> phone;
  bool cookie = false;
  std::optional<std::string> second_code;  ///< of the second factor, where the login has one
};
BOOST_DESCRIBE_STRUCT(CodeBindWords, (), (code, name, pin, phone, cookie, second_code))

struct BoundIn : LoggedIn {
  BoundPhone phone;
};
BOOST_DESCRIBE_STRUCT(BoundIn, (LoggedIn), (phone))

/// Who may take a phone in hand, for its first page. Asked with the phone's token.
struct PhoneLogin {
  std::string login, name;
  std::int64_t left = 0;  ///< tries before its PIN is taken away
};
BOOST_DESCRIBE_STRUCT(PhoneLogin, (), (login, name, left))
struct PhoneFacts : Phone {
  std::vector<PhoneLogin> logins;
};
BOOST_DESCRIBE_STRUCT(PhoneFacts, (Phone), (logins))
struct PhoneToken {
  std::string phone;
};
BOOST_DESCRIBE_STRUCT(PhoneToken, (), (phone))

class Phonebook {
 public:
  explicit Phonebook(Accounts& accounts) : accounts_(&accounts) {}

  /// What is wrong with a PIN, or nothing.
  static std::string weakness_of_pin(const std::string& pin);
  /// Binds the caller to a phone; `pin_hash` made off the lane. @throws Refusal invalid accounts.unknown_phone, accounts.bad_name
  BoundPhone bind(Tx& tx, const Caller& caller, const BindWords& words, const std::string& pin_hash) const;
  /// Nobody of this login gets in from this phone any more. @throws missing accounts.unknown_phone
  void unbind(Tx& tx, const Caller& caller, const std::string& id) const;
  static std::vector<Phone> phones_of(Reader& reader, const Caller& caller);
  /// Those of another login, for whoever may read it. @throws Refusal missing accounts.unknown
  static std::vector<Phone> phones_of(Reader& reader, const Caller& caller, const AccountId& account);
  /// Who is bound to the phone that has this token. @throws Refusal missing accounts.unknown_phone
  static PhoneFacts facts(Reader& reader, const std::string& token);

  /// A code with which the login gets into a phone; an earlier one of the login is void. Right accounts.bind over all of its
  /// places, and everything there that its roles hold.
  BindCode make_code(Tx& tx, const Caller& caller, const AccountId& account) const;
  /// Binds the phone by a code of the desk and logs in. Never throws for a wrong code: it is counted.
  struct Bound {
    Entry entry;
    BoundPhone phone;
  };
  Bound bind_by_code(Tx& tx, const Attempt& attempt, const CodeBindWords& words, const std::string& pin_hash) const;
  /// The desk takes a login off a phone (lost, left the company): its PIN is void, and whoever is in on it is out.
  void revoke(Tx& tx, const Caller& caller, const AccountId& account, const std::string& phone) const;

  /// What a worker finds out about a PIN, as Accounts::judge does about a password.
  struct JudgedPin {
    Judged judged;
    std::string phone;
    bool bound = false;  ///< that login is bound to that phone
  };
  JudgedPin judge(Reader& reader, const PinWords& words, PasswordCost cost) const;
  /// Logs in, and out whoever had the phone before (hand-over). The fifth wrong PIN in a row unbinds. On a phone that the login
  /// is bound to it is refused with accounts.wrong_pin or accounts.pin_locked.
  Entry log_in(Tx& tx, const Attempt& attempt, const JudgedPin& judged) const;

 private:
  BoundPhone bind_account(Tx& tx, const std::string& account, const BindWords& words, const std::string& pin_hash) const;
  Entry take_in_hand(Tx& tx, const std::string& phone, Entry entry) const;

  Accounts* accounts_;
};

}  // namespace lifang::accounts
