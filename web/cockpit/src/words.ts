// Every word of the cockpit, Chinese first, English second. Words of enums and refusals come from the kit.
import { i18n, speak } from '@lifang/kit'

const zh = {
  ward: '里坊', cockpit: '驾驶舱', login: '登录名', password: '密码', code: '动态码', logIn: '登录', logOut: '退出',
  wallHint: '大屏请使用只读账号登录，会话会一直保持。', live: '实时', connecting: '正在连接', lost: '连接中断，正在重连；图上是 {time} 的情况',
  restored: '连接已恢复', top: '全部', back: '返回上级（Esc）', where: '位置', casesByCircle: '三级循环', open: '在办', overdue: '逾期',
  openCases: '未结工单', overdueOf: '{n} 件逾期', lateBefore: '曾逾期 · {left}', waiting: '待接单', working: '办理中', checking: '待核实', deferred: '挂账', today: '今日新增 {n}', endedToday: '今日办结 {n}',
  noCases: '没有未结工单', noDue: '无时限', more: '另有 {n} 件', morePlaces: '另有 {n} 处', morePosts: '另有 {n} 个岗位', rates: '近 30 天三率', response: '按时响应率', solved: '解决率', satisfied: '满意率',
  ofN: '{good}/{all} 件', trend: '较前 30 天', stream: '刚刚发生', why: '为什么', whyOf: '为什么：{what}', duty: '此刻在岗', noDuty: '这里没有排班。在工作台“排班”里添加后，这里会出现。',
  persons: '{n} 人', unnamed: '已排班', children: '下级', situations: '态势', noSituations: '没有进行中的态势', unseen: '{n} 项未查看', openSituations: '{severity}态势 · {where}', openCasesOf: '{circle} · {where}：未结工单', loadMore: '载入更多', drill: '演练', quiet: '检修静默', shade: '图上显示{severity}态势',
  filter: '筛选', allKinds: '全部类别', kindsOfSituations: '态势规则', kindsOfCases: '工单类别', severity: '级别', trends: '近 30 天走势', casesByDay: '工单（件/日）', situationsByDay: '态势（次/日）',
  opened: '新增', ended: '办结', floors: '楼层', floorN: '{n} 层', allFloors: '整栋', floorCases: '{n} 件', devices: '{n} 台设备', heard: '{n} 台有数据',
  close: '关闭', diary: '经办记录', loading: '正在取数…', number: '编号', state: '状态', due: '时限', post: '责任岗位', emergency: '紧急处置', place: '地点',
  noWhy: '它没有更早的原因：由人上报。', chainHint: '从结果到最初的读数', table: '表格', chart: '图', day: '日期', language: 'English', legend: '图例', calm: '平稳', busy: '有工单',
  alert: '有态势', late: '有逾期', failed: '没有取到数据', retry: '再试一次', empty: '还没有地点。先在工作台里导入小区和楼栋，这里就会长出来。',
  twin: '数字孪生：{place}，{situations} 项态势，{cases} 件未结工单', drills: '{n} 项演练', silenced: '{n} 项检修静默', homeHint: '户内信息只在工单里、或写明用途后出现。', purpose: '用途', whichCase: '哪个工单（编号）', showPlain: '查看明文', coverAgain: '遮回', nobodyHome: '这一户没有登记的人。', firstOfHome: '只列出前 {n} 人。',
  logged: '写明用途后才显示明文：记入日志，本人查得到；一分钟后自动遮回。', noPurpose: '您的角色没有可用的用途，只能看遮盖后的信息。', noEvents: '还没有新的事。有事发生时会逐条出现在这里。',
  see: {
    'situations.opened': '发生 {what} · {where}', 'situations.unsilenced': '维护结束，仍在发生 {what} · {where}', 'situations.rose': '升级 {what} · {where}', 'situations.cleared': '解除 {what} · {where}', 'situations.acknowledged': '已有人查看 {what} · {where}',
    'situations.marked_false': '标为误报 {what} · {where}', 'cases.opened': '立案 {what} · {where}', 'cases.opened.situation': '发生并立案 {what} · {where}', 'cases.joined': '又有人上报 {what} · {where}',
    'cases.assigned': '派给{post}：{what} · {where}', 'cases.warned': '快到时限：{what} · {where}', 'cases.escalated': '逾期上移到{circle}：{what} · {where}', 'cases.called': '吹哨呼叫：{what} · {where}',
    'cases.closed': '结案 {what} · {where}', 'cases.reopened': '重开 {what} · {where}', 'cases.refused': '不予受理 {what} · {where}', 'cases.false_alarm': '误报 {what} · {where}', 'cases.stepped': '{step} {what} · {where}',
  } as Record<string, string>,
}

