#include <algorithm>

#include "platform/http/routes_held.hpp"

namespace lifang::http {
namespace {

constexpr std::size_t kMostRows = 200'000;

/// "/api/v1/cases.xlsx" → "cases".
std::string name_of(std::string_view path, std::string_view suffix) {
  path.remove_suffix(suffix.size() + 1);
  return std::string(path.substr(path.rfind('/') + 1));
}

}  // namespace

/// The whole list, page by page within one snapshot.
Response Routes::as_sheet(Held& held, Reader& reader) {
  const bool xlsx = held.sheet == "xlsx";
  const std::string name = name_of(held.request.path, held.sheet);
  Request page = held.request;
  const auto replace = [&](const char* word, std::string value) {
    std::erase_if(page.query, [&](const auto& q) { return q.first == word; });
    page.query.emplace_back(word, std::move(value));
  };
  replace("limit", "500");
  std::unique_ptr<sheet::Writer> writer;
  for (std::size_t rows = 0;;) {
    const Call call{page, held.call.caller, held.call.path, held.call.watch, false};
    const Table table = doings_[held.route].table(reader, call);
    if (!writer)
      writer = xlsx ? sheet::write_xlsx(name, table.columns, parts_.offset_minutes)
                    : sheet::write_csv(table.columns, parts_.offset_minutes);
    rows += table.rows.size();
    if (rows > kMostRows)
      throw Refusal(RefusalKind::too_large, "http.list_too_long", "more than 200,000 rows: narrow the list, by time or place");
    for (const auto& row : table.rows) writer->row(row);
    if (!table.next) break;
    replace("after", encode_cursor(*table.next));
  }
  Response response;
  response.content_type = xlsx ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" : "text/csv; charset=utf-8";
  response.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + name + "." + held.sheet + "\"");
  response.body = writer->finish();
  return response;
}

}  // namespace lifang::http
