// The pages of the local authority: how a phone gets to trust this node, and the paper to compare with. In both languages,
// without script, for people who are not logged in.
#pragma once
#include <string>
#include <string_view>

#include "platform/authority/authority.hpp"

namespace lifang {

/// `district`: as shown. `address`: of the residents' page, "https://ward.lan/".
std::string authority_page(std::string_view district, const authority::Facts& root, std::string_view address);
/// To be printed on the node's own machine and handed out: the address and the root's fingerprint.
std::string authority_paper(std::string_view district, const authority::Facts& root, std::string_view address);
/// An Apple configuration profile that holds the root alone (com.apple.security.root).
std::string authority_profile(std::string_view district, const authority::Facts& root, std::string_view der);

}  // namespace lifang
