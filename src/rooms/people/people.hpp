// People: persons, households and their code, helpers, organisations, tags, consents. The door of the room.
#pragma once
#include <functional>
#include <memory>
#include <span>

#include "base/caller.hpp"
#include "base/secret.hpp"
#include "platform/bus/bus.hpp"
#include "platform/db/tx.hpp"
#include "rooms/people/people_events.hpp"
#include "rooms/people/people_values.hpp"

namespace lifang::people {

struct SealedAhead;
struct HouseholdAhead;  ///< the id and the sealed code of a household that is not written yet
struct Prepared;  ///< a household sealed and ready to be written

namespace store {
struct PersonRow;
}

/// Rights: people.read, people.write, people.reveal, people.erase over the place where a person is registered or
/// lives. Whoever asks about himself (Caller::person) needs none to read. What is out of sight is "unknown".
class People {
 public:
  People(bus::Bus& bus, const Vault& vault) : bus_(bus), vault_(vault) {}

  // ---- persons --------------------------------------------------------------------------------------------------
  /// @throws Refusal invalid people.bad_name … (see people_rules.hpp), places.unknown; conflict people.known_already
  Person add(Tx& tx, const Caller& caller, const PersonWords& words);
  /// The same for a list: sealed off the lane before, with the words that it was sealed from.
  std::shared_ptr<const SealedAhead> seal_ahead(const PersonWords& words, Time now, Ids& ids) const;
  PersonId add(Tx& tx, const Caller& caller, const PersonWords& words, const SealedAhead& ahead);
  /// … into a household, at whose place the person is registered then: add and move_in in one.
  PersonId add(Tx& tx, const Caller& caller, const PersonWords& words, const SealedAhead& ahead, const Household& home,
               ResidentRole role);
  Person change(Tx& tx, const Caller& caller, const PersonId& id, const PersonChange& words);
  /// Masked; plain for the person himself. @throws Refusal missing people.unknown
  Person get(Reader& reader, const Caller& caller, const PersonId& id) const;
  /// Those of them whom `get` would give, in the order asked for, by the name that it would show.
  std::vector<Named> names(Reader& reader, const Caller& caller, const std::vector<std::string>& ids) const;
  std::vector<Person> list(Reader& reader, const Caller& caller, const PersonFilter& filter) const;
  static std::int64_t count(Reader& reader, const Caller& caller, const PersonFilter& filter);
  /// A list by a sensitive tag: wants a purpose that meets people.read at one place, and is logged (note_listed).
  static bool is_guarded(Reader& reader, const PersonFilter& filter);
  void note_listed(Tx& tx, const Caller& caller, const PersonFilter& filter, std::int64_t found);
  /// By the whole name, number or tail; masked, at most 50, only what the caller may see.
  /// @throws Refusal invalid people.one_key
  std::vector<Person> search(Reader& reader, const Caller& caller, const SearchWords& words) const;
  /// The log entry of a search.
  void note_search(Tx& tx, const Caller& caller, const SearchWords& words, std::size_t found);
  /// Plain fields. Writes its log entry in the same transaction: answer only after its commit. Needs people.reveal
  /// and the right to the caller's purpose at the same place.
  /// @throws Refusal forbidden people.no_purpose, people.purpose_not_yours; conflict people.is_erased
  Person reveal(Tx& tx, const Caller& caller, const PersonId& id, const std::vector<Field>& fields);
  /// Everything that the room knows and who looked, for the person (or people.reveal with the purpose `request`, which
  /// makes the copy of somebody without a login).
  Export export_of(Tx& tx, const Caller& caller, const PersonId& id);
  void confirm(Tx& tx, const Caller& caller, const PersonId& id);
  /// Destroys the person's key; ends residencies and helpers; keeps the skeleton. Right people.erase.
  void erase(Tx& tx, const Caller& caller, const PersonId& id);

  static std::vector<TagKind> tag_kinds(Reader& reader);
  TagKind put_tag_kind(Tx& tx, const Caller& caller, const std::string& id, const TagKindWords& words);
  void tag(Tx& tx, const Caller& caller, const PersonId& id, const std::string& tag);
  void untag(Tx& tx, const Caller& caller, const PersonId& id, const std::string& tag);

  Consent give_consent(Tx& tx, const Caller& caller, const PersonId& id, const ConsentWords& words);
  /// @throws Refusal missing people.no_consent
  Consent withdraw_consent(Tx& tx, const Caller& caller, const PersonId& id, const ConsentWords& words);
  std::vector<Consent> consents(Reader& reader, const Caller& caller, const PersonId& id) const;

  /// The helped person, or staff with people.write. @throws Refusal invalid people.bad_helper, people.bad_scope
  Helper add_helper(Tx& tx, const Caller& caller, const HelperWords& words);
  void end_helper(Tx& tx, const Caller& caller, const HelperId& id);
  static Helper helper(Reader& reader, const Caller& caller, const HelperId& id);
  /// Who helps this person, and whom this person helps.
  static std::vector<Helper> helpers(Reader& reader, const Caller& caller, const PersonId& id);

