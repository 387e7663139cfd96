// Cells of forms: what they are called, which of them workers may answer.
#pragma once
#include <fmt/format.h>

#include "base/text.hpp"
#include "rooms/affairs/affairs.hpp"

namespace lifang::affairs {

/// What a remembered answer is sealed for.
inline std::string purpose_of(const std::string& subject, const std::string& key) { return "affairs.answer/" + subject + "/" + key; }

inline std::string key_of(const FormColumn& column) { return column.key.value_or(normalise(column.heading)); }

inline bool is_askable(const std::string& source) {
  return source == "ask" || source == "person.phone" || source == "person.identity" || source == "person.birth" || source == "person.sex";
}

/// The id of a cell in a run: "person_…:3".
inline std::string cell_of(const std::string& subject, std::size_t column) { return fmt::format("{}:{}", subject, column); }

/// What the register says of a person for one source; masked or plain, as the person comes.
std::optional<std::string> said_of(const people::Person& p, const std::string& source, Time now);

}  // namespace lifang::affairs
