// Accounts made by whoever owns the machine: the first login, and `lifang user add`.
#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "platform/lane/lane.hpp"
#include "rooms/accounts/accounts.hpp"

namespace lifang::accounts {

/// Makes the login `admin` where there is no account yet, with `given` (LIFANG_ADMIN_PASSWORD) as its password, or a
/// random one that is left in `directory`/admin-password, mode 0600, and nowhere else. Slow: hashes.
/// @throws Refusal unavailable accounts.no_password_file; invalid accounts.weak_password where the site asks for longer
/// passwords than usual (accounts.min_password_length) and `given` is shorter
void make_first_admin(Accounts& accounts, lane::Lane& lane, World& world, const std::filesystem::path& directory,
                      const std::optional<Secret>& given);

/// `lifang user add`: no rights are asked; a password has 8 characters, or as many as a site that wants more than usual asks. Slow: hashes.
/// @throws Refusal as Accounts::add does, and invalid accounts.weak_password
Account add_from_shell(Accounts& accounts, lane::Lane& lane, World& world, const AccountWords& words);

}  // namespace lifang::accounts
