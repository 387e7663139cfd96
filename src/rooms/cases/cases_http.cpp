#include "rooms/cases/cases_http.hpp"

#include "platform/http/routes.hpp"
#include "rooms/cases/cases.hpp"
#include "rooms/cases/cases_board.hpp"
#include "rooms/cases/cases_catalogue.hpp"
#include "rooms/cases/cases_words.hpp"

namespace lifang::cases {
namespace {

/// A line of an emergency plan as people read it.
struct PlanLine : CheckLine {
  std::optional<std::string> words_en;  ///< of a ready-made plan
};
BOOST_DESCRIBE_STRUCT(PlanLine, (CheckLine), (words_en))

/// One case with what stands beside it.
struct Whole : Case {
  std::vector<Called> called;
  std::vector<Part> parts;
  std::vector<PlanLine> checklist;
};
BOOST_DESCRIBE_STRUCT(Whole, (Case), (called, parts, checklist))

struct BatchWords {
  std::vector<CaseId> ids;
  Move move = Move::assign;
  std::optional<Words> words;
};
BOOST_DESCRIBE_STRUCT(BatchWords, (), (ids, move, words))

/// A case behind a figure.
struct Behind {
  CaseId id;
};
BOOST_DESCRIBE_STRUCT(Behind, (), (id))

CaseId id_of(const http::Call& call) {
  if (!CaseId::fits(call.id())) throw missing("cases.unknown", "no such case");
  return CaseId{call.id()};
}

template <class E>
std::optional<E> choice(const http::Call& call, std::string_view name) {
  const auto text = call.query(name);
  if (!text) return std::nullopt;
  return read<E>(boost::json::value(*text), "?" + std::string(name));
}

template <class T>
std::optional<T> id_in(const http::Call& call, std::string_view name) {
  const auto text = call.query(name);
  return text ? std::optional(T{*text}) : std::nullopt;
}

std::optional<std::string> path_in(Reader& reader, const http::Call& call) {
  const auto place = call.query("place");
  if (!place) return std::nullopt;
  return places::Places::path_of(reader, places::PlaceId{*place}, "?place");
}

Filter filter_of(Reader& reader, const http::Call& call) {
  Filter filter;
  filter.state = choice<State>(call, "state");
  if (call.query("open")) filter.open = call.flag("open");
  filter.circle = choice<Circle>(call, "circle");
  filter.grade = choice<Grade>(call, "grade");
  filter.place_path = path_in(reader, call);
  filter.overdue = call.flag("overdue");
  filter.mine = call.flag("mine");
  filter.reported = call.flag("reported");
  filter.post = id_in<PostId>(call, "post");
  filter.person = id_in<PersonId>(call, "person");
  filter.organisation = id_in<OrganisationId>(call, "organisation");
  filter.kind = call.query("kind");
  filter.situation = call.query("situation");
  filter.appeal = choice<Appeal>(call, "appeal");
  filter.deciding = call.flag("deciding");
  filter.q = call.query("q");
  filter.from = call.time("from");
  filter.to = call.time("to");
  const auto order = call.query("order").value_or("newest");
  if (order != "newest" && order != "due") throw invalid("json.not_one_of", "?order", "newest or due");
  filter.by_due = order == "due";
  filter.after = call.after();
  filter.limit = call.limit();
  return filter;
}

RatesFilter rates_filter_of(Reader& reader, const http::Call& call) {
  RatesFilter filter;
  filter.by = choice<RatesBy>(call, "by").value_or(RatesBy::organisation);
  filter.key = call.query("key");
  filter.place_path = path_in(reader, call);
  filter.from = call.time("from");
  filter.to = call.time("to");
  filter.good = call.flag("good");
  filter.after = call.after();
  filter.limit = call.limit();
  return filter;
}

void add_reading(http::Routes& routes, Cases& cases) {
  routes.get("/api/v1/cases", http::kAnyLogin,
             "Cases: ?state= &open= &circle= &place= &overdue=true &mine=true &reported=true &kind= &grade= &post= &person= "
             "&organisation= &situation= &appeal=asked|granted|refused &deciding=true &q= &from= &to= &order=newest|due",
             [&cases](Reader& reader, const http::Call& call) {
               const Filter filter = filter_of(reader, call);
               http::List<Case> list{cases.list(reader, call.caller, filter), {}, {}};
               if (list.items.size() == filter.limit) list.next = Cases::cursor_of(list.items.back(), filter);
               if (call.flag("count")) list.count = cases.count(reader, call.caller, filter);
               return list;
             });
  routes.get("/api/v1/cases/board", http::kAnyLogin,
             "What a wall screen shows of what the caller reads or is called to: open and overdue by circle and place, today's, "
             "and (with ?from=) days: ?place= &kind=",
             [&cases](Reader& reader, const http::Call& call) {
               return cases.board(reader, call.caller, {call.query("place"), call.query("kind"), call.time("from")});
             });
  routes.get("/api/v1/cases/names", http::kAnyLogin,
             "Number and kind of at most 100 cases; what is out of sight is left out: ?ids= (with commas between)",
             [&cases](Reader& reader, const http::Call& call) {
               return http::List<Named>{cases.names(reader, call.caller, call.ids()), {}, {}};
             });
  routes.get("/api/v1/cases/{id}", http::kAnyLogin, "One case with its moves allowed to the caller",
             [&cases](Reader& reader, const http::Call& call) {
               Whole whole;
               static_cast<Case&>(whole) = cases.get(reader, call.caller, id_of(call));
               Beside beside = cases.beside(reader, whole.id);
               whole.called = std::move(beside.called);
               whole.parts = std::move(beside.parts);
               for (CheckLine& line : beside.checklist) {
                 auto words_en = plan_line_in_english(line.words);
                 whole.checklist.push_back({std::move(line), std::move(words_en)});
               }
               return whole;
             });
  routes.get("/api/v1/cases/{id}/diary", http::kAnyLogin, "Everything that happened to it",
             [&cases](Reader& reader, const http::Call& call) {
               const auto after = call.after();
               const std::int64_t n = after && after->size() < 10 && after->find_first_not_of("0123456789") == std::string::npos
                                          ? std::stoll(*after)
                                          : 0;
               http::List<DiaryLine> list{cases.diary(reader, call.caller, id_of(call), n, call.limit()), {}, {}};
               if (list.items.size() == call.limit()) list.next = std::to_string(list.items.back().n);
               return list;
             });
  routes.get("/api/v1/cases/{id}/holdings", http::kAnyLogin, "Who held it, and in time or not",
             [&cases](Reader& reader, const http::Call& call) {
               return http::List<Holding>{cases.holdings(reader, call.caller, id_of(call)), {}, {}};
             });
  routes.get("/api/v1/cases/{id}/reporters", http::kAnyLogin, "Who reported it", [&cases](Reader& reader, const http::Call& call) {
    return http::List<Reporter>{cases.reporters(reader, call.caller, id_of(call)), {}, {}};
  });
  routes.get("/api/v1/cases/{id}/similar", http::kAnyLogin, "Cases that may be the same thing",
             [&cases](Reader& reader, const http::Call& call) {
               return http::List<Similar>{cases.similar(reader, call.caller, id_of(call)), {}, {}};
             });
  routes.get("/api/v1/cases/rates", http::kAnyLogin, "Response, solved, satisfied: ?by=organisation|post|kind &key= &place= &from= &to= &good=true",
             [&cases](Reader& reader, const http::Call& call) {
               return http::List<Rates>{cases.rates(reader, call.caller, rates_filter_of(reader, call)), {}, {}};
             });
  routes.get("/api/v1/cases/rates/cases", http::kAnyLogin,
             "The cases behind a figure: ?measure=response|solved|satisfied|overdue|reopened"
             " &by=organisation|post|kind &key= &place= &from= &to= &good=true",
             [&cases](Reader& reader, const http::Call& call) {
               const auto measure = choice<Measure>(call, "measure");
               if (!measure) throw invalid("json.missing", "?measure", "which figure");
               http::List<Behind> list;
               for (CaseId& id : cases.behind(reader, call.caller, rates_filter_of(reader, call), *measure)) list.items.push_back({std::move(id)});
               if (list.items.size() == call.limit()) list.next = list.items.back().id.text;
               return list;
             });
}

void add_writing(http::Routes& routes, Cases& cases) {
  routes.post<Report>("/api/v1/cases", http::kAnyLogin, "Reports something", [&cases](Tx& tx, const http::Call& call, const Report& words) {
    if (words.drill.value_or(false)) throw invalid("cases.drills_begin_elsewhere", "/drill", "a drill is begun at /api/v1/drills, and ended there");
    return cases.report(tx, call.caller, words);
  });
  routes.post<BatchWords>("/api/v1/cases/batch", http::kAnyLogin, "The same move on several cases",
                          [&cases](Tx& tx, const http::Call& call, const BatchWords& words) {
                            return http::List<BatchResult>{
                                cases.move_all(tx, call.caller, words.ids, words.move, words.words.value_or(Words{})), {}, {}};
                          });
  for (const Allowed& line : table()) {
    if (line.who == bit(Standing::machine)) continue;
    const Move move = line.move;
    routes.post<Words>("/api/v1/cases/{id}/" + std::string(spelling(move)), http::kAnyLogin, std::string(spoken(move)),
                       [&cases, move](Tx& tx, const http::Call& call, const Words& words) {
                         return cases.move(tx, call.caller, id_of(call), move, words);
                       });
  }
}

void add_kinds(http::Routes& routes, Cases& cases) {
  routes.get("/api/v1/cases/kinds", http::kAnyLogin, "Kinds of cases: ?class= &grade= &retired=true",
             [&cases](Reader& reader, const http::Call& call) {
               const KindFilter filter{choice<Class>(call, "class"), choice<Grade>(call, "grade"), call.flag("retired"), call.after(),
                                       call.limit()};
               http::List<Kind> list{cases.catalogue().list(reader, filter), {}, {}};
               if (list.items.size() == filter.limit) list.next = list.items.back().code;
               if (call.flag("count")) list.count = cases.catalogue().count(reader, filter);
               return list;
             });
  routes.get("/api/v1/cases/kinds/{id}", http::kAnyLogin, "One kind, its newest version or ?version=",
             [&cases](Reader& reader, const http::Call& call) {
               const auto version = call.integer("version");
               auto kind = version ? cases.catalogue().find(reader, call.id(), *version) : cases.catalogue().find(reader, call.id());
               if (!kind) throw missing("cases.unknown_kind", "no such kind");
               return *kind;
             });
  routes.get("/api/v1/cases/kinds/{id}/versions", http::kAnyLogin, "All versions of a kind, newest first",
             [&cases](Reader& reader, const http::Call& call) {
               return http::List<Kind>{cases.catalogue().versions(reader, call.id()), {}, {}};
             });
  routes.put<KindWords>("/api/v1/cases/kinds/{id}", "cases.catalogue", "A new version of a kind",
                        [&cases](Tx& tx, const http::Call& call, const KindWords& words) {
                          return cases.catalogue().put(tx, call.caller, call.id(), words);
                        });
  for (const bool retired : {true, false})
    routes.post<http::Nothing>(std::string("/api/v1/cases/kinds/{id}/") + (retired ? "retire" : "restore"), "cases.catalogue",
                               retired ? "Takes no new cases of a kind" : "Takes new cases again",
                               [&cases, retired](Tx& tx, const http::Call& call, const http::Nothing&) {
                                 return cases.catalogue().retire(tx, call.caller, call.id(), retired);
                               });
}

}  // namespace

void add_routes(http::Routes& routes, Cases& cases) {
  add_reading(routes, cases);
  add_kinds(routes, cases);
  add_draft_routes(routes, cases);
  add_writing(routes, cases);
}

}  // namespace lifang::cases
