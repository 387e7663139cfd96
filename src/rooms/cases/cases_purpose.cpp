// A case as the purpose for which somebody looks at personal data.
#include "rooms/cases/cases_parts.hpp"

namespace lifang::cases {
namespace {

/// Whoever was told of an end may still be asked about it for so long.
constexpr auto kStillAsked = std::chrono::hours(24 * 30);

}  // namespace

CaseId Cases::for_purpose(Reader& reader, const Caller& caller, const std::string& named) const {
  if (named.empty()) throw invalid("cases.purpose_names_none", "?purpose", "for which case: case:ID, its id or its number");
  const auto record = CaseId::fits(named) ? store::find(reader, CaseId{named}) : store::find_by_number(reader, named);
  if (!record || !Viewer(reader, parts_->tools.rosters, caller).reads(*record))
    throw forbidden("cases.purpose_not_theirs", "no case of that id or number that this login works on");
  const auto ended = record->closed_at ? record->closed_at : record->verified_at;
  if (!is_open(record->state) && ended && *ended + kStillAsked < now())
    throw forbidden("cases.purpose_settled", "this case was settled more than 30 days ago");
  return record->id;
}

}  // namespace lifang::cases
