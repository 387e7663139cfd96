#include "rooms/accounts/accounts_first.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.hpp"
#include "rooms/accounts/accounts_rules.hpp"

namespace lifang::accounts {
namespace {

constexpr std::size_t kShortestFromShell = 8;

/// Whoever owns the machine may choose shorter passwords than people on pages, unless the site asks for more than usual.
std::size_t shortest(const Accounts& accounts, std::size_t otherwise) {
  const std::size_t asked = accounts.min_password_length();
  return asked > Settings{}.min_password_length ? asked : otherwise;
}

/// Whoever owns the machine; its doings stand in the audit log like everybody's.
Caller shell() { return {"shell", {}, "shell", {}, {}, {{"*", "/"}}}; }

void leave_password(const std::filesystem::path& file, const std::string& password) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  const std::string line = password + "\n";
  const bool written = fd >= 0 && ::fchmod(fd, 0600) == 0 &&
                       ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size()) && ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  if (!written)
    throw Refusal(RefusalKind::unavailable, "accounts.no_password_file", "cannot write " + file.string());
}

}  // namespace

void make_first_admin(Accounts& accounts, lane::Lane& lane, World& world, const std::filesystem::path& directory,
                      const std::optional<Secret>& given) {
  AccountFilter everybody;
  everybody.closed = true;
  if (lane.get([&](Tx& tx) { return Accounts::count(tx, Caller::system(), everybody); }) > 0) return;
  if (given && to_code_points(given->expose()).size() < shortest(accounts, 1))
    throw invalid("accounts.weak_password", "LIFANG_ADMIN_PASSWORD",
                  "LIFANG_ADMIN_PASSWORD is too short: accounts.min_password_length asks for at least " +
                      std::to_string(shortest(accounts, 1)) + " characters");
  // 120 bits in letters and digits that can be typed; before the commit, so that nobody is ever locked out.
  const Secret made(given ? std::string() : to_base64url(world.ids.random_bytes(15)));
  if (!given) leave_password(directory / "admin-password", std::string(made.expose()));
  const std::string hash = accounts.hash(given ? given->expose() : made.expose(), world.ids);
  lane.now([&](Tx& tx) { accounts.add(tx, Caller::system(), {"admin", "系统管理员", {}, {}, "admin", {}}, hash); });
}

Account add_from_shell(Accounts& accounts, lane::Lane& lane, World& world, const AccountWords& words) {
  const std::string password = words.password.value_or("");
  if (const std::string why = weakness(words.login, password, shortest(accounts, kShortestFromShell)); !why.empty())
    throw invalid("accounts.weak_password", "/password", why);
  const std::string hash = accounts.hash(password, world.ids);
  return lane.get([&](Tx& tx) { return accounts.add(tx, shell(), words, hash); });
}

}  // namespace lifang::accounts
