// Audit: the chained log of what people did and of who looked at whom. The door of the room.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/caller.hpp"
#include "base/describe.hpp"
#include "base/secret.hpp"
#include "platform/bus/bus.hpp"
#include "platform/db/tx.hpp"

namespace lifang::audit {

/// One link. `hash` is BLAKE2b-256 over the previous hash and, each behind its length in 8 bytes (little endian):
/// seq and at as 8 bytes, who, action, subject, path, cause, and the BLAKE2b-256 of the body.
struct Entry {
  std::int64_t seq = 0;
  Time at;
  std::string who;     ///< account or API key
  std::string action;  ///< topic of the event
  std::string subject;
  std::string path;
  std::string cause;
  std::string body;  ///< JSON, ids only
  std::string previous;
  std::string hash;
};

/// As people read it.
struct Shown {
  std::string id;  ///< of the entry: its number
  Time at;
  std::string who;
  std::string name;  ///< login or key name of who did it
  std::string action;
  std::string subject;
  std::string path;
  std::string body;
  std::string hash;
};
BOOST_DESCRIBE_STRUCT(Shown, (), (id, at, who, name, action, subject, path, body, hash))

/// Somebody looked at a person's plain data.
struct View {
  Time at;
  std::string name;  ///< login that looked
  std::string purpose;
  std::string what;  ///< which fields, or which room
  std::optional<std::string> case_ = {};  ///< id of the case that it was for
};
BOOST_DESCRIBE_STRUCT(View, (), (at, name, purpose, what, case_))

struct Filter {
  std::optional<std::string> who;
  std::optional<std::string> action;  ///< or its beginning: "cases."
  std::optional<std::string> subject;
  std::optional<std::string> under;  ///< place path
  std::optional<Time> from;
  std::optional<Time> to;
  std::optional<std::int64_t> before;  ///< number of the last one seen; newest first
  std::size_t limit = 50;
};

/// What walking the chain found. `broken_at` is the first entry that does not fit.
struct Verdict {
  std::int64_t entries = 0;
  std::int64_t anchors = 0;
  std::optional<std::int64_t> broken_at;
  std::string why;
};
BOOST_DESCRIBE_STRUCT(Verdict, (), (entries, anchors, broken_at, why))

struct Head {
  std::int64_t seq = 0;
  std::string hash;
};
BOOST_DESCRIBE_STRUCT(Head, (), (seq, hash))

class Audit {
 public:
  explicit Audit(const Vault& vault) : vault_(vault) {}

  /// Signs the end of a chain from before ends were signed; not where one was ever noted, whose end must be there.
  void open(Tx& tx);

  /// Hears everything; keeps what a person or an API key did, once. Not: the machine's own doings (by is empty,
  /// "system" or "device:…").
  void on_told(Tx& tx, const bus::Told& told);

  /// Newest first, within the caller's places (right audit.read).
  static std::vector<Shown> list(Reader& reader, const Caller& caller, const Filter& filter);
  static std::int64_t count(Reader& reader, const Caller& caller, const Filter& filter);
  /// @throws Refusal missing audit.unknown
  static Shown get(Reader& reader, const Caller& caller, std::int64_t seq);
  /// Who looked at this person's plain data, newest first. Of oneself without any right.
  static std::vector<View> views_of(Reader& reader, const std::string& person, std::optional<std::int64_t> before,
                                    std::size_t limit, std::optional<std::int64_t>& last);

  /// Of oneself, or of whom one helps with the scope `affairs`: who has no login of their own reads it through them, or in the
  /// copy of their data that the desk makes. @throws Refusal missing people.unknown
  static void must_read_views(Reader& reader, const Caller& caller, const std::string& person, Time now);

  /// Walks the whole chain, its anchors and its signed end, and asks that it reaches what was noted outside of the
  /// database (note(); empty: nothing was).
  Verdict verify(Reader& reader, const std::string& noted = {}) const;
  /// The end of the chain as one signed line, to be kept where whoever may write rows may not.
  std::string note(Reader& reader) const;
  /// Whether the chain still holds what was noted, or began after it: else the old note must stand, it is the proof.
  static bool reaches(Reader& reader, const std::string& noted);
  static Head head(Reader& reader);

  /// Keeps a signed head for good; every hour.
  void anchor(Tx& tx);
  /// Removes entries from before `before`, oldest first, at most `limit`; the chain then begins after them.
  std::int64_t forget(Tx& tx, Time before, int limit);

 private:
  void sign_head(Tx& tx, const Head& head);
  const Vault& vault_;
};

}  // namespace lifang::audit
