#include "platform/db/tx.hpp"

#include <exception>

namespace lifang {
namespace {

void undo_down_to(std::vector<std::function<void()>>& undo, std::size_t size) {
  while (undo.size() > size) {
    const auto hook = std::move(undo.back());
    undo.pop_back();
    hook();
  }
}

/// On a full disk or an I/O error SQLite throws away the whole transaction, and the savepoint with it. Going on would
/// write each statement by itself, so the batch must end: what was thrown, if it says so, else that the batch is lost.
void undo_savepoint(db::Session& session, const std::exception_ptr& thrown) {
  try {
    session.script("ROLLBACK TO SAVEPOINT use_case");
    session.script("RELEASE SAVEPOINT use_case");
  } catch (const db::Error& error) {
    try {
      std::rethrow_exception(thrown);
    } catch (const db::Error& first) {
      if (first.kind == db::Error::Kind::lost || first.kind == db::Error::Kind::full) throw;
    } catch (...) {
    }
    throw db::Error(db::Error::Kind::lost, std::string("the transaction is gone: ") + error.what());
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
    const auto thrown = std::current_exception();
    hooks_.resize(hooks);
    undo_down_to(undo_, undo);
    undo_savepoint(*session_, thrown);
    std::rethrow_exception(thrown);
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
