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

  /// What a worker finds out about a PIN, as Accounts::judge does about a password.
  struct JudgedPin {
    Judged judged;
    std::string phone;
    bool bound = false;  ///< that login is bound to that phone
  };
  JudgedPin judge(Reader& reader, const PinWords& words, PasswordCost cost) const;
  /// Logs in, and out whoever had the phone before (hand-over). The fifth wrong PIN in a row unbinds.
  Entry log_in(Tx& tx, const Attempt& attempt, const JudgedPin& judged) const;

 private:
  Accounts* accounts_;
};

}  // namespace lifang::accounts
