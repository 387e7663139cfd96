// Every SQL statement of the room actions.
#pragma once
#include "rooms/actions/actions.hpp"

namespace lifang::actions::store {

void keep(Tx& tx, const Action& action);
std::optional<Action> find(Reader& reader, const ActionId& id);
std::optional<Action> by_command(Reader& reader, const devices::CommandId& command);
std::optional<Action> by_release(Reader& reader, const devices::CommandId& command);
std::vector<Action> of_situation(Reader& reader, const situations::SituationId& situation);
std::vector<Action> list(Reader& reader, const std::vector<std::string>& roots, const Filter& filter);
void rebase(Tx& tx, const std::string& from, const std::string& to);

}  // namespace lifang::actions::store
