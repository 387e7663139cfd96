#include "vision/judges/plate_decode.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "base/check.hpp"

namespace lifang::vision {
namespace {

using Prefix = std::vector<std::size_t>;
constexpr double nothing = -std::numeric_limits<double>::infinity();
constexpr float floor_probability = 1e-7F;

double add_logs(double a, double b) {
  if (a < b) std::swap(a, b);
  return b == nothing ? a : a + std::log1p(std::exp(b - a));
}

/// log probabilities of a prefix whose last column was a blank, or was its last symbol.
struct Ending {
  double blank = nothing, symbol = nothing;
  double total() const { return add_logs(blank, symbol); }
};
using Beam = std::map<Prefix, Ending>;

bool may_follow(const Prefix& prefix, std::size_t symbol) {
  return plate_allows(symbol, prefix.size(), 7) || plate_allows(symbol, prefix.size(), 8);
}

void extend(Beam& next, const Prefix& prefix, const Ending& ending, const std::vector<float>& row) {
  Ending& stay = next[prefix];
  const double total = ending.total();
  stay.blank = add_logs(stay.blank, total + std::log(std::max(row[0], floor_probability)));
  if (!prefix.empty())
    stay.symbol = add_logs(stay.symbol, ending.symbol + std::log(std::max(row[1 + prefix.back()], floor_probability)));
  if (prefix.size() >= 8) return;
  for (std::size_t s = 0; s + 1 < row.size(); ++s) {
    if (row[1 + s] < 1e-4F || !may_follow(prefix, s)) continue;
    // The same symbol twice needs a blank between.
    const double from = !prefix.empty() && prefix.back() == s ? ending.blank : total;
    if (from == nothing) continue;
    Prefix longer = prefix;
    longer.push_back(s);
    Ending& grown = next[longer];
    grown.symbol = add_logs(grown.symbol, from + std::log(row[1 + s]));
  }
}

std::string spell(const Prefix& prefix) {
  std::string out;
  for (const std::size_t s : prefix) out += plate_symbols()[s];
  return out;
}

}  // namespace

std::vector<std::size_t> symbols_of(const std::string& text) {
  std::vector<std::size_t> out;
  const auto& all = plate_symbols();
  for (const std::string& c : characters_of(text)) {
    out.push_back(static_cast<std::size_t>(std::find(all.begin(), all.end(), c) - all.begin()));
    check(out.back() < all.size(), "a plate's text has only characters of plates");
  }
  return out;
}

std::vector<std::size_t> align_plate(const PlateColumns& columns, const std::vector<std::size_t>& symbols) {
  const std::size_t count = 2 * symbols.size() + 1;
  std::vector<std::vector<std::size_t>> from(columns.size(), std::vector<std::size_t>(count));
  std::vector<double> state(count, nothing), next(count);
  for (std::size_t t = 0; t < columns.size(); ++t) {
    for (std::size_t i = 0; i < count; ++i) {
      double best = t == 0 ? (i <= 1 ? 0 : nothing) : state[i];
      from[t][i] = i;
      if (t > 0 && i >= 1 && state[i - 1] > best) best = state[from[t][i] = i - 1];
      if (t > 0 && i >= 2 && i % 2 == 1 && symbols[i / 2] != symbols[i / 2 - 1] && state[i - 2] > best)
        best = state[from[t][i] = i - 2];
      const float p = i % 2 == 0 ? columns[t][0] : columns[t][1 + symbols[i / 2]];
      next[i] = best + std::log(std::max(p, floor_probability));
    }
    std::swap(state, next);
  }
  std::vector<std::size_t> out(columns.size(), npos);
  std::size_t at = state[count - 1] > state[count - 2] ? count - 1 : count - 2;
  for (std::size_t t = columns.size(); t-- > 0; at = from[t][at])
    if (at % 2 == 1) out[t] = at / 2;
  return out;
}

std::vector<PlateText> decode_plate(const PlateColumns& columns, std::size_t beam) {
  Beam now;
  now[{}].blank = 0;
  for (const auto& row : columns) {
    Beam next;
    for (const auto& [prefix, ending] : now) extend(next, prefix, ending, row);
    std::vector<std::pair<double, const Prefix*>> order;
    for (const auto& [prefix, ending] : next) order.emplace_back(ending.total(), &prefix);
    // A beam four times as wide as asked for: short prefixes crowd out whole plates otherwise.
    const std::size_t keep = std::min(order.size(), beam * 4);
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(keep), order.end(),
                      [](const auto& a, const auto& b) { return a.first > b.first; });
    Beam kept;
    for (std::size_t i = 0; i < keep; ++i) kept.emplace(*order[i].second, next[*order[i].second]);
    now = std::move(kept);
  }
  std::vector<PlateText> out;
  for (const auto& [prefix, ending] : now) {
    const std::string text = spell(prefix);
    if (!is_plate(text)) continue;
    out.push_back({text, static_cast<float>(std::exp(ending.total() / static_cast<double>(prefix.size())))});
  }
  std::sort(out.begin(), out.end(), [](const PlateText& a, const PlateText& b) { return a.score > b.score; });
  if (out.size() > beam) out.resize(beam);
  return out;
}

double plate_log_likelihood(const PlateColumns& columns, const std::vector<std::size_t>& symbols) {
  // States alternate blank, symbol, blank, …, blank.
  const std::size_t count = 2 * symbols.size() + 1;
  std::vector<double> state(count, nothing), next(count, nothing);
  state[0] = 0;
  bool first = true;
  for (const auto& row : columns) {
    for (std::size_t i = 0; i < count; ++i) {
      double sum = first ? (i == 0 ? 0 : nothing) : state[i];
      if (first && i == 1) sum = 0;
      if (!first && i >= 1) sum = add_logs(sum, state[i - 1]);
      if (!first && i >= 2 && i % 2 == 1 && symbols[i / 2] != symbols[i / 2 - 1]) sum = add_logs(sum, state[i - 2]);
      const float p = i % 2 == 0 ? row[0] : row[1 + symbols[i / 2]];
      next[i] = sum == nothing ? nothing : sum + std::log(std::max(p, floor_probability));
    }
    std::swap(state, next);
    first = false;
  }
  return count == 1 ? state[0] : add_logs(state[count - 1], state[count - 2]);
}

PlateText vote_plate(const std::vector<PlateColumns>& views) {
  std::set<std::string> candidates;
  for (const PlateColumns& view : views)
    for (const PlateText& text : decode_plate(view)) candidates.insert(text.text);
  PlateText best;
  double best_sum = nothing;
  for (const std::string& text : candidates) {
    const Prefix symbols = symbols_of(text);
    double sum = 0;
    for (const PlateColumns& view : views) sum += plate_log_likelihood(view, symbols);
    // A text that explains one more column gains a little for nothing; the mean a character is fair to both lengths.
    const double mean = sum / static_cast<double>(views.size() * symbols.size());
    if (sum <= best_sum) continue;
    best_sum = sum;
    best = {text, static_cast<float>(std::exp(mean))};
  }
  return best;
}

}  // namespace lifang::vision
