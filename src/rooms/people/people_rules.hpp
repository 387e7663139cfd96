// Pure decisions about people: what a name, a phone and an identity number may be, codes, masks.
#pragma once
#include <array>
#include <span>

#include "rooms/people/people_values.hpp"

namespace lifang::people {

/// Digits with an optional leading '+', without the country's own +86: "+86 138-0013-8000" → "13800138000".
/// nullopt unless 5 to 15 digits are left.
std::optional<std::string> normal_phone(std::string_view typed);
/// Upper case, half-width, without spaces. nullopt unless 5 to 20 letters and digits, or a resident identity number
/// (18 characters) whose check character is wrong.
std::optional<std::string> normal_identity(std::string_view typed);
/// GB 11643-1999: ISO 7064 MOD 11-2 over the first 17 digits.
bool has_good_check_character(std::string_view eighteen);
/// What a resident identity number says; nullopt for other papers and impossible dates.
struct FromIdentity {
  Day birth;
  Sex sex = Sex::unknown;
};
std::optional<FromIdentity> said_by(std::string_view identity);
/// The last four characters; shorter values have none.
std::optional<std::string> tail_of(std::string_view normal);

/// Whatever a person's sealed columns hold, in the open.
struct Plain {
  std::string name;
  std::optional<std::string> phone, identity, remarks;
  std::optional<Day> birth;
  std::optional<Sex> sex;
};
/// Checks and brings into form; birth and sex are filled in from the identity number.
/// @throws Refusal invalid people.bad_name, bad_phone, bad_identity, bad_birth, bad_remarks, identity_disagrees
Plain plain_of(const PersonWords& words, Time now);
Plain changed(Plain before, const PersonChange& words, Time now);

/// A code of 11 random letters and digits (Crockford base 32, 55 bits) and one check character.
std::string make_code(Ids& ids);
/// The normal form of what was typed or scanned: upper case, no '-' or spaces, O as 0, I and L as 1. nullopt if it
/// is no code or its check character is wrong (which finds any single wrong character).
std::optional<std::string> normal_code(std::string_view typed);

inline constexpr std::array<std::string_view, 9> kHelperScopes = {"report", "evaluate", "book",    "pay", "points",
                                                                  "notices", "health",  "affairs", "*"};
/// Whether a helper's scope holds this; "*" is all but health, which stands for itself (PIPL art. 29).
bool scope_holds(std::span<const std::string> scope, std::string_view what);
bool is_how(std::string_view how);

}  // namespace lifang::people
