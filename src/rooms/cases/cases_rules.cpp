#include "rooms/cases/cases_rules.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/refusal.hpp"
#include "base/text.hpp"
#include "rooms/cases/cases_catalogue.hpp"

namespace lifang::cases {

void check_report(const Report& words) {
  if (words.text && words.text->size() > 4000) throw invalid("cases.too_long", "/text", "at most 4,000 bytes");
  if (words.files) {
    if (words.files->size() > 20) throw invalid("cases.too_many_files", "/files", "at most 20");
    for (std::size_t i = 0; i < words.files->size(); ++i)
      if (!is_client_id((*words.files)[i])) throw invalid("cases.bad_file", "/files/" + std::to_string(i), "the id of a file");
  }
  if (words.outer_number && (words.outer_number->empty() || words.outer_number->size() > 100))
    throw invalid("cases.bad_outer_number", "/outer_number", "1 to 100 bytes");
  if (words.position && !(std::abs(words.position->lon) <= 180 && std::abs(words.position->lat) <= 90))
    throw invalid("cases.bad_position", "/position", "longitude -180 to 180, latitude -90 to 90");
}

void check_says_enough(const Report& words, const Kind& kind) {
  const bool speaks = kind.code != kOtherKind && kind.class_ != Class::suggestion && kind.class_ != Class::enquiry;
  if (speaks || !kind.emergency.empty() || words.outer_number) return;
  const bool says = words.text && !normalise(*words.text).empty();
  if (!says && (!words.files || words.files->empty())) throw invalid("cases.text_needed", "/text", "say what it is about, or send a picture");
}

double likeness(std::string_view a, std::string_view b) {
  if (a == kWithdrawn || b == kWithdrawn) return 0;  // says nothing of what it was about
  const auto as = search_terms(a), bs = search_terms(b);
  const std::set<std::string> first(as.begin(), as.end()), second(bs.begin(), bs.end());
  if (first.empty() || second.empty()) return 0;
  std::size_t shared = 0;
  for (const std::string& term : first) shared += second.contains(term);
  return static_cast<double>(shared) / static_cast<double>(first.size() + second.size() - shared);
}

double resemblance(double likeness, bool same_kind, bool same_spot) {
  if (!same_kind) return likeness;
  return std::min(1.0, likeness + (same_spot ? 0.4 : 0.2));
}

}  // namespace lifang::cases
