#include "rooms/readings/readings_seal.hpp"

#include <array>
#include <bit>
#include <charconv>

#include "rooms/readings/readings_personal.hpp"

namespace lifang::readings {
namespace {

/// Bound to its row: moved to another it no longer opens.
std::string seal_of(const std::string& id) { return "readings.detection:" + id; }

/// FNV-1a (Fowler, Noll, Vo).
std::int64_t plain_digest(const Detection& d) {
  std::uint64_t hash = 14'695'981'039'346'656'037U;
  const auto eat = [&](std::string_view bytes) {
    for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 1'099'511'628'211U;
    hash = (hash ^ 0xff) * 1'099'511'628'211U;  // 0xff never stands in UTF-8: ends a text
  };
  const auto confidence = std::bit_cast<std::array<char, 8>>(d.confidence);
  eat({confidence.data(), confidence.size()});
  eat(d.attributes);
  eat(d.file);
  return static_cast<std::int64_t>(hash);
}

}  // namespace

std::int64_t digest_of(const Vault* vault, const Detection& said) {
  if (vault == nullptr || !is_personal(said.kind, said.attributes)) return plain_digest(said);
  const auto confidence = std::bit_cast<std::array<char, 8>>(said.confidence);
  const std::string hex = vault->blind_index(
      "readings.detection", std::string(confidence.data(), confidence.size()) + said.attributes + '\xff' + said.file);
  std::uint64_t digest = 0;
  std::from_chars(hex.data(), hex.data() + 16, digest, 16);
  return static_cast<std::int64_t>(digest);
}

store::StoredDetection sealed_row(const Vault* vault, const Detection& said, Ids& ids) {
  store::StoredDetection row{said, store::Guard::nobody, {}};
  if (!is_personal(said.kind, said.attributes)) return row;
  row.guard = vault != nullptr ? store::Guard::sealed : store::Guard::forgotten;
  if (vault != nullptr && !said.attributes.empty()) row.sealed = vault->seal_own(seal_of(said.id), said.attributes, ids);
  row.detection.attributes = masked_attributes(said.kind, said.attributes);
  return row;
}

Detection opened(const Vault* vault, store::StoredDetection&& row, bool plain) {
  Detection d = std::move(row.detection);
  if (row.guard == store::Guard::nobody) return d;
  const bool old = row.guard == store::Guard::unknown;  // in plain still: the background has not come to it
  if (old && !is_personal(d.kind, d.attributes)) return d;
  if (plain && !old && !row.sealed.empty() && vault != nullptr)
    if (auto all = vault->unseal_own(seal_of(d.id), row.sealed)) d.attributes = *std::move(all);
  if (plain) {
    d.masked = row.guard == store::Guard::forgotten;
    return d;
  }
  if (old) d.attributes = masked_attributes(d.kind, d.attributes);
  if (is_read(d.kind)) d.file.clear();
  d.masked = true;
  return d;
}

}  // namespace lifang::readings
