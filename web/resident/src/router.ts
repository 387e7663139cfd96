// Paths behind the '#': codes on walls and tags carry links such as /#/c/7K3M9QX2TB4F.
import { nextTick } from 'vue'
import { createRouter, createWebHashHistory, type RouteRecordRaw } from 'vue-router'
import HomeView from './views/HomeView.vue'
import { hush } from './prefs'
import { role } from './net/session'
import { mayLeave } from './net/unsaved'

const routes: RouteRecordRaw[] = [
  { path: '/', component: HomeView, meta: { title: 'name', root: true } },
  { path: '/report', component: () => import('./views/ReportView.vue'), meta: { title: 'report.title' } },
  { path: '/mine', component: () => import('./views/MineView.vue'), meta: { title: 'mine.title', root: true } },
  { path: '/case/:id', component: () => import('./views/CaseView.vue'), meta: { title: 'case.title' } },
  { path: '/notices', component: () => import('./views/NoticesView.vue'), meta: { title: 'notices.title', root: true } },
  { path: '/me', component: () => import('./views/MeView.vue'), meta: { title: 'me.title', root: true } },
  { path: '/helpers', component: () => import('./views/HelpersView.vue'), meta: { title: 'helpers.title' } },
  { path: '/data', component: () => import('./views/DataView.vue'), meta: { title: 'data.title' } },
  { path: '/views/:person', component: () => import('./views/ViewsView.vue'), meta: { title: 'data.viewsOf' } },
  { path: '/sos', component: () => import('./views/SosView.vue'), meta: { title: 'sos.title' } },
  { path: '/calls', component: () => import('./views/CallsView.vue'), meta: { title: 'calls.title' } },
  { path: '/waiting', component: () => import('./views/WaitingView.vue'), meta: { title: 'mine.waiting' } },
  { path: '/orders', component: () => import('./staff/OrdersView.vue'), meta: { title: 'orders.title', root: true } },
  { path: '/order/:id', component: () => import('./staff/OrderView.vue'), meta: { title: 'order.title' } },
  { path: '/rounds', component: () => import('./staff/RoundsView.vue'), meta: { title: 'round.title', root: true } },
  { path: '/round/:id', component: () => import('./staff/RoundView.vue'), meta: { title: 'round.title' } },
  { path: '/shift', component: () => import('./staff/ShiftView.vue'), meta: { title: 'tools.title', root: true } },
  { path: '/phone', component: () => import('./staff/HandoverView.vue'), meta: { title: 'phone.title' } },
  { path: '/c/:code', component: () => import('./staff/CodeView.vue'), meta: { title: 'code.title' } },
  { path: '/:rest(.*)*', redirect: '/' },
]
export const router = createRouter({
  history: createWebHashHistory(),
  routes,
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
})
router.beforeEach(async (to, from) => {
  if (from.matched.length && !(await mayLeave())) return false
  // Staff begin with their orders; the household's page is one tap away.
  if (to.path === '/' && from.matched.length === 0 && role.value === 'staff') return '/orders'
  hush()
})
// Whoever hears the page is taken to the beginning of the new one.
router.afterEach((to, from) => { if (from.matched.length && to.path !== from.path) void nextTick(() => document.getElementById('main')?.focus({ preventScroll: true })) })
