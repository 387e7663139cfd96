// A compound with one of everything that the API knows, made through the API itself, for tests that ask every route.
#pragma once
#include <map>
#include <string>

#include "platform/http/routes.hpp"
#include "support/test_node.hpp"

namespace lifang {

/// Two compounds, "here" and "there"; everything else stands in "here". Whoever made it all is the login `maker`, an
/// administrator whose person lives there, is on duty, is told, has a phone and a deputy.
class Furnished {
 public:
  /// The one resident whom nobody may see plainly.
  static constexpr const char *kName = "欧阳若兰", *kPhone = "13800138000", *kIdentity = "330106195103020024";

  explicit Furnished(TestNode& node);

  /// A route's pattern with ids of things that there are, by the list that they stand in; "nothing" where there is none.
  /// A method with a pattern may have an id of its own.
  std::string target_of(const http::Routes::Route& route) const;
  /// Words that such a route takes: those with which the fixture itself asked it, or such as fit; "{}" for the rest.
  struct Words {
    std::string body = "{}", type = "application/json", query = {};
  };
  Words words_of(const http::Routes::Route& route) const;
  const std::string& maker() const { return maker_; }    ///< token
  const std::string& person() const { return person_; }  ///< id of the resident
  const std::string& own() const { return own_; }        ///< token of the resident's own login
  /// `role` over "here", "there" or, with "", everything. @returns its token
  const std::string& login(const std::string& role, const std::string& place);

 private:
  void people();
  void machines();
  void duty();
  void work();
  void words();
  void more_words();
  void remember(const std::string& method, const std::string& target, const std::string& body, const http::Pairs& headers);
  boost::json::value must(const std::string& method, const std::string& target, const std::string& body = {}, http::Pairs headers = {});
  std::string made(const std::string& target, const std::string& body);
  void put(const std::string& target, const std::string& body) { must("PUT", target, body); }
  /// The first item of a list must have come to be; the lane's hearers need a moment.
  std::string first(const std::string& list);

  TestNode& node_;
  std::string maker_, of_maker_, person_, own_;
  std::map<std::string, std::string> ids_, tokens_;
  std::map<std::string, Words> words_;  ///< by method and pattern
};

}  // namespace lifang
