// Every value of every enum of the program that people see: [Chinese, English]. A test walks the rooms' headers.
export const enums = {
  severity: { info: ['提示', 'info'], warning: ['警告', 'warning'], critical: ['紧急', 'critical'] },
  situation_state: { open: ['进行中', 'open'], cleared: ['已解除', 'cleared'] },
  state: {
    reported: ['已上报', 'reported'], assigned: ['已派单', 'assigned'], accepted: ['已接单', 'accepted'], handled: ['已办结', 'handled'],
    verified: ['已核实', 'verified'], closed: ['已结案', 'closed'], deferred: ['挂账中', 'deferred'], merged: ['已并案', 'merged'],
    refused: ['不予受理', 'refused'], reopened: ['已重开', 'reopened'],
  },
  move: {
    assign: ['派单', 'Assign'], accept: ['接单', 'Accept'], arrive: ['到场', 'Arrive'], handle: ['办结', 'Handle'], verify: ['核实', 'Verify'],
    close: ['结案', 'Close'], return: ['退单', 'Return'], transfer: ['转办', 'Transfer'], defer: ['申请挂账', 'Defer'],
    approve: ['同意挂账', 'Approve deferral'], deny: ['不同意挂账', 'Deny deferral'], wake: ['恢复办理', 'Wake'], urge: ['催办', 'Urge'],
    supervise: ['督办', 'Supervise'], whistle: ['吹哨', 'Whistle'], 'report-in': ['报到', 'Report in'], joint: ['联办', 'Handle jointly'],
    done: ['完成分办', 'Part done'], confirm: ['确认预案', 'Confirm plan line'], refuse: ['不予受理', 'Refuse'], 'false-alarm': ['误报', 'False alarm'],
    merge: ['并案', 'Merge'], join: ['合并上报', 'Join'], reopen: ['重开', 'Reopen'], escalate: ['升级', 'Escalate'], clear: ['自动解除', 'Clear'],
    appeal: ['申诉', 'Appeal'], decide: ['裁定申诉', 'Decide appeal'], note: ['备注', 'Note'],
  },
  standing: {
    holder: ['承办人', 'holder'], desk: ['派单席', 'desk'], verifier: ['核实人', 'verifier'], above: ['上级', 'circle above'],
    partner: ['协办单位', 'partner'], reporter: ['上报人', 'reporter'], machine: ['系统', 'machine'],
  },
  circle: { micro: ['社区', 'community'], small: ['街镇', 'street'], great: ['城区', 'district'] },
  circle_long: { micro: ['社区微循环', 'micro circle'], small: ['街镇小循环', 'small circle'], great: ['城区大循环', 'great circle'] },
  grade: { I: ['一级', 'grade I'], II: ['二级', 'grade II'], III: ['三级', 'grade III'], IV: ['四级', 'grade IV'] },
  class: {
    component: ['部件', 'component'], event: ['事件', 'event'], help: ['求助', 'help'], complaint: ['投诉', 'complaint'],
    suggestion: ['建议', 'suggestion'], enquiry: ['咨询', 'enquiry'],
  },
  hours: { clock: ['自然时间', 'clock hours'], working: ['工作时间', 'working hours'] },
  verifier: { desk: ['派单席核实', 'desk'], reporter: ['上报人确认', 'reporter'], device: ['设备复测', 'device'], above: ['上级核实', 'circle above'] },
  channel: {
    app: ['手机', 'app'], call: ['电话', 'call'], visit: ['来访', 'visit'], paper: ['纸质', 'paper'], hotline: ['12345 热线', 'hotline'],
    open311: ['Open311', 'Open311'], device: ['设备', 'device'],
  },
  whistle: {
    management: ['管理哨', 'management'], shared: ['共治哨', 'residents'], emergency: ['应急哨', 'emergency'], data: ['数据哨', 'data'],
    technology: ['科技哨', 'device'], intelligence: ['智能哨', 'rule'],
  },
  appeal: { asked: ['申诉待裁定', 'appeal pending'], granted: ['申诉成立，不计入考核', 'appeal granted: counts nowhere'], refused: ['申诉不成立', 'appeal refused'] },
  ending: { solved: ['已解决', 'solved'], cleared: ['自行解除', 'cleared'], refused: ['不予受理', 'refused'], merged: ['并案', 'merged'], false_alarm: ['误报', 'false alarm'] },
  measure: {
    response: ['按时响应', 'response in time'], solved: ['解决', 'solved'], satisfied: ['满意', 'satisfied'], overdue: ['逾期', 'overdue'], reopened: ['重开', 'reopened'],
  },
  rates_by: { organisation: ['按单位', 'by organisation'], post: ['按岗位', 'by post'], kind: ['按类别', 'by kind'] },
  evidence: { photo: ['照片', 'photo'], note: ['说明', 'note'] },
  action_state: {
    blocked: ['未执行', 'blocked'], commanded: ['已下发', 'sent'], done: ['已执行', 'done'], held: ['保持中', 'held'], failed: ['失败', 'failed'],
    expired: ['无应答', 'no answer'], released: ['已解除', 'released'],
  },
  command_state: { waiting: ['等待下发', 'waiting'], sent: ['已下发', 'sent'], answered: ['已应答', 'answered'], failed: ['失败', 'failed'], expired: ['无应答', 'no answer'] },
  evaluation_by: { reporter: ['上报人', 'reporter'], staff: ['工作人员', 'staff'], device: ['设备复测', 'device'] },
  rule_state: { draft: ['草稿', 'draft'], active: ['已启用', 'active'], retired: ['已停用', 'retired'] },
  notice_class: { work: ['工作', 'work'], progress: ['进展', 'progress'], question: ['请评价', 'question'], announcement: ['通知', 'announcement'], alarm: ['告警', 'alarm'] },
  ring_state: { ringing: ['正在呼叫', 'ringing'], answered: ['已应答', 'answered'], unanswered: ['无人应答', 'unanswered'], stopped: ['已停止', 'stopped'] },
  message_state: { queued: ['排队中', 'queued'], sent: ['已送达', 'sent'], dead: ['已放弃', 'given up'] },
  account_state: { active: ['在用', 'active'], closed: ['已关闭', 'closed'] },
  hand_out: { first: ['首位负责', 'first'], rotate: ['轮流', 'in turn'], grab: ['抢单', 'grab'] },
  on: { every: ['每天', 'every day'], working: ['工作日', 'working days'], off: ['休息日', 'days off'] },
  place: {
    city: ['城市', 'city'], district: ['城区', 'district'], street: ['街镇', 'street'], community: ['社区', 'community'], compound: ['小区', 'compound'],
    building: ['楼栋', 'building'], unit: ['单元', 'unit'], home: ['住户', 'home'], spot: ['点位', 'spot'],
  },
  sex: { unknown: ['未知', 'unknown'], male: ['男', 'male'], female: ['女', 'female'] },
  person_state: { present: ['在住', 'present'], gone: ['已迁出', 'gone'], erased: ['已删除', 'erased'] },
  person_field: {
    name: ['姓名', 'name'], phone: ['电话', 'phone'], identity: ['证件号', 'identity number'], birth: ['出生日期', 'birth'], sex: ['性别', 'sex'],
    remarks: ['备注', 'remarks'], tags: ['标签', 'tags'],
  },
  household: { owned: ['自住', 'owned'], rented: ['出租', 'rented'], dormitory: ['宿舍', 'dormitory'], vacant: ['空置', 'vacant'] },
  resident_role: { owner: ['业主', 'owner'], tenant: ['租客', 'tenant'], member: ['家庭成员', 'member'] },
  organisation: {
    property_company: ['物业公司', 'property company'], community_office: ['社区居委会', 'community office'], street_office: ['街道办', 'street office'],
    bureau: ['职能部门', 'bureau'], district_centre: ['区指挥中心', 'district centre'], clinic: ['卫生服务中心', 'clinic'], school: ['学校', 'school'],
    merchant: ['商户', 'merchant'], volunteers: ['志愿者队伍', 'volunteers'], other: ['其他', 'other'],
  },
  file_kind: { picture: ['图片', 'picture'], clip: ['视频', 'clip'], voice: ['语音', 'voice'], document: ['文档', 'document'], table: ['表格', 'table'] },
  purpose: {
    case: ['办理工单', 'a case'], emergency: ['紧急处置', 'an emergency'], care: ['关怀照料', 'care'], registration: ['登记核对', 'registration'],
    verification: ['身份核实', 'verification'], service: ['提供服务', 'a service'], request: ['本人要求', 'own request'], audit: ['审计', 'audit'],
  },
  /** Codes of diary lines; the program gives the Chinese sentence itself. */
  diary: {
    open: ['立案', 'Opened'], reported: ['上报', 'Reported'], assign: ['派单', 'Assigned'], accept: ['接单', 'Accepted'], arrive: ['到场', 'Arrived'], handle: ['办结', 'Handled'],
    verify: ['核实', 'Verified'], 'not-verified': ['核实未通过', 'Not verified'], close: ['结案', 'Closed'], return: ['退单', 'Returned'],
    transfer: ['转办', 'Transferred'], 'transfer-asked': ['申请转办', 'Transfer asked'], defer: ['申请挂账', 'Deferral asked'], approve: ['同意挂账', 'Deferral approved'],
    deny: ['不同意挂账', 'Deferral denied'], wake: ['到期恢复', 'Woken'], urge: ['催办', 'Urged'], supervise: ['督办', 'Supervised'],
    whistle: ['吹哨', 'Whistled'], call: ['呼叫单位', 'Called'], 'report-in': ['报到', 'Reported in'], 'not-in': ['未报到', 'Did not report in'], joint: ['联办', 'Joint handling'],
    part: ['分办', 'Part'], 'part-done': ['分办完成', 'Part done'], 'part-late': ['分办逾期', 'Part late'], confirm: ['确认预案', 'Plan line confirmed'],
    refuse: ['不予受理', 'Refused'], 'false-alarm': ['误报', 'False alarm'], merge: ['并案', 'Merged'], join: ['合并上报', 'Joined'], reopen: ['重开', 'Reopened'],
    escalate: ['升级', 'Escalated'], clear: ['自动解除', 'Cleared'], cleared: ['设备恢复', 'Cleared'], 'cleared-one': ['一台设备恢复', 'One device cleared'], appeal: ['申诉', 'Appealed'], decide: ['裁定', 'Decided'], note: ['备注', 'Note'],
    warn: ['临期提醒', 'Warned'], overdue: ['逾期', 'Overdue'], rang: ['呼叫', 'Rang'], 'rang-on': ['转呼下一位', 'Rang on'], unanswered: ['无人应答', 'Unanswered'],
    unmanned: ['无人值班', 'Nobody on duty'], 'outer-due': ['来件时限', 'Deadline of the sender'], 'drill-end': ['演练结束', 'Drill ended'], replied: ['已回复来件单位', 'Replied to the sender'], rated: ['评价', 'Rated'], told: ['已告知', 'Told'],
  },
  /** Kinds of detections that the program knows; others are shown as they are. */
  detection: {
    ebike_in_lift: ['电动车进入电梯', 'e-bike in the lift'], falling_object: ['高空抛物', 'falling object'], dropped_bag: ['垃圾落地包', 'bag left beside the bins'],
    attendant_off_duty: ['督导员不在岗', 'nobody at the post'], overflow: ['垃圾桶满溢', 'overflowing bin'], fall: ['有人跌倒', 'a person who fell'], fire_lane_blocked: ['消防通道被占', 'blocked fire lane'],
    crowd: ['人员聚集', 'crowd'], loitering: ['有人长时间徘徊', 'somebody loitering'], lights_left_on: ['无人时灯未关', 'lights left on'], parking_changed: ['车位变化', 'change of parking spaces'],
    plate: ['车牌', 'number plate'], face: ['人脸', 'face'], smoke: ['烟雾', 'smoke'], fire: ['明火', 'fire'],
  },
  task_state: { open: ['进行中', 'going on'], done: ['已完成', 'done'], missed: ['有漏巡', 'points missed'] },
  urgency: { low: ['不急', 'can wait'], normal: ['普通', 'normal'], emergency: ['紧急', 'emergency'] },
  announcement_state: { waiting: ['待确认', 'to be confirmed'], queued: ['待发送', 'queued'], sending: ['发送中', 'being sent'], sent: ['已发送', 'sent'], withdrawn: ['已撤回', 'withdrawn'] },
  outcome: { made: ['新立案', 'new case'], changed: ['已补充', 'more was said'], same: ['已有，没有变化', 'known already'], refused: ['没有收下', 'refused'] },
  subject: { person: ['每人一行', 'a row a person'], household: ['每户一行', 'a row a household'], place: ['每处一行', 'a row a place'] },
  /** Commands that devices of the ready-made profiles know. */
  method: {
    hold: ['保持停住', 'hold'], warn: ['语音劝阻', 'warn'], release: ['放行', 'release'], set_mist: ['喷雾', 'mist'], open: ['打开', 'open'], close: ['关闭', 'close'], lock: ['上锁', 'lock'], unlock: ['开锁', 'unlock'],
    water: ['浇灌', 'water'], set_valve: ['阀门', 'valve'], irrigate: ['浇灌', 'irrigate'], announce: ['广播', 'announce'], cut_power: ['断电', 'cut the power'], stop: ['停止', 'stop'], alarm: ['鸣响', 'alarm'],
    raise: ['升起', 'raise'], lower: ['降下', 'lower'], reset: ['复位', 'reset'], reboot: ['重启', 'restart'], start: ['启动', 'start'], play: ['播放', 'play'],
  },
  /** Roles that the program brings along. */
  role: {
    admin: ['系统管理员', 'administrator'], operator: ['区级运营', 'operator'], street: ['街道办', 'street'], community: ['社区工作者', 'community'],
    property: ['物业', 'property'], bureau: ['职能部门', 'bureau'], guard: ['保安', 'guard'], worker: ['维修保洁', 'worker'], doctor: ['家庭医生', 'doctor'],
    merchant: ['商户', 'merchant'], integrator: ['集成商', 'integrator'], resident: ['居民', 'resident'], viewer: ['只读', 'viewer'],
  },
} as const satisfies Record<string, Record<string, readonly [string, string]>>
