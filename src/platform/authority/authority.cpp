#include "platform/authority/authority.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <set>

#include "base/check.hpp"
#include "base/refusal.hpp"
#include "base/text.hpp"

namespace lifang::authority {
namespace {

namespace fs = std::filesystem;

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* it) const {
    Free(it);
  }
};
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Text = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;
using Names = std::unique_ptr<GENERAL_NAMES, Freed<GENERAL_NAMES_free>>;
using Constraints = std::unique_ptr<NAME_CONSTRAINTS, Freed<NAME_CONSTRAINTS_free>>;

constexpr std::array<std::string_view, 5> kInnerNames{"local", "lan", "home.arpa", "internal", "localhost"};
/// RFC 1918, RFC 6598, loopback, link-local; RFC 4193 and their kin of version 6.
constexpr std::array<std::string_view, 9> kInnerAddresses{
    "10.0.0.0/255.0.0.0", "172.16.0.0/255.240.0.0", "192.168.0.0/255.255.0.0",
    "100.64.0.0/255.192.0.0", "127.0.0.0/255.0.0.0", "169.254.0.0/255.255.0.0",
    "fc00:0:0:0:0:0:0:0/fe00:0:0:0:0:0:0:0", "fe80:0:0:0:0:0:0:0/ffc0:0:0:0:0:0:0:0",
    "0:0:0:0:0:0:0:1/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"};

Refusal damaged(const fs::path& file, std::string_view why) {
  ERR_clear_error();
  return {RefusalKind::unavailable, "authority.damaged",
          fmt::format("{}: {}; put it back, or remove the whole folder to begin with a new root that every phone "
                      "must install again",
                      file.string(), why)};
}

std::string read_text(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in || text.empty()) throw damaged(file, "cannot be read");
  return text;
}

/// Whole or not at all, for its owner alone.
void write_text(const fs::path& file, const std::string& text) {
  const std::string part = file.string() + ".part";
  const int descriptor = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  const bool written = descriptor >= 0 && ::fchmod(descriptor, 0600) == 0 &&
                       ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                       ::fsync(descriptor) == 0;
  if (descriptor >= 0) ::close(descriptor);
  if (!written || ::rename(part.c_str(), file.c_str()) != 0)
    throw Refusal(RefusalKind::unavailable, "authority.cannot_write",
                  fmt::format("{}: {}", file.string(), std::strerror(errno)));
}

Text reading(const std::string& pem) { return Text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))); }

template <class Write>
std::string pem_of(Write write) {
  const Text bio(BIO_new(BIO_s_mem()));
  check(bio && write(bio.get()) == 1, "a PEM text can be written");
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* certificate) {
  return pem_of([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate); });
}
std::string pem_of(EVP_PKEY* key) {
  return pem_of([&](BIO* bio) { return PEM_write_bio_PKCS8PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr); });
}

Certificate certificate_of(const std::string& pem) {
  const Text bio = reading(pem);
  Certificate certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  return certificate;
}

Key key_of(const std::string& pem) {
  const Text bio = reading(pem);
  Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, const_cast<char*>("")));
  ERR_clear_error();
  return key;
}

std::string der_of(X509* certificate) {
  unsigned char* bytes = nullptr;
  const int size = i2d_X509(certificate, &bytes);
  check(size > 0, "a certificate has a DER form");
  std::string der(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return der;
}

Time time_of(const ASN1_TIME* asn1) {
  std::tm parts{};
  check(ASN1_TIME_to_tm(asn1, &parts) == 1, "a certificate's time is one");
  return Time{std::chrono::seconds(::timegm(&parts))};
}

void set_time(ASN1_TIME* to, Time t) {
  check(ASN1_TIME_set(to, static_cast<time_t>(to_ms(t) / 1000)) != nullptr, "a time fits into a certificate");
}

std::optional<std::string> address_bytes(const std::string& text) {
  std::array<char, 16> bytes{};
  if (::inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) return std::string(bytes.data(), 4);
  if (::inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) return std::string(bytes.data(), 16);
  return std::nullopt;
}

std::string alternative_names(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names)
    text += fmt::format("{}{}:{}", text.empty() ? "" : ",", address_bytes(name) ? "IP" : "DNS", name);
  return text;
}

void extend(X509* certificate, X509* issuer, int nid, const std::string& words) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, nid, words.c_str()));
  check(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "an extension of a certificate: " + words);
}

