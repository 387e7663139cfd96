// Somebody has themselves erased: what they said goes, that it was said and what was done stays.
#include "support/ward_fixture.hpp"

namespace lifang::cases {
namespace {

class CasesForget : public WardTest {
 protected:
  CasesForget() {
    zhang_ = act([&](Tx& tx) { return house_.people.add(tx, root_, {"张三", "13800138000", {}, {}, {}, {}, places::PlaceId{"b3"}}).id.text; });
  }
  bool is_there(const files::FileId& id) {
    return ask([&](Reader& r) { return files::Files::find(r, id).has_value(); });
  }
  void sweep() {
    act([&](Tx& tx) { house_.files.sweep(tx, 100); });
  }
  std::size_t found(const std::string& q) {
    Filter filter;
    filter.q = q;
    return ask([&](Reader& r) { return house_.cases.list(r, root_, filter).size(); });
  }
  std::vector<Reporter> reporters(const CaseId& id) {
    return ask([&](Reader& r) { return house_.cases.reporters(r, id); });
  }
  /// The case, its reporters and its diary in one text.
  std::string everything(const CaseId& id) {
    const Case c = look(id);
    std::string all = c.title + "\n" + c.text + "\n" + c.reason;
    for (const Reporter& reporter : reporters(id)) all += "\n" + reporter.text;
    for (const DiaryLine& line : diary(id)) all += "\n" + line.words + "\n" + line.words_en.value_or("") + "\n" + line.note;
    return all;
  }
  static bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }
  void erase() {
    act([&](Tx& tx) { house_.people.erase(tx, root_, people::PersonId{zhang_}); });
  }
  /// A login, the person's or nobody's yet.
  accounts::AccountId login_of(const std::optional<std::string>& person) {
    login("staff", {"cases.report", "cases.handle"}, "fuyuan");  // makes the role
    accounts::AccountWords words;
    words.login = "zhang";
    words.name = "张三";
    words.person = person;
    words.role = "staff";
    words.place = places::PlaceId{"fuyuan"};
    return act([&](Tx& tx) { return house_.accounts.add(tx, root_, words, "").id; });
  }
  std::string zhang_;
};
BOTH_ENGINES(CasesForget);

TEST_P(CasesForget, the_words_and_pictures_of_a_reporter_go_and_the_case_stays) {
  const Caller zhang = resident(zhang_);
  const files::FileId mine = picture(zhang, "mine"), others = picture(resident("qian"), "others");
  Report words{"leak", places::PlaceId{"b3"}, "我是张三，电话13800138000，厨房漏水", std::vector{mine.text}, {}, {}, {}, {}};
  const Case before = act([&](Tx& tx) { return house_.cases.report(tx, zhang, words); });
  words.text = "楼下也在滴水";
  words.files = std::vector{others.text};
  ASSERT_EQ(act([&](Tx& tx) { return house_.cases.report(tx, resident("qian"), words).id; }), before.id);
  move(manager_, before.id, Move::refuse, note("请联系物业"));
  move(zhang, before.id, Move::reopen, note("张三不同意"));
  ASSERT_TRUE(holds(everything(before.id), "张三不同意"));
  ASSERT_EQ(found("张三"), 1U);
  sweep();
  ASSERT_TRUE(is_there(mine)) << "the case holds it";
  const std::string codes_then = codes(before.id);
  erase();
  const Case after = look(before.id);
  EXPECT_EQ(after.text, kWithdrawn);
  EXPECT_TRUE(after.files.empty());
  EXPECT_EQ(after.kind, before.kind);
  EXPECT_EQ(after.place, before.place);
  EXPECT_EQ(after.opened_at, before.opened_at);
  EXPECT_EQ(codes(before.id), codes_then) << "the diary keeps its lines";
  const std::string all = everything(before.id);
  for (const char* personal : {"张三", "13800138000", "厨房"}) EXPECT_FALSE(holds(all, personal)) << personal;
  EXPECT_TRUE(holds(all, "由上一级重新看"));
  EXPECT_TRUE(holds(all, std::string(kWithdrawn)));
  EXPECT_TRUE(holds(all, "楼下也在滴水")) << "what another said is theirs";
  EXPECT_TRUE(holds(all, "请联系物业"));
  EXPECT_TRUE(reporters(before.id)[0].files.empty());
  EXPECT_EQ(reporters(before.id)[1].files, std::vector{others.text});
  EXPECT_EQ(found("张三"), 0U) << "nor is it found by what it said";
  EXPECT_EQ(found("漏水"), 1U) << "by its title it is";
  sweep();
  EXPECT_FALSE(is_there(mine));
  EXPECT_TRUE(is_there(others));
}

TEST_P(CasesForget, what_staff_wrote_down_for_a_caller_goes_and_what_they_wrote_down_for_others_stays) {
  Report words{"leak", places::PlaceId{"b3"}, "张三来电", {}, ReporterWords{PersonId{zhang_}, Channel::call, {}}, {}, {}, {}};
  const CaseId id = act([&](Tx& tx) { return house_.cases.report(tx, manager_, words).id; });
  words.text = "李四来电";
  words.reporter->person = PersonId{"li-si"};
  ASSERT_EQ(act([&](Tx& tx) { return house_.cases.report(tx, manager_, words).id; }), id);
  words.text = "张三又来电";
  words.reporter->person = PersonId{zhang_};
  ASSERT_EQ(act([&](Tx& tx) { return house_.cases.report(tx, manager_, words).id; }), id);
  move(repairer_, id, Move::accept, note("师傅自己写的"));
  erase();
  const std::string all = everything(id);
  EXPECT_FALSE(holds(all, "张三"));
  EXPECT_TRUE(holds(all, "李四来电"));
  EXPECT_TRUE(holds(all, "师傅自己写的"));
  EXPECT_EQ(look(id).text, kWithdrawn);
}

TEST_P(CasesForget, what_they_said_through_a_login_that_was_nobodys_yet_goes_too) {
  const accounts::AccountId account = login_of({});
  Caller zhang = who("", {"cases.report", "cases.handle"}, "/xihu/wenxin/fuyuan/");
  zhang.account = account.text;
  const CaseId before = report(zhang, "leak", "b3", "我家漏水，电话13800138000").id;
  move(zhang, before, Move::note, note("张三补充"));
  Report caller{"noise", places::PlaceId{"b4"}, "李四来电", {}, ReporterWords{{}, Channel::call, {}}, {}, {}, {}};
  const CaseId of_another = act([&](Tx& tx) { return house_.cases.report(tx, zhang, caller).id; });
  caller = {"leak", places::PlaceId{"b3"}, "楼下也漏", {}, {}, {}, {}, {}};
  ASSERT_EQ(act([&](Tx& tx) { return house_.cases.report(tx, resident("qian"), caller).id; }), before);
  accounts::AccountChange tie;
  tie.person = zhang_;
  act([&](Tx& tx) { return house_.accounts.change(tx, root_, account, tie); });
  zhang.person = zhang_;
  const CaseId after = report(zhang, "dirty", "b4", "张三说楼道脏").id;
  ASSERT_TRUE(holds(everything(before), "13800138000") && holds(everything(before), "张三补充") && holds(everything(after), "张三"));
  ASSERT_EQ(found("我家"), 1U);
  erase();
  for (const CaseId& id : {before, after}) {
    EXPECT_FALSE(holds(everything(id), "张三")) << everything(id);
    EXPECT_FALSE(holds(everything(id), "13800138000")) << everything(id);
    EXPECT_EQ(look(id).text, kWithdrawn);
  }
  EXPECT_EQ(found("我家"), 0U);
  EXPECT_TRUE(holds(everything(before), "楼下也漏")) << "what another said is theirs";
  EXPECT_EQ(look(of_another).text, "李四来电") << "and so is what was entered for somebody else";
}

TEST_P(CasesForget, a_login_that_was_closed_before_is_reached_as_well) {
  const accounts::AccountId account = login_of(zhang_);
  Caller zhang = resident("");  // as it stood before
  zhang.account = account.text;
  const CaseId id = report(zhang, "leak", "b3", "张三家漏水").id;
  act([&](Tx& tx) { house_.accounts.close(tx, root_, account); });
  erase();
  EXPECT_EQ(look(id).text, kWithdrawn);
  const auto closed = ask([&](Reader& r) { return accounts::Accounts::get(r, root_, account); });
  EXPECT_EQ(closed.name, "");
  EXPECT_FALSE(closed.person);
}

TEST_P(CasesForget, two_cases_whose_words_went_do_not_look_alike_for_that) {
  const CaseId one = report(resident(zhang_), "leak", "b3", "厨房漏水").id;
  const CaseId other = report(resident(zhang_), "dirty", "b3", "楼道很脏").id;
  ASSERT_NE(one, other);
  erase();
  ASSERT_EQ(look(one).text, look(other).text);
  EXPECT_TRUE(ask([&](Reader& r) { return house_.cases.similar(r, root_, one).empty(); }));
}

}  // namespace
}  // namespace lifang::cases
