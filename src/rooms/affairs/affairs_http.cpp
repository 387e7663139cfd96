#include "rooms/affairs/affairs_http.hpp"

#include "platform/http/routes.hpp"
#include "rooms/affairs/affairs.hpp"

namespace lifang::affairs {
namespace {

struct Source {
  std::string id, name;
};
BOOST_DESCRIBE_STRUCT(Source, (), (id, name))

FormId form_of(const http::Call& call) {
  if (!is_client_id(call.id())) throw missing("affairs.unknown_form", "no such form");
  return FormId{call.id()};
}

RunId run_of(const http::Call& call) {
  if (!RunId::fits(call.id())) throw missing("affairs.unknown_run", "no such form in hand");
  return RunId{call.id()};
}

http::Response xlsx(std::string bytes) {
  http::Response response;
  response.content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  response.headers.emplace_back("Content-Disposition", "attachment; filename=\"form.xlsx\"");
  response.headers.emplace_back("Cache-Control", "no-store");
  response.body = std::move(bytes);
  return response;
}

void add_forms(http::Routes& routes, Affairs& affairs) {
  routes.get("/api/v1/affairs/sources", "affairs.read", "What a column of a form may be filled from", [](Reader&, const http::Call&) {
    http::List<Source> list;
    for (const auto& [id, name] : Affairs::sources()) list.items.push_back({id, name});
    return list;
  });
  routes.get("/api/v1/affairs/forms", "affairs.read", "Forms of bureaus that were mapped", [](Reader& reader, const http::Call&) {
    return http::List<Form>{Affairs::forms(reader), {}, {}};
  });
  routes.get("/api/v1/affairs/forms/{id}", "affairs.read", "One form", [](Reader& reader, const http::Call& call) {
    auto form = Affairs::find(reader, form_of(call));
    if (!form) throw missing("affairs.unknown_form", "no such form");
    return *form;
  });
  routes.post_slow<http::Raw, FormWords>("/api/v1/affairs/forms/suggest", "affairs.write", "A first mapping for an empty form: the file as the body",
                                         [](Reader&, const http::Call& call, const http::Raw&) -> http::Routes::UseCase {
                                           auto words = std::make_shared<FormWords>(Affairs::suggest(call.request.body));
                                           return [words](Tx&, const http::Call&) { return http::Routes::render(*words); };
                                         });
  routes.put<FormWords>("/api/v1/affairs/forms/{id}", "affairs.write", "Maps a form", [&affairs](Tx& tx, const http::Call& call, const FormWords& words) {
    return affairs.put(tx, call.caller, form_of(call), words);
  });
}

void add_answers(http::Routes& routes, Affairs& affairs) {
  routes.post<AnswersWords>("/api/v1/affairs/runs/{id}/answers", "affairs.write", "Answers, remembered for every form",
                            [&affairs](Tx& tx, const http::Call& call, const AnswersWords& words) {
                              return affairs.answer(tx, call.caller, run_of(call), words);
                            });
  routes.get("/api/v1/affairs/runs/{id}/answers", "affairs.read", "What workers said that stands in this form, now or for an earlier one",
             [&affairs](Reader& reader, const http::Call& call) {
               http::List<Remembered> list{affairs.answers(reader, call.caller, run_of(call), call.after(), call.limit()), {}, {}};
               if (list.items.size() == call.limit()) list.next = list.items.back().id;
               return list;
             });
  routes.get("/api/v1/affairs/runs/{id}/conflicts", "affairs.read", "Answers that contradict another: ?open=true",
             [&affairs](Reader& reader, const http::Call& call) {
               auto all = affairs.conflicts(reader, call.caller, run_of(call), call.flag("open"));
               http::List<Conflict> list;
               if (call.flag("count")) list.count = static_cast<std::int64_t>(all.size());
               if (const auto after = call.after()) std::erase_if(all, [&](const Conflict& c) { return c.id >= *after; });
               if (all.size() > call.limit()) {
                 all.resize(call.limit());
                 list.next = all.back().id;
               }
               list.items = std::move(all);
               return list;
             });
  routes.get("/api/v1/affairs/conflicts/{id}", "affairs.read", "One of them", [&affairs](Reader& reader, const http::Call& call) {
    return affairs.conflict(reader, call.caller, call.id());
  });
  routes.post<SettleWords>("/api/v1/affairs/conflicts/{id}/settle", "affairs.write", "Which of the two stands",
                           [&affairs](Tx& tx, const http::Call& call, const SettleWords& words) {
                             return affairs.settle(tx, call.caller, call.id(), words.keep);
                           });
}

}  // namespace

void add_routes(http::Routes& routes, Affairs& affairs) {
  add_forms(routes, affairs);
  routes.post<RunWords>("/api/v1/affairs/runs", "affairs.write", "Takes a form in hand for a place: what is known is filled",
                        [&affairs](Tx& tx, const http::Call& call, const RunWords& words) { return affairs.start(tx, call.caller, words); });
  routes.get("/api/v1/affairs/runs", "affairs.read", "Forms in hand, newest first", [&affairs](Reader& reader, const http::Call& call) {
    http::List<Run> list{affairs.runs(reader, call.caller, call.after(), call.limit()), {}, {}};
    if (list.items.size() == call.limit()) list.next = list.items.back().id.text;
    if (call.flag("count")) list.count = Affairs::count_runs(reader, call.caller);
    return list;
  });
  routes.get("/api/v1/affairs/runs/{id}", "affairs.read", "One of them: how many cells are known and blank",
             [&affairs](Reader& reader, const http::Call& call) { return affairs.get(reader, call.caller, run_of(call)); });
  routes.get("/api/v1/affairs/runs/{id}/blanks", "affairs.read", "What workers are to be asked", [&affairs](Reader& reader, const http::Call& call) {
    http::List<Blank> list{affairs.blanks(reader, call.caller, run_of(call), call.after(), call.limit()), {}, {}};
    if (list.items.size() == call.limit()) list.next = list.items.back().id;
    return list;
  });
  add_answers(routes, affairs);
  routes.post<http::Nothing>("/api/v1/affairs/runs/{id}/count", "affairs.write", "Counts anew, after the registers were completed",
                             [&affairs](Tx& tx, const http::Call& call, const http::Nothing&) {
                               return affairs.recount(tx, call.caller, run_of(call));
                             });
  routes.post<http::Nothing>("/api/v1/affairs/runs/{id}/file", "affairs.write", "The filled form, .xlsx; needs people.reveal and a purpose",
                             [&affairs](Tx& tx, const http::Call& call, const http::Nothing&) {
                               return xlsx(affairs.file(tx, call.caller, run_of(call)));
                             });
}

}  // namespace lifang::affairs
