#include "support/served_node.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/reflect.hpp"

namespace lifang {
namespace {

constexpr char kPassword[] = "fault-tests-only-1";

std::string read_all(const std::string& file) {
  std::ostringstream words;
  words << std::ifstream(file, std::ios::binary).rdbuf();
  return words.str();
}

/// A child whose two outputs go to `log`. It dies with this process.
pid_t spawn(const std::vector<std::string>& words, const std::string& log) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const int output = ::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const std::string password = std::string("LIFANG_ADMIN_PASSWORD=") + kPassword;
  std::vector<char*> environment;
  for (char** e = environ; *e; ++e) environment.push_back(*e);
  environment.push_back(const_cast<char*>(password.c_str()));
  environment.push_back(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(output, 1);
    ::dup2(output, 2);
    ::execve(arguments[0], arguments.data(), environment.data());
    ::_exit(127);
  }
  ::close(output);
  return child;
}

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

std::string lifang_program() {
  const auto beside = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "lifang";
  return std::filesystem::exists(beside) ? beside.string() : "";
}

Ran run_lifang(const std::vector<std::string>& words) {
  std::string log = "/tmp/lifang-ran-XXXXXX";
  ::close(::mkstemp(log.data()));
  std::vector<std::string> all{lifang_program()};
  all.insert(all.end(), words.begin(), words.end());
  const int code = wait_for(spawn(all, log));
  Ran ran{code, read_all(log)};
  std::filesystem::remove(log);
  return ran;
}

Ran run_lifang_until(const std::vector<std::string>& words, const std::string& said) {
  std::string log = "/tmp/lifang-ran-XXXXXX";
  ::close(::mkstemp(log.data()));
  std::vector<std::string> all{lifang_program()};
  all.insert(all.end(), words.begin(), words.end());
  const pid_t child = spawn(all, log);
  EXPECT_TRUE(holds_within(60, [&] { return read_all(log).find(said) != std::string::npos; })) << read_all(log);
  ::kill(child, SIGTERM);
  const int code = wait_for(child);
  Ran ran{code, read_all(log)};
  std::filesystem::remove(log);
  return ran;
}

bool holds_within(int seconds, const std::function<bool()>& what) {
  for (int i = 0; i < seconds * 20; ++i) {
    if (what()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return what();
}

ServedNode::ServedNode(std::string directory, std::string database)
    : directory_(std::move(directory)), database_(std::move(database)) {}
ServedNode::~ServedNode() {
  if (pid_ > 0) kill();
}

std::string ServedNode::words() { return read_all(directory_ + ".log"); }

bool ServedNode::start() {
  begin();
  return serves();
}

void ServedNode::begin() {
  client_.reset();
  std::vector<std::string> words{lifang_program(), "serve", "--data", directory_,
                                 "--http", fmt::format("127.0.0.1:{}", http_),
                                 "--mqtt", fmt::format("127.0.0.1:{}", mqtt_)};
  if (!database_.empty()) words.insert(words.end(), {"--database", database_});
  pid_ = spawn(words, directory_ + ".log");
}

bool ServedNode::serves() {
  const bool said_so = holds_within(120, [&] {
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) == pid_) {
      pid_ = 0;
      return true;
    }
    return this->words().find("  mqtt://") != std::string::npos;
  });
  if (!said_so || pid_ == 0) return false;
  const std::string said = this->words();
  unsigned http = 0, mqtt = 0;
  const auto at = said.find("lifang: http://127.0.0.1:");
  if (std::sscanf(said.c_str() + at, "lifang: http://127.0.0.1:%u  mqtt://127.0.0.1:%u", &http, &mqtt) != 2) return false;
  http_ = static_cast<std::uint16_t>(http);
  mqtt_ = static_cast<std::uint16_t>(mqtt);
  if (token_.empty()) log_in();
  return true;
}

void ServedNode::end(int signal) { ::kill(pid_, signal); }

void ServedNode::kill() {
  end(SIGKILL);
  wait_for(pid_);
  pid_ = 0;
  client_.reset();
}

int ServedNode::stop() {
  end(SIGTERM);
  const int code = wait_for(pid_);
  pid_ = 0;
  client_.reset();
  return code;
}

void ServedNode::log_in() {
  const auto reply = client()->post(
      "/api/v1/sessions", fmt::format(R"({{"login":"admin","password":"{}"}})", kPassword));
  EXPECT_EQ(reply.status, 200) << reply.body << words();
  if (reply.good()) token_ = parse_json(reply.body).at("token").as_string().c_str();
}

std::unique_ptr<http::Client> ServedNode::client() const {
  return std::make_unique<http::Client>(fmt::format("http://127.0.0.1:{}", http_));
}

http::Reply ServedNode::ask(const std::string& method, const std::string& target, const std::string& body) {
  if (!client_) client_ = client();
  return client_->request(method, target, headers(), body);
}

boost::json::value ServedNode::must(const std::string& method, const std::string& target, const std::string& body) {
  const auto reply = ask(method, target, body);
  EXPECT_TRUE(reply.good()) << method << ' ' << target << ": " << reply.status << ' ' << reply.body << '\n' << words();
  return reply.good() && !reply.body.empty() ? parse_json(reply.body, {256U << 20, 32}) : boost::json::value();
}

std::vector<boost::json::value> ServedNode::all(const std::string& target) {
  std::vector<boost::json::value> items;
  std::string after;
  for (;;) {
    const std::string page = target + (target.find('?') == std::string::npos ? "?" : "&") + "limit=500" + after;
    const auto answer = must("GET", page);
    if (!answer.is_object()) return items;
    for (const auto& item : answer.at("items").as_array()) items.push_back(item);
    const auto* next = answer.get_object().if_contains("next");
    if (!next || !next->is_string()) return items;
    after = "&after=" + std::string(next->get_string());
  }
}

std::pair<int, std::string> ServedNode::ready() {
  const auto reply = client()->get("/readyz");
  return {reply.status, reply.body};
}

}  // namespace lifang
