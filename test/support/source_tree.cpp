#include "support/source_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "support/paths.hpp"

namespace lifang::tidy {
namespace fs = std::filesystem;
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

Source read(const fs::path& file, std::string path) {
  Source source;
  source.path = std::move(path);
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("#include \"")) source.quoted.push_back(line.substr(10, line.find('"', 10) - 10));
    if (line.starts_with("#include <")) source.angled.push_back(line.substr(10, line.find('>', 10) - 10));
    source.lines.push_back(std::move(line));
  }
  return source;
}

void read_below(const fs::path& root, const std::string& folder, std::map<std::string, Source>& out) {
  static const std::set<std::string> skipped = {"node_modules", "dist", "build", "corpus", "fixtures"};
  static const std::set<std::string> kinds = {".cpp", ".hpp", ".sql", ".md", ".ts", ".vue", ".csv", ".story", ".py", ".mjs", ".golden"};
  for (auto at = fs::recursive_directory_iterator(root / folder); at != fs::recursive_directory_iterator(); ++at) {
    if (at->is_directory() && skipped.contains(at->path().filename())) at.disable_recursion_pending();
    if (!at->is_regular_file() || !kinds.contains(at->path().extension())) continue;
    std::string path = fs::relative(at->path(), root).generic_string();
    Source source = read(at->path(), path);
    out.emplace(std::move(path), std::move(source));
  }
}

std::map<std::string, Source> read_tree() {
  const fs::path root = source_dir();
  std::map<std::string, Source> found;
  for (const char* folder : {"src", "test", "bench", "docs", "web"}) read_below(root, folder, found);
  for (const char* page : {"README.md", "README.zh-CN.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"})
    found.emplace(page, read(root / page, page));
  return found;
}

}  // namespace

std::string Source::room() const {
  constexpr std::string_view kRooms = "src/rooms/";
  if (!path.starts_with(kRooms)) return {};
  return path.substr(kRooms.size(), path.find('/', kRooms.size()) - kRooms.size());
}

std::string Source::text() const {
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  return text;
}

const std::map<std::string, Source>& tree() {
  static const std::map<std::string, Source> tree = read_tree();
  return tree;
}

void each_part(const std::function<void(const Source&)>& visit) {
  for (const auto& [path, source] : tree())
    if (path.starts_with("src/") && source.is_code() && !source.is_test()) visit(source);
}

std::string code_of(const std::string& line) {
  std::string code;
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote) {
      if (c == '\\') ++i;
      else if (c == quote) quote = 0;
      continue;
    }
    if (c == '/' && i + 1 < line.size() && line[i + 1] == '/') break;
    // 1'000 is a number and no character.
    if (c == '"' || (c == '\'' && (i == 0 || !std::isdigit(static_cast<unsigned char>(line[i - 1]))))) quote = c;
    code += c;
  }
  return code;
}

void Findings::add(const Source& source, std::size_t line, std::string_view what) {
  text_ += line ? fmt::format("\n{}:{}: {}", source.path, line, what) : fmt::format("\n{}: {}", source.path, what);
}

const std::vector<std::string>& room_order() {
  static const std::vector<std::string> order = [] {
    std::vector<std::string> rooms;
    for (std::string line : tree().at("src/house.hpp").lines) {
      // "  places::Places places;" or "  std::shared_ptr<drills::Drills> drills;"
      if (constexpr std::string_view kShared = "  std::shared_ptr<"; line.starts_with(kShared)) line = "  " + line.substr(kShared.size());
      const auto colons = line.find("::");
      if (!line.starts_with("  ") || line.find(';') == std::string::npos || colons == std::string::npos) continue;
      const std::string room = line.substr(2, colons - 2);
      if (tree().contains("src/rooms/" + room + "/" + room + ".hpp") && std::find(rooms.begin(), rooms.end(), room) == rooms.end())
        rooms.push_back(room);
    }
    return rooms;
  }();
  return order;
}

std::set<std::string> declared(const std::string& room) {
  const auto page = tree().find("src/rooms/" + room + "/README.md");
  if (page == tree().end()) return {};
  const std::string text = page->second.text();
  const auto from = text.find("**Depends on**");
  if (from == std::string::npos) return {};
  const std::string part = text.substr(from + 14, std::min(text.find("**", from + 14), text.size()) - from - 14);
  std::set<std::string> rooms;
  for (const auto& name : room_order())
    if (has_word(part, name)) rooms.insert(name);
  return rooms;
}

bool has_word(std::string_view line, std::string_view word) {
  for (auto at = line.find(word); at != std::string_view::npos; at = line.find(word, at + 1)) {
    const bool before = at > 0 && is_word(line[at - 1]);
    const auto end = at + word.size();
    if (!before && (end >= line.size() || !is_word(line[end]))) return true;
  }
  return false;
}

}  // namespace lifang::tidy
