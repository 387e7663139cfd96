// Secrets: keys, sealed fields, blind indices, passwords, tokens, hashes. All by libsodium.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/world.hpp"

namespace lifang {

/// Bytes that are wiped when they go, are copied only on purpose and never print.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string bytes) : bytes_(std::move(bytes)) {}
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  ~Secret() { wipe(); }

  Secret copy() const { return Secret(bytes_); }
  /// The bytes themselves: not for logs, events or errors.
  std::string_view expose() const { return bytes_; }
  bool empty() const { return bytes_.empty(); }

 private:
  void wipe() noexcept;
  std::string bytes_;
};

inline constexpr std::size_t kKeyBytes = 32;

/// A key of 32 bytes that nobody can guess.
Secret make_key(Ids& ids);

/// What a sealed field is bound to: moved to another row or column it no longer opens.
std::string place_of_field(std::string_view table, std::string_view row, std::string_view column);

/// XChaCha20-Poly1305 (IETF) with a fresh nonce: version byte 1, nonce 24, text, tag 16.
/// `key` holds 32 bytes; `bound_to` is not stored and must be given again to open.
std::string seal(const Secret& key, std::string_view plain, std::string_view bound_to, Ids& ids);
/// nullopt if the key, the place or a bit of the text is not the one that was sealed.
std::optional<std::string> unseal(const Secret& key, std::string_view sealed,
                                std::string_view bound_to);

/// The node's keys, all derived from one. The sealing of personal fields goes through a key per
/// person, stored wrapped: whoever deletes the wrapped key has deleted what it sealed, in every
/// backup that is made afterwards and for every reader at once.
class Vault {
 public:
  /// `node_key` holds 32 bytes.
  explicit Vault(const Secret& node_key);

  /// A new key for `owner` (a person's id), wrapped for storing beside the person.
  std::string make_wrapped_key(std::string_view owner, Ids& ids) const;
  /// nullopt if it was wrapped for another owner or by another node, or was tampered with.
  std::optional<Secret> unwrap(std::string_view wrapped, std::string_view owner) const;

  /// Seals what belongs to the node itself (stored answers, second factors, files): under a key of its own,
  /// bound to `purpose`, which must be given again to open.
  std::string seal_own(std::string_view purpose, std::string_view plain, Ids& ids) const;
  std::optional<std::string> unseal_own(std::string_view purpose, std::string_view sealed) const;

  /// For looking up a sealed field by its whole value: keyed BLAKE2b over purpose and text, 16
  /// bytes in hex. Give the normal form (text.hpp: normalise); purposes ("people.phone") never
  /// meet.
  std::string blind_index(std::string_view purpose, std::string_view normalised) const;

  /// A signature for links and cookies: keyed BLAKE2b, 32 bytes in base64url.
  std::string sign(std::string_view purpose, std::string_view text) const;
  bool is_signed(std::string_view purpose, std::string_view text, std::string_view signature) const;

 private:
  std::string keyed_hash(const Secret& key, std::string_view purpose, std::string_view text,
                         std::size_t bytes) const;

  Secret wrapping_;
  Secret indexing_;
  Secret signing_;
  Secret own_;
};

/// Reads the key at `path` (64 hex digits), or makes it there: mode 0600, complete or not at all,
/// in a directory of mode 0700. Throws Refusal (unavailable) `keys.unreadable`, `keys.damaged`, or
/// `keys.too_open` if group or others may read it.
Secret read_or_make_key(const std::filesystem::path& path, Ids& ids);

/// What checking one password costs: RFC 9106. The default takes about 0.1 s and 64 MiB.
struct PasswordCost {
  std::uint64_t passes = 2;
  std::size_t memory_bytes = 64U << 20;

  static PasswordCost for_tests() { return {1, 8192}; }
};

/// Argon2id as a PHC string ("$argon2id$v=19$m=65536,t=2,p=1$…"). Slow on purpose: off the lane.
std::string hash_password(std::string_view password, PasswordCost cost, Ids& ids);
bool verify_password(std::string_view hash, std::string_view password);
/// True if the hash was made at another cost: hash anew after the next good login.
bool is_outdated(std::string_view hash, PasswordCost cost);
/// Takes as long as verifying does, for logins that do not exist.
void verify_nobody(std::string_view password, PasswordCost cost);

/// "lf_" and 32 random bytes in base64url.
std::string make_token(Ids& ids, std::string_view prefix = "lf_");
/// What is stored of a token: BLAKE2b-256 in hex. Tokens are random, so no salt and no cost.
std::string hash_token(std::string_view token);

std::string blake2b_hex(std::string_view bytes);  ///< BLAKE2b-256, 64 hex digits
std::string sha256_hex(std::string_view bytes);
/// HMAC-SHA-256 (RFC 2104) as 32 bytes; the key may have any length.
std::string hmac_sha256(std::string_view key, std::string_view bytes);

/// BLAKE2b-256 of bytes that come in pieces.
class Blake2b {
 public:
  Blake2b();
  void add(std::string_view bytes);
  std::string finish_hex();  ///< once

 private:
  alignas(64) std::array<unsigned char, 384> state_;
};

/// SHA-256 of bytes that come in pieces.
class Sha256 {
 public:
  Sha256();
  void add(std::string_view bytes);
  std::string finish_hex();  ///< once

 private:
  alignas(16) std::array<unsigned char, 128> state_;
};

}  // namespace lifang
