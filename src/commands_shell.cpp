#include "commands_shell.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "backup.hpp"
#include "base/reflect.hpp"
#include "closed_node.hpp"
#include "commands_serve.hpp"
#include "node_shell.hpp"
#include "platform/http/client.hpp"
#include "platform/http/routes.hpp"
#include "platform/http/target.hpp"

namespace lifang {
namespace {

namespace fs = std::filesystem;

std::string socket_of(const std::string& directory) { return (fs::path(directory) / "lifang.sock").string(); }

/// Whether a node runs in the folder, which must be there.
bool runs(const std::string& directory) {
  if (!fs::exists(directory)) throw missing("node.no_directory", directory + " does not exist");
  if (!fs::exists(socket_of(directory))) return false;
  http::Client client("http://node", {.unix_path = socket_of(directory), .timeout = std::chrono::seconds(5)});
  return client.get("/healthz").failure == http::Failure::none;
}

/// A conversation with the node of a folder. Where none runs, the folder is opened for the time of the errand.
class Shell {
 public:
  Shell(const std::string& directory, Errand errand) : socket_(socket_of(directory)) {
    if (runs(directory)) return;
    hold_signals();
    own_ = std::make_unique<ClosedNode>(directory, errand);
  }

  /// The answer's body. @throws Refusal with what the node says
  std::string ask(const std::string& method, const std::string& target, const std::string& body = {}) {
    http::Client client("http://node", {.unix_path = socket_, .timeout = std::chrono::minutes(10)});
    const auto reply = client.request(method, target, {{"Content-Type", "application/json"}}, body);
    if (reply.failure != http::Failure::none)
      throw Refusal(RefusalKind::unavailable, "node.no_answer", "the node does not answer: " + std::string(http::failure_name(reply.failure)));
    if (reply.status >= 300) {
      const auto problem = parse_json(reply.body).as_object();
      const auto text = [&](const char* key) {
        const auto* v = problem.if_contains(key);
        return v && v->is_string() ? std::string(v->get_string()) : std::string();
      };
      // 2 is for words that are off; what the node could not do, or does not have, is a failure.
      const auto kind = reply.status == 400 || reply.status == 422 ? RefusalKind::invalid : RefusalKind::unavailable;
      throw Refusal(kind, text("code"), text("detail") + (text("field").empty() ? "" : " at " + text("field")));
    }
    return reply.body;
  }

