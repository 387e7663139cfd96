// Open311 GeoReport v2 (wiki.open311.org/GeoReport_v2): its paths, its two formats, its errors.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <functional>

#include "platform/http/routes.hpp"
#include "platform/http/target.hpp"
#include "platform/sheet/xml.hpp"
#include "rooms/exchange/exchange.hpp"
#include "rooms/exchange/exchange_http.hpp"

namespace lifang::exchange {
namespace {

/// One answer in both formats: rows of named texts; numbers and truths stand bare in JSON.
struct Cell {
  std::string name, text;
  bool bare = false;
};
using Record = std::vector<Cell>;

struct Format {
  bool xml = false;
  std::string id;  ///< without the suffix
};

Format format_of(std::string_view last) {
  if (last.ends_with(".xml")) return {true, std::string(last.substr(0, last.size() - 4))};
  if (last.ends_with(".json")) last.remove_suffix(5);
  return {false, std::string(last)};
}

std::string_view last_of(const http::Call& call) {
  const std::string_view path = call.request.path;
  return path.substr(path.rfind('/') + 1);
}

std::string as_json(const std::vector<Record>& records) {
  std::string out = "[";
  for (const Record& record : records) {
    out += out.size() > 1 ? ",{" : "{";
    bool first = true;
    for (const Cell& cell : record) {
      if (!first) out += ',';
      first = false;
      write(out, cell.name);
      out += ':';
      if (cell.bare) out += cell.text.empty() ? "null" : cell.text;
      else write(out, cell.text);
    }
    out += '}';
  }
  return out + "]";
}

std::string as_xml(const std::vector<Record>& records, std::string_view all, std::string_view each) {
  std::string out = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<" + std::string(all) + ">\n";
  for (const Record& record : records) {
    out += "  <" + std::string(each) + ">";
    for (const Cell& cell : record) out += "<" + cell.name + ">" + sheet::escape_xml(cell.text) + "</" + cell.name + ">";
    out += "</" + std::string(each) + ">\n";
  }
  return out + "</" + std::string(all) + ">\n";
}

http::Response answer(const Format& format, const std::vector<Record>& records, std::string_view all, std::string_view each,
                      int status = 200) {
  http::Response response;
  response.status = status;
  response.content_type = format.xml ? "text/xml; charset=utf-8" : "application/json; charset=utf-8";
  response.body = format.xml ? as_xml(records, all, each) : as_json(records);
  // Pages of other towns may read it: it holds nothing that is not public.
  response.headers.emplace_back("Access-Control-Allow-Origin", "*");
  return response;
}

http::Response error(const Format& format, int status, const std::string& description) {
  return answer(format, {{{"code", std::to_string(status), true}, {"description", description}}}, "errors", "error", status);
}

/// What is not there, in the standard's own words.
http::Response not_found(const http::Routes& routes, const Format& format, const std::string& code, const std::string& description) {
  routes.count_refused(code);
  return error(format, 404, description);
}

/// The standard's own words for what went wrong.
http::Response worded(const Format& format, const Refusal& refusal) {
  int status = http_status(refusal.kind);
  if (status == 422) status = 400;
  if (status == 401) status = 403;
  return error(format, status, refusal.code + ": " + refusal.detail);
}

http::Response refused(const http::Routes& routes, const Format& format, const Refusal& refusal) {
  routes.count_refused(refusal.code);
  return worded(format, refusal);
}

Record shown(const Service& s) {
  return {{"service_code", s.service_code}, {"service_name", s.service_name}, {"description", s.description},
          {"metadata", s.metadata ? "true" : "false", true}, {"type", s.type}, {"keywords", s.keywords}, {"group", s.group}};
}

std::string number(const std::optional<double>& value) {
  std::string out;
  if (value) write(out, *value);
  return out;
}

Record shown(const ServiceRequest& r) {
  return {{"service_request_id", r.service_request_id}, {"status", r.status}, {"status_notes", r.status_notes},
          {"service_name", r.service_name}, {"service_code", r.service_code}, {"description", r.description},
          {"agency_responsible", r.agency_responsible}, {"service_notice", r.service_notice},
          {"requested_datetime", to_rfc3339(r.requested_datetime)}, {"updated_datetime", to_rfc3339(r.updated_datetime)},
          {"expected_datetime", r.expected_datetime ? to_rfc3339(*r.expected_datetime) : ""}, {"address", r.address},
          {"address_id", r.address_id}, {"zipcode", ""}, {"lat", number(r.lat), true}, {"long", number(r.lon), true}, {"media_url", ""}};
}

std::vector<std::string> listed(const std::optional<std::string>& text) {
  std::vector<std::string> all;
  if (!text) return all;
  for (std::size_t from = 0; from <= text->size() && all.size() < 1000;) {
    const auto to = std::min(text->find(',', from), text->size());
    if (to > from) all.push_back(text->substr(from, to - from));
    from = to + 1;
  }
  return all;
}

/// The standard's clients send dates with a time and a zone, with a time alone, or a day alone: the district's clock.
std::optional<Time> time_in(const http::Call& call, const char* name, int offset_minutes) {
  auto text = call.query(name);
  if (!text || (text->size() != 10 && text->size() != 19)) return call.time(name);
  if (text->size() == 10) *text += "T00:00:00";
  const int minutes = std::abs(offset_minutes);
  const auto time = parse_time(fmt::format("{}{}{:02}:{:02}", *text, offset_minutes < 0 ? '-' : '+', minutes / 60, minutes % 60));
  return time ? time : call.time(name);
}

RequestFilter filter_of(const http::Call& call, int offset_minutes) {
  RequestFilter filter;
  filter.ids = listed(call.query("service_request_id"));
  filter.services = listed(call.query("service_code"));
  filter.from = time_in(call, "start_date", offset_minutes);
  filter.to = time_in(call, "end_date", offset_minutes);
  const auto states = listed(call.query("status"));
  for (const std::string& state : states)
    if (state != "open" && state != "closed") throw invalid("exchange.bad_status", "?status", "open or closed");
  if (states.size() == 1) filter.open = states.front() == "open";
  return filter;
}

std::optional<double> degrees(const std::string& text) {
  if (text.empty()) return std::nullopt;
  double value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc{} || end != text.data() + text.size()) throw invalid("exchange.bad_position", "/lat", "lat and long are decimal degrees");
  return value;
}

struct Posted {
  NewRequest words;
  std::string api_key;
};

Posted posted_of(const http::Request& request) {
  const auto form = http::parse_query(request.body);
  if (!form) throw Refusal(RefusalKind::unreadable, "exchange.bad_form", "the body is not application/x-www-form-urlencoded");
  const auto value = [&](std::string_view name) {
    for (const auto& [key, text] : *form)
      if (key == name) return text;
    return std::string(request.parameter(name).value_or(""));
  };
  Posted posted;
  posted.api_key = value("api_key");
  posted.words = {value("service_code"), value("description"), value("address_id"), value("address_string"), value("phone"),
                  value("media_url"),    degrees(value("lat")), degrees(value("long"))};
  if (posted.words.description.size() > 3500) throw invalid("exchange.too_long", "/description", "at most 3,500 bytes");
  return posted;
}

/// The key's owner: the standard sends the key with the form, ours in the header; both are the same key.
Caller owner_of(http::Routes& routes, const http::Call& call, const std::string& api_key) {
  if (!call.caller.account.empty()) return call.caller;
  if (api_key.empty()) throw forbidden("exchange.no_key", "api_key was not provided");
  http::Request asks;
  asks.method = "POST";
  asks.path = call.request.path;
  asks.remote_address = call.request.remote_address;
  asks.headers.emplace_back("Authorization", "Bearer " + api_key);
  return routes.caller_of(asks);
}

template <class Fn>
http::Response in_form(const http::Routes& routes, const Format& format, Fn fn) {
  try {
    return fn();
  } catch (const Refusal& refusal) {
    return refused(routes, format, refusal);
  }
}

http::Routes::UseCase posting(http::Routes& routes, Exchange& exchange, const http::Call& call) {
  const Format format = format_of(last_of(call));
  Posted posted;
  Caller owner;
  try {
    posted = posted_of(call.request);
    owner = owner_of(routes, call, posted.api_key);
  } catch (const Refusal& refusal) {
    return [response = refused(routes, format, refusal)](Tx&, const http::Call&) { return response; };
  }
  return [&routes, &exchange, format, posted, owner](Tx& tx, const http::Call&) {
    return in_form(routes, format, [&] {
      CaseId id;
      tx.savepoint([&] { id = exchange.post(tx, owner, posted.words); });
      return answer(format, {{{"service_request_id", id.text}, {"service_notice", ""}, {"account_id", ""}}}, "service_requests", "request", 201);
    });
  };
}

}  // namespace

