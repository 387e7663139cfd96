// The words of the command line: what is off is named, and nothing is begun.
#include "commands.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <vector>

#include "support/test_folder.hpp"
#include "support/test_node.hpp"

namespace lifang {
namespace {

struct Said {
  int code = 0;
  std::string out, errors;
};

/// A command that speaks to a node holds the signals of its process: here that is the tests'.
class SignalsAsTheyWere {
 public:
  SignalsAsTheyWere() { pthread_sigmask(SIG_SETMASK, nullptr, &before_); }
  ~SignalsAsTheyWere() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsAsTheyWere(const SignalsAsTheyWere&) = delete;
  SignalsAsTheyWere& operator=(const SignalsAsTheyWere&) = delete;

 private:
  sigset_t before_{};
};

Said say(std::vector<const char*> words) {
  const SignalsAsTheyWere signals;
  words.insert(words.begin(), "lifang");
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  Said said;
  said.code = run_command(static_cast<int>(words.size()), words.data());
  said.out = testing::internal::GetCapturedStdout();
  said.errors = testing::internal::GetCapturedStderr();
  return said;
}

TEST(Commands, a_word_that_is_no_command_is_named) {
  for (const auto& words : std::vector<std::vector<const char*>>{{"frobnicate"}, {"frobnicate", "--data", "x"}, {"user", "frobnicate"}}) {
    const Said said = say(words);
    EXPECT_EQ(said.code, 2);
    EXPECT_NE(said.errors.find("there is no command frobnicate"), std::string::npos) << said.errors;
  }
  EXPECT_EQ(say({}).code, 2) << "no word at all";
}

TEST(Commands, every_command_says_its_version_and_its_help_without_other_words) {
  for (const auto& words : std::vector<std::vector<const char*>>{{}, {"serve"}, {"verify"}, {"user"}, {"user", "add"}})
    for (const char* asked : {"--version", "--help"}) {
      auto all = words;
      all.push_back(asked);
      const Said said = say(all);
      EXPECT_EQ(said.code, 0) << said.errors;
      EXPECT_FALSE(said.out.empty());
      EXPECT_EQ(said.out.starts_with("lifang "), std::string(asked) == "--version") << said.out;
    }
}

TEST(Commands, a_rule_that_is_no_json_is_told_by_the_byte_of_its_file) {
  const TestFolder folder;
  { const TestNode node(folder.path()); }
  const auto file = (folder.path() / "rule.json").string();
  std::ofstream(file) << "{bad";
  const Said said = say({"backtest", "--data", folder.path().c_str(), "--rule", file.c_str()});
  EXPECT_EQ(said.code, 2);
  EXPECT_NE(said.errors.find("at byte 1 "), std::string::npos) << said.errors;
}

TEST(Commands, why_takes_any_id_as_it_is) {
  const TestFolder folder;
  { const TestNode node(folder.path()); }
  for (const char* id : {"reading:air-1:rh%:1", "reading:air-1:rel humidity:1", "reading:air-1:a?b#c:1"}) {
    const Said said = say({"why", "--data", folder.path().c_str(), id});
    EXPECT_EQ(said.errors.find("http."), std::string::npos) << "the target is whole: " << said.errors;
    EXPECT_EQ(said.code, 1) << id << " is not there: " << said.errors;
  }
}

}  // namespace
}  // namespace lifang
