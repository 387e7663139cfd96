#include "platform/db/tx.hpp"

namespace lifang {
namespace {

void undo_down_to(std::vector<std::function<void()>>& undo, std::size_t size) {
  while (undo.size() > size) {
    const auto hook = std::move(undo.back());
    undo.pop_back();
    hook();
  }
}

}  // namespace

void Tx::savepoint(const std::function<void()>& work) {
  const std::size_t hooks = hooks_.size();
  const std::size_t undo = undo_.size();
  session_->script("SAVEPOINT use_case");
  try {
    work();
  } catch (...) {
    hooks_.resize(hooks);
    undo_down_to(undo_, undo);
    session_->script("ROLLBACK TO SAVEPOINT use_case");
    session_->script("RELEASE SAVEPOINT use_case");
    throw;
  }
  session_->script("RELEASE SAVEPOINT use_case");
}

void Tx::committed() {
  undo_.clear();
  for (std::size_t i = 0; i < hooks_.size(); ++i) hooks_[i]();  // by index: a hook may add one
  hooks_.clear();
}

void Tx::rolled_back() {
  hooks_.clear();
  undo_down_to(undo_, 0);
}

}  // namespace lifang
