#include "rooms/imports/imports_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/members.hpp"
#include "base/refusal.hpp"
#include "base/text.hpp"

namespace lifang::imports {
namespace {

constexpr std::string_view kWhere = "编号，或从小区起的名称：府苑新村/3幢/2单元/501";

constexpr Column kPlaces[] = {
    {"id", "编号", "id", true, "fuyuan", "字母、数字、点、横线，不可重复", "地点编号|代码|code"},
    {"kind", "类别", "kind", true, "小区", "城市、城区、街道、社区、小区、楼幢、单元、房屋、点位", "类型|type|级别"},
    {"name", "名称", "name", true, "府苑新村", "", "地点名称"},
    {"parent", "上级", "parent", false, "wenxin", "上级地点的编号或名称；先写上级，再写下级", "上级编号|所属"},
    {"lon", "经度", "longitude", false, "120.12", "WGS 84", "lng|position.lon"},
    {"lat", "纬度", "latitude", false, "30.28", "WGS 84", "position.lat"},
    {"floors", "层数", "floors", false, "18", "1 到 200", "楼层数|楼层"},
    {"height", "高度", "height", false, "54", "米", "高度（米）"},
    {"outline", "轮廓坐标", "outline", false, "", "导出的表里的原样文字；不填即不改", "", true}};
constexpr Column kHomes[] = {
    {"id", "住户编号", "id", false, "", "导出的表里才有；有它就不用写小区和房号", "编号", true},
    {"place", "房屋编号", "place", false, "", "导出的表里才有；有它就不用写小区和房号", "", true},
    {"compound", "小区", "compound", true, "府苑新村", "小区的名称或编号", "小区名称|小区编号"},
    {"building", "楼幢", "building", false, "3幢", "", "幢|楼栋|栋|幢号|楼号"},
    {"unit", "单元", "unit", false, "2单元", "", "单元号"},
    {"home", "房号", "home", true, "501", "", "室|室号|房间号|门牌"},
    {"use", "使用性质", "use", false, "自有", "自有、出租、集体、空置", "性质|房屋性质|kind|类型"}};
constexpr Column kOrganisations[] = {
    {"id", "编号", "id", true, "fuyuan-estate", "字母、数字、点、横线，不可重复", "单位编号|code"},
    {"name", "名称", "name", true, "府苑物业", "", "单位名称|单位"},
    {"kind", "类别", "kind", true, "物业公司", "物业公司、社区、街道、部门、城区中心、诊所、学校、商户、志愿者、其他", "类型|type"},
    {"place", "地点", "place", false, "fuyuan", kWhere, "所在地点|所属地点"},
    {"above", "上级单位", "above", false, "wenxin-street", "上级单位的编号；先写上级", "上级"},
    {"phone", "值班电话", "phone", false, "0571-88880000", "值班台的电话，不是个人的", "电话"}};
constexpr Column kPeople[] = {
    {"id", "人员编号", "id", false, "", "导出的表里才有；按它找人，带星号的格子不会改动", "编号", true},
    {"name", "姓名", "name", true, "王小明", "", ""},
    {"phone", "手机", "phone", false, "13800000000", "", "电话|手机号|联系电话|手机号码|mobile"},
    {"identity", "身份证号", "identity", false, "", "18 位身份证号或其他证件号；有它就不会重复登记", "证件号码|身份证|身份证号码|证件号"},
    {"birth", "出生日期", "birth", false, "1950-05-01", "有身份证号可不填", "生日|出生年月日"},
    {"sex", "性别", "sex", false, "女", "男、女", "gender"},
    {"place", "地点", "place", false, "", std::string_view("编号或名称；也可以分列填小区、楼幢、单元、房号"), "住址|地址|地点编号|path"},
    {"compound", "小区", "compound", false, "府苑新村", "", "小区名称"},
    {"building", "楼幢", "building", false, "3幢", "", "幢|楼栋|栋|幢号|楼号"},
    {"unit", "单元", "unit", false, "2单元", "", "单元号"},
    {"home", "房号", "home", false, "501", "", "室|室号|房间号|门牌"},
    {"role", "居住身份", "role", false, "户主", "户主、租客、成员", "与户主关系|关系|人员类别"},
    {"tags", "标签", "tags", false, "独居老人", "标签的名称或编号，用顿号分开", "人员标签"},
    {"remarks", "备注", "remarks", false, "", "", "说明"},
    {"state", "状态", "state", false, "", "在住、已迁出；只按人员编号改", "", true}};
constexpr Column kPosts[] = {
    {"id", "编号", "id", true, "estate-office", "岗位编号，事项目录里用它", "岗位编号|code"},
    {"name", "名称", "name", true, "物业值班室", "", "岗位名称|岗位"},
    {"above", "上级岗位", "above", false, "community-office", "无人值守时由谁承办", "上级"},
    {"organisation", "单位", "organisation", false, "fuyuan-estate", "单位编号", "所属单位"},
    {"place", "值守地点", "place", false, "fuyuan", kWhere, "地点"},
    {"staff", "值班人", "staff", false, "13800000000", "值班人登记的手机号，用顿号分开，按呼叫先后", "值班人手机|人员"},
    {"from", "开始", "from", false, "08:00", "不填为全天", "开始时间|上班"},
    {"to", "结束", "to", false, "20:00", "可以跨过零点", "结束时间|下班"}};
constexpr Column kDevices[] = {
    {"id", "编号", "id", true, "lift-3", "设备编号，也是接入用户名", "设备编号|code"},
    {"profile", "型号", "profile", true, "lift", "设备型号的编号", "设备型号|类型"},
    {"place", "地点", "place", true, "府苑新村/3幢", kWhere, "安装地点|位置"},
    {"name", "名称", "name", false, "3幢电梯", "", "设备名称"},
    {"tags", "标签", "tags", false, "", "用顿号分开", ""},
    {"secret", "密钥", "secret", false, "", "8 到 128 个字符；不填则自动生成，只显示一次", "密码"},
    {"gateway", "网关", "gateway", false, "", "代它说话的设备的编号；先写网关", "网关编号"},
    {"investor", "投资方", "investor", false, "", "", "出资方|upkeep.investor"},
    {"operator", "运营方", "operator", false, "", "", "upkeep.operator"},
    {"maintainer", "维保单位", "maintainer", false, "", "", "维护方|维保|upkeep.maintainer"},
    {"installed_at", "安装时间", "installed_at", false, "2026-01-31", "如 2026-01-31 或 2026-01-31 08:30", "安装日期|upkeep.installed_at"},
    {"cost_fen", "造价（分）", "cost_fen", false, "1250000", "以分计：1250000 是 12500 元", "upkeep.cost_fen"}};
constexpr std::string_view kSpan = "如 30分钟、2小时、1天";
constexpr Column kKinds[] = {
    {"code", "编号", "code", true, "stair-light", "字母、数字、横线", "事项编号|id"},
    {"name", "名称", "name", true, "楼道灯不亮", "", "事项名称|事项"},
    {"name_en", "英文名称", "name_en", false, "Stairway light out", "", "英文"},
    {"class", "分类", "class", false, "部件", "部件、事件、求助、投诉、建议、咨询", "大类"},
    {"grade", "等级", "grade", false, "IV", "I、II、III、IV，I 最重", "级别"},
    {"hours", "计时", "hours", false, "自然时", "自然时、工作时", ""},
    {"post_micro", "社区岗位", "post_micro", false, "estate-office", "岗位编号", "micro.post"},
    {"accept_micro", "社区接单时限", "accept_micro", false, "30分钟", kSpan, "micro.accept"},
    {"handle_micro", "社区办结时限", "handle_micro", false, "1天", kSpan, "micro.handle"},
    {"verify_micro", "社区核实时限", "verify_micro", false, "4小时", kSpan, "micro.verify"},
    {"post_small", "街镇岗位", "post_small", false, "street-office", "岗位编号", "small.post"},
    {"accept_small", "街镇接单时限", "accept_small", false, "1小时", kSpan, "small.accept"},
    {"handle_small", "街镇办结时限", "handle_small", false, "1天", kSpan, "small.handle"},
    {"verify_small", "街镇核实时限", "verify_small", false, "8小时", kSpan, "small.verify"},
    {"post_great", "城区岗位", "post_great", false, "district-centre", "岗位编号", "great.post"},
    {"accept_great", "城区接单时限", "accept_great", false, "4小时", kSpan, "great.accept"},
    {"handle_great", "城区办结时限", "handle_great", false, "3天", kSpan, "great.handle"},
    {"verify_great", "城区核实时限", "verify_great", false, "1天", kSpan, "great.verify"},
    {"verifier", "核实人", "verifier", false, "值班台", "值班台、上报人、设备、上级", ""},
    {"evidence", "办结要件", "evidence", false, "照片", "照片、说明，用顿号分开", ""},
    {"strict", "缺件不予办结", "strict", false, "否", "是、否", ""},
    {"evaluate", "办结后评价", "evaluate", false, "是", "是、否", ""},
    {"merge", "合并时限", "merge", false, "2小时", "同一地点在此时限内再报合为一件", "merge_within"},
    {"ring", "响铃时限", "ring", false, "", "多久无人应答转呼下一人", ""},
    {"emergency", "紧急提示", "emergency", false, "", "", "紧急处置"},
    {"emergency_en", "英文紧急提示", "emergency_en", false, "", "", ""},
    {"warn_percent", "预警比例", "warn_percent", false, "70", "时限过去百分之几时提醒，1 到 99", ""},
    {"steady", "平稳时长", "steady", false, "", "设备要安静这么久，否则重新打开", ""},
    {"calls", "呼叫单位", "calls", false, "", "一开始就呼叫的单位的编号，用顿号分开", ""},
    {"report_in", "报到时限", "report_in", false, "", "被呼叫的单位多久内报到", ""},
    {"checklist", "处置清单", "checklist", false, "", "导出的表里的原样文字；不填即不改", "", true},
    {"close_after", "自动结案", "close_after", false, "", "核实后多久无异议即结案", ""},
    {"appeal", "申诉时限", "appeal", false, "", "上级多久内裁定申诉，按工作时间", ""},
    {"near_then", "相近处理", "near_then", false, "", "询问、合并", "near.then"},
    {"near_floors", "相近楼层", "near_floors", false, "", "同一幢里相差几层以内算一件，0 为不看", "near.floors"},
    {"near_metres", "相近距离", "near_metres", false, "", "相距多少米以内算一件，0 为不看", "near.metres"},
    {"retired", "停用", "retired", false, "否", "是、否", ""}};

/// As headings are compared: without stars, brackets and white space.
std::string bare(std::string_view heading) {
  std::string text = normalise(heading);
  for (const std::string_view open : {"(", "（", "[", "【"})
    if (const auto cut = text.find(open); cut != std::string::npos && cut > 0) text.resize(cut);
  std::erase_if(text, [](char c) { return c == '*' || c == ' ' || c == ':'; });
  return text;
}

bool among(std::string_view words, std::string_view wanted) {
  while (!words.empty()) {
    const auto cut = words.find('|');
    if (bare(words.substr(0, cut)) == wanted) return true;
    if (cut == std::string_view::npos) return false;
    words.remove_prefix(cut + 1);
  }
  return false;
}

bool means(const Column& column, std::string_view heading) {
  return heading == bare(column.id) || heading == bare(column.name) || heading == bare(column.name_en) || among(column.also, heading);
}

Refusal wrong(std::string_view column, std::string code, std::string detail = {}) {
  return invalid(std::move(code), "/" + std::string(column), std::move(detail));
}

}  // namespace

bool is_needed(What what, const Column& column, const Head& head) {
  return column.needed && !(what == What::homes && (head.at.contains("id") || head.at.contains("place")));
}

std::string_view name_of(What what) {
  constexpr std::array<std::string_view, 7> names{"地点", "房屋", "单位", "人员", "岗位", "设备", "事项"};
  return names[static_cast<std::size_t>(what)];
}

std::span<const Column> columns_of(What what) {
  switch (what) {
    case What::places: return kPlaces;
    case What::homes: return kHomes;
    case What::organisations: return kOrganisations;
    case What::people: return kPeople;
    case What::posts: return kPosts;
    case What::devices: return kDevices;
    case What::kinds: return kKinds;
  }
  return {};
}

Head head_of(What what, const std::vector<sheet::Row>& rows) {
  std::string missing;
  for (std::size_t i = 0; i < rows.size() && i < 5; ++i) {
    Head head;
    head.row = i;
    for (std::size_t cell = 0; cell < rows[i].cells.size(); ++cell) {
      const std::string heading = bare(rows[i].cells[cell]);
      head.headings.push_back(rows[i].cells[cell]);
      if (heading.empty()) continue;
      const Column* found = nullptr;
      for (const Column& column : columns_of(what))
        if (!found && !head.at.contains(column.id) && means(column, heading)) found = &column;
      if (found) head.at[found->id] = cell;
      else head.ignored.push_back(rows[i].cells[cell]);
    }
    std::string lacks;
    for (const Column& column : columns_of(what))
      if (is_needed(what, column, head) && !head.at.contains(column.id)) lacks += (lacks.empty() ? "" : ", ") + std::string(column.name);
    if (lacks.empty()) return head;
    if (missing.empty() || !head.at.empty()) missing = lacks;
  }
  throw invalid("imports.no_headings", "/", "these headings are missing: " + missing);
}

std::string Line::text(std::string_view column) const {
  const auto cell = head_->at.find(column);
  if (cell == head_->at.end() || cell->second >= row_->cells.size()) return {};
  std::string_view found = trim(row_->cells[cell->second]);
  // Our own CSV puts it before what a spreadsheet program would take for a formula.
  if (found.size() > 1 && found.front() == '\'' && std::string_view("=+-@").find(found[1]) != std::string_view::npos) found.remove_prefix(1);
  return std::string(found);
}

std::optional<std::string> Line::maybe(std::string_view column) const {
  std::string found = text(column);
  return found.empty() ? std::nullopt : std::optional(std::move(found));
}

std::string Line::must(std::string_view column) const {
  std::string found = text(column);
  if (found.empty()) throw wrong(column, "imports.needed");
  return found;
}

std::string Line::id(std::string_view column) const {
  std::string found = must(column);
  if (!is_client_id(found)) throw wrong(column, "imports.bad_id");
  return found;
}

std::optional<double> Line::number_in(std::string_view column) const {
  const auto found = maybe(column);
  if (!found) return std::nullopt;
  double number = 0;
  const auto [end, ec] = std::from_chars(found->data(), found->data() + found->size(), number);
  if (ec != std::errc{} || end != found->data() + found->size()) throw wrong(column, "imports.not_a_number");
  return number;
}

std::optional<std::int64_t> Line::whole_in(std::string_view column) const {
  const auto number = number_in(column);
  if (!number) return std::nullopt;
  if (!(std::abs(*number) <= 9e15) || *number != std::floor(*number)) throw wrong(column, "imports.not_a_number");
  return static_cast<std::int64_t>(*number);
}

std::optional<std::string> Line::unmasked(std::string_view column) const {
  auto found = maybe(column);
  if (found && is_masked(*found)) return std::nullopt;
  return found;
}

std::optional<Time> Line::instant(std::string_view column, int offset_minutes) const {
  auto text = maybe(column);
  if (!text) return std::nullopt;
  std::replace(text->begin(), text->end(), '/', '-');
  if (text->size() == 10) *text += " 00:00:00";
  if (text->size() == 16) *text += ":00";
  if (text->size() > 10 && (*text)[10] == ' ') (*text)[10] = 'T';
  const bool bare_clock = text->size() == 19;
  const auto time = text->size() < 19 ? std::nullopt : parse_time(bare_clock ? *text + "Z" : *text);
  if (!time) throw wrong(column, "imports.bad_day");
  return bare_clock ? *time - std::chrono::minutes(offset_minutes) : *time;
}

bool is_masked(std::string_view cell) { return cell.find('*') != std::string_view::npos || cell.find("＊") != std::string_view::npos; }

std::optional<Duration> spoken_duration(std::string_view typed) {
  if (const auto iso = parse_duration(typed)) return iso;
  const std::string text = normalise(typed);
  double number = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (ec != std::errc{} || !(number >= 0) || number > 100'000) return std::nullopt;
  const std::string_view unit = trim(std::string_view(text).substr(static_cast<std::size_t>(end - text.data())));
  double minutes = 0;
  if (unit == "分" || unit == "分钟" || unit == "min" || unit == "m") minutes = number;
  else if (unit == "时" || unit == "小时" || unit == "h") minutes = number * 60;
  else if (unit == "天" || unit == "日" || unit == "d") minutes = number * 1440;
  else if (unit == "周" || unit == "w") minutes = number * 10080;
  else return std::nullopt;
  return Duration{static_cast<std::int64_t>(minutes * 60'000)};
}

std::optional<Duration> Line::duration(std::string_view column) const {
  const auto found = maybe(column);
  if (!found) return std::nullopt;
  const auto span = spoken_duration(*found);
  if (!span) throw wrong(column, "imports.bad_duration");
  return span;
}

std::optional<bool> Line::yes(std::string_view column) const {
  const auto found = maybe(column);
  if (!found) return std::nullopt;
  const std::string word = normalise(*found);
  if (word == "是" || word == "true" || word == "yes" || word == "1" || word == "y") return true;
  if (word == "否" || word == "false" || word == "no" || word == "0" || word == "n") return false;
  throw wrong(column, "imports.not_one_of", "是 或 否");
}

std::vector<std::string> Line::parts(std::string_view column) const {
  std::string found = text(column);
  for (const std::string_view mark : {"、", "，", "；", ";", "|"})
    for (auto at = found.find(mark); at != std::string::npos; at = found.find(mark)) found.replace(at, mark.size(), ",");
  std::vector<std::string> all;
  for (std::size_t from = 0; from <= found.size();) {
    const auto to = std::min(found.find(',', from), found.size());
    if (const auto part = trim(std::string_view(found).substr(from, to - from)); !part.empty()) all.emplace_back(part);
    from = to + 1;
  }
  return all;
}

std::optional<std::string_view> Line::choice(std::string_view column,
                                             std::span<const std::pair<std::string_view, std::string_view>> words) const {
  const auto found = maybe(column);
  if (!found) return std::nullopt;
  const std::string word = bare(*found);
  std::string all;
  for (const auto& [outward, spoken] : words) {
    if (word == bare(outward) || among(spoken, word)) return outward;
    all += (all.empty() ? "" : "、") + std::string(spoken.substr(0, spoken.find('|')));
  }
  throw wrong(column, "imports.not_one_of", all);
}

bool Line::is_remark() const { return !row_->cells.empty() && trim(row_->cells.front()).starts_with('#'); }

std::string advice_for(const std::string& code, const std::string& detail) {
  static const std::map<std::string_view, std::string_view> words = {
      {"imports.needed", "必填，请补上"},
      {"imports.bad_id", "只能用字母、数字、点、下划线、横线，不超过 64 个字符"},
      {"imports.not_a_number", "请填数字"},
      {"imports.bad_duration", "请写成 30分钟、2小时、1天"},
      {"imports.bad_day", "请写成 2026-01-31"},
      {"imports.bad_clock", "请写成 08:00"},
      {"imports.unknown_place", "没有这个地点：先导入地点或房屋，或检查写法"},
      {"imports.ambiguous_place", "有多个同名地点，请改用编号"},
      {"imports.id_taken", "编号已被别的地点使用，请先登记楼幢、单元或改名"},
      {"imports.twice", "与前面的行重复，请删去一行"},
      {"imports.unknown_tag", "没有这个标签：先在人员标签里建立"},
      {"imports.unknown_staff", "没有登记这个手机号的人员，或不止一人：先导入人员"},
      {"imports.where", "请填地点，或填小区和房号"},
      {"imports.masked", "带星号的姓名找不到人：请用带人员编号的导出表，或填写完整姓名"},
      {"imports.bad_cell", "这一格应为导出时的原样文字，请从导出的表里复制"},
      {"imports.unknown_post", "没有这个岗位：把它写在同一张表里，或检查编号"},
      {"rosters.bad_chain", "岗位不能在它自己之上，请核对上级岗位"},
      {"rosters.bad_times", "开始和结束时间不对，请写成 08:00 到 20:00"},
      {"rosters.bad_name", "名称为空或太长"},
      {"rosters.bad_id", "编号只能用字母、数字、点、下划线、横线，不超过 64 个字符"},
      {"rosters.bad_days", "星期不对，请核对"},
      {"rosters.bad_note", "备注太长"},
      {"rosters.too_many", "一个班次的人太多"},
      {"rosters.not_staff", "值班人是居民，不是工作人员：请先开通工作人员账号"},
      {"rosters.twice", "同一个人写了两次"},
      {"people.bad_id", "编号只能用字母、数字、点、下划线、横线，不超过 64 个字符"},
      {"people.bad_remarks", "备注太长"},
      {"people.bad_source", "来源不对，请核对"},
      {"people.bad_state", "状态不对，请核对"},
      {"people.cycle", "单位不能在它自己之下，请核对上级单位"},
      {"people.unknown", "没有这个人员编号，或不在您管理的范围内"},
      {"people.unknown_household", "没有这个住户编号，或不在您管理的范围内"},
      {"people.is_closed", "这一户已经注销，不能再改"},
      {"people.is_erased", "此人的信息已按本人要求删除，请重新登记"},
      {"places.unknown", "没有这个地点：先导入地点或房屋，或检查写法"},
      {"places.bad_id", "编号只能用字母、数字、点、下划线、横线，不超过 64 个字符"},
      {"places.bad_name", "名称为空或太长"},
      {"places.bad_position", "经纬度不对：经度在 -180 到 180 之间，纬度在 -90 到 90 之间"},
      {"places.bad_floors", "楼层数不对，请核对"},
      {"places.bad_height", "高度不对，请核对"},
      {"places.bad_outline", "轮廓不对，请核对"},
      {"devices.unknown", "没有这台设备"},
      {"devices.bad_id", "编号只能用字母、数字、点、下划线、横线，不超过 64 个字符"},
      {"devices.bad_words", "名称、标签或投资、运维单位太长，请缩短"},
      {"devices.bad_attributes", "属性不对，请核对"},
      {"cases.bad_kind", "这一格的内容不对：请核对岗位、时限、办理要求和提示语的长短"},
      {"people.bad_name", "姓名或名称为空或太长"},
      {"people.bad_phone", "电话应为 5 到 15 位数字"},
      {"people.bad_identity", "证件号码有误：请核对位数和最后一位"},
      {"people.bad_birth", "出生日期不可能，请核对"},
      {"people.identity_disagrees", "出生日期或性别与身份证号不符"},
      {"people.known_already", "此人已在别处登记，请联系所在社区办理迁移"},
      {"people.unknown_organisation", "没有这个单位：先写上级单位那一行"},
      {"places.bad_parent", "上级不存在，或层级不对：房屋在楼幢、单元之下，楼幢在小区之下"},
      {"http.reserved_id", "这个编号是系统用的词：请换一个"},
      {"places.cycle", "地点不能在它自己之下"},
      {"places.bad_kind", "里面已有的地点放不进这一类：请先移走它们"},
      {"devices.unknown_profile", "没有这个设备型号：先登记型号"},
      {"devices.bad_gateway", "没有这个网关：先写网关那一行"},
      {"devices.bad_secret", "密钥应为 8 到 128 个字符"},
      {"access.no_right", "您没有导入这一项的权限"},
      {"access.not_here", "不在您管理的范围内"},
  };
  if (code == "imports.not_one_of") return "只能填：" + detail;
  const auto found = words.find(code);
  // Whatever else a room refuses: Chinese for who reads the list, and its own words behind, for who is asked.
  return found == words.end() ? "这一行不能导入（" + code + "），请核对后再试" + (detail.empty() ? "" : "：" + detail)
                              : std::string(found->second);
}

}  // namespace lifang::imports
