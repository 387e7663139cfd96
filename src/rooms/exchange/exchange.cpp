// Lists to and from the 12345 hotline, and where an address in words lies.
#include "rooms/exchange/exchange.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <utility>

#include "base/text.hpp"
#include "platform/sheet/sheet.hpp"
#include "rooms/cases/cases_catalogue.hpp"
#include "rooms/exchange/exchange_captures.hpp"
#include "rooms/exchange/exchange_store.hpp"
#include "rooms/rosters/rosters.hpp"

namespace lifang::exchange {
namespace {

constexpr std::size_t kMostOrders = 500;
constexpr auto kLongPast = std::chrono::hours(24 * 30);  ///< a deadline over for so long is a slip of the pen

/// Enters on behalf of callers whom it does not name, wherever the program may report.
Caller as_staff(const Caller& caller, const std::string& path) {
  Caller staff = caller;
  staff.person.clear();
  staff.grants.push_back({"cases.handle", path});
  staff.grants.push_back({"cases.report", path});
  return staff;
}

std::string digest_of(const HotlineOrder& o) {
  return blake2b_hex(fmt::format("{}\n{}", o.text, o.title.value_or("")));
}

std::string without_spaces(std::string_view text) {
  std::string bare = normalise(text);
  std::erase(bare, ' ');
  return bare;
}

/// The longest name of them that stands in the words.
const places::Place* named_in(const std::vector<places::Place>& all, const std::string& words) {
  const places::Place* best = nullptr;
  for (const places::Place& place : all)
    if (!place.name.empty() && words.find(without_spaces(place.name)) != std::string::npos && (!best || place.name.size() > best->name.size()))
      best = &place;
  return best;
}

std::vector<places::Place> all_of(Reader& reader, const std::vector<std::string>& roots, places::Filter filter) {
  Caller looks = Caller::system();
  looks.grants.clear();
  for (const std::string& root : roots) looks.grants.push_back({"places.read", root});
  filter.limit = 20'000;
  return places::Places::list(reader, looks, filter);
}

std::string result_of(const cases::Case& about) {
  if (about.ending == cases::Ending::refused) return "不予受理";
  if (about.state == cases::State::deferred) return "挂账";
  if (about.state == cases::State::handled) return "已办理，待核实";
  if (about.ending == cases::Ending::false_alarm) return "情况不实";
  return cases::is_open(about.state) ? "办理中" : "已办结";
}

}  // namespace

Exchange::Exchange(bus::Bus& bus, jobs::Jobs& jobs, files::Files& files, cases::Cases& cases, people::People& people,
                   rosters::Rosters& rosters, std::shared_ptr<Captures> captures)
    : bus_(bus),
      cases_(cases),
      people_(people),
      outside_(bus, jobs, files, rosters, cases.catalogue()),
      rosters_(rosters),
      captures_(std::move(captures)) {}

std::optional<places::Place> Exchange::locate(Reader& reader, const Caller& caller, std::string_view right, const std::string& words) {
  if (is_client_id(words)) {
    auto place = places::Places::find(reader, places::PlaceId{words});
    if (place && caller.may(right, place->path)) return place;
  }
  const auto roots = caller.paths(right);
  const std::string bare = without_spaces(words);
  for (const places::Kind kind : {places::Kind::compound, places::Kind::community, places::Kind::street, places::Kind::district}) {
    places::Filter filter;
    filter.kind = kind;
    const auto all = all_of(reader, roots, filter);
    const places::Place* found = named_in(all, bare);
    if (!found) continue;
    if (kind != places::Kind::compound) return *found;
    places::Filter inside;
    inside.parent = found->id;
    const std::string name = without_spaces(found->name);
    const std::string rest = bare.substr(bare.find(name) + name.size());
    const auto parts = all_of(reader, {found->path}, inside);
    const places::Place* part = named_in(parts, rest);
    return part ? *part : *found;
  }
  return std::nullopt;
}

// ---- taking in ----------------------------------------------------------------------------------------------------

std::string Exchange::kind_of(Reader& reader, const std::optional<std::string>& words) const {
  if (!words) return std::string(cases::kOtherKind);
  if (const auto kind = cases_.catalogue().find(reader, *words); kind && !kind->retired) return kind->code;
  cases::KindFilter filter;
  filter.limit = 2000;
  for (const cases::Kind& kind : cases_.catalogue().list(reader, filter))
    if (normalise(kind.name) == normalise(*words)) return kind.code;
  return std::string(cases::kOtherKind);  // nothing that people report is lost for a name
}

Taken Exchange::take_one(Tx& tx, const Caller& caller, const HotlineOrder& order) {
  if (order.number.empty() || order.number.size() > 100) throw invalid("exchange.bad_number", "/number", "1 to 100 bytes");
  if (order.text.empty() || order.text.size() > 3500) throw invalid("exchange.bad_text", "/text", "1 to 3,500 bytes");
  std::optional<std::string> warning;
  if (order.due && *order.due < tx.now() - kLongPast) warning = "exchange.due_past";
  const std::string digest = digest_of(order);
  if (auto before = store::find(tx, order.number)) {
    caller.must("exchange.write", before->path);
    const bool more = before->digest != digest;
    const bool later = order.due && cases::Outside::due_of(tx, before->case_) != order.due;
    if (more) {
      if (outside_.said_more(tx, caller, before->case_, order.text)) {
        // Sent back: what was answered no longer stands.
        before->reply.clear();
        before->replied_at.reset();
        before->replied_by.clear();
      }
      before->digest = digest;
      store::keep(tx, *before);
    }
    if (later) outside_.hurry(tx, before->case_, *order.due);
    return {order.number, more || later ? Outcome::changed : Outcome::same, before->case_, {}, {}, warning};
  }
  caller.must("exchange.write");
  const auto place = locate(tx, caller, "exchange.write", order.place.value_or(order.text));
  if (!place) throw invalid("exchange.no_place", "/place", "no place of ours in this address: give a compound's name or a place's id");
  cases::Report report;
  report.kind = kind_of(tx, order.kind);
  report.place = place->id;
  report.text = order.title ? fmt::format("{}：{}", *order.title, order.text) : order.text;
  report.outer_number = order.number;
  cases::ReporterWords reporter;
  reporter.channel = cases::Channel::hotline;
  report.reporter = reporter;
  const auto by_hand = cases::Outside::of_number(tx, order.number);
  const CaseId id = cases_.report(tx, as_staff(caller, place->path), report).id;
  // Somebody at a desk had its number before it came: what it says is not lost for that.
  if (by_hand == id) outside_.said_more(tx, caller, id, *report.text);
  if (order.due) outside_.hurry(tx, id, *order.due);
  store::keep(tx, {order.number, id, place->path, digest, tx.now(), {}, {}, {}});
  return {order.number, Outcome::made, id, {}, {}, warning};
}

std::vector<Taken> Exchange::take_in(Tx& tx, const Caller& caller, const std::vector<HotlineOrder>& orders) {
  return take_in(tx, caller, OrdersRead{orders, {}, {}});
}

std::vector<Taken> Exchange::take_in(Tx& tx, const Caller& caller, const OrdersRead& read) {
  caller.must("exchange.write");
  if (read.orders.size() > kMostOrders) throw invalid("exchange.too_many", "/items", "at most 500 orders at once");
  std::vector<Taken> taken;
  for (std::size_t i = 0; i < read.orders.size(); ++i) {
    const HotlineOrder& order = read.orders[i];
    try {
      std::optional<Taken> one;
      tx.savepoint([&] { one = take_one(tx, caller, order); });
      if (read.bad_due.contains(i)) one->warning = "exchange.bad_due";
      taken.push_back(*std::move(one));
    } catch (const Refusal& refusal) {
      taken.push_back({order.number, Outcome::refused, {}, refusal.code, refusal.detail, {}});
    }
  }
  return taken;
}

namespace {

struct Heading {
  std::string_view id, words;
};
constexpr Heading kHeadings[] = {{"number", "number|工单编号|工单号|编号|受理编号"}, {"title", "title|标题|诉求标题"},
                                 {"text", "text|内容|诉求内容|问题描述|描述"},         {"place", "place|地点|地址|事发地址|诉求地址"},
                                 {"kind", "kind|事项|类别|诉求类别"},                 {"due", "due|截止时间|办理时限|办结时限|处理期限|时限|期限|截止日期"}};

std::string_view heading_of(std::string_view cell) {
  const std::string wanted = without_spaces(cell);
  for (const Heading& heading : kHeadings)
    for (std::string_view rest = heading.words; !rest.empty();) {
      const auto cut = rest.find('|');
      if (rest.substr(0, cut) == wanted) return heading.id;
      rest.remove_prefix(cut == std::string_view::npos ? rest.size() : cut + 1);
    }
  return {};
}

/// RFC 3339, or as sheets write it by the district's clock: 2026-01-31 17:30[:00], 2026/1/5 9:30, 2026年1月5日; a day alone ends
/// with it.
std::optional<Time> local_time(const std::string& text, int offset_minutes) {
  if (const auto time = parse_time(text)) return time;
  std::string plain = text;
  constexpr std::pair<std::string_view, std::string_view> kWords[] = {{"年", "-"}, {"月", "-"}, {"/", "-"}, {".", "-"}, {"日", " "},
                                                                      {"T", " "},  {"：", ":"}, {"时", ":"}, {"分", ""}};
  for (const auto& [word, sign] : kWords)
    for (auto at = plain.find(word); at != std::string::npos; at = plain.find(word)) plain.replace(at, word.size(), sign);
  int y = 0, mo = 0, d = 0, h = 23, mi = 59, sec = 59, end = 0;
  if (std::sscanf(plain.c_str(), "%4d-%2d-%2d %n", &y, &mo, &d, &end) < 3 || end == 0) return std::nullopt;
  if (const char* clock = plain.c_str() + end; *clock != '\0') {
    int read = 0, more = 0;
    sec = 0;
    if (std::sscanf(clock, "%2d:%2d%n", &h, &mi, &read) < 2 || read == 0) return std::nullopt;
    if (clock[read] == ':' && (std::sscanf(clock + read, ":%2d%n", &sec, &more) < 1 || more == 0)) return std::nullopt;
    if (clock[read + more] != '\0') return std::nullopt;
  }
  return parse_time(fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}{:02}:{:02}", y, mo, d, h, mi, sec, offset_minutes < 0 ? '-' : '+',
                                std::abs(offset_minutes) / 60, std::abs(offset_minutes) % 60));
}

}  // namespace

