// Why: the chain of causes behind anything that has an id, newest first.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/caller.hpp"
#include "base/describe.hpp"
#include "base/time.hpp"
#include "platform/db/tx.hpp"

namespace lifang {

class House;

/// One link. `text` says in one plain Chinese sentence what it is and why it is there, `text_en` in English.
struct WhyLink {
  std::string id;
  std::string kind;  ///< notice, ring, evaluation, case, action, command, situation, rule, detection, reading, silence
  std::optional<Time> at;
  std::string text;
  std::string text_en;
  std::string cause;  ///< id of the next link; empty at the end
};
BOOST_DESCRIBE_STRUCT(WhyLink, (), (id, kind, at, text, text_en, cause))

struct Why {
  std::string id;
  std::vector<WhyLink> chain;
};
BOOST_DESCRIBE_STRUCT(Why, (), (id, chain))

/// The chain as far as the caller may see it: from whatever it begins with through the case or action to the situation,
/// then the version of the rule that judged it ("rule:ID:VERSION") and each thing that decided. Where a reading is past
/// its retention the situation's own copy of it is told. @throws Refusal missing why.unknown for an id that nothing has
Why explain(Reader& reader, House& house, const Caller& caller, const std::string& id);

}  // namespace lifang
