// What cases are called and how they stand, in sentences for the person who reported them.
import { instant, isLate, may, me, tongue, type Case, type Kind, type List, type Organisation, type Post } from '@lifang/kit'
import { shallowRef, watch } from 'vue'
import { fetchKept, peek } from './net/kept'
import type { IconName } from './draw/icons'
import { t } from './words'

const kinds = shallowRef(new Map<string, Kind>())
const posts = shallowRef(new Map<string, string>())
const organisations = shallowRef(new Map<string, Organisation>())

/// Whom to call; throws where nobody said so yet, so that a page does not take that for nobody.
export async function loadOrganisations(): Promise<void> {
  const list = await fetchKept<List<Organisation>>('people/organisations', { limit: 500 })
  organisations.value = new Map(list.items.map(o => [o.id, o]))
}
/// Names: what is not told now stays unnamed until the next time.
const take = async <T>(path: string, use: (items: T[]) => void) => {
  const kept = await peek<List<T>>(path, { limit: 500 })
  if (kept) use(kept.items)
  await fetchKept<List<T>>(path, { limit: 500 }).then(list => use(list.items), () => undefined)
}
let askedForKinds = false
/// Names are wanted everywhere: what was kept at once, then the node's. The catalogue is large and comes when it is wanted:
/// for staff, for English titles, for the whole list of kinds.
export async function loadNames(): Promise<void> {
  if (may('cases.handle') || tongue.value === 'en') void loadKinds()
  await Promise.all([
    take<Post>('rosters/posts', items => (posts.value = new Map(items.map(post => [post.id, post.name])))),
    take<Organisation>('people/organisations', items => (organisations.value = new Map(items.map(o => [o.id, o])))),
  ])
}
export async function loadKinds(): Promise<void> {
  if (askedForKinds) return
  askedForKinds = true
  await take<Kind>('cases/kinds', items => (kinds.value = new Map(items.map(kind => [kind.code, kind]))))
  if (!kinds.value.size) askedForKinds = false
}
/// One kind alone.
export async function loadKind(code: string): Promise<void> {
  if (kinds.value.has(code)) return
  const kind = await fetchKept<Kind>('cases/kinds/' + code).catch(() => null)
  if (kind && !kinds.value.has(code)) kinds.value = new Map(kinds.value).set(code, kind)
}
watch(tongue, now => { if (now === 'en' && me.value) void loadKinds() })
export const kindOf = (code: string): Kind | undefined => kinds.value.get(code)
export const allKinds = (): Kind[] => [...kinds.value.values()]
export const allOrganisations = (): Organisation[] => [...organisations.value.values()]
export const allPosts = (): [string, string][] => [...posts.value]
export function kindName(code: string): string {
  const kind = kinds.value.get(code)
  const own = common.find(one => one.code === code)
  if (tongue.value === 'zh') return kind?.name ?? own?.zh ?? code
  return kind?.name_en || own?.en || code
}
export const postName = (id: string | undefined): string => (id && posts.value.get(id)) || ''
export const organisationName = (id: string | undefined): string => (id && organisations.value.get(id)?.name) || ''
/// A called bureau: an organisation, or a post that is called by its name.
export const callName = (id: string | undefined): string => organisationName(id) || postName(id) || id || ''
const kNear = ['property_company', 'community_office', 'street_office', 'clinic', 'volunteers']
/// Who can be called: first those whose place lies on the way down to `path`, the property company before the street;
/// the others apart. Nothing lies apart where no path is known.
export function callsFor(all: Organisation[], path: string): { own: Organisation[]; others: Organisation[] } {
  const rank = (o: Organisation) => (kNear.indexOf(o.kind) + 99) % 99
  const listed = all.filter(o => o.phone).sort((a, b) => rank(a) - rank(b))
  const mine = (o: Organisation) => !path || (o.path !== '' && path.startsWith(o.path)) || (!!o.place && path.includes('/' + o.place + '/'))
  return { own: listed.filter(mine), others: listed.filter(o => !mine(o)) }
}
const kBureaus = new Set(['bureau', 'street_office', 'district_centre', 'community_office', 'property_company', 'clinic'])
/// Whom a whistle may call: the bureaus of the register, and posts that answer for one without being in it.
export function callable(): [string, string][] {
  const own = allOrganisations().filter(o => kBureaus.has(o.kind)).map((o): [string, string] => [o.id, o.name])
  const posts_ = allPosts().filter(([id, name]) => kCalled.has(id) && !own.some(([known, called]) => known === id || called === name))
  return [...own, ...posts_]
}
const kCalled = new Set(['street-waste', 'street-safety', 'street-order', 'street-care', 'street-office', 'urban-management', 'police', 'fire', 'medical', 'health-bureau', 'civil-affairs', 'housing-bureau', 'market-supervision', 'environment-bureau', 'water-utility', 'power-utility', 'gas-utility', 'lift-rescue', 'community-office', 'estate-office', 'guard'])
/// "漏水 · 2幢 1单元": the node's own title; its kind is turned, names of places are names.
export function caseTitle(item: Pick<Case, 'title' | 'kind'>): string {
  if (tongue.value === 'zh') return item.title
  const cut = item.title.indexOf(' · ')
  return kindName(item.kind) + (cut < 0 ? '' : item.title.slice(cut))
}
/// "云溪苑物业" and "物业服务中心" are "云溪苑物业服务中心": what ends one and begins the other is said once.
export function joined(first: string, second: string): string {
  if (first.includes(second)) return first
  for (let n = Math.min(first.length, second.length); n > 0; n--) if (first.endsWith(second.slice(0, n))) return first + second.slice(n)
  return first + second
}
/// Who is at it, as far as it may be said.
export function whoHasIt(item: Case): string {
  const post = postName(item.post)
  const organisation = organisationName(item.organisation)
  if (tongue.value === 'en') return t('case.somebody')   // names of posts are Chinese; a sentence is not half and half
  if (post && organisation) return joined(organisation, post)
  return post || organisation || t('case.somebody')
}
/// Help was called and has not come yet, or is at it. Once they say that it is done, the next call for help is another one.
export const helpIsOut = (item: Pick<Case, 'kind' | 'state'>): boolean => item.kind === 'sos' && ['reported', 'assigned', 'accepted', 'reopened'].includes(item.state)
/// They say it is done, and whoever looks at it is asked whether it is.
export const isToConfirm = (item: Pick<Case, 'state' | 'allowed'>): boolean => item.state === 'handled' && item.allowed.includes('verify')
/// One sentence on how it stands, and one on what comes by when.
export function standing(item: Case): string {
  const nothing = item.state === 'handled' && item.ending === 'false_alarm'
  const way = item.state === 'accepted' && item.arrived_at ? 'arrived' : isToConfirm(item) ? (nothing ? 'nothingYours' : 'yours') : nothing ? 'nothing' : item.state
  const said = t('case.now.' + way, { post: whoHasIt(item), reason: item.reason || '–' })
  return said.charAt(0).toUpperCase() + said.slice(1)   // a sentence begins large also where it begins with "the person in charge"
}
export function expected(item: Case): string {
  if (item.state === 'deferred') return item.deferred_until ? t('case.wake', { at: instant(item.deferred_until) }) : ''
  if (!['reported', 'assigned', 'reopened', 'accepted'].includes(item.state)) return ''
  if (item.state === 'accepted') return item.handle_by && Date.parse(item.handle_by) > Date.now() ? t('case.done', { at: instant(item.handle_by) }) : isLate(item, Date.now()) ? t('case.late') : ''
  if (item.due && Date.parse(item.due) > Date.now()) return t('case.until', { at: instant(item.due) })
  return isLate(item, Date.now()) ? t('case.late') : ''
}
export const isOpen = (state: string) => !['verified', 'closed', 'merged', 'refused'].includes(state)

