// Refusal: they may not, or the words are off. Thrown by rooms, turned into problem+json at the edge.
#pragma once
#include <exception>
#include <string>
#include <string_view>
#include <utility>

namespace lifang {

/// What a client did; each kind has one HTTP status (RFC 9110).
enum class RefusalKind {
  unreadable,      ///< 400: the words cannot be parsed
  unauthenticated, ///< 401: we do not know who speaks
  forbidden,       ///< 403: we know, and they may not
  missing,         ///< 404: no such thing, or none that they may see
  conflict,        ///< 409: the thing is in another state than the request needs
  invalid,         ///< 422: readable, but not acceptable
  too_large,       ///< 413
  too_many,        ///< 429
  unavailable,     ///< 503: we cannot promise durability now; nothing was done
};

int http_status(RefusalKind kind);

/// `code` is stable and for programs ("cases.already_accepted"); `field` is a JSON pointer to the
/// leaf to blame ("/raise/when/op") or empty; `detail` is one English sentence for people.
struct Refusal : std::exception {
  Refusal(RefusalKind kind_, std::string code_, std::string detail_ = {}, std::string field_ = {})
      : kind(kind_), code(std::move(code_)), detail(std::move(detail_)), field(std::move(field_)) {}
  const char* what() const noexcept override { return code.c_str(); }

  RefusalKind kind;
  std::string code;
  std::string detail;
  std::string field;
};

inline Refusal invalid(std::string code, std::string field, std::string detail = {}) {
  return {RefusalKind::invalid, std::move(code), std::move(detail), std::move(field)};
}
inline Refusal missing(std::string code, std::string detail = {}) {
  return {RefusalKind::missing, std::move(code), std::move(detail)};
}
inline Refusal conflict(std::string code, std::string detail = {}) {
  return {RefusalKind::conflict, std::move(code), std::move(detail)};
}
inline Refusal forbidden(std::string code, std::string detail = {}) {
  return {RefusalKind::forbidden, std::move(code), std::move(detail)};
}

}  // namespace lifang
