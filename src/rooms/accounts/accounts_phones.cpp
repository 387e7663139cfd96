#include "rooms/accounts/accounts_phones.hpp"

#include <algorithm>

#include "base/secret.hpp"
#include "rooms/accounts/accounts_rules.hpp"
#include "rooms/accounts/accounts_store_phones.hpp"

namespace lifang::accounts {
namespace {

constexpr std::int64_t kMostWrong = 5;

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
  store::keep_pin(tx, bound.id, caller.account, pin_hash);
  return bound;
}

void Phonebook::unbind(Tx& tx, const Caller& caller, const std::string& id) const {
  if (store::remove_pin(tx, id, caller.account) == 0) throw missing("accounts.unknown_phone", "no such phone of this login");
}

std::vector<Phone> Phonebook::phones_of(Reader& reader, const Caller& caller) { return store::phones_of(reader, caller.account); }

Phonebook::JudgedPin Phonebook::judge(Reader& reader, const PinWords& words, PasswordCost cost) const {
  JudgedPin found;
  const auto phone = store::phone_by_token(reader, hash_token(words.phone));
  const auto row = store::find_by_login(reader, normal_login(words.login));
  const auto pin = phone && row ? store::find_pin(reader, phone->phone.id, row->account.id.text) : std::nullopt;
  if (!pin || row->account.state != State::active || row->password.empty()) {
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
    if (pin && !judged.judged.right) {
      if (pin->wrong + 1 >= kMostWrong) store::remove_pin(tx, judged.phone, account);
      else store::set_wrong(tx, judged.phone, account, pin->wrong + 1);
    }
    return entry;
  }
  store::set_wrong(tx, judged.phone, account, 0);
  // Hand-over: whoever had the phone before has left it.
  const auto before = store::holder_of(tx, judged.phone);
  if (before && !before->session.empty() && before->session != entry.in->session)
    store::remove_session(tx, AccountId{before->account}, before->session);
  store::set_holder(tx, judged.phone, account, entry.in->session);
  return entry;
}

}  // namespace lifang::accounts
