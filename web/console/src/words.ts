// Every word of the console, Chinese first, English second; refusal codes are translated here as well.
import { createI18n } from 'vue-i18n'

const zh = {
  ward: '里坊', console: '工作台', login: '登录名', password: '密码', logIn: '登录', logOut: '退出',
  situations: '态势', cases: '工单', rules: '规则', devices: '设备', node: '节点', live: '实时', offline: '连接中断，正在重连',
  allPlaces: '全部地点', sound: '声音', soundOn: '告警声：开', soundOff: '告警声：关', open: '进行中', cleared: '已解除',
  info: '提示', warning: '警告', critical: '紧急', micro: '社区', small: '街镇', great: '城区', overdue: '已逾期', due: '时限',
  why: '为什么', evidence: '依据', actions: '联动', release: '解除保持', releaseAsk: '请写明解除的理由', seen: '已查看', markSeen: '标记为已查看',
  falseAlarm: '误报', markFalse: '标为误报', falseAsk: '请写明为什么是误报', takeBack: '撤回误报标记', diary: '经办记录', close: '关闭',
  emergency: '紧急处置', noSituations: '现在没有进行中的态势。接入设备、启用规则后，这里会自己出现。',
  noCases: '没有待办工单。居民上报或规则触发后，这里会自己出现。', noRules: '还没有规则。先用 API 写一条，再回来试算。',
  noDevices: '还没有设备。用 PUT /api/v1/devices/… 登记第一台。', note: '说明', moves: '可以做的', backtest: '用历史试算', from: '从', to: '到',
  trial: '这条规则会引发 {situations} 次态势、{cases} 件工单（{devices} 台设备，{judged} 条记录）', perDay: '每日次数', activate: '启用', version: '第 {n} 版',
  active: '已启用', draft: '草稿', retired: '已停用', latest: '最新值', health: '运行状况', waiting: '排队', refused: '拒收', ready: '就绪',
  evaluate: '评价', score: '分数（1–5）', solved: '已解决', done: '已完成', began: '开始', ended: '结束', peak: '峰值', device: '设备', place: '地点',
  holder: '责任人', state: '状态', search: '筛选', lang: 'English', table: '表格',
  move: {
    assign: '派单', accept: '接单', arrive: '到场', handle: '办结', verify: '核验', return: '退回', transfer: '转办', defer: '挂账', urge: '催办', whistle: '吹哨',
    refuse: '不予受理', reopen: '重开', close: '结案', merge: '合并', 'false-alarm': '误报', joint: '联合处置', 'report-in': '报到', supervise: '督办', grab: '抢单',
    appeal: '申诉', resume: '恢复', note: '记一笔', resend: '再通知', 'approve-deferral': '同意挂账', 'reject-deferral': '不同意挂账', withdraw: '撤回',
  } as Record<string, string>,
  states: {
    reported: '已上报', assigned: '已派单', accepted: '已接单', handled: '已办结', verified: '已核验', closed: '已结案', deferred: '挂账中', merged: '已合并',
    refused: '不予受理', reopened: '已重开', blocked: '未执行', commanded: '已下发', done: '已执行', held: '保持中', failed: '失败', expired: '无应答', released: '已解除',
  } as Record<string, string>,
  problem: {
    'accounts.wrong_login': '登录名或密码不对。', 'accounts.too_many': '试得太多了，请稍后再试。', 'access.no_right': '这个账号没有这项权限，什么都没有改变。',
    'access.not_here': '您负责的地点里没有它。', 'access.login_needed': '请先登录。', 'page.no_network': '连不上节点，什么都没有改变；恢复后再试。',
    'lane.unavailable': '数据库暂时不可用，什么都没有写入，请再试。', 'cases.already_accepted': '已经有人接单了。', 'cases.doer_may_not_verify': '办理的人不能自己核验。',
    'situations.reason_needed': '请写明理由。', 'actions.reason_needed': '请写明理由。', 'cases.not_in_this_state': '工单现在的状态不允许这一步。',
    'cases.not_yours': '这张工单不在您手上。', 'cases.reason_needed': '请写明理由。', 'cases.evidence_needed': '这类工单办结要附上照片等凭据。',
    other: '没有成功：{detail}（{code}），什么都没有改变。',
  } as Record<string, string>,
}