/// What people report most, in the order of the first screen. Names stand here too, so that they show before the node answers.
export const common: { code: string; icon: IconName; zh: string; en: string }[] = [
  { code: 'leak', icon: 'leak', zh: '漏水', en: 'Water leak' }, { code: 'street-light', icon: 'lamp', zh: '灯不亮', en: 'Light out' },
  { code: 'door-fault', icon: 'door', zh: '门禁坏了', en: 'Door broken' }, { code: 'lift-fault', icon: 'lift', zh: '电梯坏了', en: 'Lift broken' },
  { code: 'noise', icon: 'noise', zh: '太吵了', en: 'Noise' }, { code: 'corridor-clutter', icon: 'boxes', zh: '楼道堆物', en: 'Clutter' },
  { code: 'bin-full', icon: 'bin', zh: '垃圾满了', en: 'Bin full' }, { code: 'parking-disorder', icon: 'car', zh: '乱停车', en: 'Bad parking' },
  { code: 'drain-blocked', icon: 'pipe', zh: '下水堵了', en: 'Drain blocked' }, { code: 'power-outage', icon: 'plug', zh: '停电', en: 'Power cut' },
  { code: 'hardship', icon: 'elder', zh: '需要帮忙', en: 'Help needed' }, { code: 'other', icon: 'more', zh: '其他', en: 'Other' },
]
export const tileName = (code: string): string => {
  const own = common.find(one => one.code === code)
  return own ? (tongue.value === 'zh' ? own.zh : own.en) : kindName(code)
}
/// Kinds that only devices raise; a person would not look for them.
export const kForDevices = new Set(['device-silent', 'soil-dry', 'round-missed', 'leak-meter', 'hydrant-pressure', 'health-red', 'elder-quiet', 'discharge-visit', 'home-intrusion', 'meter-fault', 'camera-fault'])
