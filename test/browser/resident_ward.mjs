// A small ward on a real node, for the residents' page: a father and his daughter, a guard and a repairer, made over the API.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { patient } from './stage.mjs'

const program = process.env.LIFANG_PROGRAM ?? new URL('../../build/bin/lifang', import.meta.url).pathname
export const password = 'gate-and-lane-77'

export async function startWard({ gateway } = {}) {
  const data = mkdtempSync(join(tmpdir(), 'lifang-resident-'))
  if (gateway) writeFileSync(join(data, 'config.toml'), `[phones]\ngateway = "${gateway}"\n`)
  const node = spawn(program, ['serve', '--data', data, '--http', '127.0.0.1:0', '--mqtt', '127.0.0.1:0'],
    { env: { ...process.env, LIFANG_ADMIN_PASSWORD: password }, stdio: ['ignore', 'pipe', 'pipe'] })
  const origin = await new Promise((done, failed) => {
    let said = ''
    const hear = bytes => {
      said += bytes
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said)
      if (found) done(found[0])
    }
    node.stdout.on('data', hear)
    node.stderr.on('data', hear)
    node.on('exit', code => failed(new Error('the node ended with ' + code + ': ' + said)))
  })
  const stop = () => new Promise(done => {
    node.removeAllListeners('exit')
    node.on('exit', () => { rmSync(data, { recursive: true, force: true }); done() })
    node.kill('SIGTERM')
  })
  const tokens = {}
  async function ask(login, method, path, body, headers = {}) {
    tokens[login] ??= (await call('POST', 'sessions', { login, password })).token
    return call(method, path, body, { Authorization: 'Bearer ' + tokens[login], ...headers })
  }
  async function call(method, path, body, headers = {}) {
    const answer = await fetch(origin + '/api/v1/' + path, { method, headers: { ...(body ? { 'Content-Type': 'application/json' } : {}), ...headers }, body: body && JSON.stringify(body) })
    const said = await answer.json()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(said)}`)
    return said
  }
  const put = (path, body) => ask('admin', 'PUT', path, body)
  const post = (path, body) => ask('admin', 'POST', path, body)

  for (const [id, kind, name, parent] of [
    ['yunqi', 'district', '云栖区'], ['s1', 'street', '云栖街道', 'yunqi'], ['m1', 'community', '云溪社区', 's1'], ['c1', 'compound', '云溪苑', 'm1'],
    ['c1-gate', 'spot', '南门', 'c1'], ['c1-bins', 'spot', '一号分类点', 'c1'], ['c1-b2', 'building', '2幢', 'c1'], ['c1-b2-u1', 'unit', '1单元', 'c1-b2'],
    ['c1-b2-u1-lift', 'spot', '电梯', 'c1-b2-u1'], ['c1-302', 'home', '302', 'c1-b2-u1'], ['c1-501', 'home', '501', 'c1-b2-u1']])
    await put('places/' + id, { kind, name, ...(parent ? { parent } : {}) })
  await put('people/organisations/org-c1', { kind: 'property_company', name: '云溪苑物业', place: 'c1', phone: '0571-00000001' })
  await put('people/organisations/org-m1', { kind: 'community_office', name: '云溪社区居委会', place: 'm1', phone: '0571-00000002' })
  for (const [id, name, above] of [['district-command', '城区指挥中心'], ['street-office', '街道值班', 'district-command'], ['estate-office', '物业服务中心', 'street-office'], ['guard', '保安', 'estate-office'], ['repairer', '维修工', 'estate-office'], ['cleaner', '保洁员', 'estate-office']])
    await put('rosters/posts/' + id, { name, ...(above ? { above } : {}), organisation: 'org-c1' })
  const persons = {}
  for (const [key, name, place] of [['father', '王建国', 'c1-302'], ['daughter', '王小明', 'c1-501'], ['guard', '李强', 'c1'], ['repairer', '赵刚', 'c1']])
    persons[key] = (await post('people', { name, place, ...(key === 'father' ? { phone: '13800138000', birth: '1951-03-02' } : {}) })).id
  for (const [place, who] of [['c1-302', 'father'], ['c1-501', 'daughter']]) {
    const home = await post('people/households', { place })
    await post('people/households/' + home.id + '/members', { person: persons[who], role: 'owner' })
  }
  for (const [login, role, who, name] of [['wang', 'resident', 'father', '王建国'], ['daughter', 'resident', 'daughter', '王小明'], ['guard', 'guard', 'guard', '李强'], ['repairer', 'worker', 'repairer', '赵刚'], ['manager', 'property', null, '物业经理']])
    await post('accounts', { login, name, role, place: 'c1', password, ...(who ? { person: persons[who] } : {}) })
  for (const who of ['guard', 'repairer'])
    await put('rosters/shifts/c1-' + who, { post: who, place: 'c1', organisation: 'org-c1', persons: [persons[who]], from: '00:00', to: '24:00' })
  // Three points of a round: two with codes, one with an NFC tag too.
  const points = {}
  for (const [id, name, place, look] of [['gate', '南门岗亭', 'c1-gate', '门禁是否常闭'], ['bins', '一号分类点', 'c1-bins', '地面是否干净，桶盖是否盖好'], ['lift', '1单元电梯', 'c1-b2-u1-lift', '']])
    points[id] = await put('rosters/points/' + id, { name, place, ...(look ? { look } : {}), ...(id === 'lift' ? { tag: '04A2-77-B1' } : {}) })
  await put('rosters/routes/ward', { name: '小区巡逻', place: 'c1', points: Object.keys(points) })
  await put('rosters/shifts/c1-estate', { post: 'estate-office', place: 'c1', organisation: 'org-c1', from: '00:00', to: '24:00' })
  await ask('wang', 'POST', 'people/helpers', { person: persons.father, helper: persons.daughter, scope: ['report', 'evaluate', 'affairs'] })
  await put('rosters/plans/ward', { route: 'ward', post: 'guard', times: ['03:00'], within: 'PT1H', missed: 'attendant-absent' })
  await patient((...words) => ask('admin', ...words))
  const beginRound = () => post('rosters/plans/ward/begin')
  return { origin, ask, persons, points, beginRound, stop }
}