/// What the root may speak for, as OpenSSL spells it.
std::string permitted(const std::vector<std::string>& names) {
  std::string words = "critical";
  for (const std::string_view name : kInnerNames) words += fmt::format(",permitted;DNS:{}", name);
  for (const std::string_view range : kInnerAddresses) words += fmt::format(",permitted;IP:{}", range);
  for (const std::string& name : names) {
    const auto bytes = address_bytes(name);
    if (!bytes) words += fmt::format(",permitted;DNS:{}", name);
    else words += fmt::format(",permitted;IP:{}/{}", name,
                              bytes->size() == 4 ? "255.255.255.255" : "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
  }
  return words;
}

Certificate begin(const World& world, EVP_PKEY* key, const std::string& common_name, Duration life) {
  Certificate made(X509_new());
  check(made != nullptr, "no memory for a certificate");
  X509_set_version(made.get(), 2);
  std::string serial = world.ids.random_bytes(16);
  serial[0] = static_cast<char>((static_cast<unsigned char>(serial[0]) & 0x3f) | 0x40);  // positive, and of full length
  BIGNUM* number = BN_bin2bn(reinterpret_cast<const unsigned char*>(serial.data()), 16, nullptr);
  BN_to_ASN1_INTEGER(number, X509_get_serialNumber(made.get()));
  BN_free(number);
  const Time now = world.clock.now();
  set_time(X509_getm_notBefore(made.get()), now - std::chrono::hours(24));  // phones whose clock is behind
  set_time(X509_getm_notAfter(made.get()), now + life);
  X509_NAME* subject = X509_get_subject_name(made.get());
  const auto add = [&](const char* field, const std::string& text) {
    check(X509_NAME_add_entry_by_txt(subject, field, MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()), -1, 0) == 1,
          "a name of a certificate");
  };
  add("O", "Lifang");
  add("CN", common_name);
  X509_set_pubkey(made.get(), key);
  return made;
}

Key new_key() {
  Key key(EVP_EC_gen("P-256"));
  check(key != nullptr, "a P-256 key can be made");
  return key;
}

/// Which of the names the root may not speak for: OpenSSL is asked with a certificate for each that goes nowhere.
std::vector<std::string> beyond(X509* root, const std::vector<std::string>& names, const World& world) {
  const Constraints constraints(static_cast<NAME_CONSTRAINTS*>(X509_get_ext_d2i(root, NID_name_constraints, nullptr, nullptr)));
  if (!constraints) return {};
  std::vector<std::string> found;
  const Key key = new_key();
  for (const std::string& name : names) {
    const Certificate written = begin(world, key.get(), "probe", std::chrono::hours(1));
    X509_set_issuer_name(written.get(), X509_get_subject_name(root));
    extend(written.get(), root, NID_subject_alt_name, alternative_names({name}));
    check(X509_sign(written.get(), key.get(), EVP_sha256()) > 0, "a certificate can be signed");
    const Certificate probe = certificate_of(pem_of(written.get()));  // read back, its names are known
    if (X509_check_purpose(probe.get(), -1, 0) != 1 || NAME_CONSTRAINTS_check(probe.get(), constraints.get()) != X509_V_OK)
      found.push_back(name);
  }
  ERR_clear_error();
  return found;
}

std::vector<std::string> names_of(X509* certificate) {
  std::vector<std::string> found;
  const Names names(static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    int type = 0;
    const auto* value = static_cast<const ASN1_STRING*>(GENERAL_NAME_get0_value(name, &type));
    const auto* bytes = ASN1_STRING_get0_data(value);
    const int size = ASN1_STRING_length(value);
    if (type == GEN_DNS) found.emplace_back(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (type == GEN_IPADD && ::inet_ntop(size == 4 ? AF_INET : AF_INET6, bytes, text.data(), text.size()))
      found.emplace_back(text.data());
  }
  return found;
}

Facts read_facts(X509* certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  check(X509_digest(certificate, EVP_sha256(), digest.data(), &size) == 1, "a certificate has a digest");
  Facts facts{time_of(X509_get0_notBefore(certificate)), time_of(X509_get0_notAfter(certificate)), {}, names_of(certificate)};
  for (unsigned i = 0; i < size; ++i) facts.fingerprint += fmt::format("{}{:02X}", i == 0 ? "" : ":", digest[i]);
  return facts;
}

/// An address as OpenSSL will spell it back, a name in lower case.
std::string plain_form(const std::string& name) {
  const auto bytes = address_bytes(name);
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (bytes) return ::inet_ntop(bytes->size() == 4 ? AF_INET : AF_INET6, bytes->data(), text.data(), text.size());
  return normalise(name);
}

}  // namespace

Facts facts_of(const std::string& pem) {
  const Certificate certificate = certificate_of(pem);
  if (!certificate) throw invalid("http.bad_certificate", "", "there is no certificate in the PEM text");
  return read_facts(certificate.get());
}

bool is_name(std::string_view text) {
  if (address_bytes(std::string(text))) return true;
  if (text.empty() || text.size() > 253 || text.front() == '-' || text.front() == '.' || text.back() == '.') return false;
  if (text.find("..") != std::string_view::npos) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
}

