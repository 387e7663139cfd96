#include "rooms/accounts/accounts_codes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/text.hpp"
#include "platform/bus/typed.hpp"
#include "rooms/accounts/accounts_rules.hpp"
#include "rooms/accounts/accounts_store_codes.hpp"
#include "rooms/people/people.hpp"
#include "rooms/people/people_known.hpp"

namespace lifang::accounts {
namespace {

constexpr std::string_view kNumberIndex = "accounts.code_number";
constexpr std::string_view kCodePurpose = "accounts.code";
constexpr std::string_view kOpenidIndex = "accounts.wechat";
constexpr std::string_view kTicketPurpose = "accounts.wechat_ticket";
constexpr auto kWindow = std::chrono::hours(1);

/// As the register keeps it; what has fewer than 8 digits is no phone that a message reaches.
std::optional<std::string> number_of(const std::string& typed) {
  auto number = people::kept_phone(typed);
  if (!number || number->size() < 8) return std::nullopt;
  return number;
}

/// Six digits, each as likely as the other.
std::string six_digits(Ids& ids) {
  for (;;) {
    const std::string bytes = ids.random_bytes(4);
    std::uint32_t n = 0;
    for (const char c : bytes) n = n << 8 | static_cast<unsigned char>(c);
    if (n < 4'294'000'000U) return fmt::format("{:06}", n % 1'000'000U);  // a multiple of a million below 2^32
  }
}

std::string subject(std::string_view what, std::string_view whom) { return blake2b_hex(fmt::format("{}\n{}", what, whom)); }

bool is_over(Reader& reader, const std::string& about, std::int64_t most, Time now) {
  const store::Failures asks = store::asks(reader, about);
  return asks.count >= most && now < asks.since + kWindow;
}

void count(Tx& tx, const std::string& about) {
  store::Failures asks = store::asks(tx, about);
  if (tx.now() >= asks.since + kWindow) asks = {0, tx.now()};
  ++asks.count;
  store::set_asks(tx, about, asks);
}

Refusal too_many_codes() {
  return {RefusalKind::too_many, "accounts.too_many_codes", "too many codes were asked for; wait a while"};
}

bool is_staff(Reader& reader, const AccountId& account, Time now) {
  const auto held = store::held_by(reader, account, now);
  return std::any_of(held.begin(), held.end(), [](const store::Held& one) { return one.staff; });
}

/// By another proof than the password; the second factor is asked for all the same.
Entry let_in(Tx& tx, Accounts& accounts, bus::Bus& bus, const AccountId& id, Attempt attempt, std::string_view by) {
  auto row = store::find(tx, id);
  if (!row || row->account.state != State::active || is_staff(tx, id, tx.now())) return {{}, "accounts.wrong_code"};
  attempt.login = row->account.login;
  if (row->account.must_change_password && (!row->account.second_factor || !attempt.code.empty())) {
    // A password that somebody else made and handed out: whoever proves to be the person needs it no more.
    store::set_password(tx, id, "", false);
    row = store::find(tx, id);
  }
  Entry entry = accounts.log_in(tx, attempt, {id, row->password, true, {}});
  if (entry.in) bus::tell(bus, tx, Entered{id, std::string(by)}, {id.text, "/", {}, id.text});
  return entry;
}

/// Bound to the row: a sealed openid that is moved to another login opens nothing.
std::string openid_purpose(const AccountId& account) { return "accounts.wechat/" + account.text; }

}  // namespace

// ---- codes to phones ----------------------------------------------------------------------------------------------

std::vector<AccountId> PhoneCodes::residents_with(Reader& reader, const std::string& number, Time now) const {
  std::vector<AccountId> found;
  for (const people::PersonId& person : people::with_phone(reader, vault_, number))
    for (const AccountId& account : store::accounts_of(reader, person.text))
      if (!is_staff(reader, account, now)) found.push_back(account);
  return found;
}

PhoneCodes::Newcomer PhoneCodes::newcomer(Reader& reader, const std::string& number) const {
  Newcomer found;
  if (!accounts_.settings().self_registration) return found;
  const auto persons = people::with_phone(reader, vault_, number);
  // A closed login counts too: what the desk closed, nobody opens again by telephone.
  if (std::any_of(persons.begin(), persons.end(), [&](const people::PersonId& p) { return store::had_account(reader, p.text); })) return found;
  found.several = persons.size() > 1;
  if (persons.size() != 1) return found;
  const auto homes = people::People::residencies_of(reader, persons.front());
  if (homes.empty()) return found;
  found.person = persons.front().text;
  found.place = people::People::household(reader, Caller::system(), homes.front().household).place;
  // A resident belongs to the compound; where there is none above the home, to the home.
  for (const std::string& id : places::Places::ids_in(places::Places::path_of(reader, found.place)))
    if (places::Places::kind_of(reader, places::PlaceId{id}) == places::Kind::compound) found.place = places::PlaceId{id};
  return found;
}

AccountId PhoneCodes::register_resident(Tx& tx, const Newcomer& newcomer) const {
  AccountWords words;
  do words.login = "r-" + to_hex(tx.ids().random_bytes(5));  // names nobody
  while (Accounts::find_by_login(tx, words.login));
  words.name = "居民";
  words.person = newcomer.person;
  words.role = "resident";
  words.place = newcomer.place;
  const AccountId id = accounts_.add(tx, Caller::system(), words, "").id;
  bus::tell(bus_, tx, SelfRegistered{id, newcomer.person}, {id.text, places::Places::path_of(tx, newcomer.place), {}, id.text});
  return id;
}

CodeAsked PhoneCodes::ask(Tx& tx, const std::string& phone, const std::string& address) const {
  if (!offered()) throw conflict("accounts.no_codes", "this node sends no codes");
  const auto number = number_of(phone);
  if (!number) throw invalid("accounts.bad_phone", "/phone", "8 to 15 digits");
  const std::string index = vault_.blind_index(kNumberIndex, *number);
  const std::string by_number = subject("number", index), by_address = subject("address", address);
  const auto before = store::find_code(tx, index);
  const bool soon = before && tx.now() < before->made_at + kAgain;
  if (soon || is_over(tx, by_number, kAnHour, tx.now()) || is_over(tx, by_address, kAddressAnHour, tx.now())) throw too_many_codes();
  count(tx, by_number);
  count(tx, by_address);
  // From here on everything is the same for a number that nobody has, but for the message.
  const std::string code = six_digits(tx.ids());
  const Time ends = tx.now() + kValid;
  store::keep_code(tx, index, {vault_.sign(kCodePurpose, index + "/" + code), tx.now(), ends, 0});
  const auto accounts = residents_with(tx, *number, tx.now());
  const std::string account = accounts.empty() ? "" : accounts.front().text;
  bus::tell(bus_, tx, CodeWasAsked{account}, {account.empty() ? "accounts" : account, "/", {}, "anyone"});
  const Newcomer fresh = accounts.empty() ? newcomer(tx, *number) : Newcomer{};
  const bool known = !accounts.empty() || !fresh.person.empty();
  tx.after_commit([send = send_, known, several = fresh.several, to = *number, code] {
    if (known) send(to, fmt::format("【里坊】验证码{}，5分钟内有效。不是您本人操作请不要理会，也不要告诉任何人。", code));
    else if (several) send(to, "【里坊】这个号码登记了不止一人，不能直接登录，请到社区或物业前台办理。不是您本人操作请不要理会。");
  });
  return {ends, tx.now() + kAgain};
}

Entry PhoneCodes::enter(Tx& tx, const CodeEntryWords& words, Attempt attempt) const {
  const std::string number = number_of(words.phone).value_or("");
  const std::string index = vault_.blind_index(kNumberIndex, number);
  const std::string by_address = subject("wrong", attempt.address);
  if (is_over(tx, by_address, kAddressAnHour, tx.now())) return {{}, "accounts.too_many"};
  auto row = store::find_code(tx, index);
  const bool living = row && tx.now() < row->expires_at && row->tries < kTries;
  const bool right = vault_.is_signed(kCodePurpose, index + "/" + words.code, row ? row->code : std::string());
  const auto wrong = [&](std::string why) -> Entry {
    if (row) {
      ++row->tries;
      store::keep_code(tx, index, *row);
    }
    count(tx, by_address);
    return {{}, std::move(why)};
  };
  if (!living || !right) return wrong("accounts.wrong_code");
  auto accounts = residents_with(tx, number, tx.now());
  if (words.login)
    std::erase_if(accounts, [&](const AccountId& id) { return Accounts::login_of(tx, id.text) != normal_login(*words.login); });
  if (accounts.empty() && !words.login)
    if (const Newcomer fresh = newcomer(tx, number); !fresh.person.empty()) accounts.push_back(register_resident(tx, fresh));
  if (accounts.empty()) return wrong("accounts.wrong_code");
  if (accounts.size() > 1) return {{}, "accounts.which_login"};
  Entry entry = let_in(tx, accounts_, bus_, accounts.front(), std::move(attempt), "code");
  if (entry.in) store::remove_code(tx, index);
  else if (entry.refused != "accounts.code_needed") return wrong(entry.refused);
  return entry;
}

std::vector<std::string> PhoneCodes::logins(Reader& reader, const std::string& phone, Time now) const {
  std::vector<std::string> found;
  for (const AccountId& id : residents_with(reader, number_of(phone).value_or(""), now)) found.push_back(Accounts::login_of(reader, id.text));
  std::sort(found.begin(), found.end());
  return found;
}

void PhoneCodes::sweep(Tx& tx, int limit) { store::remove_codes(tx, tx.now(), tx.now() - kWindow, limit); }

// ---- WeChat -------------------------------------------------------------------------------------------------------

std::string Wechat::index_of(const std::string& openid) const { return vault_.blind_index(kOpenidIndex, openid); }

WechatDoor Wechat::door(const std::string& public_url, Ids& ids) const {
  if (!offered() || !public_url.starts_with("https://"))
    throw missing("accounts.no_wechat", "this node has no official account, or no https address of its own");
  std::string back;
  for (const char c : public_url + (public_url.ends_with('/') ? "" : "/"))
    if (std::isalnum(static_cast<unsigned char>(c))) back += c;
    else back += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  const std::string state = to_base64url(ids.random_bytes(18));
  // https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/Wechat_webpage_authorization.html; the order of the words counts.
  return {fmt::format("https://open.weixin.qq.com/connect/oauth2/authorize?appid={}&redirect_uri={}&response_type=code&scope=snsapi_base&state={}"
                      "#wechat_redirect",
                      app_id_(), back, state),
          state};
}

std::string Wechat::openid(Reader& reader, const std::string& code, const std::string& address, Time now) const {
  if (!offered()) throw missing("accounts.no_wechat", "this node has no official account");
  if (is_over(reader, subject("wechat", address), PhoneCodes::kAddressAnHour, now)) throw too_many_codes();
  const auto found = code.empty() || code.size() > 512 ? std::nullopt : identify_(code);
  if (!found || found->empty()) throw Refusal(RefusalKind::unauthenticated, "accounts.wrong_code", "WeChat does not know this code", "/code");
  return *found;
}

WechatEntry Wechat::enter(Tx& tx, const std::string& openid, Attempt attempt, std::string& refused) const {
  count(tx, subject("wechat", attempt.address));
  const auto account = store::account_of_wechat(tx, index_of(openid));
  if (!account) return {{}, ticket_for(tx, openid)};
  // Who was bound before openids were kept is known by it again.
  if (store::sealed_wechat(tx, *account) == "") store::seal_wechat(tx, *account, sealed(tx, *account, openid));
  Entry entry = let_in(tx, accounts_, bus_, *account, std::move(attempt), "wechat");
  refused = entry.refused;
  return {std::move(entry.in), {}};
}

/// "until/openid", sealed: whoever holds it was that WeChat user a moment ago.
std::string Wechat::ticket_for(Tx& tx, const std::string& openid) const {
  const std::string words = fmt::format("{}/{}", to_ms(tx.now() + kTicket), openid);
  return to_base64url(vault_.seal_own(kTicketPurpose, words, tx.ids()));
}

std::string Wechat::opened(const std::string& ticket, Time now) const {
  if (!offered()) throw missing("accounts.no_wechat", "this node has no official account");
  const auto sealed = from_base64url(ticket);
  const auto words = sealed ? vault_.unseal_own(kTicketPurpose, *sealed) : std::nullopt;
  const auto slash = words ? words->find('/') : std::string::npos;
  const auto until = slash == std::string::npos ? std::nullopt : parse_time(words->substr(0, slash));
  if (!until || now >= *until) throw invalid("accounts.bad_ticket", "/ticket", "not a ticket of the last ten minutes");
  return words->substr(slash + 1);
}

WechatBinding Wechat::bind(Tx& tx, const AccountId& account, const std::string& openid) const {
  if (is_staff(tx, account, tx.now())) throw forbidden("accounts.not_for_staff", "staff log in by password or by a bound phone");
  const std::string index = index_of(openid);
  const auto bound = store::account_of_wechat(tx, index);
  if (bound && *bound != account) throw conflict("accounts.bound_elsewhere", "this WeChat user is bound to another login; end that first");
  if (!store::find(tx, account)) throw forbidden("accounts.not_for_staff", "only people are bound");
  store::keep_wechat(tx, account, index, sealed(tx, account, openid));
  bus::tell(bus_, tx, Changed{account, "wechat_on"}, {account.text, "/", {}, account.text});
  return binding(tx, account);
}

std::string Wechat::sealed(Tx& tx, const AccountId& account, const std::string& openid) const {
  return vault_.seal_own(openid_purpose(account), openid, tx.ids());
}

std::optional<std::string> openid_of(Reader& reader, const Vault& vault, const std::string& person_or_account) {
  auto accounts = store::accounts_of(reader, person_or_account);
  if (AccountId::fits(person_or_account)) accounts.push_back(AccountId{person_or_account});
  for (const AccountId& account : accounts) {
    const auto kept = store::sealed_wechat(reader, account);
    if (kept && !kept->empty())
      if (auto openid = vault.unseal_own(openid_purpose(account), *kept)) return openid;
  }
  return std::nullopt;
}

WechatBinding Wechat::binding(Reader& reader, const AccountId& account) {
  const auto at = store::wechat_bound_at(reader, account);
  return {at.has_value(), at};
}

void Wechat::unbind(Tx& tx, const AccountId& account) const {
  if (store::remove_wechat(tx, account) == 0) throw missing("accounts.not_bound", "no WeChat user is bound to this login");
  bus::tell(bus_, tx, Changed{account, "wechat_off"}, {account.text, "/", {}, account.text});
}

}  // namespace lifang::accounts
