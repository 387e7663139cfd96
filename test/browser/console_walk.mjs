// The console, as staff use it: at the desk and on a phone.
import { askAs } from './console_ward.mjs'
import { check, expect, inDark, isReachable, openPage, patient, quiet, shoot, until } from './stage.mjs'

const pages = [
  ['queue', '我的待办'], ['live', '实时态势'], ['report', '代报登记'], ['callback', '回告清单'], ['announce', '公告'], ['hotline', '12345 热线'], ['forms', '一表通'], ['notices', '通知'], ['cases', '工单'], ['board', '三级循环'], ['situations', '态势记录'],
  ['evaluations', '评价'], ['rates', '考核三率'], ['drills', '演练'], ['rosters', '值班'], ['rounds', '巡查'], ['places', '地点'], ['people', '人员'], ['households', '一户一码'], ['organisations', '单位'], ['devices', '设备'], ['profiles', '设备类型'],
  ['rules', '预警规则'], ['kinds', '事项目录'], ['import', '导入'], ['accounts', '账号与角色'], ['webhooks', '对外推送'], ['audit', '操作日志'], ['node', '运行状况'], ['me', '我的账号'],
]
/** Words that belong to the program and not to a reader, where the page is Chinese. */
const foreign = /\b(undefined|NaN|null|true|false|reported|assigned|accepted|handled|verified|closed|warning|critical|micro|small|great|estate-office|community-office|active|draft)\b/

async function logIn(page, url, login, password) {
  await page.goto(url + '/console/')
  await page.fill('input[name=login]', login)
  await page.fill('input[name=password]', password)
  await page.click('button.primary')
  await page.waitForSelector('nav.side', { state: 'attached' })
}

/** Asks as the login of the page. */
const ask = (page, path, body) => page.evaluate(async ([p, b]) => {
  const r = await fetch('/api/v1/' + p, b ? { method: 'POST', body: JSON.stringify(b), headers: { 'Content-Type': 'application/json' } } : {})
  return r.json()
}, [path, body])

async function go(page, url, path, heading) {
  await page.goto(url + '/console/' + path)
  await page.waitForSelector('main h1')
  if (heading) await page.waitForFunction(h => document.querySelector('main h1')?.textContent?.includes(h), heading)
}

