// Names of many things at once are what one by one would show, neither more nor less: to every supplied role, inside and
// outside of its place, to whoever made the things and to the resident herself.
#include <fmt/format.h>

#include "platform/http/routes.hpp"
#include "support/furnished.hpp"

namespace lifang {
namespace {

const std::vector<std::string> kRoles = {"admin", "operator", "street",   "community", "property",   "bureau",   "guard",
                                         "worker", "doctor",  "merchant", "integrator", "resident", "viewer"};

class Names : public testing::Test {
 protected:
  http::Reply ask(const std::string& target, const std::string& token) {
    return client_.request("GET", "/api/v1/" + target, {{"Authorization", "Bearer " + token}});
  }
  /// What there is, and what there is not.
  std::vector<std::string> ids_of(const std::string& room) {
    std::vector<std::string> ids{"nothing"};
    const auto listed = parse_json(ask(room + "?limit=15", ward_.maker()).body);
    for (const auto& item : listed.at("items").as_array()) ids.emplace_back(item.at("id").as_string());
    if (room == "people") ids.push_back(ward_.person());
    return ids;
  }
  /// How many of them this login is told, both ways.
  std::size_t expect_same(const std::string& room, const std::vector<std::string>& ids, const std::string& token, const std::string& who) {
    std::map<std::string, boost::json::value> singly;
    std::string list;
    for (const std::string& id : ids) {
      const auto reply = ask(room + "/" + id, token);
      if (reply.status == 200) singly.emplace(id, parse_json(reply.body));
      list += (list.empty() ? "" : ",") + id;
    }
    const auto reply = ask(room + "/names?ids=" + list, token);
    if (reply.status != 200) {
      EXPECT_EQ(reply.status, 403) << room << " as " << who << " " << reply.body;
      EXPECT_TRUE(singly.empty()) << room << " as " << who << " is told one by one what is refused at once";
      return 0;
    }
    const auto items = parse_json(reply.body).at("items").as_array();
    EXPECT_EQ(items.size(), singly.size()) << room << " as " << who << " " << reply.body;
    for (const auto& item : items) {
      const auto one = singly.find(std::string(item.at("id").as_string()));
      if (one == singly.end()) {
        ADD_FAILURE() << room << " as " << who << " is told at once what is kept from them singly: " << to_json(item);
        continue;
      }
      for (const auto& member : item.as_object()) EXPECT_EQ(member.value(), one->second.at(member.key())) << room << " as " << who;
    }
    return items.size();
  }

  const TestFolder folder_;
  TestNode node_{folder_.path()};
  Furnished ward_{node_};
  http::Client client_{node_.origin()};
};

TEST_F(Names, of_many_at_once_are_those_of_one_by_one_for_every_role) {
  for (const std::string room : {"people", "places", "accounts", "cases"}) {
    const auto ids = ids_of(room);
    ASSERT_GT(ids.size(), 1U) << room;
    std::size_t told = 0, withheld = 0;
    const auto look = [&](const std::string& token, const std::string& who) {
      const std::size_t seen = expect_same(room, ids, token, who);
      (seen > 0 ? told : withheld) += 1;
    };
    for (const std::string& role : kRoles)
      for (const std::string side : {"here", "there", ""}) look(ward_.login(role, side), fmt::format("{} over '{}'", role, side));
    look(ward_.maker(), "whoever made it");
    look(ward_.own(), "the resident");
    EXPECT_GT(told, 5U) << room;
    EXPECT_GT(withheld, 0U) << room << ": nobody is kept from anything, so this test could not fail";
  }
}

TEST_F(Names, show_a_resident_plainly_to_herself_alone) {
  const std::string target = "people/names?ids=" + ward_.person();
  EXPECT_NE(ask(target, ward_.own()).body.find(Furnished::kName), std::string::npos);
  for (const std::string& role : kRoles)
    EXPECT_EQ(ask(target, ward_.login(role, "here")).body.find(Furnished::kName), std::string::npos) << role;
  EXPECT_EQ(client_.get("/api/v1/" + target).status, 401);
}

TEST_F(Names, are_at_most_a_hundred_at_once_each_of_them_once) {
  const auto many = [](int n) {
    std::string ids;
    for (int i = 0; i < n; ++i) ids += (i ? "," : "") + std::string("place-") + std::to_string(i);
    return ids;
  };
  EXPECT_EQ(ask("places/names?ids=" + many(100), ward_.maker()).status, 200);
  const auto refused = ask("places/names?ids=" + many(101), ward_.maker());
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(parse_json(refused.body).at("code").as_string(), "http.too_many_ids");
  EXPECT_EQ(parse_json(refused.body).at("field").as_string(), "?ids");
  const auto once = ask("places/names?ids=here,,there,here," + many(98), ward_.maker());
  EXPECT_EQ(once.status, 200) << "a hundred, whatever is said twice";
  EXPECT_EQ(parse_json(once.body).at("items").as_array().size(), 2U);
  EXPECT_TRUE(parse_json(ask("places/names", ward_.maker()).body).at("items").as_array().empty());
}

}  // namespace
}  // namespace lifang
