// What rosters and cases know of persons, posts and organisations: their ids, nothing else.
#pragma once
#include "base/id.hpp"

namespace lifang::rosters {

using PostId = Id<struct PostTag>;                  ///< chosen by the client: "estate-office"
using OrganisationId = Id<struct OrganisationTag>;  ///< chosen by the client
using PersonId = Id<struct PersonTag>;              ///< whatever Caller::person holds

}  // namespace lifang::rosters
