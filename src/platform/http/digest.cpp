#include "platform/http/digest.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <map>

#include "base/check.hpp"
#include "base/text.hpp"
#include "platform/http/message.hpp"

namespace lifang::http {
namespace {

std::string md5_hex(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned size = 0;
  const int done = EVP_Digest(text.data(), text.size(), out.data(), &size, EVP_md5(), nullptr);
  check(done == 1 && size == 16, "MD5 is to be had");
  return to_hex({reinterpret_cast<const char*>(out.data()), size});
}

/// A word in quotes: what would end it goes behind a backslash.
std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// A quoted string at the front of `rest`, which it takes away. nullopt: it does not end.
std::optional<std::string> take_quoted(std::string_view& rest) {
  std::string value;
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == '"') {
      rest.remove_prefix(i + 1);
      return value;
    }
    if (rest[i] == '\\' && i + 1 < rest.size()) ++i;
    value += rest[i];
  }
  return std::nullopt;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

/// `a="1", b=2`: the parameters by name in lower case; nullopt if that is not how it stands there.
std::optional<std::map<std::string, std::string>> read_parameters(std::string_view rest) {
  std::map<std::string, std::string> all;
  for (rest = without_blanks(rest); !rest.empty(); rest = without_blanks(rest)) {
    if (rest.front() == ',') {
      rest.remove_prefix(1);
      continue;
    }
    const auto equals = rest.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    const std::string name = lower(without_blanks(rest.substr(0, equals)));
    rest = without_blanks(rest.substr(equals + 1));
    std::optional<std::string> value;
    if (!rest.empty() && rest.front() == '"') {
      value = take_quoted(rest);
    } else {
      const auto end = std::min(rest.find(','), rest.size());
      value = std::string(without_blanks(rest.substr(0, end)));
      rest.remove_prefix(end);
    }
    if (!value || name.empty()) return std::nullopt;
    all.emplace(name, *std::move(value));
  }
  return all;
}

bool holds_auth(std::string_view qops) {
  while (!qops.empty()) {
    const auto end = std::min(qops.find(','), qops.size());
    if (same_token(without_blanks(qops.substr(0, end)), "auth")) return true;
    qops.remove_prefix(std::min(end + 1, qops.size()));
  }
  return false;
}

}  // namespace

std::optional<DigestChallenge> read_digest_challenge(std::string_view header) {
  header = without_blanks(header);
  constexpr std::string_view kScheme = "Digest";
  if (header.size() <= kScheme.size() || !same_token(header.substr(0, kScheme.size()), kScheme)) return std::nullopt;
  header.remove_prefix(kScheme.size());
  if (header.front() != ' ' && header.front() != '\t') return std::nullopt;
  const auto all = read_parameters(header);
  if (!all || !all->contains("realm") || !all->contains("nonce")) return std::nullopt;
  DigestChallenge challenge{all->at("realm"), all->at("nonce"), {}, false, false};
  if (const auto opaque = all->find("opaque"); opaque != all->end()) challenge.opaque = opaque->second;
  if (const auto algorithm = all->find("algorithm"); algorithm != all->end()) {
    if (!same_token(algorithm->second, "MD5")) return std::nullopt;
    challenge.names_md5 = true;
  }
  if (const auto qop = all->find("qop"); qop != all->end()) {
    if (!holds_auth(qop->second)) return std::nullopt;
    challenge.qop_auth = true;
  }
  // A line break in what is sent back would be a header of the server's own choice.
  for (const auto& [name, value] : *all)
    if (value.find_first_of("\r\n") != std::string::npos) return std::nullopt;
  return challenge;
}

std::string digest_answer(const DigestChallenge& challenge, const DigestLogin& login, std::string_view method,
                          std::string_view target, std::string_view cnonce, std::uint32_t count) {
  const std::string who = md5_hex(fmt::format("{}:{}:{}", login.user, challenge.realm, login.password));
  const std::string what = md5_hex(fmt::format("{}:{}", method, target));
  const std::string nc = fmt::format("{:08x}", count);
  const std::string response =
      challenge.qop_auth ? md5_hex(fmt::format("{}:{}:{}:{}:auth:{}", who, challenge.nonce, nc, cnonce, what))
                         : md5_hex(fmt::format("{}:{}:{}", who, challenge.nonce, what));
  std::string answer = fmt::format("Digest username={}, realm={}, nonce={}, uri={}", in_quotes(login.user), in_quotes(challenge.realm),
                                   in_quotes(challenge.nonce), in_quotes(target));
  if (challenge.qop_auth) answer += fmt::format(", qop=auth, nc={}, cnonce={}", nc, in_quotes(cnonce));
  answer += fmt::format(", response=\"{}\"", response);
  if (challenge.opaque) answer += ", opaque=" + in_quotes(*challenge.opaque);
  if (challenge.names_md5) answer += ", algorithm=MD5";
  return answer;
}

}  // namespace lifang::http
