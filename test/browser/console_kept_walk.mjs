// What a page shows is so, and what somebody wrote stays: verdicts, places of hooks, rules, shifts, rates, boards, filters, half-written words; on a ward of its own.
import { bytesOf, layOut, openDesk } from './console_ward.mjs'
import { readSheet } from './sheet.mjs'
import { check, dayAhead, expect, quiet } from './stage.mjs'

export const empty = true

export async function walk(browser, node) {
  const ask = await layOut(node)
  const { page, phone, context, complaints, go, seen, place, field, dialog, send } = await openDesk(browser, node)
  const stage = { page, go, seen, place, field, dialog, send, ask, node }
  await audit(stage)
  await hooks(stage)
  await rules(stage)
  await shifts(stage)
  await boards(stage)
  await rates(stage)
  await households(stage)
  await lists(stage)
  await devices(stage)
  await cameras(stage)
  await beside(stage)
  await forms(stage)
  await english(stage)
  await typed(stage)
  await check('kept: the browser had nothing to complain of', () => {
    const unasked = complaints.filter(line => !/^404 .*cases\/drafts\//.test(line))
    expect(unasked.length === 0, unasked.join('\n'))
  })
  await phone.context.close()
  await context.close()
}

async function audit({ page, go, seen }) {
  const verdict = '/api/v1/audit/verdict'
  await check('audit: a whole chain is said to be whole', async () => {
    await go('audit', '操作日志')
    await page.click('button:has-text("核对整条链")')
    await page.waitForSelector('[role=status][data-test=verdict]:has-text("核对完成")')
  })
  await check('audit: a broken chain is said to be broken, where and why', async () => {
    await page.route('**' + verdict, route => route.fulfill({ json: { entries: 90, anchors: 2, broken_at: 17, why: 'it was changed' } }))
    await page.click('button:has-text("核对整条链")')
    const said = await page.textContent('[role=alert][data-test=verdict]')
    expect(said.includes('链断了') && said.includes('第 17 条') && said.includes('它被改过'), said)
    expect(!said.includes('核对完成'), said)
    await seen('kept-audit-broken')
    await page.unroute('**' + verdict)
  })
}

async function hooks({ page, go, seen, place, field, dialog, send, ask }) {
  await check('webhooks: what is changed keeps its place', async () => {
    await go('webhooks', '对外推送')
    await page.click('button:has-text("新增推送")')
    await field(dialog, '编号').fill('estate-hook')
    await field(dialog, '地址').fill('https://hooks.example.org/in')
    await place(dialog, '府苑新村')
    await dialog.locator('.buttons button').last().click()
    await dialog.locator('pre').waitFor()
    await dialog.locator('.buttons button').first().click()
    await page.click('tbody tr:has-text("estate-hook")')
    await page.waitForFunction(() => document.querySelector('dialog [role=combobox]')?.value === '府苑新村')
    await seen('kept-webhook')
    await dialog.locator('.tick', { hasText: '暂停' }).locator('input').check()
    await dialog.locator('.buttons button').last().click()
    await page.waitForSelector('tbody tr:has-text("estate-hook"):has-text("暂停")')
    const kept = await ask('GET', 'notices/webhooks/estate-hook')
    expect(kept.path.endsWith('/fuyuan/') && kept.paused, JSON.stringify(kept))
    if (await dialog.count()) await dialog.locator('.buttons button').first().click()
  })
}

async function rules({ page, go, seen, ask, field }) {
  const given = {
    id: 'dust-by-device', rule: { name: '扬尘', applies_to: { tags: ['dust'] }, raise: { when: { metric: 'pm25', op: '>', attribute: 'limit_hi' }, for: 'PT5M' }, clear: { when: { metric: 'pm25', op: '<', attribute: 'limit_lo' } }, severity: 'warning' },
  }
  await check('rules: one that is opened and kept says what it said before', async () => {
    await ask('PUT', 'rules/' + given.id, given.rule)
    const before = (await ask('GET', 'rules/' + given.id)).rule
    await go('rules/' + given.id, '扬尘')
    await page.waitForFunction(() => [...document.querySelectorAll('main .field')].some(f => f.textContent.includes('属性') && f.querySelector('input')?.value === 'limit_lo'))
    await seen('kept-rule')
    await field(page.locator('main'), '程度').selectOption('critical')
    await page.click('button:has-text("存为新版草稿")')
    await page.waitForFunction(() => document.querySelector('main .heading')?.textContent.includes('第 2 版'))
    const after = (await ask('GET', 'rules/' + given.id)).rule
    expect(JSON.stringify(after) === JSON.stringify({ ...before, severity: 'critical' }), JSON.stringify(after))
  })
  await check('rules: a detection without a confidence gets none', async () => {
    const rule = { name: '电动车', applies_to: { tags: ['lift'] }, raise: { when: { detection: 'ebike_in_lift' } }, severity: 'warning' }
    await ask('PUT', 'rules/ebike', rule)
    const before = (await ask('GET', 'rules/ebike')).rule
    await go('rules/ebike', '电动车')
    await field(page.locator('main'), '程度').selectOption('info')
    await page.click('button:has-text("存为新版草稿")')
    await page.waitForFunction(() => document.querySelector('main .heading')?.textContent.includes('第 2 版'))
    const after = (await ask('GET', 'rules/ebike')).rule
    expect(JSON.stringify(after) === JSON.stringify({ ...before, severity: 'info' }), JSON.stringify(after))
  })
  await check('rules: what is changed as JSON goes on in the form, and what the form cannot hold stays JSON', async () => {
    await page.click('[role=tab]:has-text("JSON")')
    const area = page.locator('textarea')
    const rule = JSON.parse(await area.inputValue())
    await area.fill(JSON.stringify({ ...rule, name: '电动车进梯' }))
    await page.click('[role=tab]:has-text("表单")')
    await page.waitForFunction(() => [...document.querySelectorAll('main .field input')].some(i => i.value === '电动车进梯'))
    await page.click('[role=tab]:has-text("JSON")')
    await area.fill(JSON.stringify({ ...rule, raise: { when: { any: [rule.raise.when, { silent: 'PT1H' }] } } }))
    await page.click('[role=tab]:has-text("表单")')
    await page.waitForSelector('[role=alert]:has-text("表单装不下")')
    expect((await area.inputValue()).includes('"any"'), 'what was typed is gone')
    page.once('dialog', d => void d.accept())
  })
}

async function shifts({ page, go, seen, dialog, field, ask, send }) {
  await check('rosters: a shift that is changed still stands for its post', async () => {
    await ask('PUT', 'rosters/posts/east-gate', { name: '东门岗', above: 'estate-office' })
    const guard = (await ask('GET', 'rosters/shifts')).items.find(s => s.post === 'guard')
    await ask('PUT', 'rosters/shifts/east-gate-day', { post: 'east-gate', stands_for: 'guard', place: 'fuyuan', persons: guard.persons, from: '08:00', to: '20:00' })
    await go('rosters?tab=shifts', '值班')
    await page.click('tbody tr:has-text("东门岗")')
    await dialog.waitFor()
    expect((await field(dialog, '担当事项目录里的哪个岗位').inputValue()) === 'guard', 'the form does not show it')
    await seen('kept-shift')
    await dialog.locator('.field', { hasText: '到（不晚于' }).locator('input').fill('21:00')
    await send()
    const kept = await ask('GET', 'rosters/shifts/east-gate-day')
    expect(kept.stands_for === 'guard' && kept.to === '21:00', JSON.stringify(kept))
  })
  await check('rosters: who is on duty says how many posts were looked at', async () => {
    await page.click('[role=tab]:has-text("现在谁当班")')
    await page.waitForSelector('[data-test=duties]:has-text("共 7 个岗位")')
  })
}

async function boards({ page, go, seen, ask }) {
  await check('board: the node counts, whatever number of rows is shown', async () => {
    for (let i = 0; i < 25; i++) await ask('POST', 'cases', { kind: 'suggest-facility', place: i % 2 ? 'fuyuan-gate' : 'fuyuan-pump', text: `第 ${i} 处太吵` })
    await go('board', '三级循环')
    const open = (await ask('GET', 'cases/board')).circles.find(c => c.circle === 'micro').open
    expect(open >= 25, 'open: ' + open)
    await page.waitForFunction(n => document.querySelector('[data-test=circle-micro] .figure b')?.textContent === String(n), open)
    expect((await page.locator('[data-test=circle-micro] a.case').count()) === 20, 'not twenty rows')
    await page.waitForSelector(`[data-test=circle-micro] a:has-text("看全部 ${open} 件")`)
    await seen('kept-board')
    await ask('POST', 'cases', { kind: 'suggest-facility', place: 'fuyuan-bins', text: '又一处' })
    await page.waitForFunction(n => document.querySelector('[data-test=circle-micro] .figure b')?.textContent === String(n), open + 1)
  })
  await check('queue: what is beyond the first page can be loaded', async () => {
    await page.route('**/api/v1/cases?*', async route => {
      const url = new URL(route.request().url())
      if (url.searchParams.get('limit') === '200') url.searchParams.set('limit', '10')
      await route.continue({ url: url.href })
    })
    await go('queue', '我的待办')
    await page.locator('main select').first().selectOption('all')
    await page.waitForSelector('[data-test=queue-foot]:has-text("已载入 10 件")')
    await page.click('[data-test=queue-foot] button')
    await page.waitForSelector('[data-test=queue-foot]:has-text("已载入 20 件")')
    await page.unroute('**/api/v1/cases?*')
  })
}

async function rates({ page, go, seen, ask, dialog }) {
  await check('rates: a case that two organisations held counts once, and its number opens it', async () => {
    const some = (await ask('GET', 'cases')).items.slice(0, 3)
    for (const c of some) await ask('POST', `cases/${c.id}/assign`, { post: 'estate-office' })
    await go('rates', '考核三率')
    const lines = (await ask('GET', 'scorecards?by=organisation')).items
    const all = (await ask('GET', 'cases?limit=1&count=true')).count
    expect(lines.reduce((sum, l) => sum + l.cases, 0) > all, 'nothing was held by two')
    await page.waitForFunction(n => document.querySelector('[data-test=all-cases]')?.textContent === String(n), all)
    await page.waitForSelector('th:has-text("超期率")')
    await page.waitForSelector('th:has-text("重办率")')
    await seen('kept-rates')
    await page.click('[data-test=all-cases]')
    await dialog.locator('a.case').nth(19).waitFor()
    await dialog.locator('button:has-text("再看 20 件")').click()
    await page.waitForFunction(n => document.querySelectorAll('dialog a.case').length === n, all).catch(async () => expect(false, `not ${all} rows but ${await dialog.locator('a.case').count()}`))
    expect((await dialog.locator('button:has-text("再看 20 件")').count()) === 0, 'more is offered, and there is none')
    const [file] = await Promise.all([page.waitForEvent('download'), dialog.locator('[data-test=behind-file]').first().click()])
    expect(readSheet(await bytesOf(file)).length > 10, 'the file is empty')
    await seen('kept-rates-behind')
    await dialog.locator('.buttons button').first().click()
    await page.locator('tbody tr').first().locator('td[data-title="件数"] button').click()
    await dialog.locator('a.case').first().waitFor()
    await dialog.locator('.buttons button').first().click()
  })
  await check('rates: the lines stand in the order that is asked for, with the node’s ranks', async () => {
    for (const order of ['overdue', 'score']) {
      await page.locator('select:has(option[value=reopened])').selectOption(order)
      const lines = (await ask('GET', 'scorecards?by=organisation&order=' + order)).items.map(l => `${l.rank ?? '–'} ${l.cases}`)
      await page.waitForFunction(want => [...document.querySelectorAll('main tbody tr')].map(r => `${r.children[0].textContent.trim()} ${r.children[2].textContent.trim()}`).join('|') === want, lines.join('|'))
    }
    expect((await page.getAttribute('a[href*="scorecards/file"]', 'href')).includes('order=score'), 'the file has another order')
  })
  await check('rates: the brief of any day', async () => {
    await page.locator('[data-test=place-filter]').selectOption('fuyuan')
    await page.fill('input[name=brief-day]', '2026-11-01')
    const href = await page.getAttribute('[data-test=brief]', 'href')
    expect(href.includes('place=fuyuan') && href.includes('day=2026-11-01'), href)
    const answer = await page.evaluate(async to => (await fetch(to)).status, href)
    expect(answer === 200, 'the brief: ' + answer)
  })
}

async function households({ page, go, seen, ask, dialog, field, send }) {
  await check('households: somebody moves in, and the card is printed with its code', async () => {
    const home = (await ask('GET', 'people/households')).items.at(0)
    await page.goto(new URL('/console/households/' + home.id, page.url()).href)
    await page.click('[data-test=move-in]')
    await dialog.locator('[data-test=person-picker] input').fill('13800000004')
    await dialog.locator('[data-test=person-picker] button').click()
    await dialog.locator('[data-test=person-picker] b').waitFor()
    await field(dialog, '居住身份').selectOption('tenant')
    await seen('kept-move-in')
    await send()
    await page.waitForSelector('section:has-text("住在这里的人") li:has-text("租户"), section:has-text("住在这里的人") li:has-text("租")')
    await page.click('button:has-text("显示户码")')
    const code = await page.textContent('[data-test=household-code]')
    await page.click('[data-test=card]')
    await dialog.locator('[data-test=household-card] svg.code').waitFor()
    expect((await dialog.locator('[data-test=household-card]').textContent()).includes(code), 'the card lacks its code')
    await seen('kept-household-card')
    await dialog.locator('.buttons button').first().click()
  })
}

async function lists({ page, go, seen }) {
  await check('lists: a kept view gives its filters back', async () => {
    await go('cases', '工单')
    await page.locator('main label', { hasText: '等级' }).locator('select').selectOption('IV')
    await page.locator('[data-test=place-filter]').selectOption('fuyuan')
    await quiet(page)
    page.once('dialog', d => void d.accept('小区四级'))
    await page.click('[data-test=keep-view]')
    await page.locator('[data-test=view]').waitFor()
    await page.locator('main label', { hasText: '等级' }).locator('select').selectOption('')
    await page.locator('[data-test=place-filter]').selectOption('')
    await page.locator('[data-test=view]').selectOption('')
    await page.locator('[data-test=view]').selectOption('小区四级')
    const now = await page.evaluate(() => [document.querySelector('[data-test=place-filter]').value, [...document.querySelectorAll('main label')].find(l => l.textContent.includes('等级')).querySelector('select').value])
    expect(now.join(' ') === 'fuyuan IV', 'filters: ' + now.join(' '))
    await page.locator('main label', { hasText: '等级' }).locator('select').selectOption('')
  })
  await check('lists: a kept view is there in another browser too', async () => {
    const atNode = () => fetch('/api/v1/accounts/me/views').then(said => said.json()).then(all => all.items.some(one => one.id === 'cases' && one.views.some(v => v.name === '小区四级')))
    await page.waitForFunction(atNode)
    await page.evaluate(() => Object.keys(localStorage).filter(key => key.startsWith('views')).forEach(key => localStorage.removeItem(key)))
    await go('cases', '工单')
    await page.locator('[data-test=view]').selectOption('小区四级')
    await page.waitForFunction(() => document.querySelector('[data-test=place-filter]').value === 'fuyuan')
  })
  await check('lists: an order is of all rows, not of those that happen to be loaded', async () => {
    await page.route('**/api/v1/cases?*', async route => {
      const url = new URL(route.request().url())
      if (url.searchParams.get('limit') === '50') url.searchParams.set('limit', '5')
      await route.continue({ url: url.href })
    })
    await go('cases', '工单')
    await page.waitForSelector('.foot:has-text("已载入 5 条")')
    await page.click('thead button:has-text("编号")')
    await page.waitForFunction(() => /共 (\d+) 条，已载入 \1 条/.test(document.querySelector('.foot')?.textContent ?? ''))
    const numbers = await page.$$eval('tbody td[data-title="编号"]', all => all.map(td => td.textContent))
    expect(numbers.length > 20 && numbers.join() === [...numbers].sort((a, b) => a.localeCompare(b, 'zh-CN')).join(), numbers.join(' '))
    await page.unroute('**/api/v1/cases?*')
  })
}

async function devices({ page, go, seen, dialog, field, send, ask, node }) {
  const agree = () => page.once('dialog', d => void d.accept())
  await check('devices: a type says in words what it sees; what is over goes along with what began', async () => {
    await ask('PUT', 'devices/profiles/yard-eye', { name: '院里的摄像机', metrics: [], detections: ['crowd', 'overflow', 'overflow_over', 'goose'] })
    await go('profiles', '设备类型')
    const sees = page.locator('tbody tr', { hasText: '院里的摄像机' }).locator('td[data-title="能识别"]')
    expect((await sees.textContent()) === '人员聚集、垃圾桶满溢、goose', await sees.textContent())
    await page.click('tbody tr:has-text("院里的摄像机")')
    expect((await field(dialog, '另外的识别编号').inputValue()) === 'goose', 'the rest is ' + (await field(dialog, '另外的识别编号').inputValue()))
    await dialog.locator('.tick', { hasText: '人员聚集' }).locator('input').uncheck()
    await dialog.locator('.tick', { hasText: '垃圾落地包' }).locator('input').check()
    await seen('kept-profile')
    await send()
    const { detections } = await ask('GET', 'devices/profiles/yard-eye')
    expect(detections.sort().join() === 'dropped_bag,dropped_bag_over,goose,overflow,overflow_over', detections.join())
  })
  await check('devices: a record is changed, what is not shown stays', async () => {
    await ask('PUT', 'devices/profiles/gauge', { name: '水位计', metrics: [{ id: 'level', name: '水位' }] })
    await ask('PUT', 'devices/gauge-1', { profile: 'gauge', place: 'fuyuan-pump', name: '水位计一', tags: ['old'], attributes: { limit: 3, view: { size: [1, 2] } }, upkeep: { cost_fen: 9900 } })
    await go('devices/gauge-1', '水位计一')
    await page.click('[data-test=edit-device]')
    await field(dialog, '名称').fill('水位计一号')
    await field(dialog, '标签').fill('old north')
    await field(dialog, '维修').fill('府苑物业')
    await seen('kept-device-edit')
    await send()
    await page.waitForFunction(() => document.querySelector('main h1')?.textContent === '水位计一号')
    const kept = await ask('GET', 'devices/gauge-1')
    expect(kept.tags.join() === 'old,north' && kept.upkeep.maintainer === '府苑物业' && kept.upkeep.cost_fen === 9900 && kept.attributes.limit === 3 && kept.attributes.view.size[1] === 2 && kept.place === 'fuyuan-pump', JSON.stringify(kept))
  })
  await check('devices: a new secret is shown once and opens the door', async () => {
    agree()
    await page.click('[data-test=new-secret]')
    const secret = await dialog.locator('[data-test=secret]').textContent()
    await dialog.locator('.buttons button').first().click()
    const told = await fetch(`${node.url}/api/v1/${secret}/telemetry`, { method: 'POST', body: '{"level":1}' })
    expect(told.ok && secret.length === 48 && (await page.locator('[data-test=secret]').count()) === 0, secret + ' ' + told.status)
  })
  await check('devices: silence is listed, and a device is removed after its id was written', async () => {
    await page.locator('[data-test=upkeep] label', { hasText: '到什么时候' }).locator('input').fill(dayAhead(60))
    await page.locator('[data-test=upkeep] label', { hasText: '原因' }).locator('input').fill('换电池')
    await page.click('[data-test=upkeep] form button')
    await page.waitForSelector('[data-test=silences] li:has-text("换电池")')
    await seen('kept-device')
    await page.click('[data-test=remove-device]')
    expect(await dialog.locator('.buttons button').last().isDisabled(), 'it can be removed by one click')
    await dialog.locator('input').fill('gauge-1')
    await dialog.locator('.buttons button').last().click()
    await page.waitForURL(/\/devices$/)
    expect(!(await ask('GET', 'devices')).items.some(d => d.id === 'gauge-1'), 'it is still there')
  })
}

async function cameras({ page, go, seen, ask }) {
  await check('cameras: the second look is let decide after a question, and what else the view says stays', async () => {
    await ask('PUT', 'devices/profiles/kept-lift', { name: '梯内摄像机', metrics: [], detections: ['ebike_in_lift'] })
    await ask('PUT', 'devices/kept-eye', { profile: 'kept-lift', place: 'fuyuan-gate', name: '梯内一号', attributes: { view: { size: [1920, 1080], masks: [[[0, 0], [9, 0], [9, 9]]], ebike: { zone: [[1, 1], [5, 1], [5, 5]] } } } })
    await go('devices/kept-eye/view', '画面设置')
    page.once('dialog', d => void d.accept())
    await page.click('[data-test=decides]')
    await page.waitForSelector('[data-test=second-look] .tag:has-text("有权否决")')
    await seen('kept-second-look')
    const { view } = (await ask('GET', 'devices/kept-eye')).attributes
    expect(view.ebike.second_look_decides === true && view.ebike.zone.length === 3 && view.masks.length === 1, JSON.stringify(view))
    await page.click('[data-test=decides]')
    await page.waitForSelector('[data-test=second-look] .tag:has-text("旁观")')
  })
}

async function beside({ page, go, seen, dialog, field, send, ask, place }) {
  await check('tags: made on the page, and a sensitive one takes a purpose in an announcement', async () => {
    await go('people', '人员')
    await page.click('[data-test=tags]')
    await field(dialog, '编号').fill('dialysis')
    await field(dialog, '名称').fill('透析')
    await dialog.locator('.tick input').check()
    await send()
    const home = (await ask('GET', 'people')).items
    for (const p of home.slice(0, 6)) await ask('PUT', `people/${p.id}/tags/dialysis`, {})
    await go('announce', '公告')
    await page.click('[data-test=new]')
    const form = page.locator('main form')
    await place(form, '府苑新村')
    await page.waitForSelector('[data-test=count]:enabled')
    await form.locator('.tick', { hasText: '透析' }).locator('input').check()
    expect(await page.isDisabled('[data-test=count]'), 'it is counted without a purpose')
    await page.locator('[data-test=purpose] select').selectOption({ index: 1 })
    await page.click('[data-test=count]')
    await page.waitForSelector('[data-test=preview]')
    await seen('kept-announce-purpose')
    page.once('dialog', d => void d.accept())
  })
  await check('rounds: one is begun out of turn', async () => {
    await ask('PUT', 'rosters/points/kept-gate', { name: '南门岗', place: 'fuyuan-gate' })
    await ask('PUT', 'rosters/routes/kept-night', { name: '夜间巡查', place: 'fuyuan', points: ['kept-gate'] })
    await ask('PUT', 'rosters/plans/kept-plan', { route: 'kept-night', post: 'guard', times: ['03:00'], on: 'every', within: 'PT1H' })
    await go('rounds', '巡查')
    await page.click('[data-test=tab-plans]')
    page.once('dialog', d => void d.accept())
    await page.click('[data-test=begin]')
    await page.waitForSelector('tbody tr:has-text("夜间巡查"):has-text("0 / 1")')
  })
  await check('deputies: one is named for a colleague who is away', async () => {
    await go('accounts', '账号与角色')
    await page.click('[data-test=tab-deputies]')
    const form = page.locator('[data-test=lend]')
    for (const [at, login] of [[0, 'street'], [1, 'community']]) {
      const picker = form.locator('[data-test=account-picker]').nth(at)
      await picker.locator('input').fill(login)
      await picker.locator('button:has-text("查找")').click()
      await picker.locator(`button:has-text("${login}")`).first().click()
    }
    await field(form, '到什么时候').fill(dayAhead(60))
    await seen('kept-lend')
    await form.locator('.buttons button').click()
    await page.waitForSelector('[data-test=deputies] li:has-text("代理中")')
  })
  await check('people: erasing takes the name, and is for good', async () => {
    const made = await ask('POST', 'people', { name: '林一去', phone: '13800000000', place: 'fuyuan-1-1-101' })
    await page.goto(new URL('/console/people/' + made.id, page.url()).href)
    await page.click('[data-test=erase]')
    expect(await dialog.locator('.buttons button').last().isDisabled(), 'one click erases')
    await page.fill('[data-test=erase-name]', (await page.textContent('main h1')).trim())
    await seen('kept-erase')
    await send()
    expect((await ask('GET', 'people/' + made.id)).state === 'erased', 'not erased')
  })
  await check('kinds: what counts as near is said in words and refused at its field', async () => {
    await go('kinds/noise', '噪音')
    const near = page.locator('[data-test=near] input')
    await near.nth(0).fill('201')
    await page.click('[data-test=publish]')
    await page.waitForSelector('.field:has([data-test=near]) .wrong:has-text("0 到 200")')
    await near.nth(0).fill('3')
    await page.waitForSelector('[data-test=changes] dd:has-text("上下 3 层")')
    await seen('kept-near')
    page.once('dialog', d => void d.accept())
  })
}

async function forms({ page, go, seen, dialog, ask }) {
  await check('forms: the fifty-first blank is reached, by keeping or by skipping', async () => {
    await ask('PUT', 'affairs/forms/kept', { name: '走访表', subject: 'person', columns: [{ heading: '姓名', source: 'person.name' }, ...Array.from({ length: 8 }, (_, i) => ({ heading: '问题' + (i + 1), source: 'ask' }))] })
    const run = await ask('POST', 'affairs/runs', { form: 'kept', place: 'fuyuan' })
    expect(run.blank > 50, 'blank: ' + run.blank)
    await go('forms', '一表通')
    await page.click('tbody tr:has-text("走访表")')
    await dialog.locator('[data-test=blanks]').waitFor()
    const first = () => dialog.locator('.field .name').first().textContent()
    const before = await first()
    expect((await dialog.locator('.field input').count()) === 50, 'not fifty')
    await seen('kept-forms')
    await dialog.locator('[data-test=skip]').click()
    await page.waitForFunction(was => document.querySelector('dialog .field .name')?.textContent !== was, before)
    expect((await dialog.locator('.field input').count()) === run.blank - 50, 'the rest is not there')
    await dialog.locator('[data-test=skip]').click()
    await page.waitForFunction(was => document.querySelector('dialog .field .name')?.textContent === was, before)
    await dialog.locator('.field input').first().fill('是')
    await dialog.locator('.buttons button').last().click()
    await dialog.locator('[data-test=blanks]:has-text("第 50–")').waitFor()
    await dialog.locator('.buttons button').first().click()
  })
}

async function english({ page, go, seen, ask }) {
  await check('english: a case and the columns of an import', async () => {
    await go('me', '我的账号')
    await page.click('header button:has-text("English")')
    const chinese = /[\u4e00-\u9fff]/
    const made = (await ask('GET', 'cases')).items[0]
    await page.goto(new URL('/console/cases/' + made.id, page.url()).href)
    await page.waitForSelector('[data-test=diary] li')
    await quiet(page)
    const words = await page.$$eval('main h2, main h3, main legend, main button, main dt, main th, main label .name', all => all.map(e => {
      const copy = e.cloneNode(true)
      for (const marked of copy.querySelectorAll('[lang^=zh]')) marked.remove()
      return copy.textContent.trim()
    }))
    const diary = await page.$$eval('[data-test=diary] li', all => all.map(e => e.textContent))
    expect(diary.some(x => /Reported/.test(x)) && diary.every(x => /[A-Za-z]{4}/.test(x)), diary.join(' | '))
    expect(words.length > 8 && !words.some(x => chinese.test(x)), words.filter(x => chinese.test(x)).join(' | '))
    await seen('kept-case-en')
    await go('import', 'Import')
    await page.click('summary')
    const meant = await page.$$eval('td[data-title="Meaning"]', all => all.map(e => e.textContent.trim()))
    expect(meant.some(x => x.includes('letters, digits, dots and dashes')) && !meant.some(x => /^[\u4e00-\u9fff]/.test(x)), meant.join(' | '))
    await page.click('header button:has-text("中文")')
  })
}

async function typed({ page, go, dialog, field }) {
  await check('dialogs: Escape asks before what was typed is lost', async () => {
    await go('webhooks', '对外推送')
    await page.click('button:has-text("新增推送")')
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await page.click('button:has-text("新增推送")')
    await field(dialog, '编号').fill('half-written')
    let asked = ''
    page.once('dialog', d => ((asked = d.message()), void d.dismiss()))
    await page.keyboard.press('Escape')
    await page.waitForFunction(() => document.querySelector('dialog[open]'))
    expect(asked.includes('还没有提交'), 'nobody was asked: ' + asked)
    expect((await field(dialog, '编号').inputValue()) === 'half-written', 'it is gone')
    page.once('dialog', d => void d.accept())
    await dialog.locator('.buttons button').first().click()
    await dialog.waitFor({ state: 'detached' })
  })
  await check('pages: a notice half written is not left without a word', async () => {
    await go('notices', '通知')
    await page.click('[role=tab]:has-text("发通知")')
    await page.locator('main input[maxlength="60"]').fill('停水')
    page.once('dialog', d => void d.dismiss())
    await page.click('nav.side a[href$="/cases"]')
    await page.waitForTimeout(0)
    expect(page.url().endsWith('/notices'), page.url())
    page.once('dialog', d => void d.accept())
    await page.click('nav.side a[href$="/cases"]')
    await page.waitForURL(/cases$/)
  })
}
