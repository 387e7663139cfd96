// The templates of those who agreed to be known by their face at a gate. They stay in this folder: sealed, with the consent they stand on and its end.
#pragma once
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/describe.hpp"
#include "base/secret.hpp"
#include "base/world.hpp"

namespace lifang::vision {

/// What is shown of a template: never the print.
struct FaceEntry {
  std::string id;       ///< opaque: nothing in it says who
  std::string consent;  ///< the consent's id or the paper's number, as whoever enrolled wrote it
  Time enrolled, until;
};
BOOST_DESCRIBE_STRUCT(FaceEntry, (), (id, consent, enrolled, until))

struct FaceMatch {
  std::string id;
  double distance = 0;
};

/// From so many stored persons on the storage must be filed (人脸识别技术应用安全管理办法, art. 15).
inline constexpr std::size_t filing_from = 100'000;

/// `FOLDER/faces/ID.face`, each sealed with a key of its own that lies in it, wrapped by `FOLDER/keys/faces.key`: who deletes the file has deleted the
/// face. `FOLDER/faces.jsonl` says what was done with which, and by whom. Safe from several threads, and beside another process that enrols.
class FaceBook {
 public:
  FaceBook(World world, std::filesystem::path folder);
  /// `prints`: of one person, of several pictures if there are. @returns the template's id. Throws Refusal vision.consent (nothing to stand on),
  /// vision.until (past, or more than a year ahead: consent is asked again), vision.print, vision.enrolled (this face is there
  /// already), vision.folder; keys.… as read_or_make_key does.
  std::string enrol(const std::vector<std::vector<float>>& prints, const std::string& consent, Time until, const std::string& by);
  /// False when there is none of this name (any more).
  bool forget(const std::string& id, const std::string& by);
  /// All that stand on one consent, because it was withdrawn. @returns how many
  std::size_t forget_consent(const std::string& consent, const std::string& by);
  /// Deletes what is past its end. @returns how many
  std::size_t sweep();
  std::vector<FaceEntry> list();
  /// Files that are not what was sealed here.
  std::size_t damaged();
  /// The nearest template that is not past its end, if it is nearer than `threshold` and clearly nearer than anybody else's.
  std::optional<FaceMatch> match(const std::vector<float>& print, double threshold);

 private:
  struct Stored {
    FaceEntry entry;
    std::vector<std::vector<float>> prints;
  };
  const Vault& vault();
  void look_again();
  std::optional<Stored> open(const std::filesystem::path& file, const std::string& id);
  bool remove(const std::string& id, const std::string& what, const std::string& by);
  bool note(const std::string& id, const std::string& what, const std::string& by);

  World world_;
  std::filesystem::path folder_;
  std::mutex mutex_;
  std::optional<Vault> vault_;
  std::optional<std::filesystem::file_time_type> read_at_;
  std::vector<std::string> names_;  ///< a folder's time is coarse: two changes may bear the same
  std::vector<Stored> stored_;
  std::size_t damaged_ = 0;
};

}  // namespace lifang::vision