async function allPages(browser, node, size) {
  const { page, context, complaints } = await openPage(browser, node.url, size)
  await check(`console ${size}: wrong password is said in words`, async () => {
    await page.goto(node.url + '/console/')
    await page.fill('input[name=login]', 'admin')
    await page.fill('input[name=password]', 'not the password')
    await page.click('button.primary')
    await page.waitForSelector('[role=alert]:has-text("登录名或密码不对")')
    await isReachable(page, 'login')
    await shoot(page, `console-${size}-login`)
  })
  await check(`console ${size}: login`, () => logIn(page, node.url, 'admin', node.admin))
  for (const [path, heading] of pages)
    await check(`console ${size}: ${path}`, async () => {
      complaints.length = 0
      await go(page, node.url, path, heading)
      await page.waitForFunction(() => document.querySelector('main').textContent.length > 20)
      await quiet(page)
      await shoot(page, `console-${size}-${path}`)
      const words = await page.evaluate(() => [...document.querySelectorAll('main h1, main h2, main .tag, main th, main button, main label > span.name, .row .sub, main dt')].map(e => e.textContent).join(' · '))
      expect(!foreign.test(words), 'English or raw words in Chinese: ' + foreign.exec(words)?.[0])
      await isReachable(page, path)
      expect(complaints.length === 0, complaints.join('\n'))
    })
  await check(`console ${size}: the queue stands in order of deadline`, async () => {
    await go(page, node.url, 'queue', '我的待办')
    await page.waitForSelector('.row.case')
    const right = await page.evaluate(async () => {
      const due = new Map((await (await fetch('/api/v1/cases?open=true&order=due&limit=200')).json()).items.map(c => [c.id, c.due ? Date.parse(c.due) : Infinity]))
      // As the eye goes: from the top to the bottom, and in a line from the left.
      const inOrder = section => {
        const rows = [...section.querySelectorAll('.row.case')].map(r => ({ due: due.get(r.dataset.id), box: r.getBoundingClientRect() })).filter(r => r.due !== undefined)
        rows.sort((a, b) => Math.round(a.box.top - b.box.top) || a.box.left - b.box.left)
        return rows.every((r, i) => i === 0 || rows[i - 1].due <= r.due)
      }
      // What is late already stands first, whatever its present step still has.
      return [...document.querySelectorAll('main section')].every(inOrder)
    })
    expect(right, 'not in order')
  })
  await check(`console ${size}: dark where the device is, or where somebody wants it so`, async () => {
    for (const path of ['queue', 'rates', 'rules', 'rosters?tab=calendar']) {
      await go(page, node.url, path)
      await quiet(page)
      await inDark(page, () => shoot(page, `console-${size}-dark-${path.split('?')[0]}`))
    }
    const shade = () => page.evaluate(() => [document.documentElement.dataset.shade, getComputedStyle(document.documentElement).colorScheme].join(' '))
    const turn = word => page.click(`[data-test=shade]:has-text("${word}")`)
    await turn('自动')
    await turn('浅色')
    await page.waitForSelector('[data-test=shade]:has-text("深色")')
    expect((await shade()) === 'dark dark', await shade())
    await page.reload()
    await page.waitForSelector('[data-test=shade]:has-text("深色")')
    expect((await shade()) === 'dark dark', 'after a reload ' + (await shade()))
    await page.emulateMedia({ media: 'print' })
    expect((await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--paper').trim())) === '#f7f6f2', 'paper is printed dark')
    await page.emulateMedia({ media: 'screen' })
    await turn('深色')
    expect((await shade()) === 'light light', await shade())
  })
  if (size === 'phone')
    await check('console phone: the menu opens', async () => {
      await go(page, node.url, 'queue')
      await page.click('button.menu')
      await page.waitForSelector('nav.side.open a[href="/console/board"]', { state: 'visible' })
      await shoot(page, 'console-phone-menu')
      await isReachable(page, 'menu')
    })
  await check(`console ${size}: English`, async () => {
    await go(page, node.url, 'live')
    await page.click('header button:has-text("English")')
    await page.waitForSelector('main h1:has-text("Live")')
    await quiet(page)
    await shoot(page, `console-${size}-live-en`)
    await page.click('header button:has-text("中文")')
  })
  await context.close()
}
async function press(page, move, fill) {
  await page.click(`button[data-move="${move}"]`)
  const dialog = page.locator('dialog')
  await dialog.waitFor()
  if (fill) await fill(dialog)
  await dialog.locator('.buttons button').last().click()
  // Without what the kind asks for it goes at the second press, once the field has said what is missing.
  if (move === 'handle') {
    await dialog.locator('[data-test=lacks-photo]:has-text("还没有照片")').waitFor()
    await shoot(page, 'console-desk-handle-lacks')
    await dialog.locator('.buttons button:has-text("仍然办结")').click()
  }
  await dialog.waitFor({ state: 'detached' })
}
const state = (page, word) => page.waitForSelector(`[data-test=state]:has-text("${word}")`)

async function aCase(browser, node) {
  const desk = await openPage(browser, node.url, 'desk')
  const page = desk.page
  await patient(await askAs(node, 'admin', node.admin))
  await logIn(page, node.url, 'demo-district', node.demo)
  let number = '', path = ''
  await check('console: 代报, with its emergency text', async () => {
    await go(page, node.url, 'report', '代报登记')
    await page.selectOption('select[name=kind]', { index: 1 })
    // One that may wait for half a day, lest the ward's own staff take it while the page is looked at.
    const withEmergency = await page.evaluate(async () => (await (await fetch('/api/v1/cases/kinds?limit=200')).json()).items.find(k => k.emergency && k.verifier === 'desk' && !k.strict && k.grade !== 'I' && k.micro.accept === 'PT12H').code)
    await page.selectOption('select[name=kind]', withEmergency)
    await page.fill('[role=combobox]', '1幢')
    await page.locator('[role=option]').first().click()
    await page.fill('textarea[name=text]', '来电说单元门口有烧焦味，请派人去看。')
    await shoot(page, 'console-desk-report-filled')
    await page.click('[data-test=send]')
    await page.waitForURL(/\/cases\/case_/)
    await page.waitForSelector('[data-test=diary] li')
    path = new URL(page.url()).pathname.replace('/console/', '')
    number = await page.locator('main .lead').first().textContent()
    expect(/\d{8}-\d+/.test(number), 'no number: ' + number)
    await page.waitForSelector('[data-test=emergency]')
  })
  await check('console: why in one Chinese sentence', async () => {
    const said = await page.locator('[data-test=why] li').first().textContent()
    expect(/工单|上报|态势/.test(said), said)
  })
  await check('console: the times are the district’s', async () => {
    const shown = await page.locator('[data-test=diary] time').last().textContent()
    const opened = await ask(page, path)
    const expected = new Date(Date.parse(opened.opened_at) + 8 * 3_600_000).toISOString().slice(11, 16)
    expect(shown.includes(expected), `${shown} is not ${expected}`)
  })
  await check('console: assign', async () => {
    await press(page, 'assign')
    await page.waitForSelector('[data-test=diary] li:has-text("派")')
  })
  await check('console: accept', async () => {
    await page.click('button[data-move=accept]')
    await state(page, '已接单')
  })
  await check('console: arrive', async () => {
    await page.click('button[data-move=arrive]')
    await page.waitForSelector('[data-test=diary] li:has-text("到场")')
  })
  await check('console: a refusal is said at the field', async () => {
    await page.click('button[data-move=defer]')
    const dialog = page.locator('dialog')
    await dialog.locator('input[type=date]').fill('2020-01-01')
    await dialog.locator('textarea[name=note]').fill('等配件')
    await dialog.locator('.buttons button').last().click()
    await dialog.locator('.wrong:has-text("恢复日期应在将来")').waitFor()
    await shoot(page, 'console-desk-case-refused')
    // What was typed is asked about before it is thrown away, once the refusal has been there for a moment.
    const agree = question => void question.accept()
    page.on('dialog', agree)
    await dialog.locator('.buttons button').first().click()
    await dialog.waitFor({ state: 'detached' })
    page.off('dialog', agree)
  })
  await check('console: handle', async () => {
    await press(page, 'handle', dialog => dialog.locator('textarea[name=note]').fill('已断电检查，是插座老化，已更换。'))
    await state(page, '已办结')
  })
  await check('console: the doer may not verify', async () => {
    if (!(await page.locator('button[data-move=verify]').count())) return
    await page.click('button[data-move=verify]')
    const dialog = page.locator('dialog')
    await dialog.locator('.buttons button').last().click()
    await dialog.locator('[role=alert]').waitFor()
    await dialog.locator('.buttons button').first().click()
  })
  const other = await openPage(browser, node.url, 'desk')
  await logIn(other.page, node.url, 'admin', node.admin)
  await check('console: somebody else verifies', async () => {
    await go(other.page, node.url, path)
    // The ward's own staff may have been quicker: then there is nothing left to press.
    await other.page.waitForSelector('button[data-move="verify"], [data-test=evaluate]')
    if (await other.page.$('button[data-move="verify"]')) await press(other.page, 'verify')
    await other.page.waitForSelector('[data-test=evaluate]')
  })
  await check('console: the first page hears of it by itself', () => page.waitForSelector('[data-test=evaluate]'))
  await check('console: evaluate', async () => {
    const choices = other.page.locator('[data-test=evaluate] select')
    expect((await choices.evaluateAll(all => all.map(s => s.value).join(''))) === '', 'something is chosen before anybody said it')
    await other.page.click('[data-test=rate]')
    for (const field of ['分数', '问题解决了吗', '怎么说的']) await other.page.locator('[data-test=evaluate] .field', { hasText: field }).locator('.wrong').waitFor()
    await isReachable(other.page, 'evaluate')
    await choices.nth(0).selectOption('4')
    await choices.nth(1).selectOption('yes')
    await choices.nth(2).selectOption('call')
    await other.page.click('[data-test=rate]')
    await other.page.waitForSelector('[data-test=evaluate] li:has-text("4 分")')
    await other.page.waitForSelector('[data-test=evaluate] form', { state: 'detached' })
  })
  for (const size of ['desk', 'phone'])
    await check(`console ${size}: the case page`, async () => {
      const one = await openPage(browser, node.url, size)
      await logIn(one.page, node.url, 'admin', node.admin)
      await go(one.page, node.url, path)
      await one.page.waitForSelector('[data-test=diary] li')
      await quiet(one.page)
      await shoot(one.page, `console-${size}-case`)
      await isReachable(one.page, 'case')
      expect(one.complaints.length === 0, one.complaints.join('\n'))
      await one.context.close()
    })
  await check('console: the sound is turned off and stays off', async () => {
    await page.click('[data-test=sound]')
    await page.waitForSelector('[data-test=sound]:has-text("告警声：关")')
    await page.reload()
    await page.waitForSelector('[data-test=sound]:has-text("告警声：关")')
    await page.click('[data-test=sound]')
  })
  await check('console: filter by place', async () => {
    await go(page, node.url, 'live', '实时态势')
    await page.waitForFunction(() => document.querySelectorAll('[data-test=place-filter] option').length > 1)
    await page.selectOption('[data-test=place-filter]', 'c1')
    await quiet(page)
    const elsewhere = await page.evaluate(async () => {
      const ids = [...document.querySelectorAll('.row.case')].map(r => r.dataset.id)
      const items = (await (await fetch('/api/v1/cases?open=true&limit=500')).json()).items
      return items.filter(c => ids.includes(c.id) && !c.path.includes('/c1/')).length
    })
    expect(elsewhere === 0, elsewhere + ' cases of other places')
  })
  await check('console: a half-filled form warns before it is left', async () => {
    await go(page, node.url, 'report', '代报登记')
    await page.fill('textarea[name=text]', '还没写完')
    const asked = new Promise(done => page.once('dialog', async dialog => {
      await dialog.dismiss()
      done(dialog.message())
    }))
    await page.click('nav.side a[href="/console/live"]')
    expect((await asked).includes('离开'), 'no warning')
    expect(page.url().endsWith('/report'), 'left all the same')
    page.once('dialog', dialog => dialog.accept())
    await page.click('nav.side a[href="/console/live"]')
    await page.waitForURL(/\/live$/)
  })
  await desk.context.close()
  await other.context.close()
}

async function machines(browser, node) {
  const { page, context } = await openPage(browser, node.url, 'desk')
  await logIn(page, node.url, 'admin', node.admin)
  await check('console: a critical situation arrives by itself, holds a lift, and the guard releases it', async () => {
    await go(page, node.url, 'live', '实时态势')
    // By default a lift warns and calls; it is held where the operator has switched that on.
    const lift = await page.evaluate(async () => {
      const all = (await (await fetch('/api/v1/devices?limit=500')).json()).items
      const rule = (await (await fetch('/api/v1/rules/ebike-in-lift-hold')).json()).rule
      return all.find(d => d.profile === rule.applies_to.profile && rule.applies_to.tags.every(tag => d.tags.includes(tag)))
    })
    // The camera's own word, through the porch, with a secret that the node makes.
    const made = await page.evaluate(async d => {
      const body = JSON.stringify({ profile: d.profile, place: d.place, name: d.name, tags: d.tags, attributes: d.attributes, secret: 'walk-secret-0001' })
      return (await fetch('/api/v1/devices/' + d.id, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body })).json()
    }, lift)
    expect(made.id === lift.id, JSON.stringify(made))
    const rule = await ask(page, 'rules/ebike-in-lift')
    const kind = JSON.stringify(rule.rule.raise.when).match(/"detection":"([^"]+)"/)?.[1]
    const sees = async () => (await fetch(node.url + '/api/v1/walk-secret-0001/detections', { method: 'POST', body: JSON.stringify([1, 2, 3].map(i => ({ ts: Date.now() - 3000 + i * 900, kind, confidence: 0.97 }))) })).status
    const sent = await sees()
    expect(sent === 200, 'the porch said ' + sent)
    // It stands there until the guard has seen to it, however slow the page: unseen for a minute, the lift would go on by itself.
    const stands = setInterval(() => void sees(), 10_000)
    const row = page.locator('.row.situation').filter({ hasText: '电动车入梯' }).filter({ hasNotText: '停运' }).first()
    await row.waitFor()
    await shoot(page, 'console-desk-live-critical')
    await row.click()
    await page.waitForSelector('[data-test=action]:has-text("语音劝阻")')
    await page.locator('[data-test=release]').first().click().finally(() => clearInterval(stands))
    const dialog = page.locator('dialog')
    await dialog.locator('textarea').fill('已请车主推出，梯内无车。')
    await dialog.locator('.buttons button').last().click()
    await dialog.waitFor({ state: 'detached' })
    await page.waitForSelector('[data-test=action-state]:has-text("已解除")')
  })
  await check('console: mark as seen and as a false alarm', async () => {
    const open = (await ask(page, 'situations?limit=50')).items.find(s => !s.false_alarm)
    await go(page, node.url, 'situations/' + open.id)
    if (await page.locator('[data-test=seen]').count()) await page.click('[data-test=seen]')
    await page.click('[data-test=mark-false]')
    const dialog = page.locator('dialog')
    await dialog.locator('textarea').fill('检修时碰到了探头。')
    await dialog.locator('.buttons button').last().click()
    await page.waitForSelector('[data-test=false]')
    await quiet(page)
    await shoot(page, 'console-desk-situation')
    await isReachable(page, 'situation')
  })
  await check('console: the backtest is drawn as a chart, in view', async () => {
    await go(page, node.url, 'rules', '预警规则')
    await page.waitForSelector('tbody tr')
    await page.click('tbody tr[data-id="dust"] a')
    await page.click('[data-test=backtest]')
    await page.waitForSelector('[data-test=trial]')
    const chart = page.locator('.chart svg')
    await chart.waitFor()
    const box = await page.locator('.chart').boundingBox()
    expect(box.y + box.height <= 900, 'the chart ends at ' + (box.y + box.height))
    await shoot(page, 'console-desk-rule')
    await isReachable(page, 'rule')
  })
  await check('console: a device with its curve', async () => {
    await go(page, node.url, 'devices/c1-air')
    await page.waitForSelector('.chart svg')
    await quiet(page)
    await shoot(page, 'console-desk-device')
    await isReachable(page, 'device')
  })
  await check('console: what a device said wrong stands on its page, with what to do', async () => {
    // The device of the demo ward speaks on: only its token is new.
    const device = await ask(page, 'devices/c1-air')
    const made = await page.evaluate(async d => (await fetch('/api/v1/devices/c1-trial', { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ profile: d.profile, place: d.place, name: '试装空气站', secret: 'walk-secret-0002' }) })).status, device)
    expect(made === 200, 'made: ' + made)
    const say = body => page.evaluate(async text => (await fetch('/api/v1/walk-secret-0002/telemetry', { method: 'POST', body: text })).status, body)
    expect(await say('{"pm25":') === 400, 'broken JSON is 400')
    expect(await say('{"pm2_5":12,"pm25":8}') === 200, 'the rest stands')
    expect(await page.evaluate(async () => (await fetch('/api/v1/c1-trial/telemetry', { method: 'POST', body: '{}' })).status) === 401, 'the id is no token')
    await go(page, node.url, 'devices/c1-trial')
    const list = page.locator('[data-test=refusals]')
    // Written within three seconds: the page is asked again until then.
    await until('the refusal is written', async () => {
      await Promise.all([page.waitForResponse(r => r.url().includes('/refusals')), list.locator('button').first().click()])
      await quiet(page)
      return list.locator('[data-test="porch.bad_credentials"]').count()
    }, count => count)
    await list.locator('[data-test="porch.unreadable"]').waitFor()
    await list.locator('[data-test="porch.bad_credentials"]').filter({ hasText: '密钥不对' }).waitFor()
    const unknown = list.locator('[data-test="porch.unknown_metric"]')
    expect((await unknown.innerText()).includes('pm2_5'), await unknown.innerText())
    await unknown.locator('summary').click()
    await unknown.locator('details p').first().waitFor()
    await shoot(page, 'console-desk-device-refusals')
    await isReachable(page, 'device refusals')
  })
  await check('console: the page of a device follows what it says, by the live stream alone', async () => {
    const say = body => page.evaluate(async text => (await fetch('/api/v1/walk-secret-0002/telemetry', { method: 'POST', body: text })).status, body)
    await go(page, node.url, 'devices/c1-trial')
    await page.waitForSelector('[data-test=latest] button:has-text("8")')
    await page.waitForSelector('[data-test=live]:has-text("实时")')
    await quiet(page)
    const messages = () => page.locator('[data-test=condition] .figure b').nth(1).innerText()
    const before = await messages()
    expect(await say('{"pm25":77}') === 200, 'it was not taken')
    await page.waitForSelector('[data-test=latest] button:has-text("77")')
    await until('its messages are counted on', messages, now => now !== before)
    // A silence that somebody else sets stands there as well.
    const now = Date.now()
    await ask(page, 'devices/c1-trial/maintenance', { begins: new Date(now).toISOString(), ends: new Date(now + 3_600_000).toISOString(), reason: '换滤芯' })
    await page.waitForSelector('[data-test=silences] li:has-text("换滤芯")')
  })
  await context.close()
}

