// People at the doors of the rooms themselves: no sockets, and the clock waits for them. What they cause is heard when the
// lane settles, before the clock goes on.
#pragma once
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "house.hpp"
#include "ward/ward_counter.hpp"

namespace lifang::ward {

class DoorCounter final : public Counter {
 public:
  explicit DoorCounter(House& house) : house_(house) {}

  Time now() const override { return house_.world.clock.now(); }
  std::optional<std::string> report(const std::string& login, const std::string& kind, const std::string& place,
                                    const std::string& text, const std::vector<std::string>& files) override;
  std::vector<cases::Case> owed() override;
  cases::Verifier verifier(const std::string& kind) override;
  bool move(const std::string& login, const std::string& id, cases::Move move, const Said& said) override;
  std::optional<std::string> upload(const std::string& login, const std::string& png) override;
  std::vector<std::string> questions(const std::string& login) override;
  bool evaluate(const std::string& login, const std::string& id, int score, const std::string& text) override;
  /// Beside the persons also some more who live there.
  bool announce(const std::string& login, const std::string& place, const std::vector<std::string>& persons,
                const std::string& title, const std::string& text) override;

 private:
  bool done(const std::function<void(Tx&)>& work);
  void ask(const std::function<void(Reader&)>& question);
  const Caller& caller(Reader& reader, const std::string& login);

  House& house_;
  std::map<std::string, Caller> callers_;
};

}  // namespace lifang::ward
