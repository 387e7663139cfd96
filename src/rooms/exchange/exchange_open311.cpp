// Open311 GeoReport v2: what the public sees of the cases, and what other programs report.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/members.hpp"
#include "rooms/cases/cases_catalogue.hpp"
#include "rooms/exchange/exchange.hpp"
#include "rooms/rosters/rosters.hpp"

namespace lifang::exchange {
namespace {

constexpr std::size_t kMostRequests = 1000;  // the standard's own bound
constexpr double kFarthest = 2000;           ///< metres from a place that we know

std::string group_of(cases::Class class_) {
  switch (class_) {
    case cases::Class::component: return "部件";
    case cases::Class::event: return "事件";
    case cases::Class::help: return "求助";
    case cases::Class::complaint: return "投诉";
    case cases::Class::suggestion: return "建议";
    case cases::Class::enquiry: return "咨询";
  }
  return {};
}

/// A cry for help is about a person: neither offered here nor shown.
bool is_offered(const cases::Kind& kind) { return !kind.retired && kind.class_ != cases::Class::help && kind.grade != cases::Grade::I; }

Service service_of(const cases::Kind& kind) {
  Service service;
  service.service_code = kind.code;
  service.service_name = kind.name;
  service.description = kind.name_en.empty() ? kind.name : kind.name_en;
  service.type = "realtime";
  service.keywords = kind.name_en;
  service.group = group_of(kind.class_);
  return service;
}

/// Metres, on a sphere that is flat for so short a way.
double distance(const places::Point& a, const places::Point& b) {
  constexpr double kMetresADegree = 111'320;
  const double x = (a.lon - b.lon) * std::cos((a.lat + b.lat) / 2 * 3.14159265358979 / 180);
  return std::hypot(x, a.lat - b.lat) * kMetresADegree;
}

std::optional<places::PlaceId> nearest(Reader& reader, const Caller& caller, const places::Point& point) {
  Caller looks = caller;
  looks.grants.clear();
  for (const std::string& root : caller.paths("cases.report")) looks.grants.push_back({"places.read", root});
  std::optional<places::PlaceId> found;
  double best = kFarthest;
  for (const places::Kind kind : {places::Kind::spot, places::Kind::building, places::Kind::compound}) {
    places::Filter filter;
    filter.kind = kind;
    filter.limit = 20'000;
    for (const places::Place& place : places::Places::list(reader, looks, filter)) {
      if (!place.position) continue;
      const double metres = distance(*place.position, point);
      if (metres >= best) continue;
      best = metres;
      found = place.id;
    }
  }
  return found;
}

/// The smallest place around that is no home.
std::optional<places::Place> public_place(Reader& reader, const places::PlaceId& id) {
  auto place = places::Places::find(reader, id);
  while (place && (place->kind == places::Kind::home || place->kind == places::Kind::unit))
    place = place->parent ? places::Places::find(reader, *place->parent) : std::nullopt;
  return place;
}

std::string notes_of(const cases::Case& about) {
  if (about.ending == cases::Ending::refused) return "不予受理";
  if (about.ending == cases::Ending::merged) return "已并入同一事项";
  switch (about.state) {
    case cases::State::reported: return "已收到，等待派单";
    case cases::State::assigned: return "已派单";
    case cases::State::accepted: return "正在办理";
    case cases::State::handled: return "已办理，等待核实";
    case cases::State::deferred: return "已挂账，到期恢复办理";
    case cases::State::reopened: return "重新办理";
    default: return "已办结";
  }
}

Time updated_at(const cases::Case& c) {
  Time last = c.opened_at;
  for (const auto& t : {c.accepted_at, c.arrived_at, c.handled_at, c.verified_at, c.closed_at})
    if (t) last = std::max(last, *t);
  return last;
}

}  // namespace

std::vector<Service> Exchange::services(Reader& reader) const {
  cases::KindFilter filter;
  filter.limit = 2000;
  std::vector<Service> all;
  for (const cases::Kind& kind : cases_.catalogue().list(reader, filter))
    if (is_offered(kind)) all.push_back(service_of(kind));
  return all;
}

std::optional<Service> Exchange::service(Reader& reader, const std::string& code) const {
  const auto kind = cases_.catalogue().find(reader, code);
  return kind && is_offered(*kind) ? std::optional(service_of(*kind)) : std::nullopt;
}

bool Exchange::is_public(Reader& reader, const cases::Case& about) const {
  if (about.drill || about.class_ == cases::Class::help || about.grade == cases::Grade::I) return false;
  const auto kind = cases_.catalogue().find(reader, about.kind);
  return kind && kind->class_ != cases::Class::help;
}

ServiceRequest Exchange::shown(Reader& reader, const cases::Case& about) const {
  ServiceRequest request;
  request.service_request_id = about.id.text;
  request.status = cases::is_open(about.state) ? "open" : "closed";
  request.status_notes = notes_of(about);
  request.service_code = about.kind;
  if (const auto kind = cases_.catalogue().find(reader, about.kind)) {
    request.service_name = kind->name;
    request.description = kind->name;
  }
  if (about.organisation)
    if (const auto organisation = people::People::find_organisation(reader, people::OrganisationId{about.organisation->text}))
      request.agency_responsible = organisation->name;
  request.requested_datetime = about.opened_at;
  request.updated_datetime = updated_at(about);
  if (cases::is_open(about.state)) request.expected_datetime = about.due;
  if (const auto place = public_place(reader, about.place)) {
    request.address = places::Places::spoken(reader, place->id);
    request.address_id = place->id.text;
    if (place->position) {
      request.lat = place->position->lat;
      request.lon = place->position->lon;
    }
  }
  return request;
}

std::optional<ServiceRequest> Exchange::request(Reader& reader, const std::string& id) const {
  if (!CaseId::fits(id)) return std::nullopt;
  const auto about = cases_.find(reader, CaseId{id});
  if (!about || !is_public(reader, *about)) return std::nullopt;
  return shown(reader, *about);
}

std::vector<ServiceRequest> Exchange::requests(Reader& reader, const RequestFilter& filter, Time now) const {
  std::vector<ServiceRequest> all;
  if (!filter.ids.empty()) {
    // The standard: with ids, everything else that is asked for does not count.
    for (const std::string& id : filter.ids)
      if (auto found = request(reader, id); found && all.size() < kMostRequests) all.push_back(*std::move(found));
    return all;
  }
  constexpr Duration kLongest = std::chrono::hours(24 * 90);  // the standard's span
  cases::Filter wanted;
  wanted.open = filter.open;
  wanted.to = filter.to;
  wanted.from = filter.from ? *filter.from : filter.to.value_or(now) - kLongest;
  const Time latest = filter.to.value_or(now);
  if (latest - *wanted.from > kLongest) wanted.from = latest - kLongest;
  wanted.limit = 500;
  const Caller machine = Caller::system();
  for (std::size_t pages = 0; pages < 20 && all.size() < kMostRequests; ++pages) {
    const auto page = cases_.list(reader, machine, wanted);
    for (const cases::Case& about : page) {
      const bool asked = filter.services.empty() || std::find(filter.services.begin(), filter.services.end(), about.kind) != filter.services.end();
      if (asked && is_public(reader, about) && all.size() < kMostRequests) all.push_back(shown(reader, about));
    }
    if (page.size() < wanted.limit) break;
    wanted.after = cases::Cases::cursor_of(page.back(), wanted);
  }
  return all;
}

CaseId Exchange::post(Tx& tx, const Caller& caller, const NewRequest& words) {
  caller.must("cases.report");
  if (words.service_code.empty() || !service(tx, words.service_code))
    throw invalid("exchange.no_service", "/service_code", "service_code was not provided or is none of the services");
  std::optional<places::PlaceId> place;
  if (!words.address_id.empty()) {
    if (is_client_id(words.address_id) && places::Places::find(tx, places::PlaceId{words.address_id})) place = places::PlaceId{words.address_id};
  } else if (!words.address_string.empty()) {
    if (const auto found = locate(tx, caller, "cases.report", words.address_string)) place = found->id;
  } else if (words.lat && words.lon) {
    place = nearest(tx, caller, {*words.lon, *words.lat});
  }
  if (!place) throw invalid("exchange.no_place", "/address_id", "a location in our places: lat and long, address_string or address_id");
  const std::string path = places::Places::path_of(tx, *place);
  caller.must("cases.report", path);
  cases::Report report;
  report.kind = words.service_code;
  report.place = *place;
  std::string text = words.description;
  if (!words.media_url.empty()) text += (text.empty() ? "" : "\n") + words.media_url;
  if (!text.empty()) report.text = text;
  if (words.lat && words.lon) report.position = places::Point{*words.lon, *words.lat};
  // A login stands for one person: it reports as itself, whatever number it writes.
  if (!caller.session.empty() || !caller.person.empty()) {
    if (!caller.person.empty()) {
      cases::ReporterWords self;
      self.channel = cases::Channel::open311;
      self.person = cases::PersonId{caller.person};
      report.reporter = self;
    }
    return cases_.report(tx, caller, report).id;
  }
  cases::ReporterWords reporter;
  reporter.channel = cases::Channel::open311;
  // In somebody's name reports only what may handle cases there, as at any desk; else the number names nobody.
  if (!words.phone.empty() && caller.may("cases.handle", path)) {
    people::SearchWords search;
    search.phone = words.phone;
    const auto found = people_.search(tx, Caller::system(), search);
    if (found.size() == 1) reporter.person = cases::PersonId{found.front().id.text};
  }
  report.reporter = reporter;
  // The program enters it for whoever uses it; its key need not hold the right to handle cases for that.
  Caller program = caller;
  program.grants.push_back({"cases.handle", path});
  return cases_.report(tx, program, report).id;
}

}  // namespace lifang::exchange
