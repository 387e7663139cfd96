// Which headings each list knows, and reading one row by them.
#pragma once
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "platform/sheet/sheet.hpp"
#include "rooms/imports/imports.hpp"

namespace lifang::imports {

/// `also`: further spellings between bars; what an export of ours heads it with is among them. `of_exports`: nobody fills it in
/// by hand, so that an empty list does not have it.
struct Column {
  std::string_view id, name, name_en;
  bool needed;
  std::string_view example, help;
  std::string_view also = {};
  bool of_exports = false;
};
std::string_view name_of(What what);
std::span<const Column> columns_of(What what);

/// The headings of a file: which cell holds which column.
struct Head {
  std::size_t row = 0;                      ///< index of the row that holds them
  std::map<std::string_view, std::size_t> at;  ///< cell by column id
  std::vector<std::string> headings;
  std::vector<std::string> ignored;
};
/// Looks for them in the first five rows: titles may stand above. @throws Refusal invalid imports.no_headings with
/// those that are missing
Head head_of(What what, const std::vector<sheet::Row>& rows);

/// Whatever names a row of an export of ours by its id needs no names beside it.
bool is_needed(What what, const Column& column, const Head& head);

/// One row, read by the ids of columns. Refusals carry the column's id as "/id" in `field`.
class Line {
 public:
  Line(const Head& head, const sheet::Row& row) : head_(&head), row_(&row) {}
  std::size_t number() const { return row_->line; }
  /// Trimmed; empty if absent.
  std::string text(std::string_view column) const;
  std::optional<std::string> maybe(std::string_view column) const;
  /// @throws Refusal invalid imports.needed
  std::string must(std::string_view column) const;
  /// A word that programs choose. @throws invalid imports.bad_id
  std::string id(std::string_view column) const;
  std::optional<double> number_in(std::string_view column) const;
  std::optional<std::int64_t> whole_in(std::string_view column) const;
  /// Nothing for a cell that an export masked: it means "as it is", and never itself.
  std::optional<std::string> unmasked(std::string_view column) const;
  /// A day or an instant; without a zone it is the district's.
  std::optional<Time> instant(std::string_view column, int offset_minutes) const;
  /// "30分钟", "2小时", "1天", "PT30M".
  std::optional<Duration> duration(std::string_view column) const;
  std::optional<bool> yes(std::string_view column) const;
  /// The parts between 、 , ; or ，；
  std::vector<std::string> parts(std::string_view column) const;
  /// One of pairs (outward word, Chinese words between bars). @throws invalid imports.not_one_of
  std::optional<std::string_view> choice(std::string_view column,
                                         std::span<const std::pair<std::string_view, std::string_view>> words) const;
  /// Not to be read: it begins with '#'.
  bool is_remark() const;

 private:
  const Head* head_;
  const sheet::Row* row_;
};

/// Stars stand for what is not shown: "王**", "138****0000".
bool is_masked(std::string_view cell);
std::optional<Duration> spoken_duration(std::string_view text);
/// What to do about a code, in Chinese; with the room's own English words behind it where we have no better ones.
std::string advice_for(const std::string& code, const std::string& detail);

}  // namespace lifang::imports
