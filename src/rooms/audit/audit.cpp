#include "rooms/audit/audit.hpp"

#include <sstream>

#include "base/reflect.hpp"
#include "rooms/accounts/accounts.hpp"
#include "rooms/audit/audit_rules.hpp"
#include "rooms/audit/audit_store.hpp"
#include "rooms/people/people.hpp"

namespace lifang::audit {
namespace {

constexpr std::string_view kAnchorPurpose = "audit.anchor";

Shown shown(Reader& reader, Entry&& e) {
  return {std::to_string(e.seq), e.at, e.who, accounts::Accounts::login_of(reader, e.who), std::move(e.action),
          std::move(e.subject), std::move(e.path), std::move(e.body), std::move(e.hash)};
}

std::string text_at(const boost::json::value& body, std::string_view key) {
  if (!body.is_object()) return {};
  const auto* found = body.get_object().if_contains(key);
  if (!found) return {};
  if (found->is_string()) return std::string(found->get_string());
  std::string text;
  write(text, *found);
  return text;
}

/// A line of `note`; zero for an empty one.
store::Anchor anchor_in(const std::string& noted) {
  store::Anchor anchor;
  std::istringstream(noted) >> anchor.seq >> anchor.hash >> anchor.signature;
  return anchor;
}

}  // namespace

void Audit::open(Tx& tx) {
  if (store::head(tx)) return;
  if (const Head at = head(tx); at.seq > 0) sign_head(tx, at);  // a chain from before heads were signed
}

void Audit::sign_head(Tx& tx, const Head& head) {
  store::set_head(tx, {head.seq, head.hash, vault_.sign(kAnchorPurpose, words_of_anchor(head.seq, head.hash))});
}

void Audit::on_told(Tx& tx, const bus::Told& told) {
  if (!is_kept(told)) return;
  const Head before = head(tx);
  Entry entry{before.seq + 1, told.at,    told.by,   told.topic, told.subject, told.path,
              told.cause,     told.body,  before.hash, {}};
  entry.hash = hash_of(entry);
  store::insert(tx, entry, is_view(told.topic));
  // An end that somebody took away is not made anew: it stays to be missed.
  if (before.seq == 0 || store::head(tx)) sign_head(tx, {entry.seq, entry.hash});
}

std::vector<Shown> Audit::list(Reader& reader, const Caller& caller, const Filter& filter) {
  std::vector<Shown> items;
  for (Entry& entry : store::list(reader, caller.paths("audit.read"), filter)) items.push_back(shown(reader, std::move(entry)));
  return items;
}

std::int64_t Audit::count(Reader& reader, const Caller& caller, const Filter& filter) {
  return store::count(reader, caller.paths("audit.read"), filter);
}

Shown Audit::get(Reader& reader, const Caller& caller, std::int64_t seq) {
  auto entry = store::find(reader, seq);
  if (!entry || !caller.may("audit.read", entry->path)) throw missing("audit.unknown", "no such entry");
  return shown(reader, std::move(*entry));
}

std::vector<View> Audit::views_of(Reader& reader, const std::string& person, std::optional<std::int64_t> before,
                                  std::size_t limit, std::optional<std::int64_t>& last) {
  std::vector<View> views;
  for (const Entry& entry : store::views_of(reader, person, before, limit)) {
    const auto body = parse_json(entry.body);
    std::string what = text_at(body, "what");
    if (what.empty()) what = entry.action;
    views.push_back({entry.at, accounts::Accounts::login_of(reader, entry.who), text_at(body, "purpose"), std::move(what)});
    if (const std::string named = text_at(body, "case"); !named.empty()) views.back().case_ = named;
    last = entry.seq;
  }
  return views;
}

void Audit::must_read_views(Reader& reader, const Caller& caller, const std::string& person, Time now) {
  using people::PersonId;
  if (PersonId::fits(person) && PersonId::fits(caller.person) &&
      (caller.person == person || people::People::may_act_for(reader, PersonId{caller.person}, PersonId{person}, "affairs", now)))
    return;
  throw missing("people.unknown", "no such person");
}

std::string Audit::note(Reader& reader) const {
  const Head at = head(reader);
  return std::to_string(at.seq) + " " + at.hash + " " + vault_.sign(kAnchorPurpose, words_of_anchor(at.seq, at.hash));
}

bool Audit::reaches(Reader& reader, const std::string& noted) {
  const store::Anchor outside = anchor_in(noted);
  const auto base = store::base(reader);
  if (outside.seq == 0 || (base && outside.seq <= base->seq)) return true;
  const auto entry = store::find(reader, outside.seq);
  return entry && entry->hash == outside.hash;
}

Verdict Audit::verify(Reader& reader, const std::string& noted) const {
  Verdict verdict;
  const store::Anchor outside = anchor_in(noted);
  const auto broken = [&](std::int64_t seq, std::string why) {
    if (verdict.broken_at) return;
    verdict.broken_at = seq;
    verdict.why = std::move(why);
  };
  std::int64_t seq = 0;
  std::string hash(kFirst);
  if (const auto base = store::base(reader)) {
    if (!vault_.is_signed(kAnchorPurpose, words_of_anchor(base->seq, base->hash), base->signature))
      broken(base->seq, "the beginning of the chain is not signed by this node");
    seq = base->seq;
    hash = base->hash;
  }
  const auto anchors = store::anchors(reader);
  auto anchor = anchors.begin();
  store::each(reader, [&](const Entry& entry) {
    ++verdict.entries;
    if (entry.seq != seq + 1) broken(seq + 1, "an entry is missing");
    if (entry.previous != hash) broken(entry.seq, "it does not follow the entry before it");
    if (hash_of(entry) != entry.hash) broken(entry.seq, "it was changed");
    seq = entry.seq;
    hash = entry.hash;
    if (seq == outside.seq && hash != outside.hash) broken(seq, "what was noted outside of the database says otherwise");
    while (anchor != anchors.end() && anchor->seq <= seq) {
      if (!vault_.is_signed(kAnchorPurpose, words_of_anchor(anchor->seq, anchor->hash), anchor->signature))
        broken(anchor->seq, "an anchor is not signed by this node");
      if (anchor->seq != seq || anchor->hash != hash) broken(anchor->seq, "the signed anchor says otherwise");
      ++verdict.anchors;
      ++anchor;
    }
  });
  if (anchor != anchors.end()) broken(seq + 1, "entries up to the last signed anchor are missing");
  if (outside.seq > 0 && !vault_.is_signed(kAnchorPurpose, words_of_anchor(outside.seq, outside.hash), outside.signature))
    broken(outside.seq, "what was noted outside of the database is not signed by this node");
  if (outside.seq > seq) broken(seq + 1, "entries up to what was noted outside of the database are missing");
  const auto end = store::head(reader);
  if (!end && verdict.entries > 0) broken(seq + 1, "the signed end of the chain is missing");
  if (end && !vault_.is_signed(kAnchorPurpose, words_of_anchor(end->seq, end->hash), end->signature))
    broken(end->seq, "the end of the chain is not signed by this node");
  if (end && end->seq > seq) broken(seq + 1, "entries up to the signed end are missing");
  if (end && (end->seq < seq || (end->seq == seq && end->hash != hash))) broken(end->seq, "the signed end says otherwise");
  return verdict;
}

Head Audit::head(Reader& reader) {
  // What was signed counts: over a cut end the chain goes on behind the hole, which stays to be seen.
  if (const auto end = store::head(reader)) return {end->seq, end->hash};
  if (auto last = store::last(reader)) return *std::move(last);
  if (const auto base = store::base(reader)) return {base->seq, base->hash};
  return {0, std::string(kFirst)};
}

void Audit::anchor(Tx& tx) {
  const Head at = head(tx);
  if (at.seq == 0) return;
  store::insert_anchor(tx, {at.seq, at.hash, vault_.sign(kAnchorPurpose, words_of_anchor(at.seq, at.hash))});
}

std::int64_t Audit::forget(Tx& tx, Time before, int limit) {
  const auto last = store::last_old(tx, before, limit);
  if (!last) return 0;
  store::set_base(tx, {last->seq, last->hash, vault_.sign(kAnchorPurpose, words_of_anchor(last->seq, last->hash))});
  return store::remove_to(tx, last->seq);
}

}  // namespace lifang::audit
