// Detections as they lie in the table: what tells who is sealed under the node's key.
#pragma once
#include "base/secret.hpp"
#include "rooms/readings/readings_store.hpp"

namespace lifang::readings {

/// Without a vault what tells who is not kept.
store::StoredDetection sealed_row(const Vault* vault, const Detection& said, Ids& ids);
/// Plain as long as it is kept, else masked. A masked read shows no picture either.
Detection opened(const Vault* vault, store::StoredDetection&& row, bool plain);
/// What tells two detections of one kind and instant apart. Keyed where it tells who: plates are few enough to be tried one by one.
std::int64_t digest_of(const Vault* vault, const Detection& said);

}  // namespace lifang::readings
