// Exchange: doors for other people's programs: Open311 GeoReport v2, and lists to and from the 12345 hotline. The door of
// the room.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/caller.hpp"
#include "base/describe.hpp"
#include "base/time.hpp"
#include "platform/bus/bus.hpp"
#include "platform/db/tx.hpp"
#include "platform/jobs/jobs.hpp"
#include "rooms/cases/cases.hpp"
#include "rooms/cases/cases_outside.hpp"
#include "rooms/people/people.hpp"

namespace lifang::exchange {

class Captures;
using cases::CaseId;

// ---- Open311 GeoReport v2 (wiki.open311.org/GeoReport_v2) ---------------------------------------------------------

struct Service {
  std::string service_code, service_name, description, type, keywords, group;
  bool metadata = false;
};
BOOST_DESCRIBE_STRUCT(Service, (), (service_code, service_name, description, metadata, type, keywords, group))

/// What the public may know of a case: nothing that a person wrote, no home, no name.
struct ServiceRequest {
  std::string service_request_id, status, status_notes, service_name, service_code, description, agency_responsible, service_notice;
  Time requested_datetime, updated_datetime;
  std::optional<Time> expected_datetime;
  std::string address, address_id;
  std::optional<double> lat, lon;
};

struct RequestFilter {
  std::vector<std::string> ids;
  std::vector<std::string> services;
  std::optional<bool> open;
  std::optional<Time> from, to;
};

/// The arguments of POST requests, as the standard names them.
struct NewRequest {
  std::string service_code, description, address_id, address_string, phone, media_url;
  std::optional<double> lat, lon;
};

// ---- 12345 --------------------------------------------------------------------------------------------------------

/// One order of the hotline. `number` is theirs: the same one twice is one case. `place`: an id or an address in words;
/// `kind`: a code or a name of the catalogue; `due`: theirs, and ours if it is earlier.
struct HotlineOrder {
  std::string number;
  std::string text;
  std::optional<std::string> title, place, kind;
  std::optional<Time> due;
};
BOOST_DESCRIBE_STRUCT(HotlineOrder, (), (number, text, title, place, kind, due))

enum class Outcome { made, changed, same, refused };
BOOST_DESCRIBE_ENUM(Outcome, made, changed, same, refused)

struct Taken {
  std::string number;
  Outcome outcome = Outcome::made;
  std::optional<CaseId> case_;
  std::string code, detail;  ///< of a refusal
  /// What of it was taken and looks wrong: "exchange.due_past", a deadline that was over long before the order came.
  std::optional<std::string> warning;
};
BOOST_DESCRIBE_STRUCT(Taken, (), (number, outcome, case_, code, detail, warning))

/// A file of orders as it was read.
struct OrdersRead {
  std::vector<HotlineOrder> orders;
  std::set<std::size_t> bad_due;     ///< which of them have something where the deadline is due that is no time
  std::vector<std::string> ignored;  ///< headings that say nothing to us
};

/// What became of the orders of a file.
struct FileTaken {
  std::vector<Taken> items;
  std::optional<std::string> next;
  std::vector<std::string> ignored;
};
BOOST_DESCRIBE_STRUCT(FileTaken, (), (items, next, ignored))

/// `none`: there is nothing to tell yet; `drafted`: the handler's note or the reason of a refusal would go back; `replied`:
/// somebody wrote what the hotline is to tell.
enum class ReplyState { none, drafted, replied };
BOOST_DESCRIBE_ENUM(ReplyState, none, drafted, replied)

/// What goes back: where the order stands, and what is to be told to the caller.
struct HotlineReply {
  std::string number;
  CaseId case_;
  std::string case_number, title;
  cases::State state = cases::State::reported;
  std::string organisation;
  std::string result;  ///< 已解决, 不予受理, 办理中 …
  std::string reply;
  Time received_at;
  std::optional<Time> due, replied_at, ended_at;
  bool overdue = false;  ///< open, and the deadline that runs now has passed: the hotline's, or our own of the step that is owed
  ReplyState reply_state = ReplyState::none;
  std::string path;      ///< of the place
  std::string text;      ///< what was said, for those who may read the case; else empty
  std::optional<Time> case_due;  ///< of the step that is owed now, while it is open
  bool was_late = false;         ///< a deadline has passed, now or before, or it ended after the hotline's
};
BOOST_DESCRIBE_STRUCT(HotlineReply, (), (number, case_, case_number, title, state, organisation, result, reply, received_at, due,
                                         replied_at, ended_at, overdue, reply_state, path, text, case_due, was_late))

struct ReplyWords {
  std::string text;
};
BOOST_DESCRIBE_STRUCT(ReplyWords, (), (text))

struct HotlineFilter {
  std::optional<Time> since;   ///< received or changed since
  std::optional<bool> ended;
  bool overdue = false;
  bool was_late = false;
  bool unanswered = false;            ///< nobody has written what the hotline is to tell
  std::optional<std::string> under;   ///< place path
  std::optional<std::string> q;       ///< part of their number, of ours, or of the title
  std::optional<std::string> after;
  std::size_t limit = 50;
};

class Exchange {
 public:
  Exchange(bus::Bus& bus, jobs::Jobs& jobs, files::Files& files, cases::Cases& cases, people::People& people,
           rosters::Rosters& rosters, std::shared_ptr<Captures> captures);
  /// What goes out to viewing libraries (exchange_captures.hpp).
  Captures& captures() const { return *captures_; }

