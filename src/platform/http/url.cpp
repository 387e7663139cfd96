#include "platform/http/url.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "platform/http/target.hpp"

namespace lifang::http {
namespace {

struct Net {
  std::uint32_t address;
  unsigned bits;
};

constexpr std::uint32_t v4(unsigned a, unsigned b, unsigned c) {
  return a << 24 | b << 16 | c << 8;
}

// https://www.iana.org/assignments/iana-ipv4-special-registry: everything that is not globally
// reachable.
constexpr std::array<Net, 15> special_v4{{{v4(0, 0, 0), 8},
                                          {v4(10, 0, 0), 8},
                                          {v4(100, 64, 0), 10},
                                          {v4(127, 0, 0), 8},
                                          {v4(169, 254, 0), 16},
                                          {v4(172, 16, 0), 12},
                                          {v4(192, 0, 0), 24},
                                          {v4(192, 0, 2), 24},
                                          {v4(192, 88, 99), 24},
                                          {v4(192, 168, 0), 16},
                                          {v4(198, 18, 0), 15},
                                          {v4(198, 51, 100), 24},
                                          {v4(203, 0, 113), 24},
                                          {v4(224, 0, 0), 4},
                                          {v4(240, 0, 0), 4}}};

bool is_public_v6(const unsigned char (&a)[16]) {
  if ((a[0] & 0xe0) != 0x20)
    return false;  // only 2000::/3 is global unicast: no ::1, fc00::, fe80::, ::ffff:, 64:ff9b::
  if (a[0] == 0x20 && a[1] == 0x02) return false;                 // 6to4 carries IPv4
  if (a[0] == 0x20 && a[1] == 0x01 && a[2] < 0x02) return false;  // 2001::/23: Teredo and protocols
  if (a[0] == 0x20 && a[1] == 0x01 && a[2] == 0x0d && a[3] == 0xb8) return false;  // documentation
  return !(a[0] == 0x3f && a[1] == 0xff);  // documentation, reserved
}

}  // namespace

bool is_public_address(const std::string& address) {
  in_addr four{};
  if (::inet_pton(AF_INET, address.c_str(), &four) == 1) {
    const std::uint32_t number = ntohl(four.s_addr);
    return std::none_of(special_v4.begin(), special_v4.end(), [&](const Net& net) {
      return (number ^ net.address) >> (32 - net.bits) == 0;
    });
  }
  in6_addr six{};
  return ::inet_pton(AF_INET6, address.c_str(), &six) == 1 && is_public_v6(six.s6_addr);
}

std::string Url::authority() const {
  const std::string name = host.find(':') == host.npos ? host : fmt::format("[{}]", host);
  return port == (tls ? 443 : 80) ? name : fmt::format("{}:{}", name, port);
}

std::optional<Url> parse_url(std::string_view text) {
  const auto parsed = boost::urls::parse_uri({text.data(), text.size()});
  if (!parsed) return std::nullopt;
  const boost::urls::url_view& view = *parsed;
  Url url;
  if (view.scheme_id() != boost::urls::scheme::http &&
      view.scheme_id() != boost::urls::scheme::https)
    return std::nullopt;
  url.tls = view.scheme_id() == boost::urls::scheme::https;
  if (view.has_userinfo() || !view.has_authority()) return std::nullopt;
  url.host = view.host_address();
  std::transform(url.host.begin(), url.host.end(), url.host.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  url.port = url.tls ? 443 : 80;
  if (view.has_port() && !view.port().empty()) {
    url.port = view.port_number();
    if (url.port == 0) return std::nullopt;  // also for numbers over 65535
  }
  if (!is_authority(url.authority())) return std::nullopt;
  url.target = std::string(view.encoded_path());
  if (url.target.empty()) url.target.assign(1, '/');  // = "/" trips a false warning of g++ 12
  if (!url.target.starts_with('/'))
    return std::nullopt;  // Boost 1.81 reads "http://h:x/" as the path "x/"
  if (view.has_query()) (url.target += '?') += std::string(view.encoded_query());
  return url;
}

}  // namespace lifang::http
