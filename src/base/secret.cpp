#include "base/secret.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "base/check.hpp"
#include "base/refusal.hpp"
#include "base/text.hpp"

namespace lifang {
namespace {

constexpr char kVersion = 1;
constexpr std::size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTag = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(kKeyBytes == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
static_assert(kKeyBytes == crypto_kdf_KEYBYTES);

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

void make_ready() {
  static const bool ready = sodium_init() >= 0;
  check(ready, "libsodium cannot start");
}

void check_key(const Secret& key) {
  check(key.expose().size() == kKeyBytes, "a key has 32 bytes");
}

Secret derive(const Secret& node_key, std::uint64_t number) {
  std::string key(kKeyBytes, '\0');
  crypto_kdf_derive_from_key(bytes_of(key), key.size(), number, "lifangV1",
                             bytes_of(node_key.expose()));
  return Secret(std::move(key));
}

[[noreturn]] void refuse_key(const char* code, const std::filesystem::path& path,
                             std::string_view why) {
  throw Refusal(RefusalKind::unavailable, code, fmt::format("{}: {}", path.string(), why));
}

std::string reason() {
  return std::system_category().message(errno);
}

/// An open file that closes itself.
struct File {
  int fd;
  explicit File(int fd_) : fd(fd_) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (fd >= 0) ::close(fd);
  }
};

Secret read_key(const std::filesystem::path& path, int fd) {
  struct stat status = {};
  if (::fstat(fd, &status) != 0) refuse_key("keys.unreadable", path, reason());
  if ((status.st_mode & 077) != 0)
    refuse_key("keys.too_open", path, "others may read it; set its mode to 0600");
  std::string raw(2 * kKeyBytes + 2, '\0');
  const auto n = ::read(fd, raw.data(), raw.size());
  if (n < 0) refuse_key("keys.unreadable", path, reason());
  raw.resize(static_cast<std::size_t>(n));
  auto key = from_hex(trim(raw));
  sodium_memzero(raw.data(), raw.size());
  if (!key || key->size() != kKeyBytes) refuse_key("keys.damaged", path, "not 64 hex digits");
  return Secret(std::move(*key));
}

/// Writes a temporary file and gives it its name only when it is complete and on disk. If somebody
/// else was first, theirs stands.
void write_key(const std::filesystem::path& path, const Secret& key, Ids& ids) {
  const std::filesystem::path partial = path.string() + "." + ids.ulid();
  std::string text = to_hex(key.expose()) + "\n";
  {
    const File file(::open(partial.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    const bool written =
        file.fd >= 0 &&
        ::write(file.fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
        ::fsync(file.fd) == 0;
    sodium_memzero(text.data(), text.size());
    if (!written) {
      const std::string why = reason();
      ::unlink(partial.c_str());
      refuse_key("keys.unreadable", path, why);
    }
  }
  const bool named = ::link(partial.c_str(), path.c_str()) == 0 || errno == EEXIST;
  const std::string why = reason();
  ::unlink(partial.c_str());
  if (!named) refuse_key("keys.unreadable", path, why);
  const File directory(::open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.fd < 0 || ::fsync(directory.fd) != 0) refuse_key("keys.unreadable", path, reason());
}

std::string argon2id(std::string_view password, std::string_view salt, PasswordCost cost) {
  make_ready();
  std::string hash(32, '\0');
  const int done =
      crypto_pwhash(bytes_of(hash), hash.size(), password.data(), password.size(), bytes_of(salt),
                    cost.passes, cost.memory_bytes, crypto_pwhash_ALG_ARGON2ID13);
  if (done != 0)
    throw Refusal(RefusalKind::unavailable, "accounts.no_memory",
                  "not enough memory to check a password");
  return hash;
}

std::string to_base64(std::string_view bytes) {
  std::string text = to_base64url(bytes);
  for (char& c : text) c = c == '-' ? '+' : c == '_' ? '/' : c;
  return text;
}

}  // namespace

Secret::Secret(Secret&& other) noexcept : bytes_(other.bytes_) {
  other.wipe();
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe();
    bytes_ = other.bytes_;
    other.wipe();
  }
  return *this;
}

void Secret::wipe() noexcept {
  sodium_memzero(bytes_.data(), bytes_.size());
  bytes_.clear();
}

Secret make_key(Ids& ids) {
  return Secret(ids.random_bytes(kKeyBytes));
}

std::string place_of_field(std::string_view table, std::string_view row, std::string_view column) {
  // Zero bytes part them: none of the three can hold one, so no two places spell the same.
  return fmt::format("{}{}{}{}{}", table, '\0', row, '\0', column);
}

std::string seal(const Secret& key, std::string_view plain, std::string_view bound_to, Ids& ids) {
  check_key(key);
  make_ready();
  const std::string nonce = ids.random_bytes(kNonce);
  std::string sealed(1 + kNonce + plain.size() + kTag, kVersion);
  std::memcpy(sealed.data() + 1, nonce.data(), kNonce);
  crypto_aead_xchacha20poly1305_ietf_encrypt(
      bytes_of(sealed) + 1 + kNonce, nullptr, bytes_of(plain), plain.size(), bytes_of(bound_to),
      bound_to.size(), nullptr, bytes_of(nonce), bytes_of(key.expose()));
  return sealed;
}

std::optional<std::string> unseal(const Secret& key, std::string_view sealed,
                                std::string_view bound_to) {
  check_key(key);
  make_ready();
  if (sealed.size() < 1 + kNonce + kTag || sealed.front() != kVersion) return std::nullopt;
  const std::string_view body = sealed.substr(1 + kNonce);
  std::string plain(body.size() - kTag, '\0');
  const int good = crypto_aead_xchacha20poly1305_ietf_decrypt(
      bytes_of(plain), nullptr, nullptr, bytes_of(body), body.size(), bytes_of(bound_to),
      bound_to.size(), bytes_of(sealed) + 1, bytes_of(key.expose()));
  if (good != 0) return std::nullopt;
  return plain;
}

Vault::Vault(const Secret& node_key) {
  check_key(node_key);
  make_ready();
  wrapping_ = derive(node_key, 1);
  indexing_ = derive(node_key, 2);
  signing_ = derive(node_key, 3);
  own_ = derive(node_key, 4);
}

std::string Vault::seal_own(std::string_view purpose, std::string_view plain, Ids& ids) const {
  return seal(own_, plain, purpose, ids);
}

std::optional<std::string> Vault::unseal_own(std::string_view purpose, std::string_view sealed) const {
  return unseal(own_, sealed, purpose);
}

std::string Vault::make_wrapped_key(std::string_view owner, Ids& ids) const {
  return seal(wrapping_, make_key(ids).expose(), place_of_field("key", owner, ""), ids);
}

std::optional<Secret> Vault::unwrap(std::string_view wrapped, std::string_view owner) const {
  auto key = unseal(wrapping_, wrapped, place_of_field("key", owner, ""));
  if (!key || key->size() != kKeyBytes) return std::nullopt;
  Secret secret(*key);
  sodium_memzero(key->data(), key->size());
  return secret;
}

std::string Vault::keyed_hash(const Secret& key, std::string_view purpose, std::string_view text,
                              std::size_t bytes) const {
  std::string hash(bytes, '\0');
  crypto_generichash_state state;
  crypto_generichash_init(&state, bytes_of(key.expose()), kKeyBytes, bytes);
  crypto_generichash_update(&state, bytes_of(purpose), purpose.size());
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(""), 1);
  crypto_generichash_update(&state, bytes_of(text), text.size());
  crypto_generichash_final(&state, bytes_of(hash), bytes);
  return hash;
}

std::string Vault::blind_index(std::string_view purpose, std::string_view normalised) const {
  return to_hex(keyed_hash(indexing_, purpose, normalised, 16));
}

std::string Vault::sign(std::string_view purpose, std::string_view text) const {
  return to_base64url(keyed_hash(signing_, purpose, text, 32));
}

bool Vault::is_signed(std::string_view purpose, std::string_view text,
                      std::string_view signature) const {
  return equal_in_constant_time(sign(purpose, text), signature);
}

Secret read_or_make_key(const std::filesystem::path& path, Ids& ids) {
  make_ready();
  const File present(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (present.fd >= 0) return read_key(path, present.fd);
  if (errno != ENOENT) refuse_key("keys.unreadable", path, reason());
  std::error_code trouble;
  if (std::filesystem::create_directories(path.parent_path(), trouble))
    std::filesystem::permissions(path.parent_path(), std::filesystem::perms::owner_all, trouble);
  if (trouble) refuse_key("keys.unreadable", path, trouble.message());
  write_key(path, make_key(ids), ids);
  const File made(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (made.fd < 0) refuse_key("keys.unreadable", path, reason());
  return read_key(path, made.fd);
}

std::string hash_password(std::string_view password, PasswordCost cost, Ids& ids) {
  const std::string salt = ids.random_bytes(crypto_pwhash_SALTBYTES);
  return fmt::format("$argon2id$v=19$m={},t={},p=1${}${}", cost.memory_bytes / 1024, cost.passes,
                     to_base64(salt), to_base64(argon2id(password, salt, cost)));
}

bool verify_password(std::string_view hash, std::string_view password) {
  make_ready();
  if (hash.size() >= crypto_pwhash_STRBYTES) return false;
  char text[crypto_pwhash_STRBYTES] = {};  // libsodium reads the whole of it
  std::memcpy(text, hash.data(), hash.size());
  return crypto_pwhash_str_verify(text, password.data(), password.size()) == 0;
}

bool is_outdated(std::string_view hash, PasswordCost cost) {
  return !hash.starts_with(
      fmt::format("$argon2id$v=19$m={},t={},p=1$", cost.memory_bytes / 1024, cost.passes));
}

void verify_nobody(std::string_view password, PasswordCost cost) {
  argon2id(password, std::string(crypto_pwhash_SALTBYTES, 'n'), cost);
}

std::string make_token(Ids& ids, std::string_view prefix) {
  return std::string(prefix) + to_base64url(ids.random_bytes(32));
}

std::string hash_token(std::string_view token) {
  return blake2b_hex(token);
}

std::string blake2b_hex(std::string_view bytes) {
  Blake2b hash;
  hash.add(bytes);
  return hash.finish_hex();
}

std::string sha256_hex(std::string_view bytes) {
  std::string hash(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(bytes_of(hash), bytes_of(bytes), bytes.size());
  return to_hex(hash);
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  std::string mac(crypto_auth_hmacsha256_BYTES, '\0');
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, bytes_of(key), key.size());
  crypto_auth_hmacsha256_update(&state, bytes_of(bytes), bytes.size());
  crypto_auth_hmacsha256_final(&state, bytes_of(mac));
  return mac;
}

Blake2b::Blake2b() {
  static_assert(sizeof(crypto_generichash_state) <= sizeof state_ &&
                alignof(crypto_generichash_state) <= 64);
  make_ready();
  crypto_generichash_init(reinterpret_cast<crypto_generichash_state*>(state_.data()), nullptr, 0,
                          32);
}

void Blake2b::add(std::string_view bytes) {
  crypto_generichash_update(reinterpret_cast<crypto_generichash_state*>(state_.data()),
                            bytes_of(bytes), bytes.size());
}

std::string Blake2b::finish_hex() {
  std::string hash(32, '\0');
  crypto_generichash_final(reinterpret_cast<crypto_generichash_state*>(state_.data()),
                           bytes_of(hash), hash.size());
  return to_hex(hash);
}

Sha256::Sha256() {
  static_assert(sizeof(crypto_hash_sha256_state) <= sizeof state_ &&
                alignof(crypto_hash_sha256_state) <= 16);
  crypto_hash_sha256_init(reinterpret_cast<crypto_hash_sha256_state*>(state_.data()));
}

void Sha256::add(std::string_view bytes) {
  crypto_hash_sha256_update(reinterpret_cast<crypto_hash_sha256_state*>(state_.data()),
                            bytes_of(bytes), bytes.size());
}

std::string Sha256::finish_hex() {
  std::string hash(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256_final(reinterpret_cast<crypto_hash_sha256_state*>(state_.data()),
                           bytes_of(hash));
  return to_hex(hash);
}

}  // namespace lifang
