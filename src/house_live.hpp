// House live: what of the stream of events a login hears, beyond the right over the place.
#pragma once
#include "base/caller.hpp"
#include "platform/bus/bus.hpp"
#include "platform/http/routes.hpp"

namespace lifang {

/// A right over a place says that somebody may hear of its cases or devices; it does not say that they may hear what
/// reaches a neighbour's inbox, at whom it rings, or who looked whom up. Pure and quick: asked for every event and listener.
/// - `notices.arrived`: by whom it is for; what is for a post, by those who handle cases there;
/// - `notices.ringing` and `notices.ring_ended`: by the one at whom it rings, and by those who may read the cases there;
/// - `people.revealed`, `searched`, `exported`, `files.viewed`, `readings.revealed`: by those who may read the log (`audit.read`);
/// - `cases.*`: by those who may read the cases there; who is only called to some hears what names them as the person;
/// - `evaluations.*`: by those who may read the cases there.
bool may_hear(const Caller& caller, const bus::Told& event);

/// Whether events may ever come from there: it has tables, or routes ask rights of it.
bool is_room(std::string_view word, const http::Routes& routes);

}  // namespace lifang
