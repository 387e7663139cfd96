// What the columns of a list to be imported mean and how a wrong row is mended, in the reader's words. The node says both in Chinese.
import { either } from '@lifang/kit'

const span = 'such as 30分钟 (minutes), 2小时 (hours), 1天 (days)'
/** The node's help of a column: in English. */
export const helps: Record<string, string> = {
  '编号，或从小区起的名称：府苑新村/3幢/2单元/501': 'its id, or its names from the compound on: 府苑新村/3幢/2单元/501',
  '字母、数字、点、横线，不可重复': 'letters, digits, dots and dashes; each once',
  '城市、城区、街道、社区、小区、楼幢、单元、房屋、点位': 'one of 城市 (city), 城区 (district), 街道 (street), 社区 (community), 小区 (compound), 楼幢 (building), 单元 (unit), 房屋 (home), 点位 (spot)',
  '上级地点的编号或名称；先写上级，再写下级': 'id or name of the place above; that one first, then those below',
  '导出的表里的原样文字；不填即不改': 'the text as it was exported; empty: as it is', '导出的表里才有；有它就不用写小区和房号': 'of exported lists alone; with it no compound and home are needed',
  '导出的表里才有；按它找人，带星号的格子不会改动': 'of exported lists alone; it says who is meant, and cells with stars change nothing', '在住、已迁出；只按人员编号改': '在住 (present) or 已迁出 (gone); for rows with the id of a person alone',
  '如 2026-01-31 或 2026-01-31 08:30': 'such as 2026-01-31 or 2026-01-31 08:30', '以分计：1250000 是 12500 元': 'in fen: 1250000 are 12,500 yuan',
  '时限过去百分之几时提醒，1 到 99': 'percent of a deadline after which its holder is warned, 1 to 99', '设备要安静这么久，否则重新打开': 'the device must stay quiet for so long, else it reopens',
  '一开始就呼叫的单位的编号，用顿号分开': 'ids of the organisations called at once, with 、 between', '被呼叫的单位多久内报到': 'how soon the called must report in',
  '核实后多久无异议即结案': 'verified and not contradicted for so long, it closes', '上级多久内裁定申诉，按工作时间': 'how soon the circle above decides an appeal, in working time',
  '询问、合并': '询问 (a person is asked) or 合并 (they join)', '同一幢里相差几层以内算一件，0 为不看': 'homes of one building at most so many floors apart are one case; 0: not by floors', '相距多少米以内算一件，0 为不看': 'at most so many metres apart is one case; 0: not by distance',
  'WGS 84': 'WGS 84', '1 到 200': '1 to 200', '米': 'metres', '小区的名称或编号': 'name or id of the compound', '自有、出租、集体、空置': 'one of 自有 (owned), 出租 (rented), 集体 (dormitory), 空置 (vacant)',
  '物业公司、社区、街道、部门、城区中心、诊所、学校、商户、志愿者、其他': 'one of 物业公司 (property company), 社区 (community), 街道 (street), 部门 (bureau), 城区中心 (district centre), 诊所 (clinic), 学校 (school), 商户 (shop), 志愿者 (volunteers), 其他 (other)',
  '上级单位的编号；先写上级': 'id of the organisation above; that one first', '值班台的电话，不是个人的': 'of the duty desk, of no person',
  '18 位身份证号或其他证件号；有它就不会重复登记': '18 digits of the identity card, or another document; with it nobody is registered twice', '有身份证号可不填': 'not needed with an identity number', '男、女': '男 (male) or 女 (female)',
  '编号或名称；也可以分列填小区、楼幢、单元、房号': 'id or name; or compound, building, unit and home in columns of their own', '户主、租客、成员': 'one of 户主 (owner), 租客 (tenant), 成员 (member)', '标签的名称或编号，用顿号分开': 'names or ids of tags, with 、 between',
  '岗位编号，事项目录里用它': 'id of the post; the catalogue of kinds names it', '无人值守时由谁承办': 'who holds the work while nobody is there', '单位编号': 'id of the organisation', '值班人登记的手机号，用顿号分开，按呼叫先后': 'registered phones of those on duty, with 、 between, in the order in which they are rung',
  '不填为全天': 'empty: all day', '可以跨过零点': 'may be past midnight', '设备编号，也是接入用户名': 'id of the device, and its user name', '设备型号的编号': 'id of the type of device', '用顿号分开': 'with 、 between',
  '8 到 128 个字符；不填则自动生成，只显示一次': '8 to 128 characters; empty: one is made and shown once', '代它说话的设备的编号；先写网关': 'id of the device that speaks for it; that one first', '如 30分钟、2小时、1天': span, '字母、数字、横线': 'letters, digits and dashes',
  '部件、事件、求助、投诉、建议、咨询': 'one of 部件 (component), 事件 (event), 求助 (help), 投诉 (complaint), 建议 (suggestion), 咨询 (enquiry)', 'I、II、III、IV，I 最重': 'I, II, III or IV; I is the gravest', '自然时、工作时': '自然时 (clock time) or 工作时 (working time)', '岗位编号': 'id of the post',
  '值班台、上报人、设备、上级': 'one of 值班台 (desk), 上报人 (reporter), 设备 (device), 上级 (above)', '照片、说明，用顿号分开': '照片 (photo), 说明 (note), with 、 between', '是、否': '是 (yes) or 否 (no)', '同一地点在此时限内再报合为一件': 'reports of one place within it become one case', '多久无人应答转呼下一人': 'unanswered for so long, the next is rung',
}
/** The node's advice for a refusal: in English. */
export const advices: Record<string, string> = {
  'imports.unknown_post': 'No such post: put it into the same list, or check its id.', 'rosters.bad_chain': 'A post cannot stand above itself: check the post above.',
  'rosters.bad_times': 'The hours are wrong: write them as 08:00 to 20:00.', 'rosters.bad_name': 'The name is empty or too long.',
  'rosters.bad_id': 'Letters, digits, dots, underscores and dashes, at most 64.', 'rosters.bad_days': 'The days of the week are wrong: check them.', 'rosters.bad_note': 'The note is too long.',
  'rosters.not_staff': 'They live here or have a login without a role of staff: give them a role first.',
  'rosters.too_many': 'Too many people on one shift.', 'rosters.twice': 'One person stands there twice.', 'people.bad_id': 'Letters, digits, dots, underscores and dashes, at most 64.',
  'people.bad_remarks': 'The remarks are too long.', 'people.bad_source': 'The source is wrong: check it.', 'people.bad_state': 'The state is wrong: check it.',
  'people.cycle': 'An organisation cannot be under itself: check the one above.', 'people.is_erased': 'This person was erased at their own request: register them anew.',
  'places.unknown': 'No such place: import places or homes first, or check how it is written.', 'places.bad_id': 'Letters, digits, dots, underscores and dashes, at most 64.',
  'places.bad_name': 'The name is empty or too long.', 'places.bad_position': 'The position is wrong: longitude from -180 to 180, latitude from -90 to 90.',
  'places.bad_floors': 'The number of floors is wrong: check it.', 'places.bad_height': 'The height is wrong: check it.', 'places.bad_outline': 'The outline is wrong: check it.',
  'devices.unknown': 'No such device.', 'devices.bad_id': 'Letters, digits, dots, underscores and dashes, at most 64.',
  'devices.bad_words': 'The name, a tag, the investor or the operator is too long: shorten it.', 'devices.bad_attributes': 'The attributes are wrong: check them.',
  'cases.bad_kind': 'This cell is wrong: check posts, deadlines, what is asked for and the length of the words.',
  'imports.needed': 'Needed: fill it in.', 'imports.bad_id': 'Letters, digits, dots, underscores and dashes, at most 64.', 'imports.not_a_number': 'Write a number.', 'imports.bad_duration': 'Write it as 30分钟, 2小时 or 1天.', 'imports.bad_day': 'Write it as 2026-01-31.',
  'imports.bad_clock': 'Write it as 08:00.', 'imports.unknown_place': 'No such place: import places or homes first, or check how it is written.', 'imports.ambiguous_place': 'Several places have this name: use the id.', 'imports.id_taken': 'Another place has this id: register building and unit first, or rename it.',
  'imports.masked': 'Nobody is found by a name with stars: bring the exported list with its ids, or write the whole name.', 'imports.bad_cell': 'This cell is to be as it was exported: copy it from the exported list.',
  'people.unknown': 'Nobody of yours has this id.', 'people.unknown_household': 'No household of yours has this id.', 'people.is_closed': 'This household is closed and does not change any more.',
  'imports.twice': 'The same as an earlier row: take one of them out.', 'imports.unknown_tag': 'No such tag: make it among the tags of people first.', 'imports.unknown_staff': 'Nobody is registered with this phone, or more than one: import people first.', 'imports.where': 'Fill in the place, or compound and home.',
  'people.bad_name': 'The name is empty or too long.', 'people.bad_phone': 'A phone has 5 to 15 digits.', 'people.bad_identity': 'The identity number is wrong: check its length and its last digit.', 'people.bad_birth': 'Nobody is born on this day: check it.', 'people.identity_disagrees': 'Birth or sex disagree with the identity number.',
  'people.known_already': 'Registered elsewhere already: ask that community to move them.', 'people.unknown_organisation': 'No such organisation: put the row of the one above first.', 'places.bad_parent': 'The place above is not there, or of the wrong level: homes below buildings and units, buildings below compounds.',
  'http.reserved_id': 'The system uses this word itself: choose another id.', 'places.cycle': 'A place cannot lie below itself.', 'places.bad_kind': 'What stands in it would not fit under this kind: move that first.', 'devices.unknown_profile': 'No such type of device: register the type first.', 'devices.bad_gateway': 'No such gateway: put its row first.', 'devices.bad_secret': 'A secret has 8 to 128 characters.', 'access.no_right': 'You may not import these.', 'access.not_here': 'This is outside of your places.',
}
export const helpWords = (help: string) => either(help, helps[help] ?? help)
export function adviceWords(problem: { code: string; advice: string }): string {
  if (problem.code === 'imports.not_one_of') return either(problem.advice, 'One of these alone: ' + problem.advice.replace(/^只能填：/, ''))
  return either(problem.advice, advices[problem.code] ?? problem.advice)
}
