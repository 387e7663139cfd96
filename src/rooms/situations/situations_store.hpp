// Every SQL statement of the room situations.
#pragma once
#include "rooms/situations/situations_board.hpp"

namespace lifang::situations::store {

void add(Tx& tx, const Situation& situation, std::uint32_t rule_number, std::uint32_t device_number);
/// Its severity, peak, readings and evidence.
void rise(Tx& tx, const Situation& situation);
void unsilence(Tx& tx, const SituationId& id);
void clear(Tx& tx, const SituationId& id, Time ended_at, std::optional<double> peak, std::int64_t readings);
struct OpenOne {
  std::uint32_t device = 0, rule = 0;  ///< numbers
  SituationId id;
  std::string path;
};
std::vector<OpenOne> open_of(Reader& reader, const devices::DeviceId& device);
/// It ends now, by no reading.
void end(Tx& tx, const SituationId& id);
void see(Tx& tx, const SituationId& id, const std::string& by);
void mark(Tx& tx, const SituationId& id, bool is_false, const std::string& reason, const std::string& by);
std::optional<Situation> find(Reader& reader, const SituationId& id);
std::vector<Situation> list(Reader& reader, const std::vector<std::string>& roots, const std::optional<std::string>& under,
                            const Filter& filter);
std::int64_t count(Reader& reader, const std::vector<std::string>& roots, const std::optional<std::string>& under,
                   const Filter& filter);
std::vector<FalseRate> false_rates(Reader& reader);
FalseRate false_rate(Reader& reader, const rules::RuleId& rule);
std::vector<Outcome> outcomes(Reader& reader, const rules::RuleId& rule, std::optional<Time> from, std::optional<Time> to,
                              std::size_t limit);
/// (device number, rule number, id) of each open one.
void each_open(Reader& reader, const std::function<void(std::uint32_t, std::uint32_t, SituationId)>& fn);
/// (id, device) of each open one that calls nobody because of a maintenance and is not marked false.
std::vector<std::pair<SituationId, devices::DeviceId>> silenced(Reader& reader);
/// Each open one below the roots as (mark without `shown`, path, silenced, drill).
void each_on_board(Reader& reader, const std::vector<std::string>& roots,
                   const std::function<void(Mark&&, std::string_view, bool, bool)>& fn);
struct OfDay {
  std::string day;
  Severity severity;
  std::int64_t count;
};
/// How many began on each day of the zone from `from` on, in order of day.
std::vector<OfDay> by_day(Reader& reader, const std::vector<std::string>& roots, Time from, int offset_minutes);
void rebase(Tx& tx, const std::string& from, const std::string& to);

}  // namespace lifang::situations::store
