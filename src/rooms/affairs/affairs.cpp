#include "rooms/affairs/affairs.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.hpp"
#include "base/reflect.hpp"
#include "base/text.hpp"
#include "platform/bus/typed.hpp"
#include "platform/sheet/sheet.hpp"
#include "rooms/affairs/affairs_cells.hpp"
#include "rooms/affairs/affairs_store.hpp"

namespace lifang::affairs {
namespace {

constexpr std::size_t kMostRows = 3000;
constexpr std::size_t kMostColumns = 100;

std::string_view kind_name(people::HouseholdKind kind) {
  switch (kind) {
    case people::HouseholdKind::owned: return "自有";
    case people::HouseholdKind::rented: return "出租";
    case people::HouseholdKind::dormitory: return "集体";
    case people::HouseholdKind::vacant: return "空置";
  }
  return {};
}

/// Which fields of a person a form shows plainly.
std::vector<people::Field> fields_of(const Form& form) {
  std::vector<people::Field> fields;
  const auto add = [&](people::Field field) {
    if (std::find(fields.begin(), fields.end(), field) == fields.end()) fields.push_back(field);
  };
  for (const FormColumn& c : form.columns) {
    if (c.source == "person.name") add(people::Field::name);
    if (c.source == "person.phone") add(people::Field::phone);
    if (c.source == "person.identity") add(people::Field::identity);
    if (c.source == "person.birth" || c.source == "person.age") add(people::Field::birth);
    if (c.source == "person.sex") add(people::Field::sex);
    if (c.source == "person.tags") add(people::Field::tags);
  }
  return fields;
}

std::string text_of(const people::Day& day) {
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
}

std::optional<places::PlaceId> home_of(Reader& reader, const people::PersonId& person) {
  const auto homes = people::People::residencies_of(reader, person);
  if (homes.empty()) return std::nullopt;
  return people::People::household(reader, Caller::system(), homes.front().household).place;
}

}  // namespace

std::optional<std::string> said_of(const people::Person& p, const std::string& source, Time now) {
  if (source == "person.name") return p.name;
  if (source == "person.phone") return p.phone;
  if (source == "person.identity") return p.identity;
  if (source == "person.sex") {
    if (!p.sex) return p.masked && p.born ? std::optional<std::string>("*") : std::nullopt;
    return *p.sex == people::Sex::male ? "男" : *p.sex == people::Sex::female ? "女" : "未知";
  }
  if (source == "person.birth") return p.birth ? std::optional(text_of(*p.birth)) : p.born ? std::optional(std::to_string(*p.born)) : std::nullopt;
  if (source == "person.age") {
    if (!p.birth) return p.born ? std::optional<std::string>("*") : std::nullopt;
    const std::chrono::year_month_day today{std::chrono::floor<std::chrono::days>(now)};
    int age = static_cast<int>(today.year()) - static_cast<int>(p.birth->year());
    if (std::pair(today.month(), today.day()) < std::pair(p.birth->month(), p.birth->day())) --age;
    return std::to_string(age);
  }
  std::string tags;
  for (const std::string& tag : p.tags) tags += (tags.empty() ? "" : "、") + tag;
  return tags;
}

// ---- mapping ------------------------------------------------------------------------------------------------------

const std::map<std::string, std::string>& Affairs::sources() {
  static const std::map<std::string, std::string> all = {
      {"person.name", "姓名"},        {"person.phone", "手机"},     {"person.identity", "身份证号"}, {"person.birth", "出生日期"},
      {"person.age", "年龄"},         {"person.sex", "性别"},       {"person.tags", "标签"},         {"person.address", "住址"},
      {"household.address", "住址"},  {"household.kind", "房屋性质"}, {"household.members", "人数"},   {"place.name", "名称"},
      {"place.address", "地址"},      {"place.floors", "层数"},     {"place.id", "编号"}};
  return all;
}

FormWords Affairs::suggest(std::string_view file) {
  static const std::map<std::string, std::string, std::less<>> known = {
      {"姓名", "person.name"},       {"联系电话", "person.phone"},   {"手机", "person.phone"},        {"手机号", "person.phone"},
      {"电话", "person.phone"},      {"身份证号", "person.identity"}, {"身份证号码", "person.identity"}, {"证件号码", "person.identity"},
      {"出生日期", "person.birth"},  {"出生年月", "person.birth"},   {"年龄", "person.age"},          {"性别", "person.sex"},
      {"住址", "person.address"},    {"现住址", "person.address"},   {"家庭住址", "person.address"},  {"人员类别", "person.tags"},
      {"房屋性质", "household.kind"}, {"家庭人口", "household.members"}, {"填表日期", "today"},           {"填报日期", "today"}};
  const auto rows = sheet::read_table(file, {.rows = 50, .columns = kMostColumns});
  FormWords words;
  // The row with the most headings that we know; where none is known, the first with more than one cell.
  const sheet::Row* head = nullptr;
  std::ptrdiff_t most = -1;
  for (const sheet::Row& row : rows) {
    const auto hits = std::count_if(row.cells.begin(), row.cells.end(), [&](const std::string& c) { return known.contains(normalise(c)); });
    if (hits <= most || (hits == 0 && row.cells.size() < 2)) continue;
    most = hits;
    head = &row;
  }
  if (!head) throw invalid("affairs.no_headings", "/", "no row of headings was found");
  if (head != &rows.front() && !rows.front().cells.empty()) words.name = rows.front().cells.front();
  if (words.name.empty()) words.name = "报表";
  for (const std::string& cell : head->cells) {
    const std::string heading(trim(cell));
    if (heading.empty()) continue;
    const auto source = known.find(normalise(heading));
    FormColumn column{heading, source == known.end() ? "ask" : source->second, {}, {}};
    if (normalise(heading) == "序号") column.source = "text:";
    words.columns.push_back(std::move(column));
  }
  return words;
}

Form Affairs::put(Tx& tx, const Caller& caller, const FormId& id, const FormWords& words) {
  caller.must("affairs.write");
  // A form is the same everywhere: whoever changes it changes what others are filling in.
  for (const std::string& path : store::run_paths(tx, id)) caller.must("affairs.write", path);
  if (words.name.empty() || words.name.size() > 200) throw invalid("affairs.bad_form", "/name", "1 to 200 bytes");
  if (words.columns.empty() || words.columns.size() > kMostColumns) throw invalid("affairs.bad_form", "/columns", "1 to 100");
  if (words.subject == Subject::place && !words.kind) throw invalid("affairs.bad_form", "/kind", "of which places");
  for (std::size_t i = 0; i < words.columns.size(); ++i) {
    const FormColumn& column = words.columns[i];
    const std::string field = "/columns/" + std::to_string(i);
    if (column.heading.empty() || column.heading.size() > 200) throw invalid("affairs.bad_form", field + "/heading", "1 to 200 bytes");
    if (column.key && !is_client_id(*column.key)) throw invalid("affairs.bad_form", field + "/key", "letters, digits, '.', '_', '-'");
    const bool fixed = column.source == "ask" || column.source == "today" || column.source.starts_with("text:");
    if (!fixed && !sources().contains(column.source)) throw invalid("affairs.bad_form", field + "/source", "none of GET /api/v1/affairs/sources");
    if (column.source.starts_with("person.") && words.subject != Subject::person)
      throw invalid("affairs.bad_form", field + "/source", "the rows of this form are no persons");
    if (column.source.starts_with("household.") && words.subject == Subject::place)
      throw invalid("affairs.bad_form", field + "/source", "the rows of this form are places");
  }
  Form form;
  static_cast<FormWords&>(form) = words;
  form.id = id;
  form.kept_at = tx.now();
  form.by = caller.account;
  store::keep(tx, form);
  return form;
}

std::optional<Form> Affairs::find(Reader& reader, const FormId& id) { return store::find_form(reader, id); }
std::vector<Form> Affairs::forms(Reader& reader) { return store::forms(reader); }

// ---- rows and cells -----------------------------------------------------------------------------------------------

std::string Affairs::day(Time t) const { return to_rfc3339(t, offset_).substr(0, 10); }

std::vector<std::string> Affairs::subjects(Reader& reader, const Form& form, const std::string& path) const {
  std::vector<std::string> all;
  if (form.subject == Subject::person) {
    people::Audience audience{{path}, form.tag ? std::vector{*form.tag} : std::vector<std::string>{}, {}, {}, {}};
    for (const auto& person : people::People::audience(reader, audience, "", kMostRows + 1)) all.push_back(person.text);
  } else if (form.subject == Subject::household) {
    people::HouseholdFilter filter;
    filter.under = path;
    filter.limit = kMostRows + 1;
    for (const auto& household : people::People::households(reader, Caller::system(), filter))
      if (!household.closed_at) all.push_back(household.id.text);
  } else {
    places::Filter filter;
    filter.kind = form.kind;
    filter.limit = kMostRows + 1;
    Caller here = Caller::system();
    here.grants = {{"places.read", path}};
    for (const auto& place : places::Places::list(reader, here, filter)) all.push_back(place.id.text);
  }
  if (all.size() > kMostRows) throw invalid("affairs.too_many", "/place", "at most 3,000 rows: take a smaller place");
  return all;
}

std::optional<people::Person> Affairs::person_of(Reader& reader, const Caller& caller, const Form& form, const std::string& subject) const {
  if (form.subject != Subject::person) return std::nullopt;
  return people_.get(reader, caller, people::PersonId{subject});
}

std::optional<Cell> Affairs::remembered(Reader& reader, const std::string& subject, const FormColumn& column) const {
  const auto answer = store::find_answer(reader, subject, key_of(column));
  if (!answer) return std::nullopt;
  auto value = vault_.unseal_own(purpose_of(subject, key_of(column)), answer->sealed);
  check(value.has_value(), "an answer opens with the node's key");
  return Cell{*std::move(value), "社区填报 " + day(answer->at)};
}

std::optional<Cell> Affairs::known(Reader& reader, const Caller& caller, const std::string& subject, const FormColumn& column,
                                   const people::Person* person, Time now) const {
  const std::string& source = column.source;
  if (source == "today") return Cell{day(now), {}};
  if (source.starts_with("text:")) return Cell{source.substr(5), {}};
  if (source == "ask") return remembered(reader, subject, column);
  if (source == "person.address" || source == "household.address") {
    std::optional<places::PlaceId> place;
    if (person) place = home_of(reader, person->id);
    else place = people::People::household(reader, caller, people::HouseholdId{subject}).place;
    if (!place) return std::nullopt;
    return Cell{places::Places::spoken(reader, *place), "地点库"};
  }
  if (person && source.starts_with("person.")) {
    auto value = said_of(*person, source, now);
    if (!value) return std::nullopt;
    return Cell{*std::move(value), fmt::format("{} {}", person->source == "import" ? "导入" : person->source == "self" ? "本人" : "登记",
                                               day(person->confirmed_at))};
  }
  if (source.starts_with("household.")) {
    people::HouseholdId id{subject};
    if (person) {
      const auto homes = people::People::residencies_of(reader, person->id);
      if (homes.empty()) return std::nullopt;
      id = homes.front().household;
    }
    const auto household = people::People::household(reader, person ? Caller::system() : caller, id);
    const std::string when = "登记 " + day(household.confirmed_at);
    if (source == "household.kind") return Cell{std::string(kind_name(household.kind)), when};
    return Cell{std::to_string(people::People::residents_of(reader, id).size()), when};
  }
  const auto place = places::Places::find(reader, places::PlaceId{subject});
  if (!place) return std::nullopt;
  if (source == "place.name") return Cell{place->name, "地点库"};
  if (source == "place.id") return Cell{place->id.text, "地点库"};
  if (source == "place.address") return Cell{places::Places::spoken(reader, place->id), "地点库"};
  if (place->floors) return Cell{std::to_string(*place->floors), "地点库"};
  return remembered(reader, subject, column);
}

std::string Affairs::label_of(Reader& reader, const Form& form, const std::string& subject) const {
  if (form.subject == Subject::place) return places::Places::spoken(reader, places::PlaceId{subject});
  if (form.subject == Subject::household)
    return places::Places::spoken(reader, people::People::household(reader, Caller::system(), people::HouseholdId{subject}).place);
  const people::PersonId person{subject};
  const auto home = home_of(reader, person);
  return people_.masked_name(reader, person) + (home ? " · " + places::Places::spoken(reader, *home) : "");
}

// ---- a form for a place -------------------------------------------------------------------------------------------

Run Affairs::start(Tx& tx, const Caller& caller, const RunWords& words) {
  const auto form = store::find_form(tx, words.form);
  if (!form) throw invalid("affairs.unknown_form", "/form", "no such form");
  Run run;
  run.path = places::Places::path_of(tx, words.place);
  caller.must("affairs.write", run.path);
  run.id = RunId::make(tx.ids());
  run.form = words.form;
  run.place = words.place;
  run.by = caller.account;
  run.made_at = tx.now();
  count(tx, caller, run, *form, tx.now());
  store::insert(tx, run);
  return run;
}

Run Affairs::run_of(Reader& reader, const Caller& caller, const RunId& id, std::string_view right) const {
  caller.must(right);
  auto run = store::find_run(reader, id);
  if (!run || !caller.may(right, run->path)) throw missing("affairs.unknown_run", "no such form in hand");
  return *std::move(run);
}

void Affairs::count(Reader& reader, const Caller& caller, Run& run, const Form& form, Time now) const {
  static_cast<Counts&>(run) = {};
  const auto given = store::given(reader, run.id);
  for (const std::string& subject : subjects(reader, form, run.path)) {
    ++run.rows;
    const auto person = person_of(reader, caller, form, subject);
    for (std::size_t i = 0; i < form.columns.size(); ++i) {
      const FormColumn& column = form.columns[i];
      ++run.cells;
      if (!known(reader, caller, subject, column, person ? &*person : nullptr, now)) {
        ++run.blank;
        ++(is_askable(column.source) ? run.asked : run.registers);
      } else if (given.contains(cell_of(subject, i))) {
        ++run.answered;
        ++run.asked;
      } else {
        ++(column.source == "ask" ? run.remembered : run.filled);
      }
    }
  }
  run.known = run.cells - run.blank;
  run.conflicts = store::open_conflicts(reader, run.id);
  run.counted_at = now;
}

Run Affairs::get(Reader& reader, const Caller& caller, const RunId& id) const {
  Run run = run_of(reader, caller, id, "affairs.read");
  const auto form = store::find_form(reader, run.form);
  if (form) count(reader, caller, run, *form, run.made_at);
  run.counted_at.reset();  // just now
  return run;
}

Run Affairs::recount(Tx& tx, const Caller& caller, const RunId& id) {
  Run run = run_of(tx, caller, id, "affairs.write");
  if (const auto form = store::find_form(tx, run.form)) count(tx, caller, run, *form, tx.now());
  store::keep_counts(tx, run);
  return run;
}

std::int64_t Affairs::count_runs(Reader& reader, const Caller& caller) { return store::count_runs(reader, caller.paths("affairs.read")); }

std::vector<Run> Affairs::runs(Reader& reader, const Caller& caller, const std::optional<std::string>& after, std::size_t limit) const {
  return store::runs(reader, caller.paths("affairs.read"), after, limit);
}

std::vector<Blank> Affairs::blanks(Reader& reader, const Caller& caller, const RunId& id, const std::optional<std::string>& after,
                                   std::size_t limit) const {
  const Run run = run_of(reader, caller, id, "affairs.read");
  const auto form = store::find_form(reader, run.form);
  std::vector<Blank> all;
  if (!form) return all;
  bool on = !after;
  for (const std::string& subject : subjects(reader, *form, run.path)) {
    const auto person = person_of(reader, caller, *form, subject);
    for (std::size_t i = 0; i < form->columns.size(); ++i) {
      const FormColumn& column = form->columns[i];
      const std::string blank = cell_of(subject, i);
      if (on && is_askable(column.source) && !known(reader, caller, subject, column, person ? &*person : nullptr, run.made_at)) {
        all.push_back({blank, subject, label_of(reader, *form, subject), column.heading, column.question.value_or(column.heading), key_of(column)});
        if (all.size() == limit) return all;
      }
      on = on || blank == *after;
    }
  }
  return all;
}

std::string Affairs::file(Tx& tx, const Caller& caller, const RunId& id) {
  const Run run = run_of(tx, caller, id, "affairs.write");
  const auto form = store::find_form(tx, run.form);
  if (!form) throw missing("affairs.unknown_form", "no such form");
  std::vector<std::string> headings;
  for (const FormColumn& column : form->columns) headings.push_back(column.heading);
  headings.emplace_back("数据来源与日期");
  const auto writer = sheet::write_xlsx(form->name, headings, offset_);
  const auto fields = fields_of(*form);
  const auto all = subjects(tx, *form, run.path);
  for (const std::string& subject : all) {
    std::optional<people::Person> person;
    if (form->subject == Subject::person) {
      const people::PersonId who{subject};
      person = fields.empty() ? people_.get(tx, caller, who) : people_.reveal(tx, caller, who, fields);
    }
    std::vector<sheet::Cell> cells;
    std::string sources;
    for (const FormColumn& column : form->columns) {
      const auto cell = known(tx, caller, subject, column, person ? &*person : nullptr, tx.now());
      cells.emplace_back(cell ? cell->value : "");
      if (cell && !cell->source.empty()) sources += fmt::format("{}{}：{}", sources.empty() ? "" : "；", column.heading, cell->source);
    }
    cells.emplace_back(sources);
    writer->row(cells);
  }
  bus::tell(bus_, tx, Filled{id, run.form, static_cast<std::int64_t>(all.size())}, {id.text, run.path, {}, caller.account});
  return writer->finish();
}

void Affairs::forget(Tx& tx, const people::Erased& erased) { store::forget(tx, erased.person.text); }
void Affairs::place_moved(Tx& tx, const std::string& from, const std::string& to) { store::rebase(tx, from, to); }

}  // namespace lifang::affairs
