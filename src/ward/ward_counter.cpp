#include "ward/ward_counter.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/members.hpp"

namespace lifang::ward {
namespace {

namespace json = boost::json;

std::string text_of(const json::object& object, const char* member) {
  const auto* value = object.if_contains(member);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

/// The members of an answer's list; none if it is not one.
json::array items_of(const http::Reply& reply) {
  json::error_code error;
  const auto answer = json::parse(reply.body, error);
  if (!reply.good() || error || !answer.is_object()) return {};
  const auto* items = answer.get_object().if_contains("items");
  return items && items->is_array() ? items->get_array() : json::array{};
}

std::optional<std::string> id_in(const http::Reply& reply) {
  json::error_code error;
  const auto answer = json::parse(reply.body, error);
  if (!reply.good() || error || !answer.is_object()) return std::nullopt;
  return text_of(answer.get_object(), "id");
}

/// What the society wants to know of a case; the rest stays as it is.
cases::Case case_of(const json::object& one) {
  cases::Case seen;
  seen.id.text = text_of(one, "id");
  seen.kind = text_of(one, "kind");
  seen.state = enum_of<cases::State>(text_of(one, "state"));
  seen.circle = enum_of<cases::Circle>(text_of(one, "circle"));
  seen.place.text = text_of(one, "place");
  seen.situation = text_of(one, "situation");
  if (const auto post = text_of(one, "post"); !post.empty()) seen.post = cases::PostId{post};
  if (const auto person = text_of(one, "person"); !person.empty()) seen.person = cases::PersonId{person};
  if (const auto due = text_of(one, "due"); !due.empty()) seen.due = parse_time(due);
  const auto flag = [&](const char* member) {
    const auto* value = one.if_contains(member);
    return value && value->is_bool() && value->get_bool();
  };
  seen.deferral_asked = flag("deferral_asked");
  seen.overdue = flag("overdue");
  seen.was_late = flag("was_late");
  return seen;
}

}  // namespace

bool ApiCounter::log_in(const std::string& login) {
  const http::Reply reply =
      client_.post("/api/v1/sessions", json::serialize(json::object{{"login", login}, {"password", password_}}));
  json::error_code error;
  const auto answer = json::parse(reply.body, error);
  if (!reply.good() || error || !answer.is_object()) {
    trouble = fmt::format("{} cannot log in: {} {}", login, reply.status, reply.body);
    return false;
  }
  tokens_[login] = text_of(answer.get_object(), "token");
  return true;
}

http::Reply ApiCounter::ask(const std::string& login, std::string_view method, const std::string& target, const std::string& body,
                            const char* type) {
  if (!tokens_.contains(login) && !log_in(login)) return {};
  const auto once = [&] {
    http::Pairs headers{{"Authorization", "Bearer " + tokens_[login]}};
    if (!body.empty()) headers.push_back({"Content-Type", type});
    return client_.request(method, target, headers, body);
  };
  http::Reply reply = once();
  if (reply.status == 401 && log_in(login)) reply = once();
  if (!reply.good()) trouble = fmt::format("{} {} {}: {} {}", login, method, target, reply.status, reply.body);
  return reply;
}

std::optional<std::string> ApiCounter::report(const std::string& login, const std::string& kind, const std::string& place,
                                              const std::string& text, const std::vector<std::string>& files) {
  json::object words{{"kind", kind}, {"place", place}, {"text", text}};
  if (!files.empty()) words["files"] = json::value_from(files);
  return id_in(ask(login, "POST", "/api/v1/cases", json::serialize(words)));
}

std::vector<cases::Case> ApiCounter::owed() {
  std::vector<cases::Case> all;
  for (const auto& item : items_of(ask("demo-district", "GET", "/api/v1/cases?open=true&order=due&limit=500", {})))
    if (item.is_object()) all.push_back(case_of(item.get_object()));
  return all;
}

cases::Verifier ApiCounter::verifier(const std::string& kind) {
  const auto known = verifiers_.find(kind);
  if (known != verifiers_.end()) return known->second;
  const http::Reply reply = ask("demo-district", "GET", "/api/v1/cases/kinds/" + kind, {});
  json::error_code error;
  const auto answer = json::parse(reply.body, error);
  if (!reply.good() || error || !answer.is_object()) return cases::Verifier::desk;
  return verifiers_[kind] = enum_of<cases::Verifier>(text_of(answer.get_object(), "verifier"));
}

bool ApiCounter::move(const std::string& login, const std::string& id, cases::Move move, const Said& said) {
  json::object words;
  if (!said.note.empty()) words["note"] = said.note;
  if (!said.files.empty()) words["files"] = json::value_from(said.files);
  if (said.post) words["post"] = *said.post;
  if (said.into) words["into"] = *said.into;
  if (said.passed) words["passed"] = *said.passed;
  if (said.until) words["until"] = to_ms(*said.until);
  return ask(login, "POST", fmt::format("/api/v1/cases/{}/{}", id, cases::spelling(move)), json::serialize(words)).good();
}

std::optional<std::string> ApiCounter::upload(const std::string& login, const std::string& png) {
  return id_in(ask(login, "POST", "/api/v1/files", png, "image/png"));
}

std::vector<std::string> ApiCounter::questions(const std::string& login) {
  std::vector<std::string> ids;
  for (const auto& item : items_of(ask(login, "GET", "/api/v1/evaluations?mine=true&answered=false", {}))) {
    if (!item.is_object()) continue;
    // What was opened again since is asked about anew when it ends.
    json::error_code error;
    const auto about = json::parse(ask(login, "GET", "/api/v1/cases/" + text_of(item.get_object(), "case"), {}).body, error);
    if (error || !about.is_object()) continue;
    const auto state = text_of(about.get_object(), "state");
    const auto* round = item.get_object().if_contains("round");
    const auto* reopened = about.get_object().if_contains("reopened");
    if ((state == "verified" || state == "closed") && round && reopened && *round == *reopened)
      ids.push_back(text_of(item.get_object(), "id"));
  }
  return ids;
}

bool ApiCounter::evaluate(const std::string& login, const std::string& id, int score, const std::string& text) {
  return ask(login, "POST", "/api/v1/evaluations/" + id, json::serialize(json::object{{"score", score}, {"text", text}})).good();
}

bool ApiCounter::announce(const std::string& login, const std::string& place, const std::vector<std::string>& persons,
                          const std::string& title, const std::string& text) {
  const json::object words{{"title", title}, {"text", text}, {"place", place}, {"persons", json::value_from(persons)}};
  return ask(login, "POST", "/api/v1/notices", json::serialize(words)).good();
}

}  // namespace lifang::ward
