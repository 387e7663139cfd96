// Url: the parts of an http or https address (RFC 3986), read by Boost.URL.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lifang::http {

struct Url {
  bool tls = false;
  std::string host;  ///< decoded and in lower case; an IPv6 address without brackets
  std::uint16_t port = 80;
  std::string target;  ///< encoded path and query, at least "/"

  /// For the Host header: with brackets and, unless it is the scheme's own, with the port.
  std::string authority() const;
};

/// Absolute http or https URLs; nothing for other schemes, user names or passwords, and unreadable
/// text. A fragment is dropped.
std::optional<Url> parse_url(std::string_view text);

/// Whether an address ("192.0.2.7", "2001:db8::1") belongs to the public internet: not private,
/// loopback, link-local, shared (100.64/10), reserved, multicast or one that carries an IPv4
/// address inside (IANA special-purpose registries).
bool is_public_address(const std::string& address);

}  // namespace lifang::http
