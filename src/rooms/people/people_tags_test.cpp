// Lists by a tag that is nobody's business: where right and purpose meet, and written down before they are answered.
#include "rooms/people/people.hpp"
#include "support/http_house.hpp"

namespace lifang::people {
namespace {

class PeopleByTag : public testing::TestWithParam<db::Engine> {
 protected:
  PeopleByTag() : ward_(GetParam()) {
    ward_.place("xihu", places::Kind::district);
    ward_.place("fuyuan", places::Kind::compound, "xihu");
    ward_.place("yuli", places::Kind::compound, "xihu");
    for (const char* where : {"fuyuan", "fuyuan", "yuli"}) {
      ward_.house().lane.now([&](Tx& tx) {
        PersonWords words;
        words.name = "王小明";
        words.place = places::PlaceId{where};
        const PersonId id = ward_.house().people.add(tx, Caller::system(), words).id;
        ward_.house().people.tag(tx, Caller::system(), id, "disabled");
      });
    }
  }
  /// What the audit log keeps of looking people up.
  std::vector<std::string> searched() {
    std::vector<std::string> found;
    auto lease = ward_.house().readers.lease();
    for (const bus::Told& told : bus::Bus::after(lease.reader(), 0, {"people"}, 10'000))
      if (told.topic == Searched::topic) found.push_back(told.body);
    return found;
  }
  std::vector<std::string> listed(const Caller& caller) {
    PersonFilter filter;
    filter.tag = "disabled";
    auto lease = ward_.house().readers.lease();
    std::vector<std::string> paths;
    for (const Person& person : ward_.house().people.list(lease.reader(), caller, filter)) paths.push_back(person.path);
    EXPECT_EQ(static_cast<std::int64_t>(paths.size()), People::count(lease.reader(), caller, filter));
    return paths;
  }
  HttpHouse ward_;
};
BOTH_ENGINES(PeopleByTag);

TEST_P(PeopleByTag, right_and_purpose_must_meet_at_one_place) {
  Caller caller{"account_s", "", "s", "", "", {{"people.read", "/xihu/"}, {"purpose.care", "/xihu/fuyuan/"}}};
  caller.purpose = "care";
  EXPECT_EQ(listed(caller), (std::vector<std::string>{"/xihu/fuyuan/", "/xihu/fuyuan/"})) << "not those of the other compound";
  caller.grants = {{"people.read", "/xihu/yuli/"}, {"purpose.care", "/xihu/"}};
  EXPECT_EQ(listed(caller), std::vector<std::string>{"/xihu/yuli/"});
  caller.grants = {{"people.read", "/xihu/yuli/"}, {"purpose.care", "/xihu/fuyuan/"}};
  EXPECT_THROW(listed(caller), Refusal);
}

TEST_P(PeopleByTag, such_a_list_is_in_the_log_once_a_request_whatever_it_is_asked_as) {
  const std::string desk = ward_.login("desk", "admin");
  const http::Pairs purpose{{"X-Purpose", "care"}};
  EXPECT_EQ(HttpHouse::code_of(ward_.ask("GET", "/api/v1/people?tag=disabled", desk)), "people.no_purpose");
  EXPECT_EQ(ward_.ask("GET", "/api/v1/people?tag=volunteer&count=true", desk, {}, purpose).status, 200);
  EXPECT_TRUE(searched().empty()) << "nothing was shown, or nothing to hide";
  const auto page = ward_.ask("GET", "/api/v1/people?tag=disabled&count=true&limit=1", desk, {}, purpose);
  EXPECT_EQ(page.status, 200) << page.body;
  EXPECT_NE(page.body.find("\"count\":3"), std::string::npos) << page.body;
  ASSERT_EQ(searched().size(), 1U);
  EXPECT_EQ(searched()[0], R"({"by":"tag","found":3,"tag":"disabled","purpose":"care"})");
  EXPECT_EQ(ward_.ask("GET", "/api/v1/people.csv?tag=disabled", desk, {}, purpose).status, 200);
  EXPECT_EQ(searched().size(), 2U);
  EXPECT_EQ(ward_.ask("GET", "/api/v1/people.xlsx?tag=disabled&place=yuli", desk, {}, purpose).status, 200);
  ASSERT_EQ(searched().size(), 3U);
  EXPECT_NE(searched()[2].find("\"found\":1"), std::string::npos);
}

TEST_P(PeopleByTag, a_sheet_of_many_pages_is_one_line_of_the_log) {
  for (int i = 0; i < 600; i += 100)
    ward_.house().lane.now([&](Tx& tx) {
      for (int n = 0; n < 100; ++n) {
        PersonWords words;
        words.name = "甲";
        words.place = places::PlaceId{"fuyuan"};
        ward_.house().people.tag(tx, Caller::system(), ward_.house().people.add(tx, Caller::system(), words).id, "disabled");
      }
    });
  const std::string desk = ward_.login("desk", "admin");
  const auto sheet = ward_.ask("GET", "/api/v1/people.csv?tag=disabled", desk, {}, {{"X-Purpose", "care"}});
  EXPECT_EQ(std::count(sheet.body.begin(), sheet.body.end(), '\n'), 604) << "head and 603 persons";
  ASSERT_EQ(searched().size(), 1U);
  EXPECT_NE(searched()[0].find("\"found\":603"), std::string::npos);
}

}  // namespace
}  // namespace lifang::people