const en: typeof zh = {
  ward: 'Lifang', console: 'Console', login: 'Login', password: 'Password', logIn: 'Log in', logOut: 'Log out',
  situations: 'Situations', cases: 'Cases', rules: 'Rules', devices: 'Devices', node: 'Node', live: 'live', offline: 'connection lost, trying again',
  allPlaces: 'All places', sound: 'Sound', soundOn: 'Alarm sound: on', soundOff: 'Alarm sound: off', open: 'open', cleared: 'cleared',
  info: 'info', warning: 'warning', critical: 'critical', micro: 'community', small: 'street', great: 'district', overdue: 'overdue', due: 'due',
  why: 'Why', evidence: 'Evidence', actions: 'Actions', release: 'Release', releaseAsk: 'Say why it is released', seen: 'seen', markSeen: 'Mark as seen',
  falseAlarm: 'false alarm', markFalse: 'Mark as false alarm', falseAsk: 'Say why it is a false alarm', takeBack: 'Take the mark back', diary: 'Diary', close: 'Close',
  emergency: 'Emergency', noSituations: 'Nothing is going on. Connect devices and activate rules; what they see appears here by itself.',
  noCases: 'No open cases. Reports and rules bring them here by themselves.', noRules: 'No rules yet. Write one through the API, then try it here.',
  noDevices: 'No devices yet. Register the first with PUT /api/v1/devices/…', note: 'Note', moves: 'What you may do', backtest: 'Try on the past', from: 'from', to: 'to',
  trial: 'This rule would have caused {situations} situations and {cases} cases ({devices} devices, {judged} records)', perDay: 'per day', activate: 'Activate', version: 'version {n}',
  active: 'active', draft: 'draft', retired: 'retired', latest: 'Latest', health: 'Health', waiting: 'waiting', refused: 'refused', ready: 'ready',
  evaluate: 'Evaluate', score: 'score (1–5)', solved: 'solved', done: 'done', began: 'began', ended: 'ended', peak: 'peak', device: 'device', place: 'place',
  holder: 'holder', state: 'state', search: 'filter', lang: '中文', table: 'Table',
  move: {
    assign: 'Assign', accept: 'Accept', arrive: 'Arrived', handle: 'Handled', verify: 'Verify', return: 'Return', transfer: 'Transfer', defer: 'Defer', urge: 'Urge', whistle: 'Whistle',
    refuse: 'Refuse', reopen: 'Reopen', close: 'Close', merge: 'Merge', 'false-alarm': 'False alarm', joint: 'Joint handling', 'report-in': 'Report in', supervise: 'Supervise', grab: 'Grab',
    appeal: 'Appeal', resume: 'Resume', note: 'Note', resend: 'Notify again', 'approve-deferral': 'Approve deferral', 'reject-deferral': 'Reject deferral', withdraw: 'Withdraw',
  },
  states: {
    reported: 'reported', assigned: 'assigned', accepted: 'accepted', handled: 'handled', verified: 'verified', closed: 'closed', deferred: 'deferred', merged: 'merged',
    refused: 'refused', reopened: 'reopened', blocked: 'not done', commanded: 'sent', done: 'done', held: 'held', failed: 'failed', expired: 'no answer', released: 'released',
  },
  problem: {
    'accounts.wrong_login': 'Login or password is wrong.', 'accounts.too_many': 'Too many attempts; try again later.', 'access.no_right': 'This login lacks the right; nothing was changed.',
    'access.not_here': 'There is no such thing among your places.', 'access.login_needed': 'Log in first.', 'page.no_network': 'The node cannot be reached; nothing was changed. Try again.',
    'lane.unavailable': 'The database is away; nothing was written. Try again.', 'cases.already_accepted': 'Somebody has accepted it already.', 'cases.doer_may_not_verify': 'Whoever did it may not verify it.',
    'situations.reason_needed': 'Say why.', 'actions.reason_needed': 'Say why.', 'cases.not_in_this_state': 'The case is in another state.',
    'cases.not_yours': 'This case is not in your hands.', 'cases.reason_needed': 'Say why.', 'cases.evidence_needed': 'This kind needs a picture or other evidence.',
    other: 'It failed: {detail} ({code}); nothing was changed.',
  },
}

export const i18n = createI18n({ legacy: false, locale: localStorage.getItem('lang') ?? 'zh', fallbackLocale: 'zh', messages: { zh, en } })

/// A problem in the reader's own words.
export function spoken(problem: unknown): string {
  const { t } = i18n.global
  const p = problem as { code?: string; detail?: string; message?: string }
  // Codes hold dots: they are looked up by hand.
  const table = (i18n.global.messages.value as unknown as Record<string, typeof zh>)[i18n.global.locale.value]!.problem
  return table[p.code ?? ''] ?? t('problem.other', { detail: p.detail || p.message || '', code: p.code ?? '' })
}
