#include "vision/models/catalog.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <cstdlib>
#include <fstream>
#include <memory>
#include <toml++/toml.h>

#include "base/refusal.hpp"

namespace lifang::vision {
namespace fs = std::filesystem;
namespace {

fs::path locate(const fs::path& file, const std::vector<fs::path>& search) {
  if (file.is_absolute()) return file;
  std::error_code off;  // a name may be longer than any that a disk takes
  for (const fs::path& folder : search)
    if (fs::exists(folder / file, off)) return fs::absolute(folder / file);
  return file;
}

ModelSpec read_model(const std::string& name, const toml::table& t, const std::vector<fs::path>& search) {
  ModelSpec m;
  m.name = name;
  m.file = locate(t["file"].value_or(std::string{}), search);
  m.source = t["source"].value_or(std::string{});
  m.licence = t["licence"].value_or(std::string{});
  m.sha256 = t["sha256"].value_or(std::string{});
  m.width = t["width"].value_or(0);
  m.height = t["height"].value_or(0);
  m.threshold = t["threshold"].value_or(0.5F);
  if (const auto* classes = t["classes"].as_array())
    for (const auto& c : *classes) m.classes.push_back(c.value_or(std::string{}));
  for (const auto& [field, text] : {std::pair{"file", m.file.string()}, {"source", m.source},
                                    {"licence", m.licence}, {"sha256", m.sha256}})
    if (text.empty()) throw invalid("vision.models", fmt::format("/{}/{}", name, field), "is missing");
  return m;
}

toml::table table_of(const fs::path& path) {
  try {
    return toml::parse_file(path.string());
  } catch (const toml::parse_error& error) {
    throw Refusal{RefusalKind::invalid, "vision.models", fmt::format("{}: {}", path.string(), error.description())};
  }
}

const toml::table& model_at(const fs::path& path, std::string_view name, const toml::node& value) {
  const auto* table = value.as_table();
  if (table == nullptr) throw invalid("vision.models", fmt::format("/{}", name), path.string() + ": is not a table");
  return *table;
}

void lay_over(toml::table& root, const fs::path& path) {
  for (const auto& [key, value] : table_of(path)) {
    const toml::table& own = model_at(path, key.str(), value);
    auto* shipped = root[key.str()].as_table();
    if (shipped == nullptr) {
      root.insert(key, own);
      continue;
    }
    const bool another = own.contains("sha256") && own["sha256"].value_or(std::string{}) != (*shipped)["sha256"].value_or(std::string{});
    for (const char* field : {"source", "licence"})
      if (another && !own.contains(field))
        throw invalid("vision.models", fmt::format("/{}/{}", key.str(), field), path.string() + ": another file than the pinned one needs its own");
    for (const auto& [field, said] : own) shipped->insert_or_assign(field, said);
  }
}

}  // namespace

Catalog::Catalog(const fs::path& path, const std::vector<fs::path>& search) {
  toml::table root = table_of(path);
  for (const auto& [key, value] : root) model_at(path, key.str(), value);
  for (auto folder = search.rbegin(); folder != search.rend(); ++folder) {
    const fs::path own = *folder / "models.toml";
    std::error_code none;
    if (fs::exists(own, none) && !fs::equivalent(own, path, none)) lay_over(root, own);
  }
  for (const auto& [key, value] : root) {
    const std::string name{key.str()};
    models_.emplace(name, read_model(name, model_at(path, name, value), search));
  }
}

const ModelSpec& Catalog::find(std::string_view name) const {
  const auto at = models_.find(name);
  if (at == models_.end())
    throw missing("vision.model", fmt::format("no model is called {}", name));
  std::error_code off;
  if (!fs::exists(at->second.file, off))
    throw missing("vision.model", fmt::format("the file of model {} is not there: {}", name, at->second.file.string()));
  return at->second;
}

std::vector<std::string> Catalog::names() const {
  std::vector<std::string> out;
  for (const auto& [name, model] : models_) out.push_back(name);
  return out;
}

std::string sha256_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw missing("vision.model", fmt::format("cannot read {}", file.string()));
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr);
  std::vector<char> block(1 << 16);
  while (in.read(block.data(), static_cast<std::streamsize>(block.size())) || in.gcount() > 0)
    EVP_DigestUpdate(digest.get(), block.data(), static_cast<std::size_t>(in.gcount()));
  unsigned char bytes[EVP_MAX_MD_SIZE];
  unsigned int count = 0;
  EVP_DigestFinal_ex(digest.get(), bytes, &count);
  std::string hex;
  for (unsigned int i = 0; i < count; ++i) hex += fmt::format("{:02x}", bytes[i]);
  return hex;
}

void verify(const ModelSpec& model) {
  const std::string found = sha256_of(model.file);
  if (found != model.sha256)
    throw conflict("vision.model_hash", fmt::format("{} is not the pinned file of model {} (sha256 {}, pinned {}); a file of your own is pinned in a models.toml beside it",
                                                    model.file.string(), model.name, found, model.sha256));
}

fs::path default_models_folder() {
  if (const char* given = std::getenv("LIFANG_MODELS")) return given;
  std::error_code ignored;
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored).parent_path();
  for (const char* way : {"../models", "../share/lifang/models"})
    if (fs::exists(program / way / "models.toml")) return fs::weakly_canonical(program / way);
  return program / "../models";
}

}  // namespace lifang::vision