OrdersRead Exchange::read_orders(std::string_view file, int offset_minutes) {
  const auto rows = sheet::read_table(file, {.rows = kMostOrders + 10, .columns = 100});
  std::map<std::string_view, std::size_t> at;
  std::size_t head = 0;
  for (; head < rows.size() && head < 5; ++head) {
    at.clear();
    for (std::size_t cell = 0; cell < rows[head].cells.size(); ++cell)
      if (const auto id = heading_of(rows[head].cells[cell]); !id.empty()) at.emplace(id, cell);
    if (at.contains("number") && at.contains("text")) break;
  }
  if (!at.contains("number") || !at.contains("text"))
    throw invalid("exchange.no_headings", "/", "the headings 工单编号 and 诉求内容 are missing");
  OrdersRead read;
  for (const std::string& cell : rows[head].cells)
    if (!trim(cell).empty() && heading_of(cell).empty()) read.ignored.emplace_back(trim(cell));
  for (std::size_t i = head + 1; i < rows.size(); ++i) {
    const auto cell = [&](std::string_view id) -> std::optional<std::string> {
      const auto column = at.find(id);
      if (column == at.end() || column->second >= rows[i].cells.size()) return std::nullopt;
      std::string text(trim(rows[i].cells[column->second]));
      return text.empty() ? std::nullopt : std::optional(std::move(text));
    };
    HotlineOrder order{cell("number").value_or(""), cell("text").value_or(""), cell("title"), cell("place"), cell("kind"), {}};
    if (const auto due = cell("due")) {
      order.due = local_time(*due, offset_minutes);
      if (!order.due) read.bad_due.insert(read.orders.size());
    }
    read.orders.push_back(std::move(order));
  }
  return read;
}