async function endedSession(browser, node) {
  await check('console: a session that ends under a form leaves what was typed', async () => {
    const { page, context } = await openPage(browser, node.url, 'desk')
    await logIn(page, node.url, 'admin', node.admin)
    await go(page, node.url, 'report', '代报登记')
    await page.fill('textarea[name=text]', '还没写完')
    await context.clearCookies()
    await page.fill('input[type=search]', '00000000000')
    await page.press('input[type=search]', 'Enter')
    await page.waitForSelector('.curtain')
    await page.fill('.curtain input[name=login]', 'admin')
    await page.fill('.curtain input[name=password]', node.admin)
    await page.click('.curtain button.primary')
    await page.waitForSelector('.curtain', { state: 'detached' })
    expect((await page.inputValue('textarea[name=text]')) === '还没写完', 'what was typed is gone')
    await context.close()
  })
  await check('console: a session that ends under a dialog can be begun again above it', async () => {
    const { page, context } = await openPage(browser, node.url, 'desk')
    await logIn(page, node.url, 'admin', node.admin)
    await go(page, node.url, 'devices', '设备')
    await page.click('main button.primary')
    const id = page.locator('dialog:not(.curtain) input[maxlength="64"]')
    await id.fill('half-typed')
    await context.clearCookies()
    await page.fill('dialog:not(.curtain) [role=combobox]', '府苑')
    await page.waitForSelector('.curtain')
    await page.fill('.curtain input[name=login]', 'admin')
    await page.fill('.curtain input[name=password]', node.admin)
    await page.click('.curtain button.primary')
    await page.waitForSelector('.curtain', { state: 'detached' })
    expect((await id.inputValue()) === 'half-typed', 'what was typed is gone')
    await context.close()
  })
}

async function extremes(browser, node) {
  for (const [name, size] of [['320', { width: 320, height: 640 }], ['4k', { width: 3840, height: 2160 }]]) {
    const { page, context } = await openPage(browser, node.url, 'desk', { viewport: size })
    await logIn(page, node.url, 'admin', node.admin)
    for (const path of ['queue', 'cases', 'rates'])
      await check(`console ${name}: ${path}`, async () => {
        await go(page, node.url, path)
        await quiet(page)
        await shoot(page, `console-${name}-${path}`)
        await isReachable(page, path)
      })
    await context.close()
  }
}

export async function walk(browser, node) {
  await allPages(browser, node, 'desk')
  await allPages(browser, node, 'phone')
  await aCase(browser, node)
  await machines(browser, node)
  await endedSession(browser, node)
  await extremes(browser, node)
}
