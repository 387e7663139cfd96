// Every SQL statement about bound phones.
#pragma once
#include "rooms/accounts/accounts_phones.hpp"
#include "rooms/accounts/accounts_store.hpp"

namespace lifang::accounts::store {

struct PhoneRow {
  Phone phone;
};
struct PinRow {
  std::string hash;
  std::int64_t wrong = 0;
};
struct Holder {
  std::string account, session;
};
void insert_phone(Tx& tx, const Phone& phone, const std::string& token_hash);
std::optional<PhoneRow> phone_by_token(Reader& reader, const std::string& token_hash);
std::vector<Phone> phones_of(Reader& reader, const std::string& account);
void keep_pin(Tx& tx, const std::string& phone, const std::string& account, const std::string& hash);
std::int64_t remove_pin(Tx& tx, const std::string& phone, const std::string& account);
/// The PINs of a login on all phones but the one that this session has in hand, and a code of the desk that was not used yet.
void remove_pins(Tx& tx, const std::string& account, const std::string& but_session);
std::optional<PinRow> find_pin(Reader& reader, const std::string& phone, const std::string& account);
void set_wrong(Tx& tx, const std::string& phone, const std::string& account, std::int64_t wrong);
std::vector<PhoneLogin> logins_of(Reader& reader, const std::string& phone);
/// One a login; a new one takes the old one's place.
void keep_bind_code(Tx& tx, const std::string& account, const std::string& hash, Time until);
/// Whose code it is.
std::optional<std::string> find_bind_code(Reader& reader, const std::string& hash, Time now);
/// It was used; expired codes go as well.
void remove_bind_code(Tx& tx, const std::string& hash, Time now);
std::optional<Holder> holder_of(Reader& reader, const std::string& phone);
void set_holder(Tx& tx, const std::string& phone, const std::string& account, const std::string& session);

}  // namespace lifang::accounts::store