// ---- giving back --------------------------------------------------------------------------------------------------

HotlineReply Exchange::reply_of(Reader& reader, const std::string& number, const CaseId& id, Time received, const std::string& told,
                                const std::optional<Time>& replied_at) const {
  auto about = cases_.find(reader, id);
  HotlineReply reply;
  reply.number = number;
  reply.case_ = id;
  reply.received_at = received;
  reply.due = cases::Outside::due_of(reader, id);
  reply.reply = told;
  reply.replied_at = replied_at;
  if (!about) return reply;
  reply.path = about->path;
  reply.text = about->text;
  // What was merged into another goes on there, and only its end is the order's.
  while (about->merged_into) {
    auto onward = cases_.find(reader, *about->merged_into);
    if (!onward) break;
    about = std::move(onward);
  }
  reply.case_ = about->id;
  reply.case_number = about->number;
  reply.title = about->title;
  reply.state = about->state;
  const bool open = cases::is_open(about->state);
  const auto has_passed = [&](const std::optional<Time>& due) { return due && *due < rosters_.now(); };
  reply.overdue = open && (has_passed(about->due) || has_passed(reply.due));
  reply.was_late = reply.overdue || about->late_since.has_value() ||
                   (reply.due && reply.received_at < *reply.due && about->closed_at && *about->closed_at > *reply.due);
  if (open) reply.case_due = about->due;
  reply.ended_at = about->verified_at ? about->verified_at : about->closed_at;
  reply.result = result_of(*about);
  if (about->organisation)
    if (const auto organisation = people::People::find_organisation(reader, people::OrganisationId{about->organisation->text}))
      reply.organisation = organisation->name;
  if (!reply.reply.empty()) {
    reply.reply_state = ReplyState::replied;
    return reply;
  }
  // Nobody wrote an answer: what the handler noted, or why it was refused.
  if (about->ending == cases::Ending::refused) reply.reply = about->reason;
  else
    for (const auto& line : cases_.diary(reader, Caller::system(), about->id, 0, 1000))
      if (line.code == "handle" && !line.note.empty()) reply.reply = line.note;
  if (!reply.reply.empty()) reply.reply_state = ReplyState::drafted;
  return reply;
}