const en: typeof zh = {
  ward: 'Lifang', cockpit: 'Cockpit', login: 'Login', password: 'Password', code: 'One-time code', logIn: 'Log in', logOut: 'Log out',
  wallHint: 'For a wall screen use a login that may only read; its session stays.', live: 'live', connecting: 'connecting', lost: 'Connection lost, trying again; this is how things stood at {time}',
  restored: 'Connected again', top: 'Everything', back: 'One level up (Esc)', where: 'Where', casesByCircle: 'Three circles', open: 'open', overdue: 'overdue',
  openCases: 'open cases', overdueOf: '{n} overdue', lateBefore: 'was late · {left}', waiting: 'waiting', working: 'at work', checking: 'to verify', deferred: 'deferred', today: '{n} new today', endedToday: '{n} ended today',
  noCases: 'No open cases', noDue: 'no deadline', more: '{n} more', morePlaces: '{n} more', morePosts: '{n} more posts', rates: 'Three rates, 30 days', response: 'response in time', solved: 'solved', satisfied: 'satisfied',
  ofN: '{good} of {all}', trend: 'against the 30 days before', stream: 'Just happened', why: 'Why', whyOf: 'Why: {what}', duty: 'On duty now', noDuty: 'Nobody is rostered here. Shifts added in the console appear here.',
  persons: '{n} on duty', unnamed: 'staffed', children: 'Places below', situations: 'Situations', noSituations: 'No open situations', unseen: '{n} unseen', openSituations: 'Situations, {severity} · {where}', openCasesOf: '{circle} · {where}: open cases', loadMore: 'Load more', drill: 'drill', quiet: 'silenced', shade: 'Show {severity} situations on the map',
  filter: 'Filter', allKinds: 'All kinds', kindsOfSituations: 'Rules of situations', kindsOfCases: 'Kinds of cases', severity: 'Severity', trends: 'Last 30 days', casesByDay: 'Cases (a day)', situationsByDay: 'Situations (a day)',
  opened: 'opened', ended: 'ended', floors: 'Floors', floorN: 'floor {n}', allFloors: 'whole building', floorCases: '{n} cases', devices: '{n} devices', heard: '{n} heard',
  close: 'Close', diary: 'Diary', loading: 'Loading…', number: 'Number', state: 'State', due: 'Due', post: 'Post', emergency: 'Emergency', place: 'Place',
  noWhy: 'Nothing caused it: a person reported it.', chainHint: 'from the outcome back to the first reading', table: 'Table', chart: 'Chart', day: 'Day', language: '中文', legend: 'Legend', calm: 'calm', busy: 'cases',
  alert: 'situations', late: 'overdue', failed: 'The figures did not come', retry: 'Try again', empty: 'There are no places yet. Import compounds and buildings in the console and they rise here.',
  twin: 'Digital twin: {place}, {situations} situations, {cases} open cases', drills: '{n} drills', silenced: '{n} silenced by maintenance', homeHint: 'What is in a home is shown in its case, or for a purpose.', purpose: 'Purpose', whichCase: 'Which case (its number)', showPlain: 'Show plainly', coverAgain: 'Cover again', nobodyHome: 'Nobody is registered in this home.', firstOfHome: 'The first {n} persons only.',
  logged: 'Plain data needs a purpose: it is logged, the person can see it, and after a minute it is covered again.', noPurpose: 'Your role holds no purpose here: what you see stays masked.', noEvents: 'Nothing new yet. Whatever happens appears here line by line.',
  see: {
    'situations.opened': '{what} began · {where}', 'situations.unsilenced': 'maintenance over, still going on: {what} · {where}', 'situations.rose': '{what} rose · {where}', 'situations.cleared': '{what} cleared · {where}', 'situations.acknowledged': '{what} was seen · {where}',
    'situations.marked_false': '{what} marked false · {where}', 'cases.opened': 'Case opened: {what} · {where}', 'cases.opened.situation': 'Began, case opened: {what} · {where}', 'cases.joined': 'Reported again: {what} · {where}',
    'cases.assigned': 'To {post}: {what} · {where}', 'cases.warned': 'Deadline near: {what} · {where}', 'cases.escalated': 'Overdue, up to {circle}: {what} · {where}', 'cases.called': 'Whistle: {what} · {where}',
    'cases.closed': 'Closed: {what} · {where}', 'cases.reopened': 'Reopened: {what} · {where}', 'cases.refused': 'Refused: {what} · {where}', 'cases.false_alarm': 'False alarm: {what} · {where}', 'cases.stepped': '{step}: {what} · {where}',
  },
}
speak(zh, en)
export { i18n }
