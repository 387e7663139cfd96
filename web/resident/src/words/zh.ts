// Every word of the page, Chinese. The English file has the same shape and is loaded when it is wanted.
export const zh = {
  name: '里坊', tagline: '掌上社区', back: '返回', close: '关闭', cancel: '取消', ok: '好', more: '更多', save: '保存', send: '发送', retry: '再试一次', yes: '是', no: '否', none: '无', loading: '正在打开…', call: '拨打',
  tab: { home: '首页', mine: '进展', notices: '消息', me: '我的', orders: '工单', round: '巡查', tools: '交接' },
  login: {
    enrol: '您的角色要求动态口令：请先在电脑上打开工作台（/console）登录，照提示打开它，再回到这里。',
    title: '登录', login: '登录名', password: '密码', enter: '登录', code: '动态验证码', codeHelp: '打开验证器，输入这一分钟的 6 位数字。', help: '还没有登录名？请到物业服务中心或社区办理，带上身份证。没有手机也能办事：打电话或到窗口，工作人员替您登记。',
    offline: '现在没有网络，登录要等网络恢复。', change: '请换一个新密码', changeHelp: '这个密码是别人替您设的。请换成只有您知道的，至少 10 个字符。', current: '现在的密码', fresh: '新密码', changeDo: '换好并继续',
    wrong: '验证码不对，或者已经过期。最多试 5 次。', byCode: '手机验证码', phone: '手机号', ask: '获取验证码', again: '{n} 秒后可再取', sent: '如果这个号码登记过，验证码马上就到，5 分钟内有效。', sms: '短信里的 6 位数字', which: '这个号码有几个登录名，请选您的', wechat: '微信登录', bindHelp: '这个微信还没有绑定。请用手机验证码登录一次，以后就能直接用微信进来。',
  },
  undo: { about: '{n} 秒后发出，点错了可以撤回' },
  leave: { title: '还没有提交', about: '写好的内容还没有提交，现在离开就没有了。', stay: '继续写', go: '不要了' },
  draft: { title: '没报完的', back: '上次没写完的放回来了。', drop: '不要了', go: '接着写', home: '没报完：{what}', pieces: '{n} 张照片或录音' },
  emergencyWords: '', drillThen: '真实时：', drillCalls: '演练：真实时拨打 120、119、110，此刻不要拨。',
  line: { away: '没有网络，看到的是 {at} 的内容', back: '网络恢复了', waits: '{n} 条等网络恢复后自动发送', refused: '{n} 条没有被接受', look: '查看', sending: '正在发送…', update: '有新版本', updateDo: '更新', login: '登录过期了，有内容等着发送', loginDo: '去登录' },
  home: {
    code: '一户一码', codeHelp: '进门、投放、办事，出示这个码', brighten: '扫不上？把屏幕亮度调高，离远一点。', big: '放大', noHome: '还没有登记住户', noHomeHelp: '请社区或物业把您登记到家里，这里就会出现一户一码。', chooseHome: '换一户', codeKept: '已存到手机，没有网络也能用',
    report: '有事上报', all: '全部事项', ask: '{n} 件事办完了，请您评价', askDo: '去评价', latest: '最近的进展', nothing: '还没有上报过。看到问题，点上面的图就能报。', sos: '一键求助', calls: '打电话', progress: '办到哪了', confirm: '{n} 件事说办好了，请您核实', confirmDo: '去核实', myCode: '我的码',
  },
  report: {
    title: '上报', change: '换一项', what: '是什么事？', search: '搜一搜：漏水、停车…', where: '在哪里', home: '我家', other: '换地方', photo: '拍照', album: '相册', voice: '说一说', stop: '说完了', again: '重录', text: '写几句（可不填）', textHelp: '手机键盘上的话筒可以把说的话变成字。',
    send: '报上去', anonymous: '不告诉经办人我是谁', forWhom: '替谁上报', myself: '我自己', helped: '替 {name}', recorded: '录音 {n} 秒', noMic: '话筒打不开。可以打字，或用键盘上的话筒。', noPlace: '请先选地方', noWords: '请写几个字，或附一张照片：说说是什么事', sent: '收到了', number: '编号 {n}', merged: '邻居已经报过这件事，您的也并在一起，进展都会告诉您。',
    waiting: '先存在手机里了，网络一恢复就自动报上去。', failed: '没有报上去', emergency: '有危险先打电话', shrink: '正在处理照片…', badPhoto: '这张照片打不开，请换一张。', common: '常见', inHome: '家里和楼道', places: '小区公共地方', thanks: '谢谢您。下一步会告诉您。', see: '看进展', more: '再报一件', remove: '去掉', tapKind: '第一步：点一下是什么事', ofMine: '选一个地方', scanned: '您扫码的地方', ward: '我的小区',
  },
  mine: { title: '我的上报', open: '在办', ended: '已办完', none: '没有在办的事。', noneEnded: '还没有办完的事。', waiting: '等待发送', more: '再看一些', behalf: '替{name}报的' },
  case: {
    title: '事情经过', where: '地点', when: '上报时间', number: '编号', reason: '原因', pictures: '照片和录音', diary: '经过', urge: '催一催', urged: '已催办', whistle: '请上级来办', note: '补充几句', add: '补充', evaluate: '评价', reporters: '{n} 人上报', gone: '这件事已经不在您能看到的范围里。', disagree: '我不同意，请上一级再看', disagreeWhy: '哪里不对，请写几句', disagreeAbout: '会重新打开，请上一级再看一次。只能提一次，您写的话他们看得到。', disagreeSaid: '已请上一级再看，有进展会告诉您。', nothing: '他们看过，说是误报。您同意吗？', drill: '演练', onBehalf: '代办', lost: '附件已不在', by: '最晚 {at}', yours: '请您核实', confirm: '他们说办好了。解决了吗？', confirmAbout: '请您看一看再回答。点“没有解决”，会退回重办。', confirmBy: '请在 {at} 前回答。', solved: '解决了', unsolved: '没有解决', unsolvedWhy: '哪里还没有解决', unsolvedAbout: '会退回给经办人重办，您写的话他们看得到。', unsolvedSaid: '已退回重办，有进展会告诉您。',
    now: {
      reported: '收到了，正在安排人。', assigned: '已经派给{post}，等接单。', accepted: '{post}已接单，正在办。', arrived: '{post}已到现场，正在办。', handled: '{post}说办好了，正在核实。', yours: '{post}说办好了，请您核实。', nothing: '{post}看过，认为是误报，正在核实。', nothingYours: '{post}看过，认为是误报，请您核实。', verified: '核实过了，办好了。', closed: '办完了。', deferred: '要等一等：{reason}', merged: '和另一件相同的事并在一起办。', refused: '没有受理：{reason}', reopened: '又重新办了。',
    },
    until: '最晚 {at} 接单。', done: '最晚 {at} 办好。', wake: '到 {at} 再办。', late: '已经超时，会自动交给上一级。', somebody: '负责人员',
  },
  rate: { title: '请您评价', solved: '解决了吗？', yes: '解决了', no: '没解决', score: '满意吗？', words: ['很不满意', '不满意', '一般', '满意', '很满意'], text: '想说的话（可不填）', send: '提交评价', thanks: '谢谢您的评价。', reopened: '这件事会重新办理。', given: '您评了 {n} 分', givenFor: '帮办人替您评了 {n} 分', givenByYou: '您代评了 {n} 分', givenByStaff: '工作人员代您登记了 {n} 分', hint: '先点星星' },
  notices: { title: '消息', none: '还没有消息。', unread: '{n} 条未读', read: '我知道了', readAll: '全部已读', readAt: '已读 {at}', all: '全部', only: '未读', urgent: '紧急', more: '再看一些', open: '看这件事', evaluate: '去评价', class: { work: '工单', progress: '进展', question: '请评价', announcement: '通知', alarm: '告警' } as Record<string, string>, says: { work: '', progress: '', alarm: '', announcement: '' } as Record<string, string>, inChinese: '', receipt: '点“我知道了”后，发通知的人会看到您已读。' },
  me: {
    title: '我的', household: '我家', dormitory: '我的宿舍', dormitoryAbout: '同住的是同事，不在这里列出。', members: '家里人', role: { owner: '业主', tenant: '租客', member: '家人' } as Record<string, string>, helpers: '帮办人', data: '我的资料', big: '长辈版（大字）', shade: '外观', shades: { auto: '自动', light: '浅色', dark: '深色' } as Record<string, string>, speak: '读给我听', lang: 'English', out: '退出登录', outAsk: '退出后，这台手机里存的内容会清掉。', outWaits: '还有 {n} 条没有发出去，退出后会丢掉。', outDo: '退出', role2: '身份', resident: '居民', staff: '工作人员', sessions: '登录过的设备', otherAgent: '其他程序', thisOne: '这台', endSession: '退出这台', password: '换密码', newCode: '换一个新码', newCodeAsk: '旧的码马上失效，印出来的也不能再用。', newCodeDo: '换新码', confirm: '资料没有变化', confirmed: '已确认', past: '住到 {at}', since: '{at} 起', noPerson: '这个账号还没有登记到具体的人。请带身份证到社区办理。',
  },
  daily: { ways: '还要发到手机', waysHelp: '消息总会出现在这里；选了短信或微信的另外发一份。不急的夜里不发，已经读过的不发。', sort: { progress: '我上报的进展', question: '请我评价', announcement: '公告', work: '派给我的工单' } as Record<string, string>, way: { app: '只在这里', sms: '短信', wechat: '微信' } as Record<string, string>, title: '每日消息', help: '不急的通知攒在一起，每天只来一次。', waiting: '已有 {n} 条，{at} 一起送到。', hour: '几点送到', phone: '同时发到手机（短信或微信）', bind: '绑定微信，以后用微信登录', unbind: '解除微信绑定' },
  helpers: {
    title: '帮办人', about: '您可以请家人或邻居替您办事。他们办的每一件都会标明是代办。', mine: '替我办事的人', theirs: '我替他们办事', none: '还没有。', end: '不再帮办', endAsk: '以后 {name} 不能再替您办事。', endHelped: '以后您不再替 {name} 办事。', add: '请一位帮办人', who: '选家里人', number: '或输入对方的个人编号', numberHelp: '对方在“我的资料”里能看到自己的编号。', scope: '可以办什么', untilDay: '到哪一天为止（不填就一直有效）', until: '到 {at} 为止', forever: '一直有效', act: '替 {name} 上报',
    scopes: { report: '上报和求助', evaluate: '评价', book: '预约', pay: '缴费', points: '积分', notices: '看消息', health: '健康', affairs: '政务和个人资料', '*': '全部（健康除外）' } as Record<string, string>, added: '已登记。', pick: '请选人和可以办的事。',
  },
  data: {
    title: '我的资料', known: '登记的内容', name: '姓名', phone: '电话', identity: '证件号', born: '出生', id: '个人编号', copy: '复制编号', copied: '已复制', notCopied: '没有复制成功。请按住上面的编号，自己复制。', source: '来源', confirmedAt: '最后核对', views: '谁看过我的资料', viewsAbout: '有人查看您没有遮住的姓名、电话、证件号，都会记在这里。', viewsOf: '谁看过这位的资料', viewsOfAbout: '有人查看您所帮助的人没有遮住的姓名、电话、证件号，都会记在这里。', noViews: '没有人看过。', viewed: '看了 {what}', reason: '用途', consents: '我同意过的', noConsents: '没有给过任何同意。', given: '{at} 同意', withdrawn: '{at} 收回', withdraw: '收回同意', giveAgain: '重新同意', export: '导出我的全部资料', exported: '已存成文件', exportAbout: '得到一个文件，里面是系统知道的关于您的一切。',
    rights: '更正与删除', rightsAbout: '登记得不对，可以请求更正；不想再留的，可以请求删除。社区核对您的身份后办理，并告诉您结果；法律要求保留的，会说明理由。', fix: '请求更正', erase: '请求删除', fixWhat: '哪一项不对，应该是什么', fixLike: '比如：电话换了，新号码是…', eraseWhat: '请删除哪些内容', eraseLike: '比如：不再住这里，请删除我的电话', askDo: '提出请求', askSent: '请求已提出，下面能看到办到哪了。', askedAt: '{at} 提出 · 编号 {n}', askNoPlace: '不知道该送到哪个社区。请先到社区登记住处，或直接打电话。',
    purposes: { emergency: '紧急', case: '办理工单', care: '关怀', registration: '登记', verification: '核对', request: '本人要求', service: '物业服务', face: '人脸', marketing: '推广', health: '健康', helpers: '帮办', research: '研究' } as Record<string, string>,
    fields: { name: '姓名', phone: '电话', identity: '证件号', birth: '出生日期', sex: '性别', remarks: '备注', tags: '标签' } as Record<string, string>,
  },
  sos: {
    title: '一键求助', out: '求助已发出，看进展', hold: '按住 2 秒求助', holding: '继续按住…', about: '松手就取消。值班人员马上会收到，带着您家的地址。', keys: '也可以点一下，或按回车键，再点确认', confirm: '确认求助', sending: '正在发出求助…', sent: '求助已发出', who: '谁会来', place: '地址', number: '编号 {n}', wait: '请不要离开，开着手机。', offline: '没有网络，求助还没有发出去！请马上打电话：', failed: '求助没有发出去！请马上打电话：', noPlace: '不知道您在哪里，请直接打电话。', first: '也可以直接打', fire: '火警', ambulance: '急救', police: '报警', taken: '有人接单了，正在赶来。', arrived: '人到了。', ring: '正在呼叫值班人员…', rung: '呼叫了谁', cancelNote: '没事了，误按', cancel: '没事了，是误按', canceled: '已告诉值班人员是误按。他们仍可能来看看您。',
  },
  calls: { title: '打电话', urgent: '紧急电话', community: '社区和物业', none: '还没有登记社区和物业的电话。', hotline: '政务热线', others: '其他单位', desk: '值班电话', kinds: { property_company: '物业', community_office: '社区', street_office: '街道', bureau: '部门', district_centre: '区指挥中心', clinic: '诊所', school: '学校', merchant: '商户', volunteers: '志愿者', other: '其他' } as Record<string, string> },
  orders: {
    title: '我的工单', mine: '我的', post: '本岗位', all: '范围内', none: '现在没有要办的工单。有新的会响铃。', live: '实时', notLive: '正在重新连接', left: '还剩 {t}', late: '超时 {t}', noDue: '没有时限', deferred: '挂账到 {at}', wasLate: '曾逾期', refresh: '刷新', kept: '{at} 存下的列表', minutes: '{n} 分钟', hours: '{n} 小时', days: '{n} 天', queued: '待发送', refusedHere: '没有被接受', waitsFor: '待接单', called: '呼叫报到', part: '分办', calledAs: '请{who}报到', partOf: '{n} · {who}：{task}', inHand: '在办', offline: '没有网络：可以照常接单、到场、办结、拍照，恢复后按顺序发送。',
  },
  order: {
    title: '工单', emergency: '紧急处置', due: '时限', next: '下一步', more: '更多操作', checklist: '处置清单', checked: '已确认', check: '确认', reporter: '联系报事人', reporterAbout: '隐号通话：网关先打给您，您接起后再打给报事人，双方都看不到对方的号码。打过会记在经办记录里。', bridge: '隐号通话', dialling: '正在接通…', pickUp: '您的电话马上会响，接起后会转给报事人。', callFailed: '没有打通，请稍后再试，或请值班台联系。', noGateway: '本节点没有接入电话网关，打不了隐号电话。请让值班台联系报事人。', showAbout: '也可以直接看号码：会记下您的名字和用途，报事人看得到。', show: '显示并拨打', noPhone: '没有登记电话', nameless: '没有登记的人', anonymous: '报事人不愿透露身份', release: '解除设备保持', releaseAbout: '{device} 正被系统保持。确认安全后可以马上解除，请写明理由。', released: '已解除', reason: '理由', note: '说明', evidence: '办结时请附上：', evidenceMust: '没有这些不能办结：', lacks: '没有附{what}。可以照样办结，经办记录里会写明没有附。', anyway: '不附了，照样办结', passed: '核实通过', notPassed: '没有通过', notPassedWhy: '为什么没有通过', notPassedAbout: '会退回给经办人重办，您写的理由他们看得到。', evidencePhoto: '照片', evidenceNote: '文字说明', submit: '提交', to: '转给哪个岗位', until: '延到哪一天', waits: '等待发送：{what}', waitsNote: '网络恢复后按顺序发出', refused: '没有被接受：{what}', discard: '知道了', undo: '撤回', sentNow: '已提交', stored: '已存下，网络恢复后发送', why: '为什么有这张单', situation: '由设备告警引发', called: '吹哨与报到', parts: '联办分工', came: '{at} 已报到', cameLate: '{at} 迟到报到', inBy: '请于 {at} 前报到', notIn: '逾期未报到（应于 {at} 前）', partDone: '{at} 已办结', partBy: '请于 {at} 前办结', partLate: '逾期未办结（应于 {at} 前）', callWhom: '叫哪些单位来报到（可不选）', callNobody: '通讯录里还没有可以呼叫的单位。', reportIn: '多久内报到',
    reasons: { return_: '为什么退回', return: '为什么退回', transfer: '为什么转交', 'false-alarm': '为什么是误报', defer: '为什么要延后', whistle: '为什么要请上级' } as Record<string, string>, quick: { arrive: '到了', 'false-alarm': '现场查看没有发现异常' } as Record<string, string>,
  },
  move: { solved: '解决了', unsolved: '没有解决', 'not-verified': '核实没有通过', fix: '请求更正', erase: '请求删除', accept: '接单', arrive: '到场', handle: '办结', verify: '核实', close: '结案', return: '退回', transfer: '转交', defer: '申请延后', urge: '催办', whistle: '吹哨', 'report-in': '报到', 'false-alarm': '误报', note: '记一笔', done: '分项办结', confirm: '确认一项', reopen: '重开', appeal: '申诉', refuse: '不予受理', report: '上报', evaluate: '评价', release: '解除保持', hand: '交班留言', take: '接班', checkin: '打卡' } as Record<string, string>,
  state: { reported: '待派单', assigned: '待接单', accepted: '办理中', handled: '待核实', verified: '已核实', closed: '已办完', deferred: '已延后', merged: '已合并', refused: '未受理', reopened: '重新办理' } as Record<string, string>,
  ring: { title: '请接单', about: '没有接单，会转给下一个人。', called: '叫您来报到。没有报到，会转给下一个人。', accept: '接单', look: '先看看', mute: '静音', drill: '这是演练' },
  tools: { title: '交接班', onDuty: '我的班次', noShift: '排班表里没有您的班次。', open: '上一班留下的话', none: '没有待接的留言。', take: '接班', taken: '已接班', write: '给下一班留言', to: '岗位', note: '要交代的事', leave: '留下', left: '已留下', colleagues: '现在当班', away: '请假或离开', every: '每天', working: '工作日', off: '休息日', days: '周{d}', dayNames: '一二三四五六日', code: '输入或扫描码', scan: '扫码', codeHelp: '住户码、巡查点的码都可以。也可以用手机相机直接扫，或把手机靠近 NFC 标签。', codeGo: '打开' },
  phone: {
    title: '共用手机与交接', pinWay: '口令', bindWay: '绑定码', bindTitle: '绑定这部手机', who: '谁来用这部手机', pin: '口令', unlock: '打开', takeOver: '接过手机', nobody: '这部手机还没有人可以用。请到值班台要一个绑定码。', nobodyElse: '还没有别的同事绑定在这部手机上。先用值班台给的绑定码加一位。', left: '还可以再试 {n} 次，之后要到值班台重新绑定。', leftTag: '还剩 {n} 次',
    code: '值班台给的绑定码', name: '这部手机叫什么', nameLike: '岗亭手机', unnamed: '岗位手机', newPin: '自己定一个口令', pinHelp: '4 到 8 位数字，不要连号，不要全一样。', again: '再输一遍', unlike: '两遍口令不一样。', bind: '绑定', bindAbout: '值班台在“账号与角色”里给您一个绑定码，15 分钟内有效，只能用一次。绑定后只凭口令打开。', second: '动态验证码', secondHelp: '打开验证器，输入这一分钟的 6 位数字；绑定码还能用。', bindOwnAbout: '以后在这部手机上只凭口令就能打开，不用输密码。', bindOwn: '绑定我自己', boundOwn: '已绑定，下次用口令打开。', addOther: '加一位同事', addTakes: '绑定后手机就到这位同事手里，您会从这部手机上退出。', unbind: '不再用这部手机', unbindAsk: '以后您不能再用口令打开这部手机。', unbound: '已解除绑定。',
    inHand: '现在在 {who} 手里', knows: '可以用这部手机的：{who}', notBound: '这部手机还没有绑定。绑定后可以用口令打开，并和同事交接。', open: '手上的工单 {n} 件', nothingOpen: '没有在办的工单，可以放心交接。', unsent: '还有 {n} 条没有发出去：会留在这部手机里，等您下次在这部手机上登录时发出。', hand: '交给下一位', next: '谁接手', handOffline: '交接要等网络恢复。',
  },
  code: { title: '扫码', household: '住户', unknown: '没有这个码。', again: '再输一次', unknownHelp: '看看有没有输错，数字和字母都要一样。要报的事也可以直接上报。', report: '为这里上报', offline: '没有网络，现在查不到这个码。', yours: '这是一个一户一码。请出示给工作人员或设备，不要发给别人。', checked: '已打卡' },
  round: {
    title: '巡查', unknownPoint: '巡查点', later: '没有网络，还不知道这是哪个点位。照常打卡：先存在手机里，恢复后自动送到对应的巡查。', none: '今天没有分给您的巡查。', noneHelp: '到点会自动出现在这里。没有网络时，已经打开过的巡查也能打卡。', point: '巡查点', due: '{at} 前走完', began: '{at} 开始', done: '{at} 已到', told: '{at} 补报', waits: '已到，待发送', missed: '漏检', check: '到点打卡', checkDo: '一切正常，打卡', finding: '发现问题', findingDo: '报上去并打卡', progress: '{n} / {all} 个点位',
    code: '点位上的码', codeHelp: '扫墙上的码，或把手机靠近 NFC 标签；也可以在这里输入码或标签上的字。', what: '是什么问题', note: '看到了什么', look: '要看什么', notYours: '这个码不在您今天的巡查里。', already: '这里 {at} 已经打过卡。', open: '打开巡查', found: '已立案，看工单', fine: '正常', stored: '已存下，网络恢复后自动发送', sent: '已打卡', all: '全部走完', ended: '已结束', forStaff: '这是巡查点的码，给巡查人员打卡用。', hereReport: '这里有问题？上报', missedCase: '漏检已立案', which: '哪个点位', unlike: '这个码不是“{name}”的码。',
  },
  pull: { pull: '下拉刷新', loose: '松开刷新' },
  speak: { read: '读给我听', stop: '停' },
  other: '其他',
}
export type Words = typeof zh