  // ---- Open311 ------------------------------------------------------------------------------------------------------
  std::vector<Service> services(Reader& reader) const;
  std::optional<Service> service(Reader& reader, const std::string& code) const;
  std::vector<ServiceRequest> requests(Reader& reader, const RequestFilter& filter, Time now) const;
  std::optional<ServiceRequest> request(Reader& reader, const std::string& id) const;
  /// Right cases.report at the place; entered as coming from another program.
  /// @throws Refusal invalid exchange.no_service, exchange.no_place and what cases refuses
  CaseId post(Tx& tx, const Caller& caller, const NewRequest& words);

  // ---- 12345 --------------------------------------------------------------------------------------------------------
  /// Right exchange.write over the place. Each order by itself: those that are refused do not hold up the others.
  std::vector<Taken> take_in(Tx& tx, const Caller& caller, const std::vector<HotlineOrder>& orders);
  std::vector<Taken> take_in(Tx& tx, const Caller& caller, const OrdersRead& read);
  /// A list from a spreadsheet program; each row stands for itself. @throws Refusal unreadable sheet.*, invalid exchange.no_headings
  static OrdersRead read_orders(std::string_view file, int offset_minutes);
  /// What the hotline is to tell the caller. @throws Refusal missing exchange.unknown_order; invalid exchange.bad_reply
  HotlineReply reply(Tx& tx, const Caller& caller, const std::string& number, const ReplyWords& words);
  HotlineReply order(Reader& reader, const Caller& caller, const std::string& number) const;
  /// By number; as many as the filter's limit leaves.
  std::vector<HotlineReply> orders(Reader& reader, const Caller& caller, const HotlineFilter& filter) const;
  /// The same as the hotline's own desk reads it.
  static std::string as_sheet(const std::vector<HotlineReply>& replies, int offset_minutes);

  /// The place that an address in words means, within the caller's places by `right`: an id, or the longest name of a
  /// compound (and then a building of it) that stands in it.
  static std::optional<places::Place> locate(Reader& reader, const Caller& caller, std::string_view right, const std::string& words);

  void place_moved(Tx& tx, const std::string& from, const std::string& to);

 private:
  ServiceRequest shown(Reader& reader, const cases::Case& about) const;
  bool is_public(Reader& reader, const cases::Case& about) const;
  Taken take_one(Tx& tx, const Caller& caller, const HotlineOrder& order);
  std::string kind_of(Reader& reader, const std::optional<std::string>& words) const;
  HotlineReply reply_of(Reader& reader, const std::string& number, const CaseId& id, Time received, const std::string& told,
                        const std::optional<Time>& replied_at) const;

  bus::Bus& bus_;
  cases::Cases& cases_;
  people::People& people_;
  cases::Outside outside_;
  rosters::Rosters& rosters_;
  std::shared_ptr<Captures> captures_;
};

}  // namespace lifang::exchange
