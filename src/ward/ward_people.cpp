// Who lives in the made-up district.
#include <fmt/format.h>

#include <array>

#include "ward/chance.hpp"
#include "ward/ward_plan.hpp"

namespace lifang::ward {
namespace {

constexpr const char* kSurname[] = {"王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡",
                                    "郭", "何", "林", "高", "罗", "郑", "梁", "谢", "宋", "唐", "许", "邓", "冯", "韩", "曹",
                                    "曾", "彭", "萧", "蔡", "潘", "田", "董", "袁", "于", "余", "叶", "蒋", "杜", "苏", "魏"};
constexpr const char* kGiven[] = {"安", "宁", "清", "和", "明", "远", "思", "嘉", "文", "景", "若", "云", "舒", "怀", "瑾", "知",
                                  "予", "书", "禾", "朗", "澄", "岚", "颖", "峻", "逸", "瑶", "桐", "松", "梅", "兰", "竹", "月",
                                  "星", "辰", "晓", "晨", "欣", "然", "子", "可", "亦", "乐", "建", "国", "秀", "英", "志", "芳"};

/// 1990000 is no range that is given out; beyond ten thousand of them, eleven digits that begin with 12, as no
/// mobile number does.
std::string phone_number(std::size_t n) {
  return n < 10'000 ? fmt::format("1990000{:04}", n) : fmt::format("12{:09}", n);
}

constexpr std::size_t kMostMembers = 6;

std::string full_name(Chance& chance, std::string_view surname) {
  std::string name{surname};
  name += chance.of(kGiven);
  if (!chance.one_in(5)) name += chance.of(kGiven);
  return name;
}

}  // namespace

std::string identity_number(Chance& chance, int born, bool male) {
  constexpr std::array<int, 17> kWeights = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  std::string digits = fmt::format("99{:04}{:04}{:02}{:02}{:02}{}", chance.below(10'000), born, chance.between(1, 12),
                                   chance.between(1, 28), chance.below(100), chance.below(5) * 2 + (male ? 1 : 0));
  int sum = 0;
  for (std::size_t i = 0; i < kWeights.size(); ++i) sum += kWeights[i] * (digits[i] - '0');
  return digits + "10X98765432"[sum % 11];
}

MadeUpPerson staff_person(const WardPlan& plan, const PlannedStaff& staff, std::size_t number) {
  Chance chance(plan.size.seed, staff.id.text);
  MadeUpPerson person;
  person.name = full_name(chance, chance.of(kSurname));
  // After the last number that anybody who lives there can have.
  person.phone = phone_number(plan.homes.size() * kMostMembers + number);
  person.born = static_cast<int>(chance.between(1968, 2001));
  person.identity = identity_number(chance, person.born, chance.one_in(2));
  return person;
}

std::vector<MadeUpPerson> household_of(const WardPlan& plan, std::size_t home) {
  Chance chance(plan.size.seed ^ (home * 0x9e3779b97f4a7c15U), "household");
  std::vector<MadeUpPerson> members;
  if (chance.one_in(20)) return members;  // vacant
  const std::string surname = chance.of(kSurname);
  const auto live = [&](int born, bool male, std::string_view of) {
    MadeUpPerson person;
    person.name = full_name(chance, of);
    person.phone = phone_number(home * kMostMembers + members.size());
    person.identity = identity_number(chance, born, male);
    person.head = members.empty();
    person.born = born;
    person.old = born <= 1960;
    members.push_back(std::move(person));
  };
  const auto kind = chance.below(100);
  if (kind < 15) {  // old, alone or as a couple
    live(static_cast<int>(chance.between(1938, 1960)), chance.one_in(2), surname);
    if (kind < 8) live(members[0].born + static_cast<int>(chance.between(0, 6)), chance.one_in(2), chance.of(kSurname));
  } else if (kind < 35) {
    live(static_cast<int>(chance.between(1970, 2003)), chance.one_in(2), surname);
  } else {
    const int born = static_cast<int>(chance.between(1962, 1996));
    live(born, true, surname);
    live(born + static_cast<int>(chance.between(-2, 5)), false, chance.of(kSurname));
    for (std::size_t children = chance.below(3); children > 0; --children)
      live(std::min(2025, born + static_cast<int>(chance.between(24, 34))), chance.one_in(2), surname);
    if (chance.one_in(6)) live(born - static_cast<int>(chance.between(23, 30)), false, chance.of(kSurname));
  }
  if (members.size() == 1) members[0].alone = true;
  return members;
}

}  // namespace lifang::ward
