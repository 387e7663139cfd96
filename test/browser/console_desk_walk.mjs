// What the desk sets: kinds of cases from draft to version, the working calendar, posts, roles, persons; on a ward of its own.
import { createHmac } from 'node:crypto'
import { enter, layOut, openDesk } from './console_ward.mjs'
import { check, expect, openPage, quiet, shoot } from './stage.mjs'

export const empty = true

export async function walk(browser, node) {
  const ask = await layOut(node)
  const { page, phone, context, complaints, go, seen, place, field, dialog, send } = await openDesk(browser, node)
  const agree = () => page.once('dialog', d => void d.accept())
  const stage = { page, phone: phone.page, go, seen, place, field, dialog, send, agree, ask, node, browser }
  await kinds(stage)
  await calendar(stage)
  await people(stage)
  await rounds(stage)
  await letters(stage)
  await lists(stage)
  await secondFactor(stage)
  await check('desk: the browser had nothing to complain of', () => {
    const unasked = complaints.concat(phone.complaints).filter(line => !/^404 .*cases\/(drafts|kinds)\//.test(line) && !/^409 .*rosters\/points\//.test(line))
    expect(unasked.length === 0, unasked.join('\n'))
  })
  await phone.context.close()
  await context.close()
}

async function kinds({ page, phone, go, seen, field, agree }) {
  await check('kinds: a new one says at the field what is missing, is kept as a draft, and published', async () => {
    await go('kinds', '事项目录')
    await page.click('[data-test=new-kind]')
    await page.waitForSelector('#kind')
    await page.click('[data-test=publish]')
    await page.waitForSelector('.field:has-text("代码") .wrong')
    await page.waitForSelector('.field:has-text("名称") .wrong')
    await field(page.locator('#kind'), '代码').fill('street-stall')
    await page.click('[data-test=keep-draft]')
    await page.waitForSelector('[data-test=is-draft]')
    await field(page.locator('#kind'), '名称').fill('占道摆摊')
    await field(page.locator('#kind'), '英文名').fill('Street stall')
    await field(page.locator('#kind'), '大类').selectOption('event')
    await page.locator('#kind .tick', { hasText: '照片' }).locator('input').check()
    await page.locator('#kind .tick', { hasText: '没附就不能办结' }).locator('input').check()
    await page.getByLabel('没人应答多久叫下一位', { exact: true }).last().fill('5')
    await page.click('[data-test=add-check]')
    await page.locator('[data-test=check-line] input').fill('劝离并拍照')
    await page.locator('[data-test=check-line] select').selectOption('street-office')
    await seen('desk-kind-new')
    agree()
    await page.click('[data-test=publish]')
    await page.waitForFunction(() => location.pathname === '/console/kinds')
    await page.waitForSelector('tbody tr:has-text("占道摆摊")')
  })
  await check('kinds: a change is compared with the version before and becomes the next', async () => {
    await go('kinds/street-stall', '占道摆摊')
    const handle = page.locator('[role=group][aria-label*="微循环"]', { hasText: '办结' }).getByLabel(/办结时限$/).last()
    await handle.fill('4')
    await handle.press('Tab')
    await page.locator('[role=group][aria-label*="微循环"]').getByLabel(/办结时限：单位/).selectOption('h')
    await field(page.locator('#kind'), '紧急处置提示').fill('有人受伤立即拨打 120')
    await page.waitForSelector('[data-test=changes] dl:has-text("办结时限")')
    await page.click('[data-test=keep-draft]')
    await page.waitForSelector('[data-test=is-draft]')
    await seen('desk-kind-changes')
    agree()
    await page.click('[data-test=publish]')
    await page.waitForFunction(() => location.pathname === '/console/kinds')
    const kind = await page.evaluate(async () => (await fetch('/api/v1/cases/kinds/street-stall')).json())
    expect(kind.version === 2 && kind.micro.handle === 'PT4H' && kind.strict && kind.ring === 'PT5M' && kind.checklist[0].post === 'street-office', JSON.stringify(kind))
  })
  await check('kinds: a draft that somebody overtook is told so and loses nothing', async () => {
    await go('kinds/noise', '')
    await field(page.locator('#kind'), '时限过百分之几提醒').fill('50')
    await page.click('[data-test=keep-draft]')
    await page.waitForSelector('[data-test=is-draft]')
    await page.evaluate(async () => {
      const { code: _c, version: _v, ready_made: _r, retired: _t, at: _a, ...words } = await (await fetch('/api/v1/cases/kinds/noise')).json()
      await fetch('/api/v1/cases/kinds/noise', { method: 'PUT', headers: { 'Content-Type': 'application/json', 'X-Lifang-Page': '1' }, body: JSON.stringify({ ...words, grade: 'II' }) })
    })
    await go('kinds/noise', '')
    await page.waitForSelector('[data-test=overtaken]')
    await seen('desk-kind-overtaken')
    await page.click('[data-test=overtaken] button')
    await page.waitForSelector('[data-test=overtaken]', { state: 'detached' })
    await go('kinds', '事项目录')
    await page.click('[data-test=tab-drafts]')
    await page.waitForSelector('tbody tr:has-text("noise")')
    await seen('desk-kind-drafts')
  })
  await check('kinds: on a phone', async () => {
    await go('kinds/street-stall', '占道摆摊', phone)
    await seen('desk-phone-kind', phone)
  })
}

async function calendar({ page, phone, go, seen }) {
  await check('calendar: from November on it says which year is missing', async () => {
    await go('rosters?tab=calendar', '值班')
    const wanted = new Date().getFullYear() + (new Date().getMonth() >= 10 ? 1 : 0)
    const known = await page.evaluate(async year => !(await (await fetch('/api/v1/rosters/calendar/' + year)).json()).provisional, wanted)
    await quiet(page)
    expect((await page.locator('[data-test=year-missing]').count()) === (known ? 0 : 1), 'the warning is wrong about ' + wanted)
    await page.waitForSelector('[data-test=year] tbody tr')
    await seen('desk-calendar')
  })
  await check('calendar: a year is imported, looked over, added to by hand and kept', async () => {
    const year = page.getByLabel('年份', { exact: true })
    await year.fill('2031')
    await year.press('Tab')
    await page.waitForSelector('[data-test=provisional]')
    await page.setInputFiles('[data-test=year-file]', { name: '2030.csv', mimeType: 'text/csv', buffer: Buffer.from('日期,结束,休息,名称\n2030-01-01,,休,元旦\n') })
    await page.waitForSelector('.wrong:has-text("不在 2031 年")')
    await page.setInputFiles('[data-test=year-file]', { name: '2031.csv', mimeType: 'text/csv', buffer: Buffer.from('日期,结束,休息,名称,来源\n2031-01-01,,休,元旦,演练用的假通知\n2031-01-23,2031-01-29,休,春节,\n2031-01-19,,班,春节调休,\n') })
    await page.waitForSelector('[data-test=year] tbody tr:has-text("2031-01-23 – 01-29")')
    const form = page.locator('form', { has: page.locator('[data-test=add-days]') })
    await form.getByLabel('从', { exact: true }).fill('2031-04-04')
    await form.getByLabel('名称', { exact: true }).fill('清明节')
    await page.click('[data-test=add-days]')
    await page.waitForSelector('[data-test=year] tbody tr:has-text("清明节")')
    await page.click('summary:has-text("请再看看")')
    await seen('desk-calendar-new')
    await page.click('[data-test=keep-year]')
    await page.waitForSelector('[data-test=provisional]', { state: 'detached' })
    const kept = await page.evaluate(async () => (await fetch('/api/v1/rosters/calendar/2031')).json())
    expect(kept.days.length === 10 && kept.source === '演练用的假通知', JSON.stringify(kept))
  })
  await check('calendar: an organisation keeps hours of its own', async () => {
    await page.locator('label:has(select)', { hasText: '谁的' }).locator('select').selectOption({ label: '府苑物业' })
    await quiet(page)
    await page.getByLabel('第 1 段从').fill('07:00')
    await page.locator('.tick', { hasText: '随国家放假和调休' }).locator('input').uncheck()
    await page.click('[data-test=keep-hours]')
    await quiet(page)
    const hours = await page.evaluate(async () => (await fetch('/api/v1/rosters/hours/fuyuan-estate')).json())
    expect(hours.week[0].from === '07:00' && hours.keeps_holidays === false, JSON.stringify(hours))
  })
  await check('calendar: on a phone', async () => {
    await go('rosters?tab=calendar', '值班', phone)
    await seen('desk-phone-calendar', phone)
  })
}

async function people({ page, go, seen, field, dialog, send, agree, ask }) {
  await check('posts: a new one, and who stands above it', async () => {
    await go('rosters?tab=posts', '值班')
    await page.click('[data-test=new-post]')
    await field(dialog, '编号').fill('pool-guard')
    await field(dialog, '名称').fill('泳池救生员')
    await field(dialog, '上级岗位').selectOption({ label: '物业值班室' })
    await seen('desk-post')
    await send()
    await page.waitForSelector('tbody tr:has-text("泳池救生员"):has-text("物业值班室")')
  })
  await check('roles: a new one with rights by room', async () => {
    await go('accounts', '账号与角色')
    await page.click('[role=tab]:has-text("角色")')
    await page.click('[data-test=new-role]')
    await field(dialog, '编号').fill('lifeguard')
    await field(dialog, '名称').fill('救生员')
    await dialog.locator('[data-right="cases.read"]').check()
    await dialog.locator('[data-right="cases.handle"]').check()
    await dialog.locator('[data-right="rosters.read"]').check()
    await seen('desk-role')
    await send()
    await page.waitForSelector('tbody tr:has-text("救生员"):has-text("cases.handle cases.read rosters.read")')
  })
  await check('people: from a person it is one step to who looked at their plain data', async () => {
    const person = (await ask('POST', 'people/search', { phone: '13800000009' })).items[0].id
    await go('people/' + person, '孙')
    const asked = page.waitForRequest(r => r.url().includes('/api/v1/audit?') && r.url().includes('action=people.revealed') && r.url().includes('subject=' + person))
    await page.click('[data-test=who-looked]')
    await asked
    await page.waitForFunction(() => document.querySelector('main h1')?.textContent?.includes('操作日志'))
    await quiet(page)
    await seen('desk-who-looked')
  })
  await check('people: who has no login of their own gets a copy with who looked at it', async () => {
    const person = (await ask('POST', 'people/search', { phone: '13800000009' })).items[0].id
    const copy = async () => {
      await go('people/' + person, '孙')
      const made = page.waitForResponse(r => r.url().endsWith('/people/' + person + '/export') && r.request().method() === 'POST')
      await page.click('[data-test=copy]')
      if (!(await made).ok()) throw new Error('no copy was made: ' + (await made).status())
      await dialog.waitFor()
    }
    await copy()
    await dialog.locator('button:has-text("关闭")').click()
    // The first copy was a look itself, and the second one says so.
    await copy()
    await dialog.locator('[data-test=looks] li').first().waitFor()
    await seen('desk-copy')
    await dialog.locator('button:has-text("关闭")').click()
  })
  await check('people: a field is changed, a consent and a helper are registered at the desk', async () => {
    const father = (await ask('POST', 'people/search', { phone: '13800000009' })).items[0].id
    await go('people/' + father, '孙')
    await page.click('[data-test=edit-person]')
    await field(dialog, '电话').fill('13800138000')
    await field(dialog, '备注').fill('听力不好，请大声说')
    await send()
    const found = await ask('POST', 'people/search', { phone: '13800138000' })
    expect(found.items.length === 1, 'the new phone is not found')
    const consents = page.locator('[data-test=consents]')
    await consents.locator('button:has-text("登记同意")').click()
    await consents.locator('li:has-text("健康数据"):has-text("书面")').waitFor()
    const helpers = page.locator('[data-test=helpers]')
    await helpers.locator('[data-test=person-picker] input').fill('13800000007')
    await helpers.locator('[data-test=person-picker] button').first().click()
    await helpers.locator('[data-test=person-picker] b').waitFor()
    await page.click('[data-test=add-helper]')
    await helpers.locator('li:has-text("上报和求助")').waitFor()
    await seen('desk-person')
    agree()
    await helpers.locator('li button:has-text("结束")').click()
    await helpers.locator('li button:has-text("结束")').waitFor({ state: 'detached' })
    agree()
    await consents.locator('li button:has-text("撤回")').click()
    await consents.locator('li:has-text("已撤回")').waitFor()
  })
}

async function rounds({ page, go, seen, agree, ask }) {
  await check('rounds: what is used no more is taken off, not before what stands on it', async () => {
    await ask('PUT', 'rosters/points/p-pool', { name: '泳池', place: 'fuyuan' })
    await ask('PUT', 'rosters/routes/r-pool', { name: '泳池巡查', place: 'fuyuan', points: ['p-pool'] })
    await go('rounds', '巡查')
    await page.click('[data-test=tab-points]')
    agree()
    await page.locator('tbody tr:has-text("泳池")').locator('[data-test=off]').click()
    await page.waitForSelector('.problem:has-text("还有路线或计划在用它")')
    await seen('desk-round-in-use')
    await page.click('[data-test=tab-routes]')
    agree()
    await page.locator('tbody tr:has-text("泳池巡查")').locator('[data-test=off]').click()
    await page.waitForSelector('tbody tr:has-text("泳池巡查")', { state: 'detached' })
    await page.click('[data-test=tab-points]')
    agree()
    await page.locator('tbody tr:has-text("泳池")').locator('[data-test=off]').click()
    await page.waitForSelector('tbody tr:has-text("泳池")', { state: 'detached' })
  })
}

async function letters({ page, go, ask, node }) {
  await check('letters: somebody without a phone is told in big letters why it was refused', async () => {
    const made = await ask('POST', 'cases', { kind: 'noise', place: 'fuyuan', text: '楼上夜里跳舞', reporter: { channel: 'paper' } })
    await ask('POST', `cases/${made.id}/refuse`, { note: '经两次测量，分贝没有超标。' })
    await go('callback', '回告清单')
    const [letter] = await Promise.all([page.waitForEvent('popup'), page.locator('article', { hasText: '分贝没有超标' }).locator('[data-test=letter]').click()])
    await letter.waitForLoadState()
    const words = await letter.textContent('body')
    expect(words.includes('不予受理告知书') && words.includes(made.number) && words.includes('分贝没有超标'), words)
    await shoot(letter, 'desk-letter')
    await letter.close()
  })
  await check('letters: the stairwell page has a code that reports from there', async () => {
    await page.goto(node.url + '/api/v1/notices/stairwell?place=fuyuan')
    const words = await page.textContent('body')
    expect(words.includes('#/report?place=fuyuan') && !words.includes('噪'), words)
    expect((await page.locator('svg path').count()) === 2, 'no code')
    await shoot(page, 'desk-stairwell')
  })
}

async function lists({ page, go, seen }) {
  await check('lists: a search looks at all rows, and a view is kept and given back', async () => {
    await go('kinds', '事项目录')
    await page.waitForSelector('tbody tr')
    await page.getByLabel('在全部行里找').fill('电梯')
    await page.locator('label:has(select)', { hasText: '等级' }).locator('select').selectOption('II')
    await quiet(page)
    page.once('dialog', d => void d.accept('二级电梯事项'))
    await page.click('[data-test=keep-view]')
    await page.waitForSelector('[data-test=view]')
    await seen('desk-view')
    await go('kinds', '事项目录')
    await page.locator('[data-test=view]').selectOption('二级电梯事项')
    await page.waitForFunction(() => [...document.querySelectorAll('main select')].some(s => s.value === 'II') && document.querySelector('main input[type=search]').value === '电梯')
  })
}

async function secondFactor({ page, go, seen, ask, node, browser }) {
  await check('second factor: a role demands it, and the login leads to it', async () => {
    const street = await ask('GET', 'accounts/roles/street')
    await ask('PUT', 'accounts/roles/street', { name: street.name, rights: street.rights, purposes: street.purposes, staff: true, second_factor: true })
    const other = await openPage(browser, node.url, 'desk')
    await enter(other.page, node, 'street')
    await other.page.waitForSelector('[data-test=enrol]')
    await other.page.click('[data-test=totp-begin]')
    await other.page.waitForSelector('svg.authenticator path')
    await seen('desk-enrol', other.page)
    const secret = (await other.page.textContent('[data-test=enrol] pre')).replaceAll(' ', '')
    await other.page.fill('[data-test=totp-code]', totp(secret))
    await other.page.click('[data-test=enrol] button:has-text("确认")')
    await other.page.waitForFunction(() => document.querySelector('main h1')?.textContent?.includes('待办'))
    await other.context.close()
    await go('me', '我的账号')
    await page.waitForSelector('[data-test=ways]')
    await seen('desk-me')
  })
}

/** RFC 6238, as an authenticator shows it. */
function totp(secret) {
  const bits = [...secret].map(c => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g).map(b => parseInt(b, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)))
  const mac = createHmac('sha1', key).update(counter).digest()
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}
