// New York's requests as cases: the whole house on a clock that is moved by hand, behind real sockets.
//   accept_311 DATA [--postgres]
// Each request opens a case at its instant over HTTP and is settled at the instant at which New York closed it. What must
// have moved up when is worked out here, from the recording alone, and compared with what the diaries say.
#include <fmt/format.h>
#include <sodium.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <queue>
#include <sstream>

#include "base/csv.hpp"
#include "base/refusal.hpp"
#include "base/reflect.hpp"
#include "node.hpp"
#include "platform/http/client.hpp"
#include "support/fake_world.hpp"
#include "support/private_postgres.hpp"

namespace lifang {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr char kPassword[] = "acceptance-only-1";

int failed = 0;
template <class T>
void check_that(const std::string& what, const T& expected, const T& found) {
  const bool ok = expected == found;
  failed += !ok;
  fmt::print("{}: expected {} found {} {}\n", what, expected, found, ok ? "ok" : "FAIL");
  std::fflush(stdout);
}

// ---- the recordings ------------------------------------------------------------------------------------------------

struct Request {
  Time opened;
  std::optional<Time> closed;
  std::string type, agency, borough, board, text;
  std::string position;  ///< JSON, or empty
};

std::string file_text(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

/// "3/14/2025 1:20", by the clock on the wall in New York, which this program takes as its own.
std::optional<Time> slashed_time(const std::string& text) {
  int month = 0, day = 0, year = 0, hour = 0, minute = 0;
  if (std::sscanf(text.c_str(), "%d/%d/%d %d:%d", &month, &day, &year, &hour, &minute) != 5) return std::nullopt;
  return parse_time(fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:00Z", year, month, day, hour, minute));
}

std::vector<Request> requests_of_csv(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  CsvReader reader(file);
  reader.read_header();
  const auto column = [&](const char* name) { return *reader.column(name); };
  const auto opened = column("Created Date"), closed = column("Closed Date"), type = column("Complaint Type"),
             agency = column("Agency"), borough = column("Borough"), board = column("Community Board"),
             descriptor = column("Descriptor"), lat = column("Latitude"), lon = column("Longitude");
  std::vector<Request> all;
  for (std::vector<std::string> row; reader.next(row);) {
    Request r{*slashed_time(row[opened]), slashed_time(row[closed]), row[type], row[agency], row[borough], row[board],
              row[descriptor], {}};
    if (!row[lat].empty()) r.position = fmt::format(R"({{"lon":{},"lat":{}}})", row[lon], row[lat]);
    all.push_back(std::move(r));
  }
  return all;
}

std::vector<Request> requests_of_json(const fs::path& path) {
  const auto rows = parse_json(file_text(path), {64U << 20, 32});
  std::vector<Request> all;
  for (const auto& row : rows.as_array()) {
    const auto text = [&](const char* name) {
      const auto* found = row.as_object().if_contains(name);
      return found && found->is_string() ? std::string(found->get_string()) : std::string();
    };
    const auto time = [&](const char* name) { return text(name).empty() ? std::nullopt : parse_time(text(name) + "Z"); };
    Request r{*time("created_date"), time("closed_date"), text("complaint_type"), text("agency"), text("borough"),
              text("community_board"), text("descriptor"), {}};
    if (!text("latitude").empty()) r.position = fmt::format(R"({{"lon":{},"lat":{}}})", text("longitude"), text("latitude"));
    all.push_back(std::move(r));
  }
  return all;
}

/// An id that a client may give: letters and digits, the rest as dashes.
std::string slug(std::string_view text) {
  std::string id;
  for (const char c : text) id += std::isalnum(static_cast<unsigned char>(c)) ? static_cast<char>(std::tolower(c)) : '-';
  return id.empty() ? "none" : id.substr(0, 60);
}

// ---- what each kind promises ----------------------------------------------------------------------------------------

/// How long each circle has to take a case, by agency: the shape of New York's published targets, not their text.
struct Promise {
  Duration micro, small, great;
};
Promise promise_of(const std::string& agency) {
  static const std::map<std::string, Promise> kinds = {
      {"NYPD", {8h, 24h, 72h}},   {"DSNY", {24h, 48h, 96h}}, {"DPR", {72h, 96h, 168h}},
      {"DOHMH", {120h, 120h, 240h}}, {"HPD", {72h, 72h, 168h}}, {"DOT", {48h, 72h, 168h}},
  };
  const auto found = kinds.find(agency);
  return found == kinds.end() ? Promise{48h, 48h, 96h} : found->second;
}

/// One request on its way, as this program works it out.
struct Course {
  const Request* request = nullptr;
  std::string kind;
  std::string id;  ///< of the case
  int circle = 0;  ///< 0 micro, 1 small, 2 great
  bool overdue = false;
  bool settled = false;
  std::optional<Time> due;
  std::vector<Time> moved_up;  ///< when, exactly
  std::vector<Time> missed;    ///< which deadline that was
};

// ---- the node -------------------------------------------------------------------------------------------------------

/// A node on a clock of this program's; started and stopped on the same folder and database.
class Ward {
 public:
  Ward(fs::path directory, std::string database) : directory_(std::move(directory)) {
    config_.zone_offset_minutes = 0;
    config_.http.port = config_.mqtt.port = 0;
    config_.database.url = std::move(database);
    config_.accounts.session_lifetime = config_.accounts.session_idle = 24h * 3650;
    config_.limits.requests_a_minute = 1'000'000'000;
  }
  FakeClock clock{from_ms(0)};

  void start() {
    lock_ = std::make_unique<DirectoryLock>(directory_);
    node_ = std::make_unique<Node>(config_, directory_, world_, steady_, Secret(std::string(kPassword)));
    client_ = std::make_unique<http::Client>(fmt::format("http://127.0.0.1:{}", node_->http_port()));
    catch_up();
  }
  void stop() {
    client_.reset();
    node_.reset();
    lock_.reset();
  }
  /// Moves the clock and lets what is due there happen, before anything else is asked.
  void go_to(Time t) {
    clock.set(t);
    catch_up();
  }
  boost::json::value ask(const std::string& as, const std::string& method, const std::string& path, const std::string& body = {}) {
    http::Pairs headers;
    if (!tokens_[as].empty()) headers.emplace_back("Authorization", "Bearer " + tokens_[as]);
    const auto reply = client_->request(method, "/api/v1/" + path, headers, body);
    if (!reply.good())
      throw std::runtime_error(fmt::format("{} {}: {} {} {}", method, path, reply.status, http::failure_name(reply.failure), reply.body));
    return reply.body.empty() ? boost::json::value() : parse_json(reply.body, {64U << 20, 32});
  }
  void log_in(const std::string& login) {
    tokens_[login] = ask("", "POST", "sessions", fmt::format(R"({{"login":"{}","password":"{}"}})", login, kPassword))
                         .at("token").as_string().c_str();
  }

 private:
  /// The lane runs what is due before the use cases of a batch, some 200 at a time.
  void catch_up() {
    lane::Lane& lane = node_->house().lane;
    lane.wake();
    for (int i = 0; i < 2; ++i) lane.now([](Tx&) {});
    while (node_->house().lane.get([&](Tx& tx) {
      return tx.value<std::int64_t>("SELECT COUNT(*) FROM jobs WHERE kind = 'cases.due' AND due <= $1", tx.now()).value_or(0);
    }) > 0) continue;
  }

  fs::path directory_;
  config::Config config_;
  RealSteady steady_;
  RealIds ids_{clock};
  World world_{clock, ids_};
  std::unique_ptr<DirectoryLock> lock_;
  std::unique_ptr<Node> node_;
  std::unique_ptr<http::Client> client_;
  std::map<std::string, std::string> tokens_;
};

std::string duty(const char* post, Duration accept) {
  return fmt::format(R"({{"post":"{}","accept":"{}","handle":"P30D","verify":"P30D"}})", post, to_iso8601(accept));
}

void furnish(Ward& ward, const std::vector<Request>& requests) {
  ward.log_in("admin");
  ward.ask("admin", "PUT", "places/nyc", R"({"kind":"city","name":"New York"})");
  std::map<std::string, std::string> boroughs, boards, kinds;
  for (const Request& r : requests) {
    const std::string borough = "b-" + slug(r.borough), board = "cb-" + slug(r.board), kind = slug(r.agency + "-" + r.type);
    if (boroughs.emplace(borough, r.borough).second)
      ward.ask("admin", "PUT", "places/" + borough, fmt::format(R"({{"kind":"district","name":"{}","parent":"nyc"}})", r.borough));
    if (boards.emplace(board, borough).second)
      ward.ask("admin", "PUT", "places/" + board, fmt::format(R"({{"kind":"street","name":"{}","parent":"{}"}})", r.board, borough));
    if (!kinds.emplace(kind, r.agency).second) continue;
    const Promise p = promise_of(r.agency);
    ward.ask("admin", "PUT", "cases/kinds/" + kind,
             fmt::format(R"({{"name":{},"class":"complaint","grade":"IV","micro":{},"small":{},"great":{}}})", to_json(r.type),
                         duty("board-desk", p.micro), duty("borough-desk", p.small), duty("city-desk", p.great)));
  }
  ward.ask("admin", "PUT", "people/organisations/nyc-311", R"({"kind":"district_centre","name":"NYC 311","place":"nyc"})");
  for (const auto& [post, above] : {std::pair{"city-desk", ""}, {"borough-desk", "city-desk"}, {"board-desk", "borough-desk"}}) {
    ward.ask("admin", "PUT", std::string("rosters/posts/") + post,
             *above ? fmt::format(R"({{"name":"{}","above":"{}"}})", post, above) : fmt::format(R"({{"name":"{}"}})", post));
    const auto answer = ward.ask("admin", "POST", "people", fmt::format(R"({{"name":"{}-1","place":"nyc"}})", post));
    const std::string person = answer.at("id").as_string().c_str();
    ward.ask("admin", "PUT", std::string("rosters/shifts/") + post,
             fmt::format(R"({{"post":"{}","place":"nyc","organisation":"nyc-311","from":"00:00","to":"24:00","persons":["{}"]}})", post, person));
  }
  ward.ask("admin", "POST", "accounts",
           fmt::format(R"({{"login":"desk","role":"operator","place":"nyc","password":"{}"}})", kPassword));
  ward.log_in("desk");
  fmt::print("  {} boroughs, {} community boards, {} kinds\n", boroughs.size(), boards.size(), kinds.size());
}

// ---- the replay -----------------------------------------------------------------------------------------------------

class Replay {
 public:
  Replay(Ward& ward, const std::vector<Request>& requests) : ward_(ward), courses_(requests.size()) {
    for (std::size_t i = 0; i < requests.size(); ++i) {
      courses_[i].request = &requests[i];
      courses_[i].kind = slug(requests[i].agency + "-" + requests[i].type);
      plan_.push({requests[i].opened, Step::open, i});
      if (requests[i].closed) plan_.push({std::max(*requests[i].closed, requests[i].opened), Step::close, i});
    }
  }

  /// Everything up to the `share`-th of the openings.
  void run(std::size_t openings) {
    while (!plan_.empty() && opened_ < openings) step(plan_.top().at);
  }
  /// Everything until `end`; deadlines of what stays open go on after the last request.
  void run_until(Time end) {
    while (!plan_.empty() && plan_.top().at <= end) step(plan_.top().at);
  }
  /// The node is down from now until `until`: people come again later, deadlines do not wait.
  void sleep_until(Time until) {
    std::vector<Event> later;
    while (!plan_.empty() && plan_.top().at < until) {
      Event event = plan_.top();
      plan_.pop();
      if (event.step == Step::due) due_while_down_ += is_current(event);
      event.at = until;
      later.push_back(event);
    }
    for (const Event& event : later) plan_.push(event);
  }
  Time next() const { return plan_.top().at; }
  std::size_t opened() const { return opened_; }
  std::size_t due_while_down() const { return due_while_down_; }
  std::vector<Course>& courses() { return courses_; }

 private:
  enum class Step { due, open, close };  // in this order at one instant: the clock comes first
  struct Event {
    Time at;
    Step step = Step::due;
    std::size_t i = 0;
    Time deadline{};  ///< of a due step: which it is
    bool operator<(const Event& o) const { return std::tie(at, step, i) > std::tie(o.at, o.step, o.i); }
  };

  bool is_current(const Event& e) const { return !courses_[e.i].settled && courses_[e.i].due == e.deadline; }

  void step(Time at) {
    ward_.go_to(at);
    while (!plan_.empty() && plan_.top().at == at) {
      const Event event = plan_.top();
      plan_.pop();
      Course& course = courses_[event.i];
      if (event.step == Step::open) open(course, event.i);
      else if (event.step == Step::close) close(course);
      else if (is_current(event)) miss(course, event);
    }
  }

  void owe(Course& course, std::size_t i, Time at) {
    const Promise p = promise_of(course.request->agency);
    course.due = at + (course.circle == 0 ? p.micro : course.circle == 1 ? p.small : p.great);
    plan_.push({*course.due, Step::due, i, *course.due});
  }

  /// What the house must have done by itself by now.
  void miss(Course& course, const Event& event) {
    if (course.circle == 2) {
      course.overdue = true;
      course.due.reset();
      return;
    }
    ++course.circle;
    course.moved_up.push_back(event.at);
    course.missed.push_back(event.deadline);
    owe(course, event.i, event.at);
  }

  void open(Course& course, std::size_t i) {
    const Request& r = *course.request;
    const auto answer = ward_.ask("desk", "POST", "cases",
                                  fmt::format(R"({{"kind":"{}","place":"cb-{}","text":{}{}}})", course.kind, slug(r.board), to_json(r.text),
                                              r.position.empty() ? "" : ",\"position\":" + r.position));
    course.id = answer.at("id").as_string().c_str();
    owe(course, i, ward_.clock.now());
    ++opened_;
    const auto* due = answer.as_object().if_contains("due");
    with_deadline += due && due->is_string() && parse_time(std::string(due->get_string())) == course.due;
    without_position += answer.as_object().if_contains("position") == nullptr;
  }

  void close(Course& course) {
    for (const auto& [as, move] : {std::pair{"desk", "accept"}, {"desk", "handle"}, {"admin", "verify"}})
      ward_.ask(as, "POST", "cases/" + course.id + "/" + move, R"({"note":"closed in New York"})");
    course.settled = true;
  }

  Ward& ward_;
  std::vector<Course> courses_;
  std::priority_queue<Event> plan_;
  std::size_t opened_ = 0, due_while_down_ = 0;

 public:
  std::size_t with_deadline = 0, without_position = 0;
};

// ---- comparing ------------------------------------------------------------------------------------------------------

/// The instants at which the diary says that the case moved up.
std::vector<Time> moved_up(Ward& ward, const std::string& id) {
  std::vector<Time> at;
  const auto diary = ward.ask("admin", "GET", "cases/" + id + "/diary?limit=500");
  for (const auto& line : diary.at("items").as_array())
    if (line.at("code").as_string() == "escalate") at.push_back(*parse_time(std::string(line.at("at").as_string())));
  return at;
}

void compare(Ward& ward, const std::string& name, Replay& replay, Time restarted) {
  std::size_t moves = 0, at_their_instant = 0, at_start = 0, expected_at_start = 0, circles = 0, ended = 0, settled = 0, late = 0,
              expected_late = 0;
  for (const Course& course : replay.courses()) {
    const auto answer = ward.ask("admin", "GET", "cases/" + course.id);
    const auto found = moved_up(ward, course.id);
    moves += course.moved_up.size();
    for (std::size_t i = 0; i < course.moved_up.size(); ++i) {
      const bool same = i < found.size() && found[i] == course.moved_up[i];
      at_their_instant += same;
      const bool missed_while_down = course.moved_up[i] == restarted && course.missed[i] < restarted;
      expected_at_start += missed_while_down;
      at_start += same && missed_while_down;
    }
    if (found.size() > course.moved_up.size()) at_their_instant += 1'000'000;  // moved up and should not have
    static constexpr const char* kCircles[] = {"micro", "small", "great"};
    circles += answer.at("circle").as_string() == kCircles[course.circle];
    settled += course.settled;
    const auto state = std::string(answer.at("state").as_string());
    ended += course.settled && (state == "closed" || state == "verified");
    const auto* late_since = answer.as_object().if_contains("late_since");
    const bool is_late = late_since && late_since->is_string();
    expected_late += !course.missed.empty();
    late += is_late && !course.missed.empty() && parse_time(std::string(late_since->get_string())) == course.missed.front();
  }
  check_that(name + ": late by their kind's deadline, and marked with it", expected_late, late);
  check_that(name + ": moved up, each exactly at its instant", moves, at_their_instant);
  check_that(name + ": of these, due while the node was down and moved up at its start", expected_at_start, at_start);
  check_that(name + ": in the circle in which they must be", replay.courses().size(), circles);
  check_that(name + ": closed in New York, and settled here", settled, ended);
  const auto open = ward.ask("admin", "GET", "cases?open=true&count=true&limit=1").at("count").as_int64();
  check_that<std::int64_t>(name + ": left open", static_cast<std::int64_t>(replay.courses().size() - settled), open);
}

void run(const std::string& name, const std::vector<Request>& requests, std::size_t without_position, const std::string& database) {
  std::string pattern = "/tmp/lifang-accept-XXXXXX";
  const fs::path directory = mkdtemp(pattern.data());
  {
    Ward ward(directory / "data", database);
    Time first = requests.front().opened, last = first;
    for (const Request& r : requests) first = std::min(first, r.opened), last = std::max(last, r.opened);
    ward.clock.set(first - 1h);
    ward.start();
    furnish(ward, requests);
    Replay replay(ward, requests);
    replay.run(requests.size() / 2);
    // Down in the middle, for as long as many deadlines take.
    const Time until = ward.clock.now() + 20h;
    ward.stop();
    replay.sleep_until(until);
    fmt::print("  down from {} to {}: {} deadlines fall due\n", to_rfc3339(ward.clock.now()), to_rfc3339(until), replay.due_while_down());
    ward.clock.set(until);
    ward.start();
    replay.run_until(last + 24h * 21);
    check_that(name + ": requests became cases", requests.size(), replay.opened());
    check_that(name + ": with the deadline of their kind", requests.size(), replay.with_deadline);
    check_that(name + ": without a position", without_position, replay.without_position);
    compare(ward, name, replay, until);
    ward.stop();
  }
  fs::remove_all(directory);
}

int accept(const fs::path& data, bool postgres) {
  const fs::path animals = data / "cases" / "nyc311_animals_2025q1.csv", night = data / "cases" / "nyc311_20240527_1000.json";
  for (const fs::path& file : {animals, night})
    if (!fs::exists(file)) {
      fmt::print("skipped: {} is absent\n", file.string());
      return 0;
    }
  if (postgres) {
    PrivatePostgres server;
    run("night on PostgreSQL", requests_of_json(night), 12, server.create("ward"));
  } else {
    run("night", requests_of_json(night), 12, "");
    run("animals", requests_of_csv(animals), 62, "");
  }
  fmt::print("{}\n", failed ? fmt::format("{} not as expected", failed) : "all as expected");
  return failed ? 1 : 0;
}

}  // namespace
}  // namespace lifang

int main(int argc, char** argv) {
  if (argc < 2 || sodium_init() < 0) {
    fmt::print(stderr, "accept_311 DATA [--postgres]\n");
    return 2;
  }
  try {
    return lifang::accept(argv[1], argc > 2 && std::string_view(argv[2]) == "--postgres");
  } catch (const lifang::Refusal& refusal) {
    fmt::print(stderr, "accept_311: {} {}\n", refusal.code, refusal.detail);
  } catch (const std::exception& error) {
    fmt::print(stderr, "accept_311: {}\n", error.what());
  }
  return 1;
}
