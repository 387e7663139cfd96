// Lists from a spreadsheet program, through the door, on both engines.
#include "rooms/imports/imports.hpp"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include "platform/sheet/sheet.hpp"
#include "rooms/cases/cases_catalogue.hpp"
#include "support/house_fixture.hpp"

namespace lifang::imports {
namespace {

class ImportsRoom : public HouseTest {
 protected:
  ImportsRoom() {
    place("wenxin", places::Kind::street, "文新街道", {});
    place("fuyuan", places::Kind::compound, "府苑新村", "wenxin");
    place("gudang", places::Kind::compound, "古荡新村", "wenxin");
  }
  void place(const std::string& id, places::Kind kind, const std::string& name, const std::string& parent) {
    places::PlaceWords words{kind, name, {}, {}, {}, {}, {}};
    if (!parent.empty()) words.parent = places::PlaceId{parent};
    act([&](Tx& tx) { house_.places.put(tx, root_, places::PlaceId{id}, words); });
  }
  Import check(What what, const std::string& file) { return check(what, file, root_); }
  Import check(What what, const std::string& file, const Caller& caller) {
    auto checked = ask([&](Reader& r) {
      return house_.imports->check(r, caller, what, file, world_.clock.now(), world_.world.ids);
    });
    return act([&](Tx& tx) { return house_.imports->keep(tx, checked); });
  }
  Applied apply(const Import& import_, bool skip_bad = false) {
    return act([&](Tx& tx) { return house_.imports->apply(tx, root_, import_.id, {skip_bad}); });
  }
  /// Checks and takes in; fails the test if a row is bad.
  Applied bring(What what, const std::string& file) {
    const Import checked = check(what, file);
    for (const Problem& p : checked.problems) ADD_FAILURE() << p.row << " " << p.column << " " << p.code << " " << p.advice;
    return apply(checked);
  }
  std::int64_t count(const std::string& table) {
    return ask([&](Reader& r) { return *r.value<std::int64_t>("SELECT COUNT(*) FROM " + table); });
  }
  std::vector<std::string> codes(const Import& import_) {
    std::vector<std::string> all;
    for (const Problem& p : import_.problems) all.push_back(fmt::format("{} {} {}", p.row, p.column, p.code));
    return all;
  }

