// The pages of the console, each loaded when it is first opened.
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'

/** `right`: whoever lacks it does not see the entry; the node holds it anyway. */
export interface Entry { path: string; right?: string; or?: string; group: 'work' | 'watch' | 'people' | 'rules' | 'node'; zh: string; en: string; page: () => Promise<unknown> }
export const entries: Entry[] = [
  { path: '/queue', group: 'work', zh: '我的待办', en: 'My queue', page: () => import('./pages/QueuePage.vue') },
  { path: '/live', group: 'work', zh: '实时态势', en: 'Live', right: 'situations.read', page: () => import('./pages/LivePage.vue') },
  { path: '/report', group: 'work', zh: '代报登记', en: 'Report for others', right: 'cases.report', page: () => import('./pages/ReportPage.vue') },
  { path: '/callback', group: 'work', zh: '回告清单', en: 'Call-backs', right: 'notices.send', page: () => import('./pages/CallbackPage.vue') },
  { path: '/announce', group: 'work', zh: '公告', en: 'Announcements', right: 'notices.send', page: () => import('./pages/AnnouncePage.vue') },
  { path: '/hotline', group: 'work', zh: '12345 热线', en: '12345 hotline', right: 'exchange.read', page: () => import('./pages/HotlinePage.vue') },
  { path: '/forms', group: 'work', zh: '一表通', en: 'Forms', right: 'affairs.read', page: () => import('./pages/FormsPage.vue') },
  { path: '/notices', group: 'work', zh: '通知', en: 'Notices', page: () => import('./pages/NoticesPage.vue') },
  { path: '/cases', group: 'watch', zh: '工单', en: 'Cases', right: 'cases.read', or: 'cases.called', page: () => import('./pages/CasesPage.vue') },
  { path: '/board', group: 'watch', zh: '三级循环', en: 'Three circles', right: 'cases.read', or: 'cases.called', page: () => import('./pages/BoardPage.vue') },
  { path: '/situations', group: 'watch', zh: '态势记录', en: 'Situations', right: 'situations.read', page: () => import('./pages/SituationsPage.vue') },
  { path: '/evaluations', group: 'watch', zh: '评价', en: 'Evaluations', right: 'evaluations.read', page: () => import('./pages/EvaluationsPage.vue') },
  { path: '/rates', group: 'watch', zh: '考核三率', en: 'Rates', right: 'scorecards.read', page: () => import('./pages/RatesPage.vue') },
  { path: '/drills', group: 'watch', zh: '演练', en: 'Drills', right: 'drills.read', page: () => import('./pages/DrillsPage.vue') },
  { path: '/rosters', group: 'people', zh: '值班', en: 'Rosters', right: 'rosters.read', page: () => import('./pages/RostersPage.vue') },
  { path: '/rounds', group: 'people', zh: '巡查', en: 'Rounds', right: 'rosters.read', page: () => import('./pages/RoundsPage.vue') },
  { path: '/places', group: 'people', zh: '地点', en: 'Places', right: 'places.read', page: () => import('./pages/PlacesPage.vue') },
  { path: '/people', group: 'people', zh: '人员', en: 'People', right: 'people.read', page: () => import('./pages/PeoplePage.vue') },
  { path: '/households', group: 'people', zh: '一户一码', en: 'Households', right: 'people.read', page: () => import('./pages/HouseholdsPage.vue') },
  { path: '/organisations', group: 'people', zh: '单位', en: 'Organisations', page: () => import('./pages/OrganisationsPage.vue') },
  { path: '/devices', group: 'people', zh: '设备', en: 'Devices', right: 'devices.read', page: () => import('./pages/DevicesPage.vue') },
  { path: '/profiles', group: 'people', zh: '设备类型', en: 'Device types', right: 'devices.read', page: () => import('./pages/ProfilesPage.vue') },
  { path: '/rules', group: 'rules', zh: '预警规则', en: 'Rules', right: 'rules.read', page: () => import('./pages/RulesPage.vue') },
  { path: '/kinds', group: 'rules', zh: '事项目录', en: 'Kinds', right: 'cases.read', page: () => import('./pages/KindsPage.vue') },
  { path: '/import', group: 'rules', zh: '导入', en: 'Import', right: 'places.write', page: () => import('./pages/ImportPage.vue') },
  { path: '/accounts', group: 'node', zh: '账号与角色', en: 'Accounts', right: 'accounts.read', page: () => import('./pages/AccountsPage.vue') },
  { path: '/webhooks', group: 'node', zh: '对外推送', en: 'Webhooks', right: 'notices.webhooks', page: () => import('./pages/WebhooksPage.vue') },
  { path: '/libraries', group: 'node', zh: '视图库', en: 'Viewing libraries', right: 'exchange.libraries', page: () => import('./pages/LibrariesPage.vue') },
  { path: '/audit', group: 'node', zh: '操作日志', en: 'Audit', right: 'audit.read', page: () => import('./pages/AuditPage.vue') },
  { path: '/node', group: 'node', zh: '运行状况', en: 'Node', right: 'node.read', page: () => import('./pages/NodePage.vue') },
  { path: '/me', group: 'node', zh: '我的账号', en: 'My account', page: () => import('./pages/MePage.vue') },
]
export const groups: Record<Entry['group'], readonly [string, string]> = {
  work: ['办理', 'Work'], watch: ['监督', 'Watch'], people: ['人房物', 'Registers'], rules: ['规则', 'Rules'], node: ['系统', 'System'],
}

const routes: RouteRecordRaw[] = [
  { path: '/', redirect: '/queue' },
  ...entries.map((e): RouteRecordRaw => ({ path: e.path, component: e.page as RouteRecordRaw['component'] as never, meta: { zh: e.zh, en: e.en } })),
  { path: '/cases/:id', component: () => import('./pages/CasePage.vue'), meta: { zh: '工单', en: 'Case' } },
  { path: '/situations/:id', component: () => import('./pages/SituationPage.vue'), meta: { zh: '态势', en: 'Situation' } },
  { path: '/rules/:id', component: () => import('./pages/RulePage.vue'), meta: { zh: '规则', en: 'Rule' } },
  { path: '/kinds/:code', component: () => import('./pages/KindPage.vue'), meta: { zh: '事项', en: 'Kind' } },
  { path: '/devices/:id', component: () => import('./pages/DevicePage.vue'), meta: { zh: '设备', en: 'Device' } },
  { path: '/devices/:id/view', component: () => import('./pages/CameraPage.vue'), meta: { zh: '画面设置', en: 'View' } },
  { path: '/people/:id', component: () => import('./pages/PersonPage.vue'), meta: { zh: '人员', en: 'Person' } },
  { path: '/households/:id', component: () => import('./pages/HouseholdPage.vue'), meta: { zh: '住户', en: 'Household' } },
  { path: '/:rest(.*)*', component: () => import('./pages/NowherePage.vue'), meta: { zh: '没有这一页', en: 'No such page' } },
]
export const router = createRouter({
  history: createWebHistory('/console/'),
  routes,
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
})
