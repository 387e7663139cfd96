#include "rooms/accounts/accounts_phones.hpp"

#include <algorithm>

#include "base/secret.hpp"
#include "rooms/accounts/accounts_rules.hpp"
#include "rooms/accounts/accounts_store_phones.hpp"

namespace lifang::accounts {
namespace {

constexpr auto kCodeLasts = std::chrono::minutes(15);

/// Eight signs that nobody confuses when they are read out: no 0 and O, no 1, I and L. 31^8 of them.
std::string eight_signs(Ids& ids) {
  constexpr std::string_view kSigns = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
  std::string code;
  while (code.size() < 8)
    for (const char byte : ids.random_bytes(16)) {
      const auto value = static_cast<unsigned char>(byte);
      if (value < 248 && code.size() < 8) code += kSigns[value % kSigns.size()];
    }
  return code;
}

/// As it is kept: without the dash and blanks that people type, in capitals.
std::string normal_code(const std::string& typed) {
  std::string code;
  for (const char c : typed) {
    if (c == '-' || c == ' ') continue;
    code += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return code;
}

}  // namespace

std::string Phonebook::weakness_of_pin(const std::string& pin) {
  if (pin.size() < 4 || pin.size() > 8 || pin.find_first_not_of("0123456789") != std::string::npos) return "4 to 8 digits";
  bool same = true, up = true, down = true;
  for (std::size_t i = 1; i < pin.size(); ++i) {
    same = same && pin[i] == pin[i - 1];
    up = up && pin[i] == pin[i - 1] + 1;
    down = down && pin[i] + 1 == pin[i - 1];
  }
  return same || up || down ? "not one digit again and again, and not a run of them" : "";
}

BoundPhone Phonebook::bind(Tx& tx, const Caller& caller, const BindWords& words, const std::string& pin_hash) const {
  return bind_account(tx, caller.account, words, pin_hash);
}

BoundPhone Phonebook::bind_account(Tx& tx, const std::string& account, const BindWords& words, const std::string& pin_hash) const {
  if (words.name.empty() || words.name.size() > 100) throw invalid("accounts.bad_name", "/name", "1 to 100 bytes");
  BoundPhone bound;
  if (words.phone) {
    const auto known = store::phone_by_token(tx, hash_token(*words.phone));
    if (!known) throw invalid("accounts.unknown_phone", "/phone", "no such phone");
    static_cast<Phone&>(bound) = known->phone;
  } else {
    bound.id = "phone_" + tx.ids().ulid();
    bound.name = words.name;
    bound.bound_at = tx.now();
    bound.token = make_token(tx.ids(), "lfp_");
    store::insert_phone(tx, bound, hash_token(bound.token));
  }
  store::keep_pin(tx, bound.id, account, pin_hash);
  return bound;
}

void Phonebook::unbind(Tx& tx, const Caller& caller, const std::string& id) const {
  if (store::remove_pin(tx, id, caller.account) == 0) throw missing("accounts.unknown_phone", "no such phone of this login");
}

std::vector<Phone> Phonebook::phones_of(Reader& reader, const Caller& caller) { return store::phones_of(reader, caller.account); }

std::vector<Phone> Phonebook::phones_of(Reader& reader, const Caller& caller, const AccountId& account) {
  return store::phones_of(reader, Accounts::get(reader, caller, account).id.text);
}

PhoneFacts Phonebook::facts(Reader& reader, const std::string& token) {
  const auto row = store::phone_by_token(reader, hash_token(token));
  if (!row) throw missing("accounts.unknown_phone", "no such phone");
  PhoneFacts facts;
  static_cast<Phone&>(facts) = row->phone;
  facts.logins = store::logins_of(reader, row->phone.id);
  if (const auto holder = store::holder_of(reader, row->phone.id); holder && !holder->account.empty())
    facts.in_hand = Accounts::login_of(reader, holder->account);
  return facts;
}

BindCode Phonebook::make_code(Tx& tx, const Caller& caller, const AccountId& account) const {
  Accounts::must_stand_above(tx, caller, account, "accounts.bind");
  const Account of = Accounts::get(tx, Caller::system(), account);
  if (of.state != State::active) throw conflict("accounts.closed", "this account is closed");
  // The code lets its bearer in as that login: for guards who have no password. Nobody becomes a resident by it.
  const auto held = store::held_by(tx, account, tx.now());
  if (std::none_of(held.begin(), held.end(), [](const store::Held& one) { return one.staff; }))
    throw conflict("accounts.not_staff_bind", "codes are for staff's logins; whoever lives here logs in by the code sent to their phone");
  const std::string code = eight_signs(tx.ids());
  const Time until = tx.now() + kCodeLasts;
  store::keep_bind_code(tx, account.text, hash_token(code), until);
  accounts_->tell_of(tx, caller, account, "bind_code");
  return {code.substr(0, 4) + "-" + code.substr(4), until, of.login};
}

Phonebook::Bound Phonebook::bind_by_code(Tx& tx, const Attempt& attempt_, const CodeBindWords& words, const std::string& pin_hash) const {
  // Counted by address: a code names its login by itself.
  Attempt attempt = attempt_;
  attempt.login = "bind " + attempt.address;
  if (accounts_->is_locked(tx, attempt)) return {{{}, "accounts.too_many"}, {}};
  const std::string hash = hash_token(normal_code(words.code));
  const auto found = store::find_bind_code(tx, hash, tx.now());
  const auto account = found ? std::optional(Accounts::get(tx, Caller::system(), AccountId{*found})) : std::nullopt;
  if (!account || account->state != State::active) {
    accounts_->count_failure(tx, attempt, {});
    return {{{}, "accounts.wrong_bind_code"}, {}};
  }
  if (account->second_factor) {
    if (!words.second_code) return {{{}, "accounts.code_needed"}, {}};
    if (!accounts_->code_fits(tx, account->id, *words.second_code)) {
      accounts_->count_failure(tx, attempt, account->id);
      return {{{}, "accounts.wrong_code"}, {}};
    }
  }
  store::remove_bind_code(tx, hash, tx.now());
  Bound bound;
  bound.phone = bind_account(tx, account->id.text, {words.name, words.pin, words.phone}, pin_hash);
  attempt.login = account->login;
  bound.entry = take_in_hand(tx, bound.phone.id, {accounts_->open_session(tx, *account, attempt), {}});
  bound.phone.in_hand = account->login;
  return bound;
}

void Phonebook::revoke(Tx& tx, const Caller& caller, const AccountId& account, const std::string& phone) const {
  Accounts::must_stand_above(tx, caller, account, "accounts.bind");
  if (store::remove_pin(tx, phone, account.text) == 0) throw missing("accounts.unknown_phone", "no such phone of this login");
  const auto holder = store::holder_of(tx, phone);
  if (holder && holder->account == account.text) {
    if (!holder->session.empty()) store::remove_session(tx, account, holder->session);
    store::set_holder(tx, phone, "", "");
  }
  accounts_->tell_of(tx, caller, account, "phone_revoked");
}

Phonebook::JudgedPin Phonebook::judge(Reader& reader, const PinWords& words, PasswordCost cost) const {
  JudgedPin found;
  const auto phone = store::phone_by_token(reader, hash_token(words.phone));
  const auto row = store::find_by_login(reader, normal_login(words.login));
  const auto pin = phone && row ? store::find_pin(reader, phone->phone.id, row->account.id.text) : std::nullopt;
  if (!pin || row->account.state != State::active) {
    verify_nobody(words.pin, cost);  // takes as long as a wrong PIN
    return found;
  }
  found.bound = true;
  found.phone = phone->phone.id;
  found.judged.account = row->account.id;
  found.judged.hash = row->password;
  found.judged.right = verify_password(pin->hash, words.pin);
  return found;
}

Entry Phonebook::log_in(Tx& tx, const Attempt& attempt, const JudgedPin& judged) const {
  Entry entry = accounts_->log_in(tx, attempt, judged.judged);
  if (!judged.bound) return entry;
  const std::string& account = judged.judged.account->text;
  if (!entry.in) {
    const auto pin = store::find_pin(tx, judged.phone, account);
    if (!pin || judged.judged.right) return entry;
    // Whoever holds the phone's token may be told how it stands; others never come so far.
    const bool last = pin->wrong + 1 >= kMostWrongPins;
    if (last) store::remove_pin(tx, judged.phone, account);
    else store::set_wrong(tx, judged.phone, account, pin->wrong + 1);
    if (last) entry.refused = "accounts.pin_locked";
    else if (entry.refused == "accounts.wrong_login") entry.refused = "accounts.wrong_pin";
    return entry;
  }
  store::set_wrong(tx, judged.phone, account, 0);
  return take_in_hand(tx, judged.phone, std::move(entry));
}

/// Hand-over: whoever had the phone before has left it.
Entry Phonebook::take_in_hand(Tx& tx, const std::string& phone, Entry entry) const {
  const auto before = store::holder_of(tx, phone);
  if (before && !before->session.empty() && before->session != entry.in->session)
    store::remove_session(tx, AccountId{before->account}, before->session);
  store::set_holder(tx, phone, entry.in->account.text, entry.in->session);
  return entry;
}

}  // namespace lifang::accounts
