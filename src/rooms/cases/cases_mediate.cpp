// What waits for the circle above: appeals with their deadline, and who is told of them and of how they ended.
#include <algorithm>

#include "base/check.hpp"
#include "rooms/cases/cases_store.hpp"
#include "rooms/cases/cases_words.hpp"
#include "rooms/cases/cases_work.hpp"

namespace lifang::cases {

/// Whoever answers in that circle now; the whole post where the one on duty has done it themselves, or asks.
Addressee Work::mediator(Circle circle) {
  Answer answer = who_answers(circle, kind.duty(circle).post);
  if (answer.person && (store::is_doer(tx, record.id, answer.person->text) || answer.person->text == caller.person)) answer.person.reset();
  return {answer.post, answer.organisation, answer.person, {}};
}

Addressee Work::appellant() {
  const auto asked = store::last_line(tx, record.id, "appeal");
  check(asked.has_value(), "an appeal stands in the diary");
  return {{}, {}, asked->person ? *asked->person : PersonId{asked->by}, {}};
}

void Work::ask_mediator(Circle circle, std::string_view code, const Said& words, const Attached& beside) {
  Addressee to = mediator(circle);
  record.appeal = Appeal::asked;
  record.appeal_circle = circle;
  record.appeal_by = tools_.rosters.add_working_time(tx, tx.now(), kind.appeal, to.organisation);
  to.due = record.appeal_by;
  tools_.jobs.at(tx, kAppealJob, record.id.text, *record.appeal_by);
  line(code, say("{}，由{}裁定{}", "{}; {} is to decide{}", words, name_of(*to.post), please_by(record.appeal_by, {"裁定", "decide"})),
       beside, &to);
}

void Work::appeal_late() {
  const Said missed = said(*record.appeal_by);
  if (*record.appeal_circle != Circle::great)
    return ask_mediator(above(*record.appeal_circle), "appeal-up",
                        say("申诉超过裁定时限（{}），升级到{}", "The time to decide on the appeal ran out ({}); it moved up to {}", missed,
                            spoken(above(*record.appeal_circle))), {});
  // Nobody stands above: it is called out again every day until somebody decides.
  const Addressee to = mediator(Circle::great);
  record.supervised = true;
  line("appeal-late", say("申诉超过裁定时限（{}），已在城区大循环，转督办", "The time to decide on the appeal ran out ({}); it is in the great circle (district) already and is supervised now", missed), {}, &to);
  tools_.jobs.at(tx, kAppealJob, record.id.text, tx.now() + std::chrono::hours(24));
}

void Work::decided(bool granted, const Attached& beside) {
  record.appeal = granted ? Appeal::granted : Appeal::refused;
  record.appeal_by.reset();
  tools_.jobs.cancel(tx, kAppealJob, record.id.text);
  const Addressee to = appellant();
  const Said why = beside.note.empty() ? Said{} : say("：{}", ": {}", beside.note);
  line("decide", say("{}{}", "{}{}", granted ? Said{"申诉成立，不计入考核", "The appeal is granted; it counts nowhere"} : Said{"申诉不成立", "The appeal is refused"}, why),
       beside, &to);
}

void Work::drop_appeal() {
  if (record.appeal != Appeal::asked) return;
  const Addressee to = appellant();
  record.appeal.reset();
  record.appeal_circle.reset();
  record.appeal_by.reset();
  tools_.jobs.cancel(tx, kAppealJob, record.id.text);
  line("appeal-void", {"工单重新办理，未裁定的申诉失效；办结后可以再次申诉",
                       "The case is opened again, so the appeal that nobody decided on lapses; appeal anew when it is handled"}, {}, &to);
}

void Work::partner_late(std::string_view code, const Said& words, const Addressee& late, std::string_view asked_by) {
  std::vector<Addressee> to{late, {record.post, record.organisation, record.person, record.due}};
  const auto asked = store::last_line(tx, record.id, asked_by);
  if (asked && asked->by != "system") to.push_back({{}, {}, asked->person ? *asked->person : PersonId{asked->by}, {}});
  to.push_back(mediator(above(record.circle)));
  const bool first = !record.supervised;
  record.supervised = true;
  line_to_all(code, say("{}{}", "{}{}", words, first ? Said{"，转上级督办", "; the circle above supervises it now"} : Said{}), to);
}

void Work::line_above(std::string_view code, const Said& words, const Attached& beside) {
  const Addressee to = mediator(above(record.circle));
  line(code, words, beside, &to);
}

}  // namespace lifang::cases
