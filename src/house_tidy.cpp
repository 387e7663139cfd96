// What the house does by itself every hour or day: what is over goes, the audit's chain is anchored, somebody is reminded.
#include "house.hpp"

#include <filesystem>
#include <fstream>

#include "house_calendar.hpp"
#include "house_paper.hpp"
#include "platform/http/routes.hpp"
#include "rooms/accounts/accounts_codes.hpp"
#include "rooms/notices/notices_digest.hpp"
#include "rooms/rosters/rosters_rounds.hpp"

namespace lifang {
namespace {

/// Beside the database, so that who may write rows alone cannot take away the end of the chain, or all of it.
std::filesystem::path noted_audit(const House::Plan& plan) { return std::filesystem::path(plan.directory) / "lifang.audit"; }

/// The old line stands until the new one is whole; a disk that is full keeps the old one, which still proves its part.
void note_outside(const std::filesystem::path& file, const std::string& line) {
  const auto part = std::filesystem::path(file.string() + ".part");
  std::ofstream out(part, std::ios::binary | std::ios::trunc);
  out << line << "\n";
  out.close();
  std::error_code failed;
  if (out) std::filesystem::rename(part, file, failed);
}

/// Whether what held files ended before then, or is gone.
bool is_over(House& house, Reader& reader, std::string_view kind, const std::string& owner, Time before) {
  if (kind == "situation") {
    const auto situation = situations::Situations::find(reader, situations::SituationId{owner});
    return !situation || (situation->cleared_at && *situation->cleared_at < before);
  }
  if (kind == "case") {
    const auto found = house.cases.find(reader, cases::CaseId{owner});
    return !found || (!cases::is_open(found->state) && found->closed_at.value_or(found->opened_at) < before);
  }
  const auto task = rosters::Rounds::find_task(reader, rosters::TaskId{owner});
  return !task || (task->ended_at && *task->ended_at < before);
}

/// Pictures and clips of what is long over are let go, a slice at a time; then the days of their kind count.
/// The job's payload is how far it came: "KIND OWNER". @returns where to go on, empty when all were looked at
std::string let_go_of_evidence(House& house, Tx& tx, const std::string& from) {
  constexpr int kSlice = 200;
  const Time before = tx.now() - house.plan.evidence_kept;
  const auto space = from.find(' ');
  bool begun = from.empty();
  for (const std::string kind : {"situation", "case", "task"}) {
    if (!begun && from.substr(0, space) != kind) continue;
    const std::string after = begun ? std::string() : from.substr(space + 1);
    begun = true;
    const auto owners = files::Files::holders(tx, kind, before, after, kSlice);
    for (const std::string& owner : owners)
      if (is_over(house, tx, kind, owner, before)) house.files.release(tx, kind, owner);
    if (owners.size() == kSlice) return kind + " " + owners.back();
  }
  return {};
}

}  // namespace

std::string House::audit_noted() const {
  std::ifstream in(noted_audit(plan));
  std::string line;
  std::getline(in, line);
  return line;
}

void House::keep_tidy() {
  jobs.every("accounts.sweep", std::chrono::hours(1), [this](Tx& tx, const jobs::Job&) {
    accounts.sweep(tx, 1000);
    accounts::PhoneCodes::sweep(tx, 1000);
  });
  jobs.every("notices.sweep", std::chrono::hours(6), [](Tx& tx, const jobs::Job&) {
    notices::Notices::sweep(tx, tx.now() - std::chrono::hours(24 * 180), 5000);
    notices::Digest::sweep(tx, tx.now() - std::chrono::hours(24 * 180), 5000);
  });
  jobs.every("http.sweep", std::chrono::hours(1), [](Tx& tx, const jobs::Job&) { http::Routes::forget_answers(tx); });
  jobs.every("rosters.calendar", std::chrono::hours(24), [this](Tx& tx, const jobs::Job&) { remind_of_holidays(*this, tx); });
  jobs.every("notices.paper", std::chrono::hours(1), [this](Tx& tx, const jobs::Job&) { remind_of_paper(*this, tx); });
  // What is over goes a slice at a time, and the next slice soon after while there is more.
  jobs.every("bus.sweep", std::chrono::hours(1), [this](Tx& tx, const jobs::Job& job) {
    constexpr int kSlice = 20'000;
    if (bus.forget(tx, tx.now() - plan.events_kept, kSlice) == kSlice)
      jobs.at(tx, job.kind, job.name, tx.now() + std::chrono::seconds(10));
  });
  jobs.every("files.sweep", std::chrono::hours(1), [this](Tx& tx, const jobs::Job& job) {
    if (files.sweep(tx, 200)) jobs.at(tx, job.kind, job.name, tx.now() + std::chrono::seconds(10));
  });
  jobs.every("files.evidence", std::chrono::hours(24), [this](Tx& tx, const jobs::Job& job) {
    const std::string next = let_go_of_evidence(*this, tx, job.payload);
    if (!next.empty()) jobs.at(tx, job.kind, job.name, tx.now() + std::chrono::seconds(10), next);
  });
  jobs.every("audit.anchor", std::chrono::hours(1), [this](Tx& tx, const jobs::Job& job) {
    audit.anchor(tx);
    if (audit::Audit::reaches(tx, audit_noted())) tx.after_commit([this, line = audit.note(tx)] { note_outside(noted_audit(plan), line); });
    if (audit.forget(tx, tx.now() - plan.audit_kept, 5000) == 5000) jobs.at(tx, job.kind, job.name, tx.now() + std::chrono::seconds(10));
  });
}

}  // namespace lifang