HotlineReply Exchange::reply(Tx& tx, const Caller& caller, const std::string& number, const ReplyWords& words) {
  auto found = store::find(tx, number);
  if (!found) throw missing("exchange.unknown_order", "no order of this number");
  if (!caller.may("cases.handle", found->path)) caller.must("exchange.write", found->path);
  if (words.text.empty() || words.text.size() > 4000) throw invalid("exchange.bad_reply", "/text", "1 to 4,000 bytes");
  found->reply = words.text;
  found->replied_at = tx.now();
  found->replied_by = caller.account;
  store::keep(tx, *found);
  cases_.write_down(tx, found->case_, "replied", {"已拟写对来件单位的答复", "A reply to whoever sent it is drafted"}, "");
  return reply_of(tx, number, found->case_, found->received_at, found->reply, found->replied_at);
}

HotlineReply Exchange::order(Reader& reader, const Caller& caller, const std::string& number) const {
  const auto found = store::find(reader, number);
  if (!found || !caller.may("exchange.read", found->path)) throw missing("exchange.unknown_order", "no order of this number");
  HotlineReply reply = reply_of(reader, number, found->case_, found->received_at, found->reply, found->replied_at);
  if (!caller.may("cases.read", reply.path)) reply.text.clear();
  return reply;
}

namespace {

bool fits(const HotlineReply& reply, const HotlineFilter& filter) {
  if (filter.ended && *filter.ended != reply.ended_at.has_value()) return false;
  if (filter.overdue && !reply.overdue) return false;
  if (filter.was_late && !reply.was_late) return false;
  if (filter.unanswered && reply.reply_state == ReplyState::replied) return false;
  if (filter.under && !reply.path.starts_with(*filter.under)) return false;
  if (!filter.q) return true;
  const auto holds = [&](const std::string& text) { return text.find(*filter.q) != std::string::npos; };
  return holds(reply.number) || holds(reply.case_number) || holds(reply.title) || holds(reply.text);
}

}  // namespace

std::vector<HotlineReply> Exchange::orders(Reader& reader, const Caller& caller, const HotlineFilter& filter) const {
  std::vector<HotlineReply> all;
  HotlineFilter page = filter;
  page.limit = std::min<std::size_t>(filter.limit, 500);
  // What a row is decides itself in its case: pages of the table are walked until the answer is full.
  for (;;) {
    const auto rows = store::list(reader, caller.paths("exchange.read"), page);
    for (const auto& o : rows) {
      HotlineReply reply = reply_of(reader, o.number, o.case_, o.received_at, o.reply, o.replied_at);
      if (!caller.may("cases.read", reply.path)) reply.text.clear();
      if (!fits(reply, filter)) continue;
      all.push_back(std::move(reply));
      if (all.size() == filter.limit) return all;
    }
    if (rows.size() < page.limit) return all;
    page.after = rows.back().number;
  }
}

std::string Exchange::as_sheet(const std::vector<HotlineReply>& replies, int offset_minutes) {
  const std::vector<std::string> columns{"工单编号", "本地编号", "标题", "承办单位", "办理结果", "答复内容", "接收时间", "截止时间", "办结时间", "是否超期"};
  const auto writer = sheet::write_xlsx("答复", columns, offset_minutes);
  const auto when = [](const std::optional<Time>& t) { return t ? sheet::Cell(*t) : sheet::Cell(); };
  for (const HotlineReply& r : replies) {
    const std::vector<sheet::Cell> cells{r.number, r.case_number, r.title, r.organisation, r.result, r.reply, r.received_at,
                                         when(r.due), when(r.ended_at), std::string(r.was_late ? "是" : "否")};
    writer->row(cells);
  }
  return writer->finish();
}

void Exchange::place_moved(Tx& tx, const std::string& from, const std::string& to) {
  store::rebase(tx, from, to);
  captures_->place_moved(tx, from, to);
}

}  // namespace lifang::exchange
