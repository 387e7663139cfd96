// What a resident's own page may ask, through the real server.
#include "support/http_house.hpp"

namespace lifang {
namespace {

class ResidentPage : public testing::Test {
 protected:
  ResidentPage() {
    ward_.place("garden", places::Kind::compound);
    ward_.place("garden-b1", places::Kind::building, "garden");
    ward_.place("garden-b1-101", places::Kind::home, "garden-b1");
    ward_.place("other", places::Kind::compound);
    ward_.place("other-7", places::Kind::home, "other");
    admin_ = ward_.login("root", "admin");
    father_ = person("王建国", "other-7");
    daughter_ = person("王小明", "garden-b1-101");
    move_in(father_, "other-7");
    move_in(daughter_, "garden-b1-101");
    token_ = ward_.login("daughter", "resident", "garden", daughter_);
    father_token_ = ward_.login("father", "resident", "other", father_);
  }
  std::string made(const std::string& target, const std::string& token, const std::string& body) {
    const auto reply = ward_.ask("POST", target, token, body);
    EXPECT_LT(reply.status, 300) << target << " " << reply.body;
    return HttpHouse::text_of(reply, "id");
  }
  std::string person(const std::string& name, const std::string& place) {
    return made("/api/v1/people", admin_, R"({"name":")" + name + R"(","place":")" + place + "\"}");
  }
  void move_in(const std::string& person, const std::string& place) {
    const std::string home = made("/api/v1/people/households", admin_, R"({"place":")" + place + "\"}");
    made("/api/v1/people/households/" + home + "/members", admin_, R"({"person":")" + person + R"(","role":"owner"})");
  }
  HttpHouse ward_;
  std::string admin_, father_, daughter_, token_, father_token_;
};

TEST_F(ResidentPage, somebody_finds_their_home_and_its_address) {
  const auto reply = ward_.ask("GET", "/api/v1/people/me/homes", token_);
  EXPECT_EQ(reply.status, 200);
  EXPECT_NE(reply.body.find(R"("place":"garden-b1-101")"), std::string::npos) << reply.body;
  EXPECT_NE(reply.body.find("garden · garden-b1 · garden-b1-101"), std::string::npos) << reply.body;
}

TEST_F(ResidentPage, a_helper_finds_the_home_of_whom_she_helps_and_nobody_elses) {
  const std::string target = "/api/v1/people/" + father_ + "/homes";
  EXPECT_EQ(ward_.ask("GET", target, token_).status, 403);
  made("/api/v1/people/helpers", father_token_,
       R"({"person":")" + father_ + R"(","helper":")" + daughter_ + R"(","scope":["report"]})");
  const auto reply = ward_.ask("GET", target, token_);
  EXPECT_EQ(reply.status, 200);
  EXPECT_NE(reply.body.find("other-7"), std::string::npos) << reply.body;
  EXPECT_EQ(ward_.ask("GET", "/api/v1/people/" + daughter_ + "/homes", father_token_).status, 403) << "it goes one way";
  const auto helpers = ward_.ask("GET", "/api/v1/people/me/helpers", token_);
  EXPECT_NE(helpers.body.find(R"("person_name":"王**")"), std::string::npos) << helpers.body;
  EXPECT_EQ(helpers.body.find("王建国"), std::string::npos);
}

TEST_F(ResidentPage, a_report_may_be_about_shared_places_of_ones_own_ward_and_no_home_is_listed) {
  const auto reply = ward_.ask("GET", "/api/v1/places/around", token_);
  EXPECT_EQ(reply.status, 200);
  EXPECT_NE(reply.body.find(R"("id":"garden-b1")"), std::string::npos) << reply.body;
  EXPECT_EQ(reply.body.find("garden-b1-101"), std::string::npos) << reply.body;
  EXPECT_EQ(reply.body.find("other"), std::string::npos) << reply.body;
}

TEST_F(ResidentPage, the_places_around_come_in_pages) {
  const auto first = ward_.ask("GET", "/api/v1/places/around?limit=1", token_);
  EXPECT_NE(first.body.find(R"("id":"garden")"), std::string::npos) << first.body;
  const auto second = ward_.ask("GET", "/api/v1/places/around?limit=1&after=" + HttpHouse::text_of(first, "next"), token_);
  EXPECT_NE(second.body.find(R"("id":"garden-b1")"), std::string::npos) << second.body;
}

}  // namespace
}  // namespace lifang
