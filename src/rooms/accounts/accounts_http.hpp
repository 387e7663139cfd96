// Routes of the room accounts, and how a request says who speaks.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "base/caller.hpp"
#include "platform/db/tx.hpp"

namespace lifang {
class Metrics;
}
namespace lifang::http {
class Routes;
struct Request;
}  // namespace lifang::http

namespace lifang::accounts {
class Accounts;
class PhoneCodes;
class Wechat;

/// What the routes need to know of the node.
struct Doorstep {
  Accounts& accounts;
  World& world;
  Metrics& metrics;
  /// Called on a worker when a session should be touched; hands over to the lane and returns at once.
  std::function<void(const std::string& session)> touch;
  std::string public_url;  ///< "https://ward.example" or empty: the Host header counts
  /// The id of the case that somebody names ("" if none) as what they look for. @throws Refusal if it cannot be that
  std::function<std::string(Reader& reader, const Caller& caller, const std::string& named)> case_for = {};
};

/// The caller of a request: "Authorization: Bearer …", or the pages' cookie. An empty Caller without either.
/// A request that changes something and comes by cookie must prove that one of our own pages sent it:
/// `Sec-Fetch-Site: same-origin`, an `Origin` that is ours, or (older browsers) the header `X-Lifang-Page`, which
/// no foreign page can add, because we grant no cross-origin requests.
/// @throws Refusal unauthenticated accounts.bad_token; forbidden accounts.cross_site; invalid accounts.unknown_purpose
Caller caller_of(const Doorstep& doorstep, Reader& reader, const http::Request& request);

void add_routes(http::Routes& routes, const Doorstep& doorstep);
/// Ways in without a password.
void add_code_routes(http::Routes& routes, const Doorstep& doorstep, std::shared_ptr<const PhoneCodes> codes,
                     std::shared_ptr<const Wechat> wechat);
}  // namespace lifang::accounts
