// Where the people of the made-up district are heard: a running node's API, or the doors of the rooms themselves.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "platform/http/client.hpp"
#include "rooms/cases/cases_values.hpp"

namespace lifang::ward {

/// The body of a move.
struct Said {
  std::string note = {};
  std::vector<std::string> files = {};
  std::optional<std::string> post = {};
  std::optional<std::string> into = {};
  std::optional<bool> passed = {};
  std::optional<Time> until = {};
};

/// What cannot be done answers nothing, and leaves the reason in `trouble`.
class Counter {
 public:
  virtual ~Counter() = default;
  virtual Time now() const = 0;
  /// The id of the case.
  virtual std::optional<std::string> report(const std::string& login, const std::string& kind, const std::string& place,
                                            const std::string& text, const std::vector<std::string>& files) = 0;
  /// Everything that somebody owes, those due soonest first.
  virtual std::vector<cases::Case> owed() = 0;
  /// Who verifies this kind.
  virtual cases::Verifier verifier(const std::string& kind) = 0;
  virtual bool move(const std::string& login, const std::string& id, cases::Move move, const Said& said) = 0;
  /// The id of the file.
  virtual std::optional<std::string> upload(const std::string& login, const std::string& png) = 0;
  /// Evaluations that the login was asked for and has not given: ids.
  virtual std::vector<std::string> questions(const std::string& login) = 0;
  virtual bool evaluate(const std::string& login, const std::string& id, int score, const std::string& text) = 0;
  virtual bool announce(const std::string& login, const std::string& place, const std::vector<std::string>& persons,
                        const std::string& title, const std::string& text) = 0;
  std::string trouble;
};

/// The API of a running node; all demo logins have one password.
class ApiCounter final : public Counter {
 public:
  /// `unix_path`: over this socket instead of the address in `url`.
  ApiCounter(const std::string& url, const std::string& unix_path, std::string password, const Clock& clock)
      : client_(url, {.unix_path = unix_path}), password_(std::move(password)), clock_(clock) {}
  Time now() const override { return clock_.now(); }
  std::optional<std::string> report(const std::string& login, const std::string& kind, const std::string& place,
                                    const std::string& text, const std::vector<std::string>& files) override;
  std::vector<cases::Case> owed() override;
  cases::Verifier verifier(const std::string& kind) override;
  bool move(const std::string& login, const std::string& id, cases::Move move, const Said& said) override;
  std::optional<std::string> upload(const std::string& login, const std::string& png) override;
  std::vector<std::string> questions(const std::string& login) override;
  bool evaluate(const std::string& login, const std::string& id, int score, const std::string& text) override;
  bool announce(const std::string& login, const std::string& place, const std::vector<std::string>& persons,
                const std::string& title, const std::string& text) override;

 private:
  http::Reply ask(const std::string& login, std::string_view method, const std::string& target, const std::string& body,
                  const char* type = "application/json");
  bool log_in(const std::string& login);

  http::Client client_;
  std::string password_;
  const Clock& clock_;
  std::map<std::string, std::string> tokens_;
  std::map<std::string, cases::Verifier> verifiers_;
};

}  // namespace lifang::ward
