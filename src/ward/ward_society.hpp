// Residents who report and staff who handle, some too late: the people of the made-up district.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "platform/http/client.hpp"
#include "ward/chance.hpp"
#include "ward/ward_plan.hpp"

namespace lifang::ward {

/// A case as its list shows it to one login.
struct Owed {
  std::string id;
  std::vector<std::string> allowed;  ///< moves, as routes spell them
  bool late = false;
};
/// The body of a move.
struct Said {
  std::string note;
  std::vector<std::string> files = {};
  std::optional<std::string> post = {};
  std::optional<bool> passed = {};
};

/// Where people are heard. What cannot be done answers false, or nothing, and leaves the reason in `trouble`.
class Counter {
 public:
  virtual ~Counter() = default;
  virtual bool report(const std::string& login, const std::string& kind, const std::string& place, const std::string& text) = 0;
  virtual std::vector<Owed> owed(const std::string& login) = 0;
  virtual bool move(const std::string& login, const std::string& id, const std::string& move, const Said& said) = 0;
  std::string trouble;
};

/// The API of a running node; all demo logins have one password.
class ApiCounter final : public Counter {
 public:
  ApiCounter(const std::string& url, std::string password) : client_(url), password_(std::move(password)) {}
  bool report(const std::string& login, const std::string& kind, const std::string& place, const std::string& text) override;
  std::vector<Owed> owed(const std::string& login) override;
  bool move(const std::string& login, const std::string& id, const std::string& move, const Said& said) override;

 private:
  http::Reply ask(const std::string& login, std::string_view method, const std::string& target, const std::string& body);
  bool log_in(const std::string& login);
  http::Client client_;
  std::string password_;
  std::map<std::string, std::string> tokens_;
};

class Society {
 public:
  Society(const WardPlan& plan, Counter& counter, std::uint64_t seed);

  /// What people do in some minutes: `reports` new ones on average, and one look of everybody at what they owe.
  void step(double reports);

  struct Done {
    std::uint64_t reported = 0, moved = 0, refused = 0;
  };
  const Done& done() const { return done_; }

 private:
  void report();
  void work(const std::string& login, const Owed& owed);
  void move(const std::string& login, const Owed& owed, const char* move, const Said& said);

  const WardPlan& plan_;
  Counter& counter_;
  Chance chance_;
  std::vector<std::string> grounds_, stairs_;  ///< where residents see things
  Done done_;
};

}  // namespace lifang::ward
