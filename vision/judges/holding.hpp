// What was told to begin and still stands, by kind and by subject: "over" is said of a kind only when nothing of it stands.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lifang::vision {

/// One message to the node.
struct Telling {
  std::string kind;
  double began = 0, seconds = 0;  ///< seconds of the judges' clock: since when (first word) or for when, and when it was told
  double confidence = 0;
  std::string attributes;         ///< a JSON object
  bool shown = false;             ///< with picture and clip
};

/// Pure bookkeeping of one camera. A subject is an area, a bin, a bag, a person: whatever may stand twice at once.
class Holding {
 public:
  explicit Holding(double repeat_s) : repeat_s_(repeat_s) {}
  /// `repeat_s`: of this one, where it is not to be told as often as the rest.
  Telling begin(const std::string& kind, const std::string& subject, const Telling& first, std::optional<double> repeat_s = {});
  /// `KIND_over` when this was the last of its kind. While others stand they are told again instead, with how many they are.
  std::vector<Telling> end(const std::string& kind, const std::string& subject, double seconds);
  /// What stands may become surer, never less sure. Told at once when it rose by a tenth since it was told, else with the next repeat: a
  /// weak first word must not stay below what a rule asks for.
  std::optional<Telling> raise(const std::string& kind, const std::string& subject, double seconds, double confidence);
  /// What was not told for `repeat_s`: the node acts on fresh evidence only. What is surer than when it was last shown is shown again.
  std::vector<Telling> again(double seconds);
  /// Nobody looks any more: `KIND_over` for each kind, and why is said. With a confidence of 0, because nobody saw that it is gone: rules that
  /// hear `KIND_over` with some confidence leave standing what was not seen to end. `which`: of these kinds alone.
  std::vector<Telling> end_all(double seconds, std::string_view because, const std::function<bool(const std::string& kind)>& which = {});

 private:
  struct Held {
    double told = 0, confidence = 0, told_confidence = 0, shown_confidence = -1;
    std::string attributes;
    std::optional<double> repeat_s;
  };
  using Key = std::pair<std::string, std::string>;
  std::size_t standing(const std::string& kind) const;
  Telling tell(const Key& key, Held& held, double seconds) const;
  double repeat_s_;
  std::map<Key, Held> held_;
};

}  // namespace lifang::vision