 private:
  std::string socket_;
  std::unique_ptr<ClosedNode> own_;
};

/// What all of these commands are told.
struct Words {
  std::string directory, id, rule, from, to, file, database, login, role, place, name;
  std::vector<std::string> types, rules;
  bool english = false, activate = false, replace = false;
};

std::string slurp(const std::string& file) {
  std::ifstream in(file);
  if (!in) throw missing("node.no_file", "cannot read " + file);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

void print_why(const Words& words) {
  Shell shell(words.directory, Errand::look);
  const auto answer = parse_json(shell.ask("GET", "/api/v1/why/" + http::percent_encode(words.id)));
  for (const auto& link : answer.at("chain").as_array()) {
    const auto text = [&](const char* key) {
      const auto* v = link.as_object().if_contains(key);
      return v && v->is_string() ? std::string(v->get_string()) : std::string();
    };
    fmt::print("{}  {}  {}\n    {}\n", text("at"), text("kind"), text("id"), text("text"));
  }
}

/// The checks; none but the schema's where that is not this program's.
boost::json::value verify_now(const Words& words) {
  const auto standing = runs(words.directory) ? db::Standing::current : schema_standing(words.directory);
  if (standing != db::Standing::current)
    return {{"ok", false},
            {"checks", {{{"ok", false},
                         {"name", "schema"},
                         {"detail", standing == db::Standing::ahead ? "written by a newer version of the program; nothing was changed"
                                                                    : "written by another version of the program; nothing was changed"}}}}};
  return parse_json(Shell(words.directory, Errand::look).ask("GET", "/api/v1/node/verify"));
}

bool print_verify(const Words& words) {
  const auto answer = verify_now(words);
  for (const auto& check : answer.at("checks").as_array())
    fmt::print("{}  {}  {}\n", check.at("ok").as_bool() ? "ok  " : "FAIL", std::string(check.at("name").as_string()),
               std::string(check.at("detail").as_string()));
  return answer.at("ok").as_bool();
}

/// A folder whose node is stopped is saved as it lies there, whichever version of the program wrote it.
void make_backup(const Words& words) {
  const fs::path file = fs::absolute(words.file);
  if (runs(words.directory)) {
    Shell(words.directory, Errand::look).ask("POST", "/api/v1/node/backup", "{\"file\":" + to_json(file.string()) + "}");
    return;
  }
  const config::Config config = config_of(words.directory);
  must_hold_a_node(config, words.directory);
  const DirectoryLock lock(words.directory);
  const auto database = open_as_it_is(config, words.directory);
  RealWorld own;
  back_up(*database, words.directory, file, own.world);
}

std::string paper_of(const Words& words) {
  if (runs(words.directory)) return Shell(words.directory, Errand::look).ask("GET", "/api/v1/node/authority/paper");
  const DirectoryLock lock(words.directory);
  RealWorld own;
  return NodeTls(config_of(words.directory), words.directory, names_of_this_machine, own.world).paper();
}

void print_backtest(const Words& words) {
  // Read here already: a byte that is off is counted in the file, not in what is sent.
  const std::string rule = slurp(words.rule);
  parse_json(rule);
  Shell shell(words.directory, Errand::look);
  std::string body = "{\"rule\":" + rule;
  if (!words.from.empty()) body += ",\"from\":" + to_json(words.from);
  if (!words.to.empty()) body += ",\"to\":" + to_json(words.to);
  fmt::print("{}\n", shell.ask("POST", "/api/v1/rules/backtest", body + "}"));
}

void print_ready(Shell& shell, const std::string& target, const char* what, bool english) {
  const auto answer = parse_json(shell.ask("GET", target));
  for (const auto& item : answer.at("items").as_array())
    fmt::print("{}  {}  {}  {}\n", what, std::string(item.at("id").as_string()), std::string(item.at("standing").as_string()),
               std::string(item.at(english ? "name_en" : "name").as_string()));
}

/// Lists what the program brings along, or takes over what is named.
void adopt_ready(const Words& words) {
  Shell shell(words.directory, words.types.empty() && words.rules.empty() ? Errand::look : Errand::act);
  const auto adopt = [&](const std::string& target, const std::vector<std::string>& ids, const std::string& more) {
    if (ids.empty()) return;
    shell.ask("POST", target, fmt::format(R"({{"ids":{},"tongue":"{}","replace":{}{}}})", to_json(ids), words.english ? "en" : "zh",
                                          words.replace ? "true" : "false", more));
  };
  adopt("/api/v1/devices/ready/adopt", words.types, "");
  adopt("/api/v1/rules/ready/adopt", words.rules, words.activate ? R"(,"activate":true)" : "");
  print_ready(shell, "/api/v1/devices/ready?limit=500", "type", words.english);
  print_ready(shell, "/api/v1/rules/ready?limit=500", "rule", words.english);
}

void add_user(const Words& words) {
  accounts::AccountWords account;
  account.login = words.login;
  account.name = words.name.empty() ? words.login : words.name;
  account.role = words.role;
  if (!words.place.empty()) account.place = places::PlaceId{words.place};
  std::string password;
  std::getline(std::cin, password);
  account.password = password;
  Shell shell(words.directory, Errand::act);
  shell.ask("POST", "/api/v1/node/users", to_json(account));
  fmt::print("login {} was made\n", words.login);
}

}  // namespace

void add_shell_commands(CLI::App& app, int& result) {
  auto words = std::make_shared<Words>();
  const auto command = [&](CLI::App& under, const char* name, const char* does) {
    auto* added = under.add_subcommand(name, does);
    added->add_option("--data", words->directory, "the node's folder")->required();
    return added;
  };
  auto* why = command(app, "why", "the chain of causes behind an id, newest first");
  why->add_option("id", words->id, "of anything: case, situation, action, evaluation")->required();
  why->callback([words] { print_why(*words); });

  command(app, "verify", "proves schema, audit chain, causes, readings, cases and events; exit 0 only if all hold")
      ->callback([words, &result] { result = print_verify(*words) ? 0 : 1; });

  auto* backtest = command(app, "backtest", "which situations and cases a rule would have caused");
  backtest->add_option("--rule", words->rule, "a JSON file")->required();
  backtest->add_option("--from", words->from, "RFC 3339 or Unix milliseconds");
  backtest->add_option("--to", words->to, "RFC 3339 or Unix milliseconds");
  backtest->callback([words] { print_backtest(*words); });

  auto* backup = command(app, "backup", "writes one file with everything, while the node runs");
  backup->add_option("file", words->file, "to write")->required();
  backup->callback([words] {
    make_backup(*words);
    fmt::print("{} was written; it holds the node's keys, keep it as you keep them\n", words->file);
  });
  auto* restored = command(app, "restore", "makes a folder from a backup; refuses one that is not empty");
  restored->add_option("file", words->file, "to read")->required();
  restored->add_option("--database", words->database, "an empty PostgreSQL database for the rows: postgresql://…");
  restored->callback([words] {
    RealWorld own;
    restore(words->directory, words->file, words->database, own.world);
    if (words->database.empty()) return;
    if (const auto named = config_of(words->directory).database.url; !named.empty() && named != words->database)
      fmt::print("the rows are in that database, but config.toml names another: change database.url before lifang serve, which would open that one\n");
    else
      fmt::print("the rows are in that database, which the folder remembers: lifang serve --data {}\n", words->directory);
  });

  command(app, "authority", "the paper with the fingerprint of the node's own root, as a page to be printed")
      ->callback([words] { fmt::print("{}", paper_of(*words)); });

  auto* ready = command(app, "ready", "types of devices and rules that the program brings along; takes over those that are named");
  ready->add_option("--type", words->types, "ids of types of devices to take over");
  ready->add_option("--rule", words->rules, "ids of rules to take over, with types that are missing");
  ready->add_flag("--english", words->english, "with English names");
  ready->add_flag("--activate", words->activate, "the rules judge at once");
  ready->add_flag("--replace", words->replace, "also what was changed here");
  ready->callback([words] { adopt_ready(*words); });

  auto* user = app.add_subcommand("user", "logins");
  user->require_subcommand(1);
  auto* add = command(*user, "add", "makes a login; the password comes from standard input");
  add->add_option("--login", words->login)->required();
  add->add_option("--role", words->role)->required();
  add->add_option("--place", words->place, "the role holds below it; everywhere if not given");
  add->add_option("--name", words->name, "as people know them");
  add->callback([words] { add_user(*words); });
}

}  // namespace lifang
