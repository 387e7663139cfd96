#include "rooms/notices/notices_ways.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/members.hpp"
#include "base/text.hpp"
#include "rooms/notices/notices_digest_store.hpp"
#include "rooms/notices/notices_store.hpp"
#include "rooms/notices/notices_ways_store.hpp"

namespace lifang::notices {
namespace {

constexpr const char* kWayJob = "notices.way";
constexpr std::size_t kWayWords = 60;  ///< characters of a text message beside the title: one message of a telephone company

std::optional<Medium> medium_of(Way way) {
  if (way == Way::app) return std::nullopt;
  return way == Way::wechat ? Medium::wechat : Medium::sms;
}

/// Whose choice counts for it; nothing where it comes by no way of ours.
std::optional<Class> sort_of(const Notice& notice) {
  if (notice.channel != cases::Channel::app) return std::nullopt;
  if (notice.class_ != Class::alarm) return notice.class_;
  if (!notice.case_) return Class::announcement;  // an emergency; alarms of cases ring
  return std::nullopt;
}

std::string way_words(const Notice& notice) {
  const std::u32string points = to_code_points(notice.text);
  const std::string text = points.size() <= kWayWords ? notice.text : to_utf8(points.substr(0, kWayWords)) + "…";
  return text.empty() ? notice.title : fmt::format("{}：{}", notice.title, text);
}

}  // namespace

Ways::Ways(jobs::Jobs& jobs, Phones& phones, Quiet quiet) : jobs_(jobs), phones_(phones), quiet_(quiet) {
  jobs_.on(kWayJob, [this](Tx& tx, const jobs::Job& job) { send(tx, NoticeId{job.name}, PersonId{job.payload}); });
}

Chosen Ways::chosen(Reader& reader, const Caller& caller) const {
  Chosen all;
  all.available.push_back(Way::app);
  if (caller.person.empty()) return all;
  const PersonId person{caller.person};
  for (const Way way : {Way::sms, Way::wechat})
    if (phones_.reaches(reader, *medium_of(way), person)) all.available.push_back(way);
  all.work = store::way_of(reader, caller.person, Class::work);
  all.progress = store::way_of(reader, caller.person, Class::progress);
  all.question = store::way_of(reader, caller.person, Class::question);
  all.announcement = store::way_of(reader, caller.person, Class::announcement);
  return all;
}

Chosen Ways::choose(Tx& tx, const Caller& caller, const WayWords& words) {
  if (caller.person.empty()) throw forbidden("notices.no_person", "this login belongs to no person, and so to no phone");
  const auto available = chosen(tx, caller).available;
  const std::pair<const char*, std::pair<Class, std::optional<Way>>> all[] = {{"/work", {Class::work, words.work}},
                                                                            {"/progress", {Class::progress, words.progress}},
                                                                            {"/question", {Class::question, words.question}},
                                                                            {"/announcement", {Class::announcement, words.announcement}}};
  for (const auto& [field, one] : all) {
    if (!one.second) continue;
    if (std::find(available.begin(), available.end(), *one.second) == available.end())
      throw invalid("notices.no_way", field, "neither the node nor the person has this way");
    store::keep_way(tx, caller.person, one.first, *one.second);
  }
  return chosen(tx, caller);
}

void Ways::arrived(Tx& tx, const Arrived& arrived) {
  if (!arrived.person || !store::has_ways(tx, arrived.person->text)) return;
  const Time at = arrived.urgent ? tx.now() : decent(tx.now(), quiet_);
  if (at == tx.now()) return send(tx, arrived.notice, *arrived.person);
  jobs_.at(tx, kWayJob, arrived.notice.text, at, arrived.person->text);
}

void Ways::send(Tx& tx, const NoticeId& id, const PersonId& person) {
  const auto notice = store::find(tx, id, person.text);
  if (!notice || notice->read_at) return;
  const auto sort = sort_of(*notice);
  if (!sort) return;
  // A digest says itself what it has to say, where it was asked to.
  if (notice->class_ == Class::announcement && notice->about.empty())
    if (const auto hours = store::digest_hours(tx, person.text); hours && hours->phone) return;
  const auto medium = medium_of(store::way_of(tx, person.text, *sort));
  if (medium) phones_.tell_by(tx, *medium, person, way_words(*notice), {id.text, notice->path});
}

void Ways::forget(Tx& tx, const std::string& person) { store::forget_ways(tx, person); }

}  // namespace lifang::notices
