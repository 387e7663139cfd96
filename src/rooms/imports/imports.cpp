#include "rooms/imports/imports.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/check.hpp"
#include "base/members.hpp"
#include "platform/bus/typed.hpp"
#include "rooms/imports/imports_pass.hpp"
#include "rooms/imports/imports_store.hpp"

namespace lifang::imports {
namespace {

constexpr std::string_view kPurpose = "imports.file";
constexpr std::size_t kMostRows = 20'000;
constexpr std::size_t kMostProblems = 1000;  ///< told in an answer; the file of the failed rows has all
constexpr Duration kKept = std::chrono::hours(24);

std::vector<sheet::Row> rows_of(std::string_view file) { return sheet::read_table(file, {.rows = kMostRows + 5, .columns = 100}); }

/// The column that a refusal blames, as it is headed in the file.
std::string heading_of(What what, const Head& head, const std::string& field) {
  std::string_view member = std::string_view(field).substr(field.starts_with('/') ? 1 : 0);
  std::string id(member.substr(0, member.find('/')));
  if (const auto rest = member.find('/'); rest != std::string_view::npos && (id == "micro" || id == "small" || id == "great"))
    id = std::string(member.substr(rest + 1)) + "_" + id;
  else if (rest != std::string_view::npos && (id == "near" || id == "upkeep" || id == "position"))
    id = (id == "near" ? "near_" : "") + std::string(member.substr(rest + 1));
  for (const Column& column : columns_of(what))
    if (column.id == id) {
      const auto cell = head.at.find(column.id);
      return cell == head.at.end() ? std::string(column.name) : head.headings[cell->second];
    }
  return {};
}

/// A cell that holds JSON is blamed in the words of a list.
std::string code_of(const Refusal& refusal) { return refusal.code.starts_with("json.") ? "imports.bad_cell" : refusal.code; }

struct Walked {
  std::int64_t rows = 0, made = 0, changed = 0, same = 0, bad = 0;
  std::vector<Problem> problems;
  std::vector<std::size_t> failed;  ///< indices of rows
};

void count(Walked& walked, Outcome outcome) {
  if (outcome == Outcome::made) ++walked.made;
  else if (outcome == Outcome::changed) ++walked.changed;
  else ++walked.same;
}

/// What was refused first, and whatever else is wrong with other cells of the row, each told once.
void write_down(Walked& walked, Pass& pass, What what, const Head& head, const Line& line, const Refusal& first) {
  std::set<std::string> told;
  const auto add = [&](const Refusal& refusal) {
    const std::string column = heading_of(what, head, refusal.field), code = code_of(refusal);
    if (!told.insert(column).second) return;
    walked.problems.push_back({static_cast<std::int64_t>(line.number()), column, code, advice_for(code, refusal.detail)});
  };
  add(first);
  for (const auto& probe : probes_of(pass, what, head, line)) {
    try {
      probe();
    } catch (const Refusal& refusal) {
      add(refusal);
    }
  }
}

/// Every row through its door in the dry. What is refused is written down and the walk goes on.
Walked walk(Pass& pass, What what, const Head& head, const std::vector<sheet::Row>& rows) {
  Walked walked;
  for (std::size_t i = head.row + 1; i < rows.size(); ++i) {
    const Line line(head, rows[i]);
    if (line.is_remark()) continue;
    ++walked.rows;
    try {
      count(walked, take(pass, what, line));
    } catch (const Refusal& refusal) {
      ++walked.bad;
      walked.failed.push_back(i);
      write_down(walked, pass, what, head, line, refusal);
    }
  }
  return walked;
}

/// A post may be above another that stands further up in the list.
void know_posts(Pass& pass, What what, const Head& head, const std::vector<sheet::Row>& rows, const std::vector<std::size_t>& failed = {}) {
  if (what != What::posts) return;
  for (std::size_t i = head.row + 1; i < rows.size(); ++i) {
    const Line line(head, rows[i]);
    if (!line.is_remark() && !std::binary_search(failed.begin(), failed.end(), i)) pass.posts.insert(line.text("id"));
  }
}

/// The first of its problems.
Import told(Import import_) {
  if (import_.problems.size() > kMostProblems) import_.problems.erase(import_.problems.begin() + kMostProblems, import_.problems.end());
  return import_;
}

void note(Import& import_, const Walked& walked) {
  import_.made = walked.made;
  import_.changed = walked.changed;
  import_.same = walked.same;
}

std::string finish(const std::string& title, const std::vector<std::string>& columns, const std::vector<std::vector<sheet::Cell>>& rows,
                   bool as_csv) {
  const auto writer = as_csv ? sheet::write_csv(columns, 480) : sheet::write_xlsx(title, columns, 480);
  for (const auto& row : rows) writer->row(row);
  return writer->finish();
}

}  // namespace

Imports::Imports(bus::Bus& bus, jobs::Jobs& jobs, const Vault& vault, Rooms rooms, int offset_minutes)
    : bus_(bus), vault_(vault), rooms_(rooms), offset_(offset_minutes) {
  jobs.every("imports.sweep", std::chrono::hours(1), [](Tx& tx, const jobs::Job&) { store::forget(tx, tx.now()); });
}

Imports::Checked Imports::check(Reader& reader, const Caller& caller, What what, std::string_view file, Time now, Ids& ids) const {
  const auto rows = rows_of(file);
  const Head head = head_of(what, rows);
  Pass pass(rooms_, vault_, reader, nullptr, caller, now, offset_);
  know_posts(pass, what, head, rows);
  const Walked walked = walk(pass, what, head, rows);
  if (walked.rows == 0) throw invalid("imports.no_rows", "/", "there is nothing below the headings");
  if (walked.rows > static_cast<std::int64_t>(kMostRows)) throw invalid("imports.too_many_rows", "/", "at most 20,000 rows a file");
  Checked checked;
  Import& i = checked.import;
  i.id = ImportId::make(ids);
  i.what = what;
  i.by = caller.account;
  i.at = now;
  i.until = now + kKept;
  i.rows = walked.rows;
  i.bad = walked.bad;
  note(i, walked);
  i.ignored = head.ignored;
  i.problems = walked.problems;
  checked.sealed = vault_.seal_own(kPurpose, file, ids);
  return checked;
}

Import Imports::keep(Tx& tx, const Checked& checked) const {
  store::insert(tx, checked.import, checked.sealed);
  return told(checked.import);
}

std::string Imports::open_file(Reader& reader, const ImportId& id) const {
  auto file = vault_.unseal_own(kPurpose, store::file_of(reader, id));
  lifang::check(file.has_value(), "an import's file opens with the node's key");
  return *std::move(file);
}

struct Imports::Prepared {
  Import import;
  std::vector<sheet::Row> rows;
  Head head;
  std::vector<std::size_t> failed;  ///< indices of rows, in order
  std::vector<Problem> problems;    ///< theirs, as the world is now
  std::int64_t told = 0;            ///< the newest event before anything was looked at
  Ahead ahead;
};

namespace {

void must_be_ready(const Import& import_, const ApplyWords& words) {
  if (import_.state == State::applied) throw conflict("imports.applied_already", "this list was taken in");
  if (import_.bad > 0 && !words.skip_bad.value_or(false))
    throw conflict("imports.has_problems", "some rows failed: mend them, or say skip_bad to take in the good ones alone");
}

}  // namespace

std::shared_ptr<const Imports::Prepared> Imports::prepare(Reader& reader, const Caller& caller, const ImportId& id,
                                                          const ApplyWords& words, Time now, Ids& ids) const {
  Prepared prepared{get(reader, caller, id), {}, {}, {}, {}, bus::Bus::kept(reader).last, {}};
  must_be_ready(prepared.import, words);
  prepared.rows = rows_of(open_file(reader, id));
  prepared.head = head_of(prepared.import.what, prepared.rows);
  // Which rows are good is found as it was found before; on the way persons are met, and they and new homes sealed.
  const What what = prepared.import.what;
  if (prepared.import.bad > 0 || what == What::people || what == What::homes) {
    Pass dry(rooms_, vault_, reader, nullptr, caller, now, offset_);
    dry.ids = &ids;
    know_posts(dry, what, prepared.head, prepared.rows);
    Walked walked = walk(dry, what, prepared.head, prepared.rows);
    prepared.failed = std::move(walked.failed);
    prepared.problems = std::move(walked.problems);
    prepared.ahead = std::move(dry.made);
    // A file that was whole when it was checked is written whole, or refused with the row to blame.
    if (prepared.import.bad == 0) prepared.failed.clear(), prepared.problems.clear();
  }
  return std::make_shared<const Prepared>(std::move(prepared));
}

Applied Imports::apply(Tx& tx, const Caller& caller, const ImportId& id, const ApplyWords& words) {
  return apply(tx, caller, *prepare(tx, caller, id, words, tx.now(), tx.ids()), words);
}

Applied Imports::apply(Tx& tx, const Caller& caller, const Prepared& prepared, const ApplyWords& words) {
  Applied applied;
  static_cast<Import&>(applied) = get(tx, caller, prepared.import.id);
  must_be_ready(applied, words);
  // The world may have changed since: every row goes through its door again. Where nobody has written of persons and
  // places meanwhile, it need not ask them who is who.
  Pass pass(rooms_, vault_, tx, &tx, caller, tx.now(), offset_);
  pass.ahead = &prepared.ahead;
  pass.unmoved = !prepared.ahead.met.empty() && bus::Bus::after(tx, prepared.told, {"people", "places"}, 1).empty();
  know_posts(pass, applied.what, prepared.head, prepared.rows, prepared.failed);
  Walked walked;
  for (std::size_t i = prepared.head.row + 1; i < prepared.rows.size(); ++i) {
    const Line line(prepared.head, prepared.rows[i]);
    if (line.is_remark() || std::binary_search(prepared.failed.begin(), prepared.failed.end(), i)) continue;
    try {
      count(walked, take(pass, applied.what, line));
    } catch (const Refusal& refusal) {
      throw Refusal(RefusalKind::conflict, "imports.changed_meanwhile",
                    fmt::format("row {}: {}; nothing was written, check the file again", line.number(), refusal.code));
    }
  }
  note(applied, walked);
  applied.problems = prepared.problems;
  applied.bad = static_cast<std::int64_t>(prepared.failed.size());
  applied.state = State::applied;
  applied.applied_at = tx.now();
  applied.secrets = std::move(pass.secrets);
  store::applied(tx, applied);
  static_cast<Import&>(applied) = told(applied);
  bus::tell(bus_, tx, Taken{applied.id, applied.what, applied.made, applied.changed}, {applied.id.text, "/", {}, caller.account});
  return applied;
}

namespace {

Import whole(Reader& reader, const Caller& caller, const ImportId& id) {
  auto found = store::find(reader, id);
  if (!found || found->by != caller.account) throw missing("imports.unknown", "no such list");
  return *std::move(found);
}

}  // namespace

Import Imports::get(Reader& reader, const Caller& caller, const ImportId& id) { return told(whole(reader, caller, id)); }

std::vector<Import> Imports::list(Reader& reader, const Caller& caller, const std::optional<std::string>& after, std::size_t limit) {
  auto all = store::list(reader, caller.account, after, limit);
  for (Import& one : all) one = told(std::move(one));
  return all;
}

std::string Imports::failed(Reader& reader, const Caller& caller, const ImportId& id, bool as_csv) const {
  const Import found = whole(reader, caller, id);
  const auto rows = rows_of(open_file(reader, id));
  const Head head = head_of(found.what, rows);
  std::vector<std::string> columns = head.headings;
  columns.insert(columns.end(), {"行号", "问题列", "怎么办"});
  std::vector<std::vector<sheet::Cell>> out;
  // A row with several problems is one row to be mended.
  for (std::size_t i = 0; i < found.problems.size();) {
    const Problem& problem = found.problems[i];
    std::string blamed, advice;
    const bool is_one = i + 1 == found.problems.size() || found.problems[i + 1].row != problem.row;
    for (; i < found.problems.size() && found.problems[i].row == problem.row; ++i) {
      const Problem& next = found.problems[i];
      blamed += (blamed.empty() ? "" : "、") + next.column;
      advice += (advice.empty() ? "" : "；") + (is_one || next.column.empty() ? next.advice : next.column + "：" + next.advice);
    }
    const auto row = std::lower_bound(rows.begin(), rows.end(), problem.row,
                                      [](const sheet::Row& r, std::int64_t line) { return static_cast<std::int64_t>(r.line) < line; });
    lifang::check(row != rows.end() && static_cast<std::int64_t>(row->line) == problem.row, "a row with a problem is in the file");
    std::vector<sheet::Cell> cells(row->cells.begin(), row->cells.end());
    cells.resize(head.headings.size());
    cells.emplace_back(static_cast<double>(problem.row));
    cells.emplace_back(blamed);
    cells.emplace_back(advice);
    out.push_back(std::move(cells));
  }
  return finish(std::string(name_of(found.what)), columns, out, as_csv);
}

std::vector<Form> Imports::forms() {
  std::vector<Form> all;
  for (const What what : {What::places, What::homes, What::organisations, What::people, What::posts, What::devices, What::kinds}) {
    Form form{std::string(enum_name(what)), std::string(name_of(what)), {}};
    for (const Column& c : columns_of(what))
      form.columns.push_back({std::string(c.id), std::string(c.name), std::string(c.name_en), c.needed, std::string(c.example),
                              std::string(c.help)});
    all.push_back(std::move(form));
  }
  return all;
}

std::string Imports::template_of(What what, bool as_csv) {
  std::vector<std::string> columns;
  std::vector<sheet::Cell> example, help;
  for (const Column& column : columns_of(what)) {
    if (column.of_exports) continue;
    columns.push_back(std::string(column.name) + (column.needed ? "*" : ""));
    const std::string mark = example.empty() ? "# " : "";
    example.emplace_back(mark + std::string(column.example));
    help.emplace_back(mark + std::string(column.help));
  }
  return finish(std::string(name_of(what)), columns, {example, help}, as_csv);
}

What Imports::what_of(std::string_view word) {
  const auto what = enum_from_name<What>(word);
  if (!what) throw missing("imports.no_such_list", "places, homes, organisations, people, posts, devices or kinds");
  return *what;
}

}  // namespace lifang::imports
