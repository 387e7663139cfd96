#include "rooms/imports/imports_http.hpp"

#include <fstream>
#include <iterator>

#include "platform/http/routes.hpp"
#include "rooms/imports/imports.hpp"

namespace lifang::imports {
namespace {

constexpr std::size_t kLargest = 10 << 20;  ///< bytes

ImportId id_of(const http::Call& call) {
  if (!ImportId::fits(call.id())) throw missing("imports.unknown", "no such list");
  return ImportId{call.id()};
}

std::string body_of(const http::Request& request) {
  if (!request.body_file) return request.body;
  std::ifstream in(request.body_file->path(), std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

http::Response file(std::string bytes, bool as_csv, const std::string& name) {
  http::Response response;
  response.content_type = as_csv ? "text/csv; charset=utf-8" : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  response.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + name + (as_csv ? ".csv\"" : ".xlsx\""));
  response.headers.emplace_back("Cache-Control", "no-store");
  response.body = std::move(bytes);
  return response;
}

bool as_csv(const http::Call& call) {
  const std::string format = call.query("format").value_or("xlsx");
  if (format != "xlsx" && format != "csv") throw invalid("json.not_one_of", "?format", "xlsx or csv");
  return format == "csv";
}

http::Response secret(const std::string& body, int status) {
  http::Response response = http::json_response(body, status);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

}  // namespace

void add_routes(http::Routes& routes, Imports& imports, World& world) {
  routes.get("/api/v1/imports/templates", http::kAnyLogin, "Which lists can be brought, and their columns",
             [](Reader&, const http::Call&) { return http::List<Form>{Imports::forms(), {}, {}}; });
  routes.get("/api/v1/imports/templates/{id}", http::kAnyLogin, "An empty list to be filled in: ?format=xlsx|csv",
             [](Reader&, const http::Call& call) {
               return file(Imports::template_of(Imports::what_of(call.id()), as_csv(call)), as_csv(call), "lifang-" + call.id());
             });
  routes.get("/api/v1/imports", http::kAnyLogin, "Lists that the caller brought within a day", [](Reader& reader, const http::Call& call) {
    http::List<Import> list{Imports::list(reader, call.caller, call.after(), call.limit()), {}, {}};
    if (list.items.size() == call.limit()) list.next = list.items.back().id.text;
    if (call.flag("count")) list.count = static_cast<std::int64_t>(Imports::list(reader, call.caller, {}, 10'000).size());
    return list;
  });
  routes.get("/api/v1/imports/{id}", http::kAnyLogin, "One list with its problems", [](Reader& reader, const http::Call& call) {
    return Imports::get(reader, call.caller, id_of(call));
  });
  routes.get("/api/v1/imports/{id}/failed", http::kAnyLogin, "The rows that failed, as a file: ?format=xlsx|csv",
             [&imports](Reader& reader, const http::Call& call) {
               return file(imports.failed(reader, call.caller, id_of(call), as_csv(call)), as_csv(call), "failed");
             });
  routes.post_slow<http::Raw, Import>(
      "/api/v1/imports/{id}", http::kAnyLogin, "Checks a list row by row, writes nothing of it: the file as the body",
      [&imports, &world](Reader& reader, const http::Call& call, const http::Raw&) -> http::Routes::UseCase {
        const What what = Imports::what_of(call.id());
        auto checked = std::make_shared<Imports::Checked>(
            imports.check(reader, call.caller, what, body_of(call.request), world.clock.now(), world.ids));
        return [&imports, checked](Tx& tx, const http::Call&) { return secret(to_json(imports.keep(tx, *checked)), 201); };
      },
      kLargest);
  routes.post_slow<ApplyWords, http::Answer<Applied>>(
      "/api/v1/imports/{id}/apply", http::kAnyLogin, "Takes a checked list in, whole or not at all",
      [&imports, &world](Reader& reader, const http::Call& call, const ApplyWords& words) -> http::Routes::UseCase {
        const auto prepared = imports.prepare(reader, call.caller, id_of(call), words, world.clock.now(), world.ids);
        return [&imports, prepared, words](Tx& tx, const http::Call& c) {
          return secret(to_json(imports.apply(tx, c.caller, *prepared, words)), 200);
        };
      });
}

}  // namespace lifang::imports
