// What `lifang demo` is told and refuses, as whoever types it sees it.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "support/served_node.hpp"
#include "support/test_folder.hpp"

namespace lifang {
namespace {

TEST(DemoCommand, keeps_its_district_and_says_so_when_another_is_asked_for) {
  if (lifang_program().empty()) GTEST_SKIP() << "skipped: no lifang beside the tests (./dev build)";
  const TestFolder folder;
  std::ofstream(folder.path() / "demo.json") << R"({"compounds":1,"households":20,"seed":1,"password":"made-up"})";
  const auto ran = run_lifang({"demo", "--data", folder.path().string(), "--compounds", "2"});
  EXPECT_EQ(ran.code, 1) << ran.words;
  EXPECT_NE(ran.words.find("demo.other_size"), std::string::npos) << ran.words;
  EXPECT_NE(ran.words.find("1 compounds and 20 households"), std::string::npos) << ran.words;
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "lifang.db")) << "nothing was made";
}

TEST(DemoCommand, ends_while_it_makes_the_past_and_leaves_an_empty_folder_empty) {
  if (lifang_program().empty()) GTEST_SKIP() << "skipped: no lifang beside the tests (./dev build)";
  const TestFolder folder;
  const auto ran = run_lifang_until({"demo", "--data", folder.path().string(), "--http", "127.0.0.1:0", "--mqtt", "127.0.0.1:0"}, "days of the past");
  EXPECT_EQ(ran.code, 0) << ran.words;
  EXPECT_NE(ran.words.find("ended before the district was finished"), std::string::npos) << ran.words;
  EXPECT_TRUE(std::filesystem::is_empty(folder.path())) << "what was half made";
}

TEST(SimulateCommand, says_once_that_the_node_has_no_such_district_and_is_no_good_end) {
  if (lifang_program().empty()) GTEST_SKIP() << "skipped: no lifang beside the tests (./dev build)";
  const TestFolder folder;
  ServedNode node(folder.path().string());
  ASSERT_TRUE(node.start()) << node.words();
  const auto ran = run_lifang({"simulate", "--http", "http://127.0.0.1:" + std::to_string(node.http_port()), "--mqtt",
                               "127.0.0.1:" + std::to_string(node.mqtt_port()), "--compounds", "1", "--households", "20"});
  EXPECT_EQ(ran.code, 1) << ran.words;
  EXPECT_NE(ran.words.find("it does not have this district"), std::string::npos) << ran.words;
}

}  // namespace
}  // namespace lifang
