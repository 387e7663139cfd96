// From the recogniser's columns to a plate: the most probable text that the grammar allows, over several views.
#pragma once
#include <array>
#include <string>
#include <vector>

#include "vision/judges/plate_grammar.hpp"

namespace lifang::vision {

/// One view as the recogniser saw it: a row a time step; row[0] is the blank, row[1 + s] symbol s of
/// plate_symbols(); each row sums to one.
using PlateColumns = std::vector<std::vector<float>>;

struct PlateText {
  std::string text;  ///< empty when no plate is likely
  float score = 0;   ///< mean probability a character, 0–1
};

/// Texts of 7 or 8 characters that the grammar allows, best first, at most `beam`: prefix beam search over
/// the columns (Graves et al. 2006, with the grammar as the language model).
std::vector<PlateText> decode_plate(const PlateColumns& columns, std::size_t beam = 12);

/// log P(text | columns), exactly (CTC forward pass).
double plate_log_likelihood(const PlateColumns& columns, const std::vector<std::size_t>& symbols);

/// Which character of the text each column most probably shows (npos: none): CTC's best path.
std::vector<std::size_t> align_plate(const PlateColumns& columns, const std::vector<std::size_t>& symbols);

/// Numbers of the characters in plate_symbols(); a character that is none of them throws Bug.
std::vector<std::size_t> symbols_of(const std::string& text);

/// The text that all views together find most likely: candidates of every view, scored under every view.
PlateText vote_plate(const std::vector<PlateColumns>& views);

}  // namespace lifang::vision
