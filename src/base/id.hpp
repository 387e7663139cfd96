// Id<T>: a typed identity. Made by us ("case_01J9…") or given by a client ("fuyuan-gate").
#pragma once
#include <compare>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "base/world.hpp"

namespace lifang {

/// True for ids that clients may choose: [A-Za-z0-9][A-Za-z0-9._-]{0,63}.
bool is_client_id(std::string_view text);

/// `Tag` is the thing that it names; a tag whose ids we make carries `static constexpr std::string_view prefix`.
template <class Tag>
struct Id {
  std::string text;

  Id() = default;
  explicit Id(std::string text_) : text(std::move(text_)) {}
  bool empty() const { return text.empty(); }
  auto operator<=>(const Id&) const = default;

  static Id make(Ids& ids) { return Id{std::string(Tag::prefix) + "_" + ids.ulid()}; }
  /// Whether the text has the shape of an id of this kind; a shape that is off is answered 404.
  static bool fits(std::string_view candidate) {
    return candidate.size() == Tag::prefix.size() + 27 && candidate.starts_with(Tag::prefix) &&
           candidate[Tag::prefix.size()] == '_' && is_client_id(candidate);
  }
};

}  // namespace lifang

template <class Tag>
struct std::hash<lifang::Id<Tag>> {
  std::size_t operator()(const lifang::Id<Tag>& id) const noexcept { return std::hash<std::string>{}(id.text); }
};
