// Pages of rooms that people use less often: announcements, the 12345 hotline, forms of bureaus, rounds; on a ward of its own.
import { bytesOf, enter, layOut, openDesk, staffPassword } from './console_ward.mjs'
import { readSheet, writeSheet } from './sheet.mjs'
import { check, expect, openPage, quiet, shoot } from './stage.mjs'

export const empty = true

const everyPage = ['queue', 'live', 'report', 'callback', 'announce', 'hotline', 'forms', 'notices', 'cases', 'board', 'situations', 'evaluations', 'rates', 'drills', 'rosters', 'rounds', 'places', 'people', 'households', 'organisations', 'devices', 'profiles', 'rules', 'kinds', 'import', 'accounts', 'webhooks', 'audit', 'node', 'me']
const xlsx = (name, rows) => ({ name, mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', buffer: writeSheet(rows) })

export async function walk(browser, node) {
  const ask = await layOut(node)
  const { page, phone, context, complaints, go, seen, place, field, dialog, send } = await openDesk(browser, node)
  await announcements({ page, go, seen, place, field, dialog, send })
  await hotline({ page, go, seen, field, dialog, send, ask })
  await forms({ page, go, seen, place, field, dialog, send, browser, node })
  await rounds({ page, go, seen, place, field, dialog, send, ask, node })
  for (const [path, heading] of [['announce', '公告'], ['hotline', '12345 热线'], ['forms', '一表通'], ['rounds', '巡查'], ['profiles', '设备类型'], ['import', '导入']])
    await check(`rooms phone: ${path}`, async () => {
      await go(path, heading, phone.page)
      await seen('rooms-phone-' + path, phone.page)
    })
  await check('rooms: the node says what waits, what was refused and how full its disk is', async () => {
    await go('node', '运行状况')
    await page.waitForSelector('.figure:has-text("磁盘剩余"):has-text("GB")')
    await page.waitForSelector('.figure:has-text("排队等写入")')
    await page.waitForSelector('section:has-text("拒收与拒绝") tbody tr')
    await seen('rooms-desk-node')
    // The node tells by itself, every ten seconds; nothing is asked again.
    const asked = []
    page.on('request', request => asked.push(request.url()))
    const first = await page.textContent('[data-test=as-of]')
    await page.waitForFunction(was => document.querySelector('[data-test=as-of]')?.textContent !== was, first, { timeout: 30_000 })
    expect(!asked.some(url => /metrics|health/.test(url)), 'asked again: ' + asked)
  })
  await check('rooms: a deputy is chosen by name, shown, and ended', async () => {
    await go('me', '我的账号')
    const form = page.locator('form.card', { hasText: '请假时由谁代理' })
    await form.locator('[data-test=account-picker] input').fill('community')
    await form.locator('[data-test=account-picker] button:has-text("查找")').click()
    await form.locator('[data-test=account-picker] button:has-text("community")').first().click()
    await field(form, '到什么时候').fill('2027-01-31T18:00')
    await seen('rooms-desk-deputy')
    await form.locator('.buttons button').click()
    await page.waitForSelector('[data-test=deputies] li:has-text("代理中")')
    await seen('rooms-desk-deputies')
    page.once('dialog', d => void d.accept())
    await page.click('[data-test=deputies] button:has-text("结束代理")')
    await page.waitForSelector('[data-test=deputies] li', { state: 'detached' })
  })
  await check('rooms: in English nothing of a page stays Chinese', async () => {
    await go('me', '我的账号')
    await page.click('header button:has-text("English")')
    const left = []
    for (const path of everyPage) {
      await page.goto(node.url + '/console/' + path)
      await page.waitForSelector('main h1')
      await quiet(page)
      const words = await page.$$eval('main h1, main h2, main th, main legend, main button, main a.button, main .empty, main label .name, nav.side a:not(.ward)', all => all.map(e => e.textContent.trim()))
      const chinese = words.filter(text => /[\u4e00-\u9fff]/.test(text) && text !== '中文')
      if (chinese.length) left.push(path + ': ' + chinese.slice(0, 5).join(' | '))
    }
    await go('rounds', 'Rounds')
    await seen('rooms-desk-rounds-en')
    await page.click('header button:has-text("中文")')
    expect(!left.length, left.join('\n'))
  })
  await check('rooms: every list is given as .xlsx', async () => {
    for (const path of everyPage.filter(p => !['queue', 'live', 'report', 'board', 'rates', 'import', 'node', 'me'].includes(p))) {
      await page.goto(node.url + '/console/' + path)
      await page.waitForSelector('main h1')
      await quiet(page)
      const links = await page.$$eval('main a[href*=".xlsx"]', all => all.map(a => a.getAttribute('href')))
      expect(links.length, path + ' offers no .xlsx')
      for (const link of links) {
        const answer = await page.evaluate(async href => { const r = await fetch(href); return r.status + ' ' + r.headers.get('content-type') }, link)
        expect(/^200 .*spreadsheetml/.test(answer), link + ': ' + answer)
      }
    }
  })
  await check('rooms: the browser had nothing to complain of', () => {
    const unasked = complaints.concat(phone.complaints).filter(line => !/^422 .*rosters\/plans/.test(line))
    expect(unasked.length === 0, unasked.join('\n'))
  })
  await phone.context.close()
  await context.close()
}

async function announcements({ page, go, seen, place, field, dialog, send }) {
  await check('announcements: a template with blanks', async () => {
    await go('announce', '公告')
    await page.click('[role=tab]:has-text("模板")')
    await page.click('button:has-text("新建模板")')
    await field(dialog, '编号').fill('water-off')
    await field(dialog, '名称').fill('停水通知')
    await field(dialog, '标题').fill('{小区}停水')
    await field(dialog, '正文').fill('{时间}停水检修，请提前储水。')
    await send()
    await page.waitForSelector('tbody tr:has-text("停水通知")')
  })
  await check('announcements: counted before it is sent, then sent', async () => {
    await page.click('[data-test=new]')
    const form = page.locator('main form')
    await field(form, '用模板').selectOption({ label: '停水通知' })
    await form.getByLabel('小区', { exact: false }).first().fill('府苑新村')
    await form.getByLabel('时间', { exact: false }).first().fill('周六 9 点到 12 点')
    expect(await page.isDisabled('[data-test=send]'), 'it can be sent uncounted')
    await place(form, '府苑新村')
    await page.click('[data-test=count]')
    await page.waitForSelector('[data-test=preview]:has-text("8 人")')
    await seen('announce-desk-counted')
    await page.click('[data-test=send]')
    await page.waitForSelector('tbody tr:has-text("府苑新村停水")')
  })
  await check('announcements: a few are not counted out, lest a number name somebody', async () => {
    await page.click('[data-test=new]')
    const form = page.locator('main form')
    await form.locator('input[name=title]').fill('请到社区领取体检卡')
    await form.locator('textarea[name=text]').fill('八十岁以上老人的体检卡到了。')
    await place(form, '府苑新村')
    await field(form, '年龄从').fill('78')
    await page.click('[data-test=count]')
    await page.waitForSelector('[data-test=preview]:has-text("不到 5 人")')
  })
  await check('announcements: an emergency waits for its confirmation', async () => {
    await go('announce', '公告')
    await page.click('[data-test=new]')
    const form = page.locator('main form')
    await form.locator('input[name=title]').fill('燃气泄漏，请勿使用明火')
    await form.locator('textarea[name=text]').fill('南门燃气管漏气，正在抢修，请关阀开窗。')
    await form.locator('input[type=radio][value=emergency]').check()
    await place(form, '府苑新村')
    await page.click('[data-test=count]')
    await page.waitForSelector('[data-test=preview]')
    await page.click('[data-test=send]')
    await dialog.waitFor()
    await seen('announce-desk-confirm')
    await send()
    await page.waitForSelector('tbody tr:has-text("燃气泄漏"):has-text("已发送")')
    await seen('announce-desk-sent')
  })
  await check('announcements: the page for the stairwell', async () => {
    await place(page.locator('section.card', { hasText: '楼道里的一页' }), '府苑新村')
    const [paper] = await Promise.all([page.waitForEvent('popup'), page.click('a:has-text("打开打印页")')])
    await paper.waitForLoadState()
    expect((await paper.textContent('body')).includes('府苑新村'), 'the page is empty')
    await shoot(paper, 'announce-desk-stairwell')
    await paper.close()
  })
}

async function hotline({ page, go, seen, field, dialog, send, ask }) {
  const orders = [
    ['工单编号', '标题', '诉求内容', '事发地址', '办结时限'],
    ['HZ2026-0001', '路灯不亮', '小区南门路灯坏了三天，晚上看不见。', '西湖区府苑新村南门', '2027-01-31 17:30'],
    ['HZ2026-0002', '楼道堆物', '二幢楼道堆满纸箱。', '府苑新村2幢', ''],
    ['HZ2026-0003', '噪音', '半夜施工。', '滨江区某某路', ''],
  ]
  const sums = () => page.$$eval('[data-test=taken] b', all => all.map(b => Number(b.textContent)).join(' '))
  await check('hotline: a batch is taken in; what is not ours is said', async () => {
    await go('hotline', '12345 热线')
    await seen('hotline-desk-empty')
    await page.setInputFiles('input[type=file]', xlsx('12345.xlsx', orders))
    await page.waitForSelector('[data-test=taken]')
    expect((await sums()) === '2 0 0 1', 'made, changed, same, refused: ' + (await sums()))
    await page.waitForSelector('tbody tr:has-text("HZ2026-0003"):has-text("地址里没有我们的地点")')
    await page.waitForSelector('tbody tr[data-id="HZ2026-0001"]')
    await seen('hotline-desk-taken')
  })
  await check('hotline: the same batch again is no double', async () => {
    await page.setInputFiles('input[type=file]', xlsx('12345.xlsx', orders.slice(0, 3)))
    await page.waitForFunction(() => [...document.querySelectorAll('[data-test=taken] b')].map(b => b.textContent).join(' ') === '0 0 2 0')
  })
  await check('hotline: a reply is written and goes back in the file', async () => {
    await page.click('tbody tr[data-id="HZ2026-0001"] button:has-text("写答复")')
    await field(dialog, '告诉来电人什么').fill('路灯已排入今晚抢修，明早回访。')
    await seen('hotline-desk-reply')
    await send()
    const [file] = await Promise.all([page.waitForEvent('download'), page.click('a:has-text("导出答复")')])
    const rows = readSheet(await bytesOf(file))
    expect(rows.some(row => row.includes('HZ2026-0001') && row.includes('路灯已排入今晚抢修，明早回访。')), JSON.stringify(rows))
  })
  await check('hotline: what nobody has answered, and what is left of the time', async () => {
    await page.waitForSelector('tbody tr[data-id="HZ2026-0001"] td[data-title="答复"]:has-text("已答复")')
    await page.waitForSelector('tbody tr[data-id="HZ2026-0001"] td[data-title="还剩"] b')
    await page.check('input[name=unanswered]')
    await page.waitForSelector('tbody tr[data-id="HZ2026-0001"]', { state: 'detached' })
    await page.waitForSelector('tbody tr[data-id="HZ2026-0002"]')
    await seen('hotline-desk-unanswered')
    await page.uncheck('input[name=unanswered]')
    await page.waitForSelector('tbody tr[data-id="HZ2026-0001"]')
  })
  await check('hotline: the case shows its outer number', async () => {
    const order = await ask('GET', 'exchange/hotline/HZ2026-0001')
    await page.click('tbody tr[data-id="HZ2026-0001"] a')
    await page.waitForURL(new RegExp(order.case))
    await page.waitForSelector('dd:has-text("HZ2026-0001")')
  })
}

async function forms({ page, go, seen, place, field, dialog, send, browser, node }) {
  await check('forms: a bureau’s empty form is mapped by itself', async () => {
    await go('forms', '一表通')
    await page.click('[data-test=tab-forms]')
    await page.setInputFiles('input[type=file]', xlsx('老年人.xlsx', [['老年人健康状况登记表'], ['序号', '姓名', '出生日期', '住址', '血型', '填表日期']]))
    await dialog.waitFor()
    await field(dialog, '编号').fill('elders')
    const chosen = await dialog.locator('tbody select').evaluateAll(all => all.map(s => s.value).join(' '))
    expect(chosen === 'text: person.name person.birth person.address ask today', 'mapped to ' + chosen)
    await seen('forms-desk-mapping')
    await send()
    await page.waitForSelector('tbody tr:has-text("老年人健康状况登记表")')
  })
  await check('forms: what is known is filled, what is not is asked once', async () => {
    await page.click('[data-test=tab-runs]')
    await page.click('button:has-text("填一张表")')
    await place(dialog, '府苑新村')
    await dialog.locator('.buttons button').last().click()
    await page.waitForSelector('dialog [data-test=run]')
    await quiet(page)
    const before = await page.$$eval('dialog [data-test=run] b', all => all.map(b => Number(b.textContent)))
    expect(before[0] === 8 && before[4] === 10, 'rows, filled, remembered, answered, blank: ' + before)
    await dialog.locator('.field', { hasText: '血型' }).locator('input').first().fill('O 型')
    await seen('forms-desk-run')
    await dialog.locator('.buttons button').last().click()
    await page.waitForFunction(() => document.querySelectorAll('dialog [data-test=run] b')[4]?.textContent === '9')
    await page.click('dialog [data-test=remembered] summary')
    await page.waitForSelector('dialog [data-test=remembered] td:has-text("O 型")')
    await seen('forms-desk-remembered')
    await dialog.locator('.buttons button').first().click()
    await page.waitForSelector('tbody tr:has-text("老年人健康状况登记表") td[data-title="已答"]:has-text("1")')
    await seen('forms-desk-list')
  })
  await check('forms: the filled form is fetched with a purpose', async () => {
    const desk = await openPage(browser, node.url, 'desk', { acceptDownloads: true })
    await enter(desk.page, node, 'community')
    await desk.page.waitForSelector('nav.side')
    await desk.page.goto(node.url + '/console/forms')
    await desk.page.click('tbody tr:has-text("老年人健康状况登记表")')
    await desk.page.waitForSelector('dialog [data-test=run]')
    const [file] = await Promise.all([desk.page.waitForEvent('download'), desk.page.click('dialog [data-test=file]')])
    const rows = readSheet(await bytesOf(file))
    expect(rows.some(row => row.includes('王桂英')) && rows.some(row => row.includes('O 型')), JSON.stringify(rows).slice(0, 400))
    await desk.context.close()
  })
}

async function rounds({ page, go, seen, place, field, dialog, send, ask, node }) {
  await check('rounds: points, their codes for printing', async () => {
    await go('rounds', '巡查')
    await page.click('[data-test=tab-points]')
    for (const [id, name, where, look] of [['p-gate', '南门岗', '南门', '道闸、灭火器'], ['p-pump', '水泵房', '水泵房', '有无漏水、异响'], ['p-bins', '垃圾房', '垃圾房', '桶满不满']]) {
      await page.click('button:has-text("新建点位")')
      await field(dialog, '编号').fill(id)
      await field(dialog, '名称').fill(name)
      await place(dialog, where)
      await field(dialog, '到了看什么').fill(look)
      await send()
    }
    await page.click('[data-test=codes]')
    expect((await dialog.locator('svg.code').count()) === 3, 'not three codes')
    await seen('rounds-desk-codes')
    await dialog.locator('.buttons button').first().click()
  })
  await check('rounds: a route in order', async () => {
    await page.click('[data-test=tab-routes]')
    await page.click('button:has-text("新建路线")')
    await field(dialog, '编号').fill('night')
    await field(dialog, '名称').fill('夜间巡查')
    await place(dialog, '府苑新村')
    for (const id of ['p-pump', 'p-gate', 'p-bins']) await dialog.locator('select').selectOption(id)
    await dialog.locator('button[aria-label="上移 南门岗"]').click()
    await seen('rounds-desk-route')
    await send()
    await page.waitForSelector('tbody tr:has-text("南门岗 → 水泵房 → 垃圾房")')
  })
  await check('rounds: a plan, with what is wrong said at the field', async () => {
    await page.click('[data-test=tab-plans]')
    await page.click('button:has-text("新建计划")')
    await field(dialog, '编号').fill('night-guard')
    await field(dialog, '路线').selectOption('night')
    await field(dialog, '岗位').selectOption('guard')
    await field(dialog, '几分钟内走完').fill('1')
    await field(dialog, '几点').fill('25:00')
    await dialog.locator('.buttons button').last().click()
    await dialog.locator('[role=alert]').first().waitFor()
    await field(dialog, '几分钟内走完').fill('60')
    await field(dialog, '几点').fill('06:00 22:30')
    await seen('rounds-desk-plan')
    await send()
    await page.waitForSelector('tbody tr:has-text("夜间巡查"):has-text("保安岗")')
  })
  await check('rounds: one that begins is there by itself, and shows who was where and what was found', async () => {
    await page.click('[data-test=tab-tasks]')
    await quiet(page)
    await ask('POST', 'rosters/plans/night-guard/begin', {})
    const row = page.locator('tbody tr', { hasText: '夜间巡查' }).first()
    await row.waitFor()
    const guard = await (await fetch(node.url + '/api/v1/sessions', { method: 'POST', body: JSON.stringify({ login: 'gate', password: staffPassword }) })).json()
    const task = (await ask('GET', 'rosters/tasks')).items[0]
    const points = (await ask('GET', 'rosters/points')).items
    const at = async (id, more) => {
      const answer = await fetch(`${node.url}/api/v1/rosters/tasks/${task.id}/check`, { method: 'POST', headers: { Authorization: 'Bearer ' + guard.token, 'Content-Type': 'application/json' }, body: JSON.stringify({ code: points.find(p => p.id === id).code, ...more }) })
      expect(answer.ok, id + ': ' + (await answer.text()))
    }
    await at('p-gate', { fine: true })
    await at('p-pump', { fine: false, note: '地上有积水，阀门渗漏。', kind: 'water-immersion' })
    await page.waitForSelector('tbody tr:has-text("2 / 3")')
    await row.click()
    await dialog.locator('li:has-text("阀门渗漏")').waitFor()
    await seen('rounds-desk-task')
    await at('p-bins', { fine: true })
    await dialog.locator('.buttons button').first().click()
    await page.waitForSelector('tbody tr:has-text("已完成")')
  })
}
