#include "rooms/rosters/rosters_http.hpp"

#include "platform/http/routes.hpp"
#include "rooms/rosters/rosters.hpp"
#include "rooms/rosters/rosters_sight.hpp"

namespace lifang::rosters {
namespace {

template <class Id>
Id client_id(const http::Call& call, const char* code) {
  if (!is_client_id(call.id())) throw missing(code, "no such thing");
  return Id{call.id()};
}

template <class Id>
std::optional<Id> id_in(const http::Call& call, std::string_view name) {
  const auto text = call.query(name);
  return text ? std::optional(Id{*text}) : std::nullopt;
}

/// A page of `fetch(filter)`; rosters are small enough that counting is fetching.
template <class Filter, class Fetch>
auto page(const http::Call& call, Filter filter, Fetch fetch) {
  filter.after = call.after();
  filter.limit = call.limit();
  auto items = fetch(filter);
  http::List<typename decltype(items)::value_type> list{std::move(items), {}, {}};
  if (list.items.size() == filter.limit) list.next = list.items.back().id.text;
  if (call.flag("count")) {
    filter.after.reset();
    filter.limit = 100'000;
    list.count = static_cast<std::int64_t>(fetch(filter).size());
  }
  return list;
}

Shift readable_shift(Reader& reader, const http::Call& call) {
  Shift shift = Rosters::get_shift(reader, client_id<ShiftId>(call, "rosters.unknown_shift"));
  call.caller.must("rosters.read", shift.path);
  return shift;
}

void add_shift_routes(http::Routes& routes, Rosters& rosters) {
  routes.get("/api/v1/rosters/shifts", "rosters.read", "Shifts: ?post= &person= &place= (a subtree)",
             [](Reader& reader, const http::Call& call) {
               const ShiftFilter filter{id_in<PostId>(call, "post"), id_in<PersonId>(call, "person"),
                                        id_in<places::PlaceId>(call, "place"), {}, {}};
               return page(call, filter, [&](const ShiftFilter& f) { return Rosters::shifts(reader, call.caller, f); });
             });
  routes.get("/api/v1/rosters/shifts/{id}", "rosters.read", "One shift", readable_shift);
  routes.put<ShiftWords>("/api/v1/rosters/shifts/{id}", "rosters.write", "Makes or changes a shift",
                         [&rosters](Tx& tx, const http::Call& call, const ShiftWords& words) {
                           return rosters.put_shift(tx, call.caller, client_id<ShiftId>(call, "rosters.bad_id"), words);
                         });
  routes.remove("/api/v1/rosters/shifts/{id}", "rosters.write", "Removes a shift", [&rosters](Tx& tx, const http::Call& call) {
    rosters.remove_shift(tx, call.caller, client_id<ShiftId>(call, "rosters.unknown_shift"));
    return http::Nothing{};
  });
  routes.get("/api/v1/rosters/duty", "rosters.read", "Who is on duty: ?place= &at= (now) &post= (without it: every post that has a shift there or above)",
             [&rosters](Reader& reader, const http::Call& call) {
               const auto post = id_in<PostId>(call, "post");
               const auto place = id_in<places::PlaceId>(call, "place");
               if (!place) throw invalid("json.missing", "?place", "which place");
               const Time at = call.time("at").value_or(rosters.now());
               const std::string path = places::Places::path_of(reader, *place, "?place");
               call.caller.must("rosters.read", path);
               http::List<OnDuty> list;
               if (!post) {
                 list.items = rosters.on_duty_for(reader, path, at);
               } else if (auto duty = rosters.on_duty_or_above(reader, *post, path, at)) {
                 list.items.push_back(*std::move(duty));
               }
               if (call.flag("count")) list.count = static_cast<std::int64_t>(list.items.size());
               return list;
             });
}

void add_people_routes(http::Routes& routes, Rosters& rosters) {
  routes.get("/api/v1/rosters/posts", http::kAnyLogin, "Posts and who stands above them", [](Reader& reader, const http::Call& call) {
    return page(call, PostFilter{}, [&](const PostFilter& f) { return Rosters::posts(reader, f.after, f.limit); });
  });
  routes.get("/api/v1/rosters/posts/{id}", http::kAnyLogin, "One post", [](Reader& reader, const http::Call& call) {
    return Rosters::get_post(reader, client_id<PostId>(call, "rosters.unknown_post"));
  });
  routes.put<PostWords>("/api/v1/rosters/posts/{id}", "rosters.write", "Makes or describes a post",
                        [&rosters](Tx& tx, const http::Call& call, const PostWords& words) {
                          return rosters.put_post(tx, call.caller, client_id<PostId>(call, "rosters.bad_id"), words);
                        });
  routes.get("/api/v1/rosters/absences", "rosters.read", "Absences: ?person= &at=", [](Reader& reader, const http::Call& call) {
    const AbsenceFilter filter{id_in<PersonId>(call, "person"), call.time("at"), {}, {}};
    return page(call, filter, [&](const AbsenceFilter& f) { return absences_seen(reader, call.caller, f); });
  });
  routes.get("/api/v1/rosters/absences/{id}", "rosters.read", "One absence", [](Reader& reader, const http::Call& call) {
    auto absence = Rosters::find_absence(reader, AbsenceId{call.id()});
    if (absence) absence = seen_by(reader, call.caller, *std::move(absence));
    if (!absence) throw missing("rosters.unknown_absence", "no such absence");
    return *absence;
  });
  routes.post<AbsenceWords>("/api/v1/rosters/absences", http::kAnyLogin, "Reports an absence, one's own or with the right",
                            [&rosters](Tx& tx, const http::Call& call, const AbsenceWords& words) {
                              return rosters.report_absence(tx, call.caller, words);
                            });
  routes.remove("/api/v1/rosters/absences/{id}", http::kAnyLogin, "Takes an absence back", [&rosters](Tx& tx, const http::Call& call) {
    rosters.remove_absence(tx, call.caller, AbsenceId{call.id()});
    return http::Nothing{};
  });
  routes.get("/api/v1/rosters/handovers", "rosters.read", "Notes between shifts: ?post= &place= &open=true",
             [](Reader& reader, const http::Call& call) {
               const HandOverFilter filter{id_in<PostId>(call, "post"), id_in<places::PlaceId>(call, "place"), call.flag("open"),
                                           {}, {}};
               return page(call, filter, [&](const HandOverFilter& f) { return Rosters::hand_overs(reader, call.caller, f); });
             });
  routes.get("/api/v1/rosters/handovers/{id}", "rosters.read", "One note", [](Reader& reader, const http::Call& call) {
    auto note = Rosters::find_hand_over(reader, HandOverId{call.id()});
    if (!note) throw missing("rosters.unknown_hand_over", "no such note");
    call.caller.must("rosters.read", note->path);
    return *note;
  });
  routes.post<HandOverWords>("/api/v1/rosters/handovers", "rosters.read", "Leaves a note for the next shift",
                             [&rosters](Tx& tx, const http::Call& call, const HandOverWords& words) {
                               return rosters.hand_over(tx, call.caller, words);
                             });
  routes.post<http::Nothing>("/api/v1/rosters/handovers/{id}/take", "rosters.read", "Takes the shift over",
                             [&rosters](Tx& tx, const http::Call& call, const http::Nothing&) {
                               return rosters.take_over(tx, call.caller, HandOverId{call.id()});
                             });
}

}  // namespace

void add_routes(http::Routes& routes, Rosters& rosters) {
  add_shift_routes(routes, rosters);
  add_people_routes(routes, rosters);
  routes.get("/api/v1/rosters/calendar/{id}", "rosters.read", "Holidays and make-up days of a year",
             [](Reader& reader, const http::Call& call) {
               const std::string text = call.id();
               if (text.size() != 4 || text.find_first_not_of("0123456789") != std::string::npos)
                 throw missing("rosters.unknown_year", "a year such as 2026");
               return Rosters::year(reader, std::stoll(text));
             });
  routes.put<YearWords>("/api/v1/rosters/calendar/{id}", "rosters.write", "Keeps the published days of a year",
                        [&rosters](Tx& tx, const http::Call& call, const YearWords& words) {
                          const std::string text = call.id();
                          if (text.size() != 4 || text.find_first_not_of("0123456789") != std::string::npos)
                            throw missing("rosters.unknown_year", "a year such as 2026");
                          return rosters.put_year(tx, call.caller, std::stoll(text), words);
                        });
  routes.get("/api/v1/rosters/hours/{id}", "rosters.read", "Working hours of an organisation, or of \"district\"",
             [](Reader& reader, const http::Call& call) {
               return Rosters::hours_of(reader, client_id<OrganisationId>(call, "rosters.bad_id"));
             });
  routes.put<WorkingHours>("/api/v1/rosters/hours/{id}", "rosters.write", "Keeps the working hours of an organisation",
                           [&rosters](Tx& tx, const http::Call& call, const WorkingHours& hours) {
                             return rosters.put_hours(tx, call.caller, client_id<OrganisationId>(call, "rosters.bad_id"), hours);
                           });
}

}  // namespace lifang::rosters