  // ---- households -----------------------------------------------------------------------------------------------
  Household add_household(Tx& tx, const Caller& caller, const HouseholdWords& words);
  /// The same for a list: its code is sealed off the lane before.
  std::shared_ptr<const HouseholdAhead> seal_household_ahead(Ids& ids) const;
  Household add_household(Tx& tx, const Caller& caller, const HouseholdWords& words, const HouseholdAhead& ahead);
  Household change_household(Tx& tx, const Caller& caller, const HouseholdId& id, const HouseholdWords& words);
  /// Nobody lives in it any more: its members move out, its code dies.
  void close_household(Tx& tx, const Caller& caller, const HouseholdId& id);
  void confirm_household(Tx& tx, const Caller& caller, const HouseholdId& id);
  static Household household(Reader& reader, const Caller& caller, const HouseholdId& id);
  static std::optional<Household> find_household(Reader& reader, const HouseholdId& id);
  static std::vector<Household> households(Reader& reader, const Caller& caller, const HouseholdFilter& filter);
  static std::int64_t count_households(Reader& reader, const Caller& caller, const HouseholdFilter& filter);
  /// The code in the open, for those who live there.
  HouseholdCode code(Reader& reader, const Caller& caller, const HouseholdId& id) const;
  /// The same for staff who print it (people.write); leaves a trace.
  HouseholdCode show_code(Tx& tx, const Caller& caller, const HouseholdId& id);
  HouseholdCode renew_code(Tx& tx, const Caller& caller, const HouseholdId& id);
  std::vector<Member> members(Reader& reader, const Caller& caller, const HouseholdId& id, bool past) const;
  /// @throws Refusal conflict people.lives_there, people.is_closed
  Residency move_in(Tx& tx, const Caller& caller, const HouseholdId& id, const ResidencyWords& words);
  void move_out(Tx& tx, const Caller& caller, const ResidencyId& id);

  // ---- organisations --------------------------------------------------------------------------------------------
  Organisation put_organisation(Tx& tx, const Caller& caller, const OrganisationId& id, const OrganisationWords& words);
  static std::optional<Organisation> find_organisation(Reader& reader, const OrganisationId& id);
  static std::vector<Organisation> organisations(Reader& reader, const std::optional<OrganisationKind>& kind,
                                                 const std::optional<std::string>& under,
                                                 const std::optional<std::string>& after, std::size_t limit);

  // ---- for other rooms ------------------------------------------------------------------------------------------
  /// Where the person is registered; nullopt if unknown.
  static std::optional<std::string> path_of(Reader& reader, const PersonId& id);
  /// "王**", or "" for unknown and erased ones.
  std::string masked_name(Reader& reader, const PersonId& id) const;
  /// For the machine's own channels (a call, an SMS), never for an answer.
  std::optional<std::string> phone_for_channel(Reader& reader, const PersonId& id) const;
  /// For scanners: nullopt for anything that is not a living code.
  std::optional<Household> household_by_code(Reader& reader, std::string_view typed) const;
  static std::vector<Household> households_at(Reader& reader, const places::PlaceId& place);
  /// Where the person lives now.
  static std::vector<Residency> residencies_of(Reader& reader, const PersonId& id);
  static std::vector<Residency> residents_of(Reader& reader, const HouseholdId& id);
  static bool may_act_for(Reader& reader, const PersonId& helper, const PersonId& person, std::string_view what, Time now);
  /// For whom somebody may do it.
  static std::vector<PersonId> helped_by(Reader& reader, const PersonId& helper, std::string_view what, Time now);
  static bool has_consent(Reader& reader, const PersonId& person, std::string_view purpose);
  /// In order of id, after `after`.
  static std::vector<PersonId> audience(Reader& reader, const Audience& audience, const std::string& after, std::size_t limit);
  static std::int64_t audience_count(Reader& reader, const Audience& audience);

  // ---- bulk and wiring ------------------------------------------------------------------------------------------
  /// Seals a household; any thread, no database. @throws Refusal as `add` does
  std::shared_ptr<const Prepared> prepare(const LoadHousehold& household, Time now, Ids& ids) const;
  /// Writes some hundred prepared households a slice; one event for all.
  void load(Tx& tx, std::span<const std::shared_ptr<const Prepared>> households);
  void on_moved(Tx& tx, const places::Moved& moved);
  /// The log of views stands below this room; set before the lane starts.
  using Looks = std::function<std::vector<Look>(Reader&, const PersonId&)>;
  void let_tell_looks(Looks looks) { looks_ = std::move(looks); }

 private:
  Person shown(Reader& reader, const store::PersonRow& row, bool masked) const;
  void tell_kept(Tx& tx, const Caller& caller, const PersonId& id, const std::string& path);
  void must_be_new(Reader& reader, const store::PersonRow& row) const;
  PersonId add_sealed(Tx& tx, const Caller& caller, const PersonWords& words, const SealedAhead& ahead,
                      const std::string& path);
  void leave(Tx& tx, const Caller& caller, const Residency& residency);

  bus::Bus& bus_;
  const Vault& vault_;
  Looks looks_;
};

}  // namespace lifang::people