  const std::string homes_ = "小区,楼幢,单元,房号,使用性质\n府苑新村,3幢,2单元,501,自有\n府苑新村,3,2,502,出租\n府苑新村,4幢,,101,\n";
  const std::string people_ =
      "姓名,手机,身份证号,小区,楼幢,单元,房号,居住身份\n"
      "王小明,13800000001,,府苑新村,3幢,2单元,501,户主\n"
      "李阿姨,13800000002,,府苑新村,3,2,501,成员\n"
      "赵租客,13800000003,,府苑新村,3幢,2单元,502,租客\n";
};
BOTH_ENGINES(ImportsRoom);

TEST_P(ImportsRoom, a_compound_comes_to_life_in_one_sitting_and_a_second_time_changes_nothing) {
  act([&](Tx& tx) { house_.devices.put_profile(tx, root_, devices::ProfileId{"lift"}, {"电梯", {}, {}, {}, {}}); });
  const std::vector<std::pair<What, std::string>> lists = {
      {What::places, "编号,类别,名称,上级,经度,纬度\nfuyuan-gate,点位,东门,fuyuan,120.1,30.2\n"},
      {What::homes, homes_},
      {What::organisations, "编号,名称,类别,地点,上级单位,值班电话\nwenxin-street,文新街道办,街道,文新街道,,\n"
                            "fuyuan-estate,府苑物业,物业公司,府苑新村,wenxin-street,0571-88880000\n"},
      {What::people, people_},
      {What::people, "姓名,手机,地点\n陈主管,13800000007,府苑新村\n林值班,13800000008,府苑新村\n"},
      {What::posts, "编号,名称,上级岗位,单位,值守地点,值班人,开始,结束\n"
                    "estate-office,物业值班室,community-office,fuyuan-estate,府苑新村,13800000007、13800000008,08:00,20:00\n"},
      {What::devices, "编号,型号,地点,名称,标签\nlift-3,lift,府苑新村/3幢,3幢电梯,电梯\n"},
      {What::kinds, "编号,名称,分类,等级,社区岗位,社区办结时限\nstair-light,楼道灯不亮,部件,IV,estate-office,1天\n"}};
  for (const auto& [what, file] : lists) {
    const Applied first = bring(what, file);
    EXPECT_GT(first.made + first.changed, 0) << static_cast<int>(what);
    EXPECT_EQ(first.same, 0) << static_cast<int>(what);
  }
  const auto events = count("bus_events");
  for (const auto& [what, file] : lists) {
    const Applied again = bring(what, file);
    EXPECT_EQ(again.made + again.changed, 0) << static_cast<int>(what);
  }
  // Nothing was told but that the lists came.
  EXPECT_EQ(count("bus_events"), events + static_cast<std::int64_t>(lists.size()));
  EXPECT_EQ(count("people_persons"), 5);
  EXPECT_EQ(count("people_households"), 3);
  ask([&](Reader& r) {
    EXPECT_EQ(places::Places::get(r, places::PlaceId{"fuyuan-3-2-501"}).name, "501");
    EXPECT_EQ(places::Places::get(r, places::PlaceId{"fuyuan-3"}).name, "3幢");
    const auto home = people::People::households_at(r, places::PlaceId{"fuyuan-3-2-501"});
    EXPECT_EQ(home.size(), 1U);
    EXPECT_EQ(people::People::residents_of(r, home.front().id).size(), 2U);
    const auto duty = house_.rosters.on_duty(r, rosters::PostId{"estate-office"}, "/wenxin/fuyuan/fuyuan-3/",
                                             parse_time("2026-03-02T09:00:00+08:00").value());
    EXPECT_TRUE(duty && duty->persons.size() == 2);
    EXPECT_EQ(house_.cases.catalogue().find(r, "stair-light")->micro.handle, std::chrono::hours(24));
  });
  const Applied devices = bring(What::devices, "编号,型号,地点\nlift-4,lift,fuyuan-4\n");
  ASSERT_EQ(devices.secrets.size(), 1U);
  EXPECT_EQ(devices.secrets[0].device, "lift-4");
}

TEST_P(ImportsRoom, every_bad_row_is_named_with_its_column_and_what_to_do_and_nothing_is_written) {
  bring(What::homes, homes_);
  const auto before = count("bus_events");
  const Import checked = check(What::people,
                               "姓名,电话,身份证号,出生日期,性别,小区,幢,单元,室\n"
                               "王小明,12,,,,府苑新村,3,2,501\n"
                               ",13800000001,,,,府苑新村,3,2,501\n"
                               "李阿姨,,330106199001011234,,,府苑新村,3,2,501\n"
                               "钱先生,,,1990-13-01,,府苑新村,3,2,501\n"
                               "孙女士,,,,雌,府苑新村,3,2,501\n"
                               "周老师,,,,,府苑新村,9幢,2,501\n"
                               "好好,13800000009,,,,府苑新村,3,2,501\n"
                               "好好,13800000009,,,,府苑新村,3,2,501\n");
  EXPECT_EQ(checked.rows, 8);
  EXPECT_EQ(checked.bad, 7);
  EXPECT_EQ(codes(checked),
            (std::vector<std::string>{"2 电话 people.bad_phone", "3 姓名 imports.needed", "4 身份证号 people.bad_identity",
                                      "5 出生日期 imports.bad_day", "6 性别 imports.not_one_of", "7 幢 imports.unknown_place",
                                      "9 姓名 imports.twice"}));
  for (const Problem& problem : checked.problems) EXPECT_FALSE(problem.advice.empty());
  EXPECT_EQ(count("bus_events"), before);
  EXPECT_EQ(count("people_persons"), 0);
  EXPECT_EQ(refused([&](Tx& tx) { house_.imports->apply(tx, root_, checked.id, {}); }), "imports.has_problems");

  const auto failed = sheet::read_table(ask([&](Reader& r) { return house_.imports->failed(r, root_, checked.id, false); }));
  ASSERT_EQ(failed.size(), 8U);
  EXPECT_EQ(failed[0].cells.back(), "怎么办");
  EXPECT_EQ(failed[1].cells[0], "王小明");
  EXPECT_EQ(failed[1].cells.back(), "电话应为 5 到 15 位数字");

  EXPECT_EQ(apply(checked, true).made, 1);
  EXPECT_EQ(count("people_persons"), 1);
  EXPECT_EQ(refused([&](Tx& tx) { house_.imports->apply(tx, root_, checked.id, {}); }), "imports.applied_already");
}

TEST_P(ImportsRoom, a_row_tells_all_that_is_wrong_with_its_cells_and_is_one_failed_row) {
  bring(What::homes, homes_);
  const Import checked = check(What::people,
                               "姓名,电话,身份证号,出生日期,性别,小区,幢,单元,室\n"
                               ",138,123,,雌,府苑新村,9幢,2,501\n"
                               "钱先生,13800000002,,,,府苑新村,3,2,501\n");
  EXPECT_EQ(checked.rows, 2);
  EXPECT_EQ(checked.bad, 1) << "rows are counted, not cells";
  EXPECT_EQ(codes(checked), (std::vector<std::string>{"2 姓名 imports.needed", "2 电话 people.bad_phone", "2 身份证号 people.bad_identity",
                                                      "2 性别 imports.not_one_of", "2 幢 imports.unknown_place"}));
  const auto failed = sheet::read_table(ask([&](Reader& r) { return house_.imports->failed(r, root_, checked.id, false); }));
  ASSERT_EQ(failed.size(), 2U);
  EXPECT_EQ(failed[1].cells[failed[1].cells.size() - 2], "姓名、电话、身份证号、性别、幢");
  EXPECT_EQ(failed[1].cells.back().rfind("姓名：必填，请补上；电话：电话应为 5 到 15 位数字；", 0), 0U) << failed[1].cells.back();
  EXPECT_EQ(apply(checked, true).made, 1);

  EXPECT_EQ(codes(check(What::devices, "设备编号,型号,地点,造价（分）\na b,,,x\n")).size(), 4U);
}

TEST_P(ImportsRoom, words_and_places_that_no_list_knows_are_told_together_too) {
  bring(What::homes, homes_);
  using Codes = std::vector<std::string>;
  EXPECT_EQ(codes(check(What::places, "编号,类别,名称,上级,楼层数\na 1,亭子,东门,无此处,x\n")),
            (Codes{"2 编号 imports.bad_id", "2 楼层数 imports.not_a_number", "2 类别 imports.not_one_of", "2 上级 imports.unknown_place"}));
  EXPECT_EQ(codes(check(What::homes, "小区,楼幢,房号,使用性质\n无此处,3,,借住\n")),
            (Codes{"2 小区 imports.unknown_place", "2 房号 imports.needed", "2 使用性质 imports.not_one_of"}));
  EXPECT_EQ(codes(check(What::organisations, "编号,名称,类别,地点\nx1,,商会,无此处\n")),
            (Codes{"2 名称 imports.needed", "2 地点 imports.unknown_place", "2 类别 imports.not_one_of"}));
  EXPECT_EQ(codes(check(What::posts, "编号,名称,值守地点,值班人,开始\ngate,,无此处,123,八点\n")),
            (Codes{"2 名称 imports.needed", "2 值守地点 imports.unknown_place", "2 值班人 imports.unknown_staff", "2 开始 imports.bad_clock"}));
  EXPECT_EQ(codes(check(What::devices, "编号,型号,地点\nd1,无此型,无此处\n")),
            (Codes{"2 型号 devices.unknown_profile", "2 地点 imports.unknown_place"}));
  EXPECT_EQ(codes(check(What::kinds, "编号,名称,分类,等级\nk1,,大事,九\n")).size(), 3U);
}

TEST_P(ImportsRoom, a_bad_row_leaves_nothing_behind_for_those_below_it) {
  // Looked at cell by cell it is still no row that somebody could be doubled by.
  const Import checked = check(What::places,
                               "编号,类别,名称,上级,楼层数\n"
                               "b7,楼幢,,府苑新村,x\n"
                               "b8,楼幢,8幢,府苑新村,6\n"
                               "b7-1,单元,1单元,b7,\n");
  EXPECT_EQ(checked.bad, 2);
  EXPECT_EQ(codes(checked), (std::vector<std::string>{"2 名称 imports.needed", "2 楼层数 imports.not_a_number", "4 上级 imports.unknown_place"}));
}

TEST_P(ImportsRoom, the_file_of_failed_rows_has_every_one_of_them) {
  std::string file = "姓名,电话,小区,幢,单元,室\n";
  for (int i = 0; i < 1200; ++i) file += fmt::format("甲{},1,府苑新村,3,2,501\n", i);
  const Import checked = check(What::people, file);
  EXPECT_EQ(checked.bad, 1200);
  EXPECT_EQ(checked.problems.size(), 1000U) << "an answer has an end";
  const auto rows = sheet::read_table(ask([&](Reader& r) { return house_.imports->failed(r, root_, checked.id, true); }));
  ASSERT_EQ(rows.size(), 1201U);
  EXPECT_EQ(rows.back().cells[0], "甲1199");
}

TEST_P(ImportsRoom, a_post_stands_below_one_that_there_is_or_that_the_list_brings) {
  const Import checked = check(What::posts,
                               "编号,名称,上级岗位,单位,值守地点,值班人,开始,结束\n"
                               "night-guard,夜班保安,guard-captain,,,,,\n"
                               "guard-captain,保安队长,estate-office,,,,,\n"
                               "sweeper,保洁,nobody-at-all,,,,,\n"
                               "owl,夜猫,owl,,,,,\n");
  EXPECT_EQ(codes(checked), (std::vector<std::string>{"4 上级岗位 imports.unknown_post", "5 上级岗位 rosters.bad_chain"}));
  for (const Problem& problem : checked.problems)
    EXPECT_TRUE(std::none_of(problem.advice.begin(), problem.advice.end(),
                             [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }))
        << problem.advice;
  EXPECT_EQ(apply(checked, true).made, 2);
}

TEST_P(ImportsRoom, what_changed_between_check_and_taking_in_undoes_the_whole_list) {
  const Import checked = check(What::places, "编号,类别,名称,上级\na1,点位,一号门,fuyuan\na2,楼幢,二号楼,a9\n");
  EXPECT_EQ(codes(checked), (std::vector<std::string>{"3 上级 imports.unknown_place"}));
  place("a9", places::Kind::community, "某社区", "wenxin");
  const Import good = check(What::places, "编号,类别,名称,上级\na1,点位,一号门,fuyuan\na2,楼幢,二号楼,a9\n");
  EXPECT_EQ(good.bad, 0);
  place("a9", places::Kind::spot, "不再是社区", "wenxin");
  EXPECT_EQ(refused([&](Tx& tx) { house_.imports->apply(tx, root_, good.id, {}); }), "imports.changed_meanwhile");
  EXPECT_FALSE(ask([&](Reader& r) { return places::Places::find(r, places::PlaceId{"a1"}).has_value(); }));
}

TEST_P(ImportsRoom, a_kind_under_which_what_stands_there_would_not_fit_is_told_at_the_check) {
  bring(What::homes, homes_);
  const Import checked = check(What::places, "编号,类别,名称,上级\nfuyuan,点位,府苑新村,wenxin\n");
  EXPECT_EQ(codes(checked), (std::vector<std::string>{"2 类别 places.bad_kind"}));
}

TEST_P(ImportsRoom, an_id_that_the_api_uses_as_a_word_is_told_at_the_check) {
  act([&](Tx& tx) { house_.devices.put_profile(tx, root_, devices::ProfileId{"lift"}, {"电梯", {}, {}, {}, {}}); });
  EXPECT_EQ(codes(check(What::places, "编号,类别,名称,上级\naround,点位,东门,fuyuan\nboard,点位,西门,fuyuan\n")),
            (std::vector<std::string>{"2 编号 http.reserved_id"}));
  EXPECT_EQ(codes(check(What::devices, "编号,型号,地点\nboard,lift,府苑新村\naround,lift,府苑新村\n")),
            (std::vector<std::string>{"2 编号 http.reserved_id"}));
}

TEST_P(ImportsRoom, a_name_that_an_earlier_row_gave_is_found_and_the_one_before_it_is_not) {
  bring(What::homes, homes_);
  const Import checked = check(What::places,
                               "编号,类别,名称,上级\n"
                               "fuyuan-3,楼幢,三号楼,fuyuan\n"
                               "pump-1,点位,水泵房,府苑新村/三号楼\n"
                               "pump-2,点位,水泵房,府苑新村/3幢\n"
                               "fuyuan,小区,府苑新苑,wenxin\n"
                               "gate-1,点位,东门,府苑新苑\n"
                               "gate-2,点位,东门,府苑新村\n");
  EXPECT_EQ(codes(checked), (std::vector<std::string>{"4 上级 imports.unknown_place", "7 上级 imports.unknown_place"}));
  EXPECT_EQ(apply(checked, true).made, 2);
  ask([&](Reader& r) {
    EXPECT_EQ(places::Places::get(r, places::PlaceId{"pump-1"}).path, "/wenxin/fuyuan/fuyuan-3/pump-1/");
    EXPECT_EQ(places::Places::get(r, places::PlaceId{"gate-1"}).path, "/wenxin/fuyuan/gate-1/");
  });
}

TEST_P(ImportsRoom, everybody_brings_only_what_their_rights_reach) {
  Caller community{"account-c", "", "community", "", "", {{"places.write", "/wenxin/fuyuan/"}, {"places.read", "/wenxin/"},
                                                           {"people.write", "/wenxin/fuyuan/"}}};
  const Import checked = check(What::homes, "小区,楼幢,房号\n府苑新村,1幢,101\n古荡新村,1幢,101\n", community);
  EXPECT_EQ(codes(checked), (std::vector<std::string>{"3  access.not_here"}));
  EXPECT_EQ(refused([&](Tx& tx) { house_.imports->apply(tx, root_, checked.id, {}); }), "imports.unknown");
  const Import kinds = check(What::kinds, "编号,名称\nx,某事\n", community);
  EXPECT_EQ(codes(kinds), (std::vector<std::string>{"2  access.no_right"}));
}

TEST_P(ImportsRoom, gbk_utf16_tabs_titles_and_english_headings_are_understood) {
  // 小区,楼幢,房号 / 府苑新村,7幢,101 in GBK, as Chinese Excel writes it.
  const std::string gbk = "\xD0\xA1\xC7\xF8,\xC2\xA5\xB4\xB1,\xB7\xBF\xBA\xC5\r\n\xB8\xAE\xD4\xB7\xD0\xC2\xB4\xE5,7\xB4\xB1,101\r\n";
  EXPECT_EQ(bring(What::homes, gbk).made, 1);
  EXPECT_EQ(bring(What::homes, "\xEF\xBB\xBF小区,楼幢,房号\n府苑新村,7幢,101\n").same, 1);
  std::string utf16 = "\xFF\xFE";
  for (const char16_t c : std::u16string(u"小区\t楼幢\t房号\n府苑新村\t7幢\t101\n")) {
    utf16 += static_cast<char>(c & 0xFF);
    utf16 += static_cast<char>(c >> 8);
  }
  EXPECT_EQ(bring(What::homes, utf16).same, 1);
  const auto writer = sheet::write_xlsx("房屋", std::vector<std::string>{"府苑新村房屋台账", "", ""}, 480);
  for (const auto& row : {std::vector<sheet::Cell>{std::string("compound"), std::string("building"), std::string("home")},
                          std::vector<sheet::Cell>{std::string("fuyuan"), std::string("7幢"), 101.0}})
    writer->row(row);
  EXPECT_EQ(bring(What::homes, writer->finish()).same, 1);
  EXPECT_EQ(refused([&](Tx& tx) {
              house_.imports->check(tx, root_, What::homes, "甲,乙\n1,2\n", world_.clock.now(), world_.world.ids);
            }),
            "imports.no_headings");
}

TEST_P(ImportsRoom, templates_are_empty_lists_that_are_understood) {
  for (const Form& form : Imports::forms())
    for (const bool csv : {false, true})
      EXPECT_EQ(refused([&](Tx& tx) {
                  house_.imports->check(tx, root_, Imports::what_of(form.id), Imports::template_of(Imports::what_of(form.id), csv),
                                        world_.clock.now(), world_.world.ids);
                }),
                "imports.no_rows")
          << form.id;
}

TEST_P(ImportsRoom, a_person_who_moved_or_got_a_phone_is_changed_and_not_doubled) {
  bring(What::homes, homes_);
  bring(What::people, people_);
  const Applied later = bring(What::people,
                              "姓名,手机,出生日期,小区,楼幢,单元,房号,居住身份\n"
                              "王小明,13800000001,1990-05-01,府苑新村,3幢,2单元,501,户主\n");
  EXPECT_EQ(later.changed, 1);
  EXPECT_EQ(count("people_persons"), 3);
}

TEST_P(ImportsRoom, a_namesake_elsewhere_is_the_same_person_only_behind_the_same_number) {
  bring(What::homes, homes_);
  bring(What::people, people_);
  EXPECT_EQ(bring(What::people, "姓名,小区,楼幢,房号\n王小明,府苑新村,4幢,101\n").made, 1);
  EXPECT_EQ(bring(What::people, "姓名,手机,小区,楼幢,房号\n李阿姨,13800000004,府苑新村,4幢,101\n").made, 1);
  const Applied moved = bring(What::people, "姓名,手机,小区,楼幢,房号\n赵租客,13800000003,府苑新村,4幢,101\n");
  EXPECT_EQ(moved.made, 0);
  EXPECT_EQ(moved.changed, 1);
  EXPECT_EQ(bring(What::people, "姓名,小区,楼幢,单元,房号\n王小明,府苑新村,3幢,2单元,501\n").same, 1) << "the one at this place";
  EXPECT_EQ(count("people_persons"), 5);
}

TEST_P(ImportsRoom, what_was_met_before_the_writing_is_believed_only_if_nothing_happened_in_between) {
  bring(What::homes, homes_);
  bring(What::people, people_);
  const std::string file =
      "姓名,手机,身份证号,出生日期,小区,楼幢,单元,房号\n"
      "王小明,13800000001,,1990-05-01,府苑新村,3幢,2单元,501\n"
      "新来的,13800000005,,,府苑新村,4幢,,101\n"
      "新来的,13800000005,110101199003070011,,府苑新村,3幢,2单元,502\n"
      "李阿姨,13800000002,,,府苑新村,3幢,2单元,501\n";
  for (const bool meanwhile : {false, true}) {
    const Import checked = check(What::people, file);
    EXPECT_EQ(codes(checked), std::vector<std::string>{});
    const auto prepared = ask([&](Reader& r) {
      return house_.imports->prepare(r, root_, checked.id, {}, world_.clock.now(), world_.world.ids);
    });
    if (meanwhile) {
      people::PersonWords words;
      words.name = "邻居";
      words.place = places::PlaceId{"fuyuan-3-2-501"};
      words.source = "desk";
      act([&](Tx& tx) { house_.people.add(tx, root_, words); });
    }
    const Applied applied = act([&](Tx& tx) { return house_.imports->apply(tx, root_, *prepared, {}); });
    if (meanwhile) {
      EXPECT_EQ(applied.made + applied.changed, 0);
      EXPECT_EQ(applied.same, 4);
    } else {
      EXPECT_EQ(applied.made, 1) << "the second row that names them finds whom the first one made";
      EXPECT_EQ(applied.changed, 2);
      EXPECT_EQ(applied.same, 1);
    }
    EXPECT_EQ(count("people_persons"), meanwhile ? 5 : 4);
  }
  EXPECT_EQ(count("people_households"), 3);
  EXPECT_EQ(count("people_residencies"), 5) << "whoever moved into a second home lives in both";
}

TEST_P(ImportsRoom, somebody_made_meanwhile_by_another_hand_is_not_made_twice) {
  bring(What::homes, homes_);
  const Import checked = check(What::people, people_);
  const auto prepared = ask([&](Reader& r) {
    return house_.imports->prepare(r, root_, checked.id, {}, world_.clock.now(), world_.world.ids);
  });
  bring(What::people, people_);
  EXPECT_EQ(count("people_persons"), 3);
  const Applied applied = act([&](Tx& tx) { return house_.imports->apply(tx, root_, *prepared, {}); });
  EXPECT_EQ(applied.same, 3);
  EXPECT_EQ(count("people_persons"), 3);
}

TEST_P(ImportsRoom, is_forgotten_after_a_day) {
  const Import checked = check(What::homes, homes_);
  pass(std::chrono::hours(26));
  EXPECT_EQ(refused([&](Tx& tx) { house_.imports->apply(tx, root_, checked.id, {}); }), "imports.unknown");
}

}  // namespace
}  // namespace lifang::imports
