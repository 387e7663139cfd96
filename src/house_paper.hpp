// Once a week: whoever answers for a compound is reminded of the page that hangs in its stairwells, with a link to print it.
#pragma once
#include "platform/db/tx.hpp"

namespace lifang {

class House;

/// Asked every hour. In the first working hours of a week (the working calendar's, so after a long holiday on its first
/// day of work) it tells those who hold notices.send nearest to a compound where somebody lives who has no login; one notice each, of all
/// their compounds. Not while last week's is unread: that one leads to the same pages. Off: `[paper] weekly = false`.
void remind_of_paper(House& house, Tx& tx);

}  // namespace lifang
