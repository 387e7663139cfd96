#include <algorithm>

#include "platform/http/again.hpp"
#include "platform/http/routes_held.hpp"

namespace lifang::http {
namespace {

constexpr std::size_t kMostRows = 200'000;

/// "/api/v1/cases.xlsx" → "cases".
std::string name_of(std::string_view path, std::string_view suffix) {
  path.remove_suffix(suffix.size() + 1);
  return std::string(path.substr(path.rfind('/') + 1));
}

void replace(Request& page, const char* word, std::string value) {
  std::erase_if(page.query, [&](const auto& q) { return q.first == word; });
  page.query.emplace_back(word, std::move(value));
}

std::map<std::string, std::string, std::less<>> again(const Call& call) {
  auto path = call.path;
  path.emplace(kAgain, "");
  return path;
}

/// Every page of the list that `first` asks for, within one snapshot. `read` gives how many items the page had and what
/// comes next. @throws Refusal too_large http.list_too_long
template <class Read>
std::size_t each_page(const Call& first, const Read& read) {
  Request page = first.request;
  std::erase_if(page.query, [](const auto& q) { return q.first == "after"; });
  replace(page, "limit", "500");
  auto path = first.path;
  for (std::size_t seen = 0;; path = again(first)) {
    const Call call{page, first.caller, path, first.watch, false};
    const auto [items, next] = read(call);
    seen += items;
    if (seen > kMostRows)
      throw Refusal(RefusalKind::too_large, "http.list_too_long", "more than 200,000 rows: narrow the list, by time or place");
    if (!next) return seen;
    replace(page, "after", encode_cursor(*next));
  }
}

}  // namespace

std::int64_t Routes::walk(const Call& call, const std::function<Paged(const Call&)>& page_of) {
  return static_cast<std::int64_t>(each_page(Call{call.request, call.caller, again(call), call.watch, false}, page_of));
}

bool Routes::nothing_after(const Call& call, const std::string& next, const std::function<Paged(const Call&)>& page_of) {
  Request page = call.request;
  std::erase_if(page.query, [](const auto& q) { return q.first == "count"; });
  replace(page, "limit", "1");
  replace(page, "after", encode_cursor(next));
  const Paged following = page_of(Call{page, call.caller, again(call), call.watch, false});
  return following.items == 0 && !following.next;
}

Response Routes::as_sheet(Held& held, Reader& reader) {
  const bool xlsx = held.sheet == "xlsx";
  const std::string name = name_of(held.request.path, held.sheet);
  std::unique_ptr<sheet::Writer> writer;
  each_page(held.call, [&](const Call& call) {
    const Table table = doings_[held.route].table(reader, call);
    if (!writer)
      writer = xlsx ? sheet::write_xlsx(name, table.columns, parts_.offset_minutes)
                    : sheet::write_csv(table.columns, parts_.offset_minutes);
    for (const auto& row : table.rows) writer->row(row);
    return Paged{table.rows.size(), table.next};
  });
  Response response;
  response.content_type = xlsx ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" : "text/csv; charset=utf-8";
  response.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + name + "." + held.sheet + "\"");
  response.body = writer->finish();
  return response;
}

}  // namespace lifang::http