void add_open311_routes(http::Routes& routes, Exchange& exchange, World& world, int offset_minutes) {
  routes.reword("/open311/v2/", [](const http::Request& request, const Refusal& refusal) {
    return worded(format_of(std::string_view(request.path).substr(request.path.rfind('/') + 1)), refusal);
  });
  for (const std::string suffix : {"", ".json", ".xml"}) {
    routes.get("/open311/v2/services" + suffix, http::kAnyone, "Open311: what can be reported", [&exchange](Reader& reader, const http::Call& call) {
      std::vector<Record> all;
      for (const Service& service : exchange.services(reader)) all.push_back(shown(service));
      return answer(format_of(last_of(call)), all, "services", "service");
    });
    routes.get("/open311/v2/requests" + suffix, http::kAnyone,
               "Open311: ?service_request_id= &service_code= &start_date= &end_date= &status=open|closed",
               [&routes, &exchange, &world, offset_minutes](Reader& reader, const http::Call& call) {
                 const Format format = format_of(last_of(call));
                 return in_form(routes, format, [&] {
                   std::vector<Record> all;
                   for (const ServiceRequest& r : exchange.requests(reader, filter_of(call, offset_minutes), world.clock.now())) all.push_back(shown(r));
                   return answer(format, all, "service_requests", "request");
                 });
               });
    routes.post_slow<http::Raw, http::Raw>("/open311/v2/requests" + suffix, http::kAnyone, "Open311: reports something, with api_key",
                                           [&routes, &exchange](Reader&, const http::Call& call, const http::Raw&) {
                                             return posting(routes, exchange, call);
                                           });
  }
  routes.get("/open311/v2/services/{id}", http::kAnyone, "Open311: one service", [&routes, &exchange](Reader& reader, const http::Call& call) {
    const Format format = format_of(call.id());
    const auto service = exchange.service(reader, format.id);
    if (!service) return not_found(routes, format, "exchange.unknown_service", "service_code provided was not found");
    http::Response response = answer(format, {}, "service_definition", "attribute");
    // The one answer that is no list: no service of ours asks for attributes.
    std::string code;
    write(code, service->service_code);
    response.body = format.xml ? "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<service_definition><service_code>" +
                                     sheet::escape_xml(service->service_code) + "</service_code><attributes></attributes></service_definition>\n"
                               : "{\"service_code\":" + code + ",\"attributes\":[]}";
    return response;
  });
  routes.get("/open311/v2/requests/{id}", http::kAnyone, "Open311: one request", [&routes, &exchange](Reader& reader, const http::Call& call) {
    const Format format = format_of(call.id());
    const auto found = exchange.request(reader, format.id);
    if (!found) return not_found(routes, format, "exchange.unknown_request", "service_request_id provided was not found");
    return answer(format, {shown(*found)}, "service_requests", "request");
  });
  routes.get("/open311/v2/tokens/{id}", http::kAnyone, "Open311: the request behind a token", [&routes, &exchange](Reader& reader, const http::Call& call) {
    // Requests get their number at once, so a token is that number.
    const Format format = format_of(call.id());
    const auto found = exchange.request(reader, format.id);
    if (!found) return not_found(routes, format, "exchange.unknown_request", "token was not found");
    return answer(format, {{{"service_request_id", found->service_request_id}, {"token", format.id}}}, "service_requests", "request");
  });
}

}  // namespace lifang::exchange
