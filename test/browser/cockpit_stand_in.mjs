// A stand-in for a node, for what a real one is too slow or too large for in a test of the cockpit: a district of 2,000
// buildings and 20,000 devices that is there at once, and thousands of events a minute. It serves the built page with the
// program's own Content-Security-Policy.
import { readFileSync, existsSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'

const dist = new URL('../../web/dist/', import.meta.url).pathname
const types = { '.svg': 'image/svg+xml', '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css' }
const policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; " +
  "connect-src 'self'; media-src 'self' blob:; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
const rules = [['smoke', '烟感报警', 'critical', 'Smoke alarm'], ['flood', '雨水井水位过高', 'critical', 'Gully too full'], ['dust', '扬尘', 'warning', 'Dust'],
  ['lift-ebike', '电动车入梯', 'warning', 'E-bike in a lift'], ['bin-full', '垃圾桶满溢', 'info', 'Bin overflowing'], ['dropped-bag', '落地包', 'info', 'Dropped bag'],
  ['hot-corridor', '楼道温度过高', 'warning', 'Corridor too hot']]
const kinds = [['leak', '漏水', 'Leak'], ['noise', '噪音', 'Noise'], ['bin-full', '垃圾满溢', 'Bin full'], ['lift-trapped', '电梯困人', 'Trapped in a lift'], ['dropped-bag', '落地包', 'Dropped bag']]
const posts = [['guard', '保安'], ['cleaner', '保洁员'], ['repairer', '维修工'], ['estate-office', '物业服务中心'], ['community-office', '社区值班'], ['street-office', '街道值班'], ['street-waste', '街道垃圾分类'], ['fire', '消防'], ['district-command', '城区指挥中心']]

export function makeDistrict(compounds = 100, buildingsEach = 20) {
  let seed = 7
  const chance = () => ((seed = (seed * 1103515245 + 12345) & 0x7fffffff) / 0x7fffffff)
  const perLon = 1 / 96100, perLat = 1 / 111320, side = Math.ceil(Math.sqrt(compounds))
  const at = (x, y) => [+(120.1 + x * perLon).toFixed(7), +(30.3 + y * perLat).toFixed(7)]
  const box = (x, y, w, d) => [...at(x, y), ...at(x + w, y), ...at(x + w, y + d), ...at(x, y + d)]
  const places = [{ id: 'd', kind: 'district', name: '云栖区', parent: '', floors: 0, height: 0, at: at(side * 215, side * 215), ring: box(-40, -40, side * 430 + 50, side * 430 + 50) }]
  const names = ['云溪', '锦澜', '青梧', '栖霞', '沐春', '听竹', '临泉', '晴川', '望舒', '松风', '采菱', '揽月']
  for (let c = 0; c < compounds; c++) {
    const s = Math.floor(c / 12), m = Math.floor(c / 3), x = (c % side) * 430, y = Math.floor(c / side) * 430
    if (c % 12 === 0) places.push({ id: 's' + s, kind: 'street', name: names[s % 12] + '街道', parent: 'd', floors: 0, height: 0, at: [], ring: [] })
    if (c % 3 === 0) places.push({ id: 'm' + m, kind: 'community', name: names[(m * 5) % 12] + '社区', parent: 's' + s, floors: 0, height: 0, at: [], ring: [] })
    places.push({ id: 'c' + c, kind: 'compound', name: names[c % 12] + ['苑', '里', '花园', '公寓', '新村', '坊', '庭', '府', '居'][Math.floor(c / 12)], parent: 'm' + m, floors: 0, height: 0, at: at(x + 200, y + 200), ring: box(x, y, 400, 400) })
    places.push({ id: `c${c}-gate`, kind: 'spot', name: '南门', parent: 'c' + c, floors: 0, height: 0, at: at(x + 200, y + 2), ring: [] })
    for (let b = 0; b < buildingsEach; b++) {
      const bx = x + 20 + (b % 5) * 75, by = y + 30 + Math.floor(b / 5) * 90, w = 40 + chance() * 20, floors = [6, 11, 18, 26][Math.floor(chance() * 4)]
      const ring = chance() < 0.3 ? [...at(bx, by), ...at(bx + w, by), ...at(bx + w, by + 14), ...at(bx + w / 2, by + 14), ...at(bx + w / 2, by + 26), ...at(bx, by + 26)] : box(bx, by, w, 14)
      places.push({ id: `c${c}-b${b}`, kind: 'building', name: `${b + 1}幢`, parent: 'c' + c, floors, height: floors * 3, at: at(bx + w / 2, by + 7), ring })
    }
  }
  return places
}

export function startNode({ compounds = 100, buildingsEach = 20, devicesEach = 10, situations = 60 } = {}) {
  const places = makeDistrict(compounds, buildingsEach)
  const byId = new Map(places.map(p => [p.id, p]))
  const pathOf = id => { let path = '/'; for (let p = byId.get(id); p; p = byId.get(p.parent)) path = '/' + p.id + path; return path }
  const shown = places.filter(p => p.kind === 'building' || p.kind === 'spot')
  const listeners = new Set()
  let seq = 0
  const open = []
  const now = () => new Date().toISOString()
  const begin = (i, ruleNumber) => {
    const [rule, name, severity] = rules[ruleNumber ?? i % rules.length], place = shown[(i * 37) % shown.length]
    const s = { id: 'situation_' + String(++seq).padStart(26, '0'), rule, device: 'device-' + i, shown: place.id, severity, began_at: now(), seen: i % 2 === 0, name }
    open.unshift(s)
    return s
  }
  for (let i = 0; i < situations; i++) begin(i)
  const caseOf = (i, circle) => {
    const place = shown[(i * 91 + circle.length) % shown.length], [kind, title] = kinds[i % kinds.length], late = i < 3
    return {
      id: `case_${circle}${String(i).padStart(20, '0')}`, number: `20261122-${String(i).padStart(4, '0')}`, kind, title: `${title} · ${place.name}`, grade: 'III', state: ['assigned', 'accepted', 'handled'][i % 3],
      circle, place: place.id, path: pathOf(place.id), text: '居民上报，请尽快处理。', emergency: kind === 'lift-trapped' ? '立即联系电梯救援 96333' : '', cause: '', situation: '', post: posts[i % posts.length][0], unmanned: '',
      opened_at: now(), due: new Date(Date.now() + (late ? -1 : 1) * (i + 1) * 1_900_000).toISOString(), overdue: late, drill: false, supervised: i === 1, reporters: 1, urged: 0, reopened: 0,
    }
  }
  const cases = { micro: [0, 1, 2, 3, 4, 5, 6, 7].map(i => caseOf(i, 'micro')), small: [0, 1, 2, 3, 4].map(i => caseOf(i, 'small')), great: [4, 5].map(i => caseOf(i, 'great')) }
  const day = i => new Date(Date.now() - (29 - i) * 86_400_000).toISOString().slice(0, 10)
  const days = Array.from({ length: 30 }, (_, i) => i)
  /** What goes on in the place that is asked about. */
  const found = query => (query.get('place') ? open.filter(s => pathOf(s.shown).includes('/' + query.get('place') + '/')) : open)
  const answers = {
    '/api/v1/node': () => ({ district: '云栖区', zone_offset_minutes: 480, version: '0' }),
    '/api/v1/sessions/me': () => ({ account: 'a', login: 'wall', person: null, session: 'session_1', expires_at: null, must_change_password: false, rights: [{ right: '*', path: '/' }] }),
    '/api/v1/accounts/me': () => ({ name: '大屏' }),
    '/api/v1/places/outlines': () => ({ items: places, next: null }),
    '/api/v1/places/names': query => ({ items: places.filter(p => (query.get('ids') ?? '').split(',').includes(p.id)).map(p => ({ id: p.id, kind: p.kind, name: p.name, parent: p.parent, path: pathOf(p.id) })), next: null }),
    '/api/v1/situations/board': query => ({
      ...Object.fromEntries(['critical', 'warning', 'info'].map(severity => [severity, found(query).filter(s => s.severity === severity).length])),
      unseen: 5, drills: 0, silenced: 0, places: [], marks: [...found(query)].sort((a, b) => ['critical', 'warning', 'info'].indexOf(a.severity) - ['critical', 'warning', 'info'].indexOf(b.severity)).slice(0, 500),
      days: days.map(i => ({ day: day(i), critical: (i * 3) % 4, warning: 3 + (i * 7) % 9, info: 8 + (i * 5) % 17 })),
    }),
    '/api/v1/cases/board': () => ({
      at: now(), circles: [{ circle: 'micro', open: 214, overdue: 3, waiting: 61, working: 120, checking: 24, deferred: 9, opened_today: 48, ended_today: 41 },
        { circle: 'small', open: 37, overdue: 3, waiting: 9, working: 20, checking: 5, deferred: 3, opened_today: 6, ended_today: 4 },
        { circle: 'great', open: 2, overdue: 0, waiting: 1, working: 1, checking: 0, deferred: 0, opened_today: 1, ended_today: 0 }],
      places: shown.filter((_, i) => i % 9 === 0).map((p, i) => ({ place: p.id, open: 1 + (i % 3), overdue: i % 14 === 0 ? 1 : 0, highest: 'micro' })),
      days: days.map(i => ({ day: day(i), opened: 40 + (i * 13) % 25, ended: 36 + (i * 11) % 28 })),
    }),
    '/api/v1/devices/board': () => ({ items: shown.map(p => ({ place: p.id, devices: devicesEach, heard: devicesEach - 1 })), next: null }),
    '/api/v1/rules': () => ({ items: rules.map(([id, name, , english]) => ({ id, name, name_en: english })), next: null }),
    '/api/v1/cases/kinds': () => ({ items: kinds.map(([code, name, name_en]) => ({ code, name, name_en })), next: null }),
    '/api/v1/rosters/posts': () => ({ items: posts.map(([id, name]) => ({ id, name })), next: null }),
    '/api/v1/rosters/duty': () => ({ items: posts.map(([id], i) => ({ post: id, wanted: id, place: i < 4 ? 'c1' : i < 7 ? 's0' : 'd', persons: Array(i % 3).fill('p'), steps_up: 0 })), next: null }),
    '/api/v1/cases/rates': () => ({ items: [{ key: 'leak', cases: 900, response_good: 823, response_all: 900, solved_good: 611, solved_all: 640, satisfied_good: 288, satisfied_all: 301, overdue: 5, reopened: 2 }], next: null }),
    '/api/v1/situations': query => ({ items: found(query).filter(s => !query.get('severity') || s.severity === query.get('severity')).slice(0, Number(query.get('limit') ?? 50)).map(s => ({ ...s, raised_at: s.began_at, path: pathOf(s.shown) })), next: null }),
    '/api/v1/cases': query => ({ items: query.get('circle') ? cases[query.get('circle')].filter(c => query.get('overdue') !== 'true' || c.overdue) : [], next: null }),
  }
  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://x'), path = url.pathname
    if (path === '/api/v1/live') {
      response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
      response.write('retry: 500\n\n')
      listeners.add(response)
      request.on('close', () => listeners.delete(response))
      return
    }
    if (path.startsWith('/api/v1/')) {
      const one = Object.values(cases).flat().find(c => path === '/api/v1/cases/' + c.id)
      const home = path === '/api/v1/places/a-home' ? { id: 'a-home', kind: 'home', name: '101', path: pathOf(places.find(p => p.kind === 'building').id) + 'u1/a-home/' } : null
      const answer = (one || home) && path.split('/').length === 5 ? () => one ?? home : answers[path] ?? (path.startsWith('/api/v1/why/') ? () => ({ id: 'x', chain: [{ id: 'x', kind: 'situation', at: now(), text: '雨水井水位 1.59 m，高于 0.8，按规则“雨水井水位过高”第 1 版判定', text_en: 'level 1.59 m above 0.8', cause: 'r' }, { id: 'r', kind: 'reading', at: now(), text: '雨水井水位计上报水位 1.59 m', text_en: 'reported 1.59 m', cause: '' }] })
        : path.endsWith('/diary') ? () => ({ items: [{ n: 1, at: now(), code: 'open', words: '居民上报', note: '', cause: '' }], next: null }) : undefined)
      response.writeHead(answer ? 200 : 404, { 'Content-Type': 'application/json' })
      return response.end(JSON.stringify(answer ? answer(url.searchParams) : { status: 404, code: 'places.unknown' }))
    }
    const file = join(dist, path === '/cockpit/' ? '/cockpit/index.html' : path)
    if (!existsSync(file)) return response.writeHead(404).end()
    response.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream', 'Content-Security-Policy': policy })
    response.end(readFileSync(file))
  })
  const say = (topic, subject, path, body) => {
    const text = `id: ${++seq}\nevent: ${topic}\ndata: ${JSON.stringify({ subject, at: now(), cause: '', path, body })}\n\n`
    for (const listener of listeners) listener.write(text)
  }
  return new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve({
    origin: 'http://127.0.0.1:' + server.address().port,
    places,
    /** A situation begins: of the n-th rule, at a place that depends on i. */
    opens(i, ruleNumber) {
      const s = begin(i, ruleNumber)
      say('situations.opened', s.id, pathOf(s.shown), { situation: s.id, rule: s.rule, device: s.device, place: s.shown, path: pathOf(s.shown), severity: s.severity, silenced: false, began_at: s.began_at, text: s.name })
      return s
    },
    clears(i) {
      const [gone] = open.splice(i % open.length, 1)
      say('situations.cleared', gone.id, pathOf(gone.shown), { situation: gone.id, ended_at: now() })
    },
    steps(i) {
      const c = cases.micro[i % 8]
      say(i % 5 === 0 ? 'cases.escalated' : 'cases.stepped', c.id + i, c.path, { code: 'handle', kind: c.kind, circle: 'small', state: 'handled', post: c.post })
    },
    /** The first case of the micro circle is taken by somebody; the machine writes into its diary whom it rang. */
    takes() {
      const c = cases.micro[0]
      c.state = 'accepted'
      for (const code of ['rang', 'accept']) say('cases.stepped', c.id, c.path, { code, kind: c.kind, circle: 'micro', state: 'accepted', post: c.post })
      return c
    },
    pathOf,
    /** Where the situation that `opens(i)` begins will be. */
    whereOf: i => shown[(i * 37) % shown.length].id,
    listeners: () => listeners.size,
    cut() { for (const l of listeners) l.destroy() },
    stop: () => new Promise(done => { for (const l of listeners) l.destroy(); server.closeAllConnections(); server.close(done) }),
  })))
}