Authority::Authority(fs::path folder, const Root& wanted, const std::vector<std::string>& names, const World& world)
    : folder_(std::move(folder)) {
  const fs::path root = folder_ / "root.pem", root_key = folder_ / "root.key";
  if (!fs::exists(root) && !fs::exists(root_key)) make_root(wanted, world);
  root_ = read_text(root);
  const Certificate certificate = certificate_of(root_);
  if (!certificate) throw damaged(root, "is no certificate");
  const Key key = key_of(read_text(root_key));
  if (!key || X509_check_private_key(certificate.get(), key.get()) != 1) throw damaged(root_key, "is not the key of root.pem");
  struct stat facts {};
  if (::stat(root_key.c_str(), &facts) != 0 || (facts.st_mode & 077) != 0)
    throw damaged(root_key, "others than its owner may read it: chmod 600, or");
  root_facts_ = read_facts(certificate.get());
  if (fs::exists(folder_ / "node.pem") && fs::exists(folder_ / "node.key")) {
    certificate_ = read_text(folder_ / "node.pem");
    key_ = read_text(folder_ / "node.key");
    const Certificate mine = certificate_of(certificate_);
    const Key my_key = key_of(key_);
    const Key root_public(X509_get_pubkey(certificate.get()));
    if (mine && my_key && X509_check_private_key(mine.get(), my_key.get()) == 1 && X509_verify(mine.get(), root_public.get()) == 1)
      facts_ = read_facts(mine.get());
    ERR_clear_error();
  }
  renew(names, world);  // facts_ that are empty have ended long ago
}

void Authority::make_root(const Root& wanted, const World& world) {
  fs::create_directories(folder_);
  fs::permissions(folder_, fs::perms::owner_all);
  const Key key = new_key();
  // X.520 allows a name 64 characters; the hex tells the roots of one district apart.
  const std::string shown = to_utf8(to_code_points(wanted.district).substr(0, 24));
  const std::string name = fmt::format("Lifang 里坊 {} {}", shown, to_hex(world.ids.random_bytes(3)));
  const Certificate root = begin(world, key.get(), name, kRootLife);
  X509_set_issuer_name(root.get(), X509_get_subject_name(root.get()));
  extend(root.get(), root.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  extend(root.get(), root.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  extend(root.get(), root.get(), NID_subject_key_identifier, "hash");
  extend(root.get(), root.get(), NID_name_constraints, permitted(wanted.names));
  check(X509_sign(root.get(), key.get(), EVP_sha256()) > 0, "a root can be signed");
  write_text(folder_ / "root.key", pem_of(key.get()));
  write_text(folder_ / "root.pem", pem_of(root.get()));
}

bool Authority::renew(const std::vector<std::string>& names, const World& world) {
  const bool lasts = world.clock.now() < facts_.until - kRenewBefore || facts_.until >= root_facts_.until;
  if (lasts && names == asked_) return false;
  asked_ = names;
  std::vector<std::string> wanted;
  left_out_.clear();
  for (const std::string& name : names) {
    const std::string form = plain_form(name);
    if (!is_name(form)) left_out_.push_back(form);
    else if (std::find(wanted.begin(), wanted.end(), form) == wanted.end()) wanted.push_back(form);
  }
  const Certificate root = certificate_of(root_);
  for (const std::string& name : beyond(root.get(), wanted, world)) {
    std::erase(wanted, name);
    left_out_.push_back(name);
  }
  if (wanted.empty()) wanted.emplace_back("localhost");
  const bool same = std::set(facts_.names.begin(), facts_.names.end()) == std::set(wanted.begin(), wanted.end());
  if (same && lasts) return false;
  issue(wanted, world);
  return true;
}

void Authority::issue(const std::vector<std::string>& names, const World& world) {
  const Certificate root = certificate_of(root_);
  const Key root_key = key_of(read_text(folder_ / "root.key"));
  if (!root_key) throw damaged(folder_ / "root.key", "is no key");
  const Key key = new_key();
  const Duration left = std::chrono::floor<Duration>(root_facts_.until - world.clock.now());
  const Certificate made = begin(world, key.get(), names.front().substr(0, 64), std::min<Duration>(kNodeLife, left));
  X509_set_issuer_name(made.get(), X509_get_subject_name(root.get()));
  extend(made.get(), root.get(), NID_basic_constraints, "critical,CA:FALSE");
  extend(made.get(), root.get(), NID_key_usage, "critical,digitalSignature");
  extend(made.get(), root.get(), NID_ext_key_usage, "serverAuth");
  extend(made.get(), root.get(), NID_subject_key_identifier, "hash");
  extend(made.get(), root.get(), NID_authority_key_identifier, "keyid");
  extend(made.get(), root.get(), NID_subject_alt_name, alternative_names(names));
  check(X509_sign(made.get(), root_key.get(), EVP_sha256()) > 0, "a certificate can be signed");
  key_ = pem_of(key.get());
  certificate_ = pem_of(made.get());
  write_text(folder_ / "node.key", key_);
  write_text(folder_ / "node.pem", certificate_);
  facts_ = read_facts(made.get());
}

std::string Authority::root_der() const {
  const Certificate root = certificate_of(root_);
  return der_of(root.get());
}

}  // namespace lifang::authority
