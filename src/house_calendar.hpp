// From November on: whoever keeps the working calendar is reminded that the next year's holidays are not entered yet.
#pragma once
#include "platform/db/tx.hpp"

namespace lifang {

class House;

/// Asked once a day; on every seventh day of November and December it tells each login that holds rosters.write over
/// everything, unless the earlier notice of that year is unread still or less than 28 days old. The holidays themselves come from the State Council's notice alone and are never guessed.
void remind_of_holidays(House& house, Tx& tx);

}  // namespace lifang
