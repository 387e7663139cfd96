// From November on: whoever keeps the working calendar is reminded that the next year's holidays are not entered yet.
#pragma once
#include "platform/db/tx.hpp"

namespace lifang {

class House;

/// Asked once a day; tells on every seventh day of November and December, at most one notice for each login that holds
/// rosters.write over everything. The holidays themselves come from the State Council's notice alone and are never guessed.
void remind_of_holidays(House& house, Tx& tx);

}  // namespace lifang
