// Runs every story of this folder on both engines. What a story may say: test/support/story.hpp.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "rooms/cases/cases_proof.hpp"
#include "support/paths.hpp"
#include "support/story.hpp"

namespace lifang {
namespace {

std::vector<std::string> all_stories() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(source_dir() + "/test/stories"))
    if (entry.path().extension() == ".story") names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

class Stories : public testing::TestWithParam<std::tuple<std::string, db::Engine>> {};

TEST_P(Stories, come_true) {
  const auto& [name, engine] = GetParam();
  std::ifstream in(source_dir() + "/test/stories/" + name + ".story");
  std::stringstream text;
  text << in.rdbuf();
  ASSERT_FALSE(text.str().empty());
  Story story(engine);
  try {
    story.tell(text.str());
  } catch (const StoryFailure& failure) {
    FAIL() << name << ".story, " << failure.what();
  }
  EXPECT_EQ(story.ask([](Reader& r) { return cases::prove(r).faults; }), std::vector<std::string>{});
}

INSTANTIATE_TEST_SUITE_P(, Stories,
                         testing::Combine(testing::ValuesIn(all_stories()),
                                          testing::Values(db::Engine::sqlite, db::Engine::postgres)),
                         [](const auto& param) { return std::get<0>(param.param) + "_" + engine_name(std::get<1>(param.param)); });

TEST(Story, that_does_not_come_true_says_which_line) {
  Story story(db::Engine::sqlite);
  try {
    story.tell("the day is 2026-03-02\nplace a is the compound 甲\n\nzhao lives in a\n08:00 zhao reports noise at a as C1\ncase C1 is closed\n");
    FAIL();
  } catch (const StoryFailure& failure) {
    EXPECT_NE(std::string(failure.what()).find("line 6: case C1 is closed"), std::string::npos) << failure.what();
  }
  EXPECT_THROW(story.tell("zhao sings\n"), StoryFailure);
  EXPECT_THROW(story.tell("zhao reports noise at a as C2 refused cases.not_yours\n"), StoryFailure);
  EXPECT_THROW(story.tell("07:00 zhao reports noise at a as C3\n"), StoryFailure) << "a story goes forward";
  EXPECT_THROW(story.tell("zhao reports no-such-kind at a as C4\n"), StoryFailure);
  EXPECT_NO_THROW(story.tell("# nothing\nzhao reports no-such-kind at a as C4 refused cases.unknown_kind\n"));
}

}  // namespace
}  // namespace lifang
