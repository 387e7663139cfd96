// Authority: a node's own certificate authority, for compounds without a name on the internet.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/world.hpp"

namespace lifang::authority {

/// What a certificate says. `fingerprint`: SHA-256 of its DER, "3F:A0:…" (32 pairs), as phones show it.
struct Facts {
  Time from, until;
  std::string fingerprint;
  std::vector<std::string> names;  ///< DNS names and IP addresses of its subjectAltName
};
/// Of the first certificate of a PEM text. Throws Refusal http.bad_certificate.
Facts facts_of(const std::string& pem);

/// "ward.lan", "192.168.1.10", "fd00::1": what a certificate may be made for.
bool is_name(std::string_view text);

/// A root of ten years and a certificate for the node below it, in a folder of their own. Both P-256 and
/// SHA-256. The root may speak only for private addresses, for names that the internet does not know
/// (.local, .lan, .home.arpa, .internal, localhost) and for the names that it was made with (RFC 5280
/// §4.2.1.10), so that a phone which trusts it trusts nothing else by it.
class Authority {
 public:
  static constexpr auto kRootLife = std::chrono::hours(24 * 3653);
  static constexpr auto kNodeLife = std::chrono::hours(24 * 200);    ///< iOS takes at most 825 days
  static constexpr auto kRenewBefore = std::chrono::hours(24 * 30);  ///< of its end

  /// What a new root is made with: its name, and what it may speak for beyond what is private.
  struct Root {
    std::string district;
    std::vector<std::string> names;
  };
  /// Opens what is in `folder` (mode 0700, files 0600), or makes it. `names`: of the node's certificate.
  /// Throws Refusal authority.damaged: then nothing was changed, a root is never replaced silently.
  Authority(std::filesystem::path folder, const Root& root, const std::vector<std::string>& names, const World& world);

  /// Makes a new certificate for the node if the present one ends soon or is for other names. @returns whether
  bool renew(const std::vector<std::string>& names, const World& world);

  const std::string& root() const { return root_; }  ///< PEM; its key stays in its file
  std::string root_der() const;
  const Facts& root_facts() const { return root_facts_; }
  const std::string& certificate() const { return certificate_; }  ///< of the node, PEM
  const std::string& key() const { return key_; }                  ///< of the node, PEM
  const Facts& facts() const { return facts_; }                    ///< of the node's certificate
  /// Names that were asked for and that the root may not speak for.
  const std::vector<std::string>& left_out() const { return left_out_; }

 private:
  void make_root(const Root& root, const World& world);
  void issue(const std::vector<std::string>& names, const World& world);

  std::filesystem::path folder_;
  std::string root_, certificate_, key_;
  Facts root_facts_, facts_;
  std::vector<std::string> asked_, left_out_;
};

}  // namespace lifang::authority
