// What the node found when it walked the chain of the audit, in words: broken is said first, with the entry and why.
import { either, type schema } from '@lifang/kit'

/** Why the chain is broken, as src/rooms/audit says it. */
export const whys: Record<string, string> = {
  'the beginning of the chain is not signed by this node': '链的开头不是本节点签的',
  'an entry is missing': '这一条不见了',
  'it does not follow the entry before it': '它接不上前一条',
  'it was changed': '它被改过',
  'an anchor is not signed by this node': '这里的锚点不是本节点签的',
  'the signed anchor says otherwise': '与签过名的锚点不符',
  'entries up to the last signed anchor are missing': '到最后一个签名锚点之间的记录不见了',
  'entries up to the signed end are missing': '到签过名的末尾之间的记录不见了',
  'entries up to what was noted outside of the database are missing': '到数据库之外所记的那一条之间的记录不见了',
  'the end of the chain is not signed by this node': '链的末尾不是本节点签的',
  'the signed end of the chain is missing': '签过名的末尾不见了',
  'the signed end says otherwise': '与签过名的末尾不符',
  'what was noted outside of the database is not signed by this node': '数据库之外所记的不是本节点签的',
  'what was noted outside of the database says otherwise': '与数据库之外所记的不符',
}

export interface Said { broken: boolean; text: string }
export function verdictWords(v: schema.AuditVerdict): Said {
  const looked = either(`共核对 ${v.entries} 条、${v.anchors} 个签名锚点`, `${v.entries} entries and ${v.anchors} signed anchors were checked`)
  if (v.broken_at === undefined || v.broken_at === null) return { broken: false, text: either(`核对完成，链完整：${looked}。`, `Verified, the chain is whole: ${looked}.`) }
  const why = either(whys[v.why] ?? v.why, v.why)
  return {
    broken: true,
    text: either(`链断了：第 ${v.broken_at} 条起不可信，${why}。${looked}。请保留现在的数据和备份，马上告诉系统管理员，不要清理。`,
      `The chain is broken: from entry ${v.broken_at} on it cannot be trusted (${why}). ${looked}. Keep the data and the backups as they are, tell the keeper of the system at once, and clear nothing away.`),
  }
}
