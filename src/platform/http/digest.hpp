// HTTP Digest (RFC 2617, MD5, qop=auth): the answer to a server's challenge.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lifang::http {

/// What a server asks with `WWW-Authenticate: Digest …`.
struct DigestChallenge {
  std::string realm, nonce;
  std::optional<std::string> opaque;
  bool qop_auth = false;     ///< "auth" is among its qops; without any the answer is that of RFC 2069
  bool names_md5 = false;    ///< it named the algorithm, so the answer does too
};

/// Nothing for other schemes, other algorithms than MD5, and qops that do not hold "auth".
std::optional<DigestChallenge> read_digest_challenge(std::string_view header);

/// Who answers.
struct DigestLogin {
  std::string_view user, password;
};

/// The value of the `Authorization` header. `target` as it stands in the request line; `count` is how often this nonce
/// was answered, from 1; `cnonce` is ours and new each time.
std::string digest_answer(const DigestChallenge& challenge, const DigestLogin& login, std::string_view method,
                          std::string_view target, std::string_view cnonce, std::uint32_t count);

}  // namespace lifang::http
