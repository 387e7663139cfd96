// The examples of the guides, run to the letter against a real node: what stands below a line "<!-- run -->" in one page is
// one shell session; "<!-- shows: WORDS -->" behind a block is what its output must hold. Only the address, the ports and
// the folder are other ones.
#include <fmt/format.h>

#include <cstdio>
#include <fstream>

#include "support/live_node.hpp"
#include "support/paths.hpp"

namespace lifang {
namespace {

struct Block {
  std::string words, shows;
};

std::string page(const std::string& name) {
  std::ifstream in(source_dir() + "/docs/" + name);
  EXPECT_TRUE(in) << name;
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<Block> blocks_of(const std::string& text) {
  constexpr std::string_view kRun = "<!-- run -->\n```sh\n", kShows = "\n<!-- shows: ";
  std::vector<Block> blocks;
  for (auto at = text.find(kRun); at != std::string::npos; at = text.find(kRun, at + 1)) {
    const auto from = at + kRun.size(), to = text.find("```", from);
    Block block{text.substr(from, to - from), {}};
    if (text.compare(to + 3, kShows.size(), kShows) == 0) {
      const auto words = to + 3 + kShows.size();
      block.shows = text.substr(words, text.find(" -->", words) - words);
    }
    blocks.push_back(std::move(block));
  }
  return blocks;
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

std::string output_of(const std::string& command) {
  std::string text;
  FILE* pipe = ::popen(command.c_str(), "r");
  char buffer[4096];
  for (std::size_t n; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) text.append(buffer, n);
  const int code = ::pclose(pipe);
  return text + fmt::format("@@end {}\n", code);
}

bool has_program(const char* name) {
  return output_of(fmt::format("command -v {} >/dev/null 2>&1", name)) == "@@end 0\n";
}

class DocExamples : public testing::TestWithParam<const char*> {};

TEST_P(DocExamples, are_the_same_in_both_languages) {
  const std::string name = GetParam();
  const auto english = blocks_of(page(name + ".md")), chinese = blocks_of(page(name + ".zh-CN.md"));
  ASSERT_GE(english.size(), 2U) << "the examples have lost their marks";
  ASSERT_EQ(english.size(), chinese.size());
  for (std::size_t i = 0; i < english.size(); ++i) {
    EXPECT_EQ(english[i].words, chinese[i].words);
    EXPECT_EQ(english[i].shows, chinese[i].shows);
  }
}

TEST_P(DocExamples, work_to_the_letter) {
  const std::string name = GetParam();
  const auto blocks = blocks_of(page(name + ".md"));
  for (const char* program : {"curl", "mosquitto_pub"}) {
    bool wanted = false;
    for (const auto& block : blocks) wanted = wanted || block.words.find(program) != std::string::npos;
    if (wanted && !has_program(program)) GTEST_SKIP() << program << " is not installed; the examples of " << name << " were not run";
  }
  const std::string lifang = binary_dir() + "/bin/lifang";
  LiveNode node;
  std::ofstream(node.directory() + "/admin-password") << LiveNode::kPassword << '\n';
  std::string script = "set -euo pipefail\nlifang() { '" + lifang + "' \"$@\"; }\n";
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    std::string words = blocks[i].words;
    replace_all(words, "127.0.0.1:8080", node.origin().substr(7));
    replace_all(words, "-p 1883", fmt::format("-p {}", node.node().mqtt_port()));
    replace_all(words, "/var/lib/lifang", node.directory());
    replace_all(words, "/tmp/lifang-", node.directory() + "-doc-");
    script += fmt::format("echo '@@block {}'\n{}\n", i, words);
  }
  const std::string file = node.directory() + "/examples.sh";
  std::ofstream(file) << script;
  const std::string output = output_of("timeout 120 bash " + file + " 2>&1");
  output_of("rm -rf " + node.directory() + "-doc-*");
  EXPECT_NE(output.find("@@end 0\n"), std::string::npos) << output.substr(output.size() > 3000 ? output.size() - 3000 : 0);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const auto from = output.find(fmt::format("@@block {}\n", i));
    ASSERT_NE(from, std::string::npos) << "not reached: " << blocks[i].words;
    const std::string said = output.substr(from, output.find("@@", from + 2) - from);
    EXPECT_NE(said.find(blocks[i].shows), std::string::npos) << blocks[i].words << "\nshould show " << blocks[i].shows << "\n" << said;
  }
}

INSTANTIATE_TEST_SUITE_P(Guides, DocExamples, testing::Values("guide/integrator", "guide/operator", "operate/running"),
                         [](const auto& each) {
                           std::string name = each.param;
                           return name.substr(name.find('/') + 1);
                         });

}  // namespace
}  // namespace lifang
