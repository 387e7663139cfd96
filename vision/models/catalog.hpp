// The catalogue of models (models.toml): where each file lies, what it takes, and the hash that it must have.
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace lifang::vision {

/// One model as models.toml describes it. `threshold` is the score below which its findings are dropped.
struct ModelSpec {
  std::string name;
  std::filesystem::path file;  ///< found, absolute
  std::string source;          ///< package and version, and whose weights they are
  std::string licence;
  std::string sha256;          ///< of the ONNX file, lower-case hex
  int width = 0, height = 0;   ///< of the input picture; 0 where the model takes any
  float threshold = 0.5F;
  std::vector<std::string> classes;
};

class Catalog {
 public:
  /// Reads `toml`; a relative `file` is looked for in the folders of `search`, in order (a site's own folder
  /// first). A models.toml in one of those folders is laid over it, field by field, the first folder uppermost: a site pins its own
  /// files there. Another sha256 needs its own source and licence, because those are of the file.
  /// Throws Refusal (invalid, "vision.models") when a file is unreadable or a field is off.
  Catalog(const std::filesystem::path& toml, const std::vector<std::filesystem::path>& search);

  /// Throws Refusal (missing, "vision.model") for names that the catalogue does not hold or whose file is absent.
  const ModelSpec& find(std::string_view name) const;
  std::vector<std::string> names() const;

 private:
  std::map<std::string, ModelSpec, std::less<>> models_;
};

/// Lower-case hex SHA-256 of a file. Throws Refusal (missing) when it cannot be read.
std::string sha256_of(const std::filesystem::path& file);

/// Throws Refusal (conflict, "vision.model_hash") unless the file has the hash that the catalogue pins.
void verify(const ModelSpec& model);

/// The folder with models.toml: $LIFANG_MODELS, else beside the program (../models, ../share/lifang/models).
std::filesystem::path default_models_folder();

}  // namespace lifang::vision
