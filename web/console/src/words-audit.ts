// What an entry of the audit says, in words. Codes are "room.happened".
import { accountName, caseKnown, kindName, personName } from '@lifang/kit'
import { w } from './shared'

const rooms: Record<string, readonly [string, string]> = {
  cases: ['工单', 'Cases'], people: ['人员', 'People'], accounts: ['账号', 'Accounts'], rules: ['规则', 'Rules'], actions: ['设备联动', 'Actions'], situations: ['态势', 'Situations'],
  devices: ['设备', 'Devices'], rosters: ['值班', 'Rosters'], notices: ['通知', 'Notices'], places: ['地点', 'Places'], files: ['文件', 'Files'], evaluations: ['评价', 'Evaluations'],
  affairs: ['一表通', 'Forms'], drills: ['演练', 'Drills'], exchange: ['数据交换', 'Exchange'], imports: ['导入', 'Imports'], scorecards: ['考核', 'Scorecards'],
}
const deeds: Record<string, readonly [string, string]> = {
  opened: ['立案', 'opened'], joined: ['合并上报', 'joined'], assigned: ['派单', 'assigned'], warned: ['临期提醒', 'warned'], escalated: ['升级', 'escalated'], called: ['呼叫单位', 'called'],
  closed: ['结案', 'closed'], reopened: ['重开', 'reopened'], refused: ['不予受理', 'refused'], false_alarm: ['误报', 'false alarm'], stepped: ['经办', 'stepped'], kept: ['保存', 'kept'],
  moved: ['移动', 'moved'], revealed: ['查看明文', 'looked at plain data'], searched: ['查找', 'searched'], exported: ['导出', 'exported'], erased: ['删除资料', 'erased'], confirmed: ['核对', 'confirmed'],
  code_shown: ['显示户码', 'showed a code'], code_renewed: ['换户码', 'renewed a code'], moved_in: ['迁入', 'moved in'], moved_out: ['迁出', 'moved out'], tagged: ['打标签', 'tagged'], loaded: ['批量导入', 'loaded'],
  household_kept: ['住户', 'household'], organisation_kept: ['单位', 'organisation'], consent_given: ['同意', 'consent given'], consent_withdrawn: ['撤回同意', 'consent withdrawn'], helper_changed: ['代办人', 'helper'],
  changed: ['变更', 'changed'], key_changed: ['接口密钥', 'API key'], locked: ['锁定', 'locked'], logged_in: ['登录', 'logged in'], role_changed: ['角色', 'role'], sessions_ended: ['登录结束', 'sessions ended'],
  activated: ['启用', 'activated'], retired: ['停用', 'retired'], blocked: ['未执行', 'blocked'], commanded: ['下发指令', 'commanded'], ended: ['结束', 'ended'], released: ['解除保持', 'released'], notify: ['告知', 'told'],
  rose: ['加重', 'rose'], cleared: ['解除', 'cleared'], acknowledged: ['查看', 'seen'], marked_false: ['标为误报', 'marked false'], removed: ['移除', 'removed'], answered: ['应答', 'answered'],
  attributes_changed: ['改属性', 'attributes'], maintenance_set: ['检修静默', 'maintenance'], maintenance_ended: ['检修结束', 'maintenance ended'], profile_kept: ['设备类型', 'profile'], absent: ['请假', 'absence'], handed_over: ['交接班', 'hand-over'], shift_changed: ['班次', 'shift'],
  arrived: ['送达', 'arrived'], ringing: ['呼叫', 'ringing'], ring_ended: ['呼叫结束', 'ring ended'], asked: ['询问评价', 'asked'], given: ['评价', 'given'],
  library_kept: ['视图库', 'viewing library'], library_removed: ['删去视图库', 'library removed'], library_lost: ['视图库失联', 'library lost'], library_found: ['视图库恢复', 'library back'], capture_left: ['抓拍送出', 'capture sent out'], capture_refused: ['抓拍被拒收', 'capture refused'],
  applied: ['导入名单', 'took a list in'], filled: ['导出报表', 'filled a form'], announced: ['发公告', 'announced'], found: ['巡查发现', 'found on a round'], missed: ['漏巡', 'points missed'], round_done: ['巡查完成', 'round done'], began: ['开始', 'began'], told: ['已告知', 'told'],
}
export function auditWord(code: string): string {
  const [room = '', deed = ''] = code.split('.')
  const r = rooms[room], d = deeds[deed]
  return (r ? w(...r) : room) + (deed ? ' · ' + (d ? w(...d) : deed) : '')
}
/** What an entry is about: by number or name where it has one that the viewer may see, else by what sort of thing it is. Ids that people gave are names. */
export function subjectWords(subject: string): string {
  const made = /^([a-z]+)_[0-9A-Z]{26}$/.exec(subject)?.[1]
  if (!made) return subject
  if (made === 'case') {
    const found = caseKnown(subject)
    return found ? found.number + ' ' + kindName(found.kind) : w('工单', 'a case')
  }
  if (made === 'person') return personName(subject)
  if (made === 'account') return accountName(subject, w('一个账号', 'an account'))
  return sorts[made] ? w(...sorts[made]) : made
}
const sorts: Record<string, readonly [string, string]> = {
  situation: ['态势', 'a situation'], household: ['住户', 'a household'], evaluation: ['评价', 'an evaluation'], notice: ['通知', 'a notice'], ring: ['呼叫', 'a ring'], action: ['设备联动', 'an action'],
  session: ['登录', 'a login'], phone: ['岗位手机', 'a bound phone'], file: ['文件', 'a file'], drill: ['演练', 'a drill'], task: ['巡查', 'a round'], announcement: ['公告', 'an announcement'], import: ['导入', 'an import'],
  residency: ['居住', 'a residency'], consent: ['同意', 'a consent'], handover: ['交接班', 'a hand-over'], assignment: ['授权', 'an assignment'], capture: ['抓拍', 'a capture'], run: ['报表', 'a form filled'],
}
