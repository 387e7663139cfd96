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

}  // namespace
}  // namespace lifang
