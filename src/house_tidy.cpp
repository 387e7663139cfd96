// What the house does by itself every hour or day: what is over goes, the audit's chain is anchored, somebody is reminded.
#include "house.hpp"
#include "house_calendar.hpp"
#include "platform/http/routes.hpp"
#include "rooms/accounts/accounts_codes.hpp"
#include "rooms/notices/notices_digest.hpp"

namespace lifang {

void House::keep_tidy() {
  jobs.every("accounts.sweep", std::chrono::hours(1), [this](Tx& tx, const jobs::Job&) {
    accounts.sweep(tx, 1000);
    accounts::PhoneCodes::sweep(tx, 1000);
  });
  jobs.every("notices.sweep", std::chrono::hours(6), [](Tx& tx, const jobs::Job&) {
    notices::Notices::sweep(tx, tx.now() - std::chrono::hours(24 * 180), 5000);
    notices::Digest::sweep(tx, tx.now() - std::chrono::hours(24 * 180), 5000);
  });
  jobs.every("bus.sweep", std::chrono::hours(1), [this](Tx& tx, const jobs::Job&) { bus.forget(tx, tx.now() - plan.events_kept, 20'000); });
  jobs.every("http.sweep", std::chrono::hours(1), [](Tx& tx, const jobs::Job&) { http::Routes::forget_answers(tx); });
  jobs.every("rosters.calendar", std::chrono::hours(24), [this](Tx& tx, const jobs::Job&) { remind_of_holidays(*this, tx); });
  // What is over goes a slice at a time, and the next slice soon after while there is more.
  jobs.every("files.sweep", std::chrono::hours(1), [this](Tx& tx, const jobs::Job& job) {
    if (files.sweep(tx, 200)) jobs.at(tx, job.kind, job.name, tx.now() + std::chrono::seconds(10));
  });
  jobs.every("audit.anchor", std::chrono::hours(1), [this](Tx& tx, const jobs::Job& job) {
    audit.anchor(tx);
    if (audit.forget(tx, tx.now() - plan.audit_kept, 5000) == 5000) jobs.at(tx, job.kind, job.name, tx.now() + std::chrono::seconds(10));
  });
}

}  // namespace lifang
