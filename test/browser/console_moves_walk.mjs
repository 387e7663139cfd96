// The dialogs of a case that go beyond taking and handling it: whistle, joint handling, merge, defer, transfer, return, urge;
// and the second factor of a login.
import { createHmac } from 'node:crypto'
import { askAs, enter, layOut, staffPassword } from './console_ward.mjs'
import { check, expect, isReachable, openPage, quiet, shoot } from './stage.mjs'

export const empty = true

const day = offset => new Date(Date.now() + 8 * 3_600_000 + offset * 86_400_000).toISOString().slice(0, 10)

/** The code of an authenticator (RFC 6238), `ahead` steps of 30 s from now. */
function codeOf(secret, ahead = 0) {
  const bits = [...secret.replace(/[\s=]/g, '')].map(c => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g).map(byte => parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead))
  const sum = createHmac('sha1', key).update(counter).digest()
  return String((sum.readUInt32BE(sum[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

export async function walk(browser, node) {
  const ask = await layOut(node)
  const report = async (kind, place, text) => (await ask('POST', 'cases', { kind, place, text })).id
  const pages = {}
  const as = async (login, size = 'desk') => {
    const key = login + size
    if (pages[key]) return pages[key]
    const opened = await openPage(browser, node.url, size)
    await enter(opened.page, node, login, login === 'admin' ? node.firstPassword : staffPassword)
    await opened.page.waitForSelector('nav.side', { state: 'attached' })
    return (pages[key] = opened.page)
  }
  const open = async (page, id) => {
    await page.goto(node.url + '/console/cases/' + id)
    await page.waitForSelector('[data-test=diary] li')
    await quiet(page)
  }
  /** Opens the dialog of a move, fills it in, has its picture taken, sends it. */
  const move = async (page, name, fill, picture) => {
    await page.click(`button[data-move="${name}"]`)
    const dialog = page.locator('dialog')
    await dialog.waitFor()
    await quiet(page)
    if (fill) await fill(dialog)
    if (picture) {
      await shoot(page, picture)
      await isReachable(page, picture)
    }
    await dialog.locator('.buttons button').last().click()
    // What the kind asks for and is not there is said first.
    if (name === 'done') await dialog.locator('.buttons button:has-text("仍然")').click()
    await dialog.waitFor({ state: 'detached' })
    await quiet(page)
  }
  const field = (dialog, name) => dialog.locator('.field', { hasText: name }).locator('input, select, textarea').first()
  const state = (page, word) => page.waitForSelector(`[data-test=state]:has-text("${word}")`)
  const diary = (page, word) => page.waitForSelector(`[data-test=diary] li:has-text("${word}")`)

  let one = ''
  await check('moves: whistle to several bureaus with their time', async () => {
    one = await report('fire-lane-blocked', 'fuyuan-gate', '南门外消防通道停了三辆车，叫不到车主。')
    const page = await as('gate')
    await open(page, one)
    await page.click('button[data-move=accept]')
    await state(page, '已接单')
    await move(page, 'whistle', async dialog => {
      for (const name of ['区城管局', '消防救援站', '区住建局']) await dialog.getByLabel(name).check()
      await field(dialog, '几分钟内报到').fill('20')
      await field(dialog, '说明').fill('车辆占道，请现场清拖。')
    }, 'moves-desk-whistle')
    for (const name of ['区城管局', '消防救援站', '区住建局']) await page.waitForSelector(`.diary li:has-text("${name}")`)
    await diary(page, '吹哨')
  })
  await check('moves: one of the called reports in', async () => {
    const page = await as('admin')
    await open(page, one)
    await move(page, 'report-in', dialog => field(dialog, '哪个单位报到').selectOption({ label: '区城管局' }), 'moves-desk-report-in')
    await page.waitForSelector('.diary li:has-text("区城管局"):has-text("报到")')
    await shoot(page, 'moves-desk-called')
    await isReachable(page, 'called')
  })
  await check('moves: joint handling with two parts, one of them done', async () => {
    const page = await as('admin')
    await open(page, one)
    await move(page, 'joint', async dialog => {
      await dialog.locator('button:has-text("再加一项")').click()
      const parts = dialog.locator('fieldset')
      for (const [i, post, task] of [[0, '保安岗', '守住路口，劝离后车'], [1, '物业值班室', '联系车主']]) {
        await field(parts.nth(i), '岗位').selectOption({ label: post })
        await field(parts.nth(i), '任务').fill(task)
        await field(parts.nth(i), '几小时内完成').fill('2')
      }
    }, 'moves-desk-joint')
    await page.waitForSelector('.diary li:has-text("守住路口")')
    const guard = await as('gate')
    await guard.goto(node.url + '/console/')
    await guard.waitForSelector('[data-test=owed]:has-text("守住路口")')
    await shoot(guard, 'moves-desk-owed')
    await move(page, 'done', dialog => field(dialog, '说明').fill('两辆已开走。'), 'moves-desk-part-done')
    await page.waitForSelector('.diary li:has-text("守住路口"):has-text("已完成")')
  })
  await check('moves: urge and supervise', async () => {
    const page = await as('admin')
    await open(page, one)
    await move(page, 'urge', dialog => field(dialog, '说明').fill('救护车要进，请抓紧。'), 'moves-desk-urge')
    await diary(page, '催办')
    await move(page, 'supervise')
    await page.waitForSelector('.tag:has-text("督办")')
  })
  await check('moves: two reports of one thing become one case', async () => {
    const leak = await report('leak', 'fuyuan-1-1-101', '卫生间顶上一直滴水，楼上说不是他家。')
    expect((await report('leak', 'fuyuan-1-1-201', '卫生间漏水，楼下来找，请来看看管子。')) === leak, 'a leak on the next floor is the same leak')
    const first = await report('noise', 'fuyuan-1-1-101', '夜里水泵声音很大，睡不着。')
    const page = await as('admin')
    await open(page, first)
    const second = await report('noise', 'fuyuan-1-1-201', '水泵整夜响，睡不着。')
    await page.waitForSelector('[data-test=similar-count]:has-text("1")')  // by itself, without a dialog
    await shoot(page, 'moves-desk-similar')
    await open(page, second)
    await page.click('[data-test=similar] li:has-text("地点相近") button')
    const dialog = page.locator('dialog')
    await dialog.waitFor()
    await field(dialog, '说明').fill('同一台水泵。')
    await shoot(page, 'moves-desk-merge')
    await isReachable(page, 'moves-desk-merge')
    await dialog.locator('.buttons button').last().click()
    await dialog.waitFor({ state: 'detached' })
    await state(page, '已并案')
    await page.click('a:has-text("打开")')
    await page.waitForURL(new RegExp(first))
    await diary(page, '并')
  })
  await check('moves: merged by the number that people know', async () => {
    const first = await ask('POST', 'cases', { kind: 'manhole', place: 'fuyuan-gate', text: '南门井盖松动。' })
    const other = await report('noise', 'fuyuan-1', '有人踩得井盖咣当响，整夜睡不着。')
    const page = await as('admin')
    await open(page, other)
    const into = dialog => dialog.locator('details input')
    await page.click('button[data-move=merge]')
    // What may be the same is asked for first; its answer says whether the number stands open.
    await quiet(page)
    await page.locator('dialog details').evaluate(box => (box.open = true))
    await into(page.locator('dialog')).fill('20200101-0001')
    await page.locator('dialog .buttons button').last().click()
    await page.locator('dialog .wrong:has-text("没有这张工单")').waitFor()
    await into(page.locator('dialog')).fill((await ask('GET', 'cases/' + first.id)).number)
    await page.locator('dialog .buttons button').last().click()
    await state(page, '已并案')
  })
  let two = ''
  await check('moves: a deferral is asked for, approved by another, and woken', async () => {
    two = await report('street-light', 'fuyuan-gate', '南门路灯不亮，灯头要订货。').catch(() => report('manhole', 'fuyuan-gate', '井盖松动，要订货。'))
    const page = await as('estate')
    await open(page, two)
    if (await page.$('button[data-move=accept]')) await page.click('button[data-move=accept]')
    await move(page, 'defer', async dialog => {
      await field(dialog, '挂账到哪一天').fill(day(9))
      await field(dialog, '理由').fill('灯头缺货，厂家答应下周送到。')
    }, 'moves-desk-defer')
    await page.waitForSelector('.tag:has-text("待批挂账")')
    const above = await as('street')
    await open(above, two)
    await move(above, 'approve', undefined, 'moves-desk-approve')
    await state(above, '挂账中')
    await state(page, '挂账中')  // the other page hears of it by itself
    await move(above, 'wake', undefined, 'moves-desk-wake')
    await diary(above, '恢复')
  })
  await check('moves: an appeal stands first in the queue of the circle above, and whoever appealed hears how it ended', async () => {
    const id = await report('manhole', 'fuyuan', '井盖报警。')
    const page = await as('estate')
    await open(page, id)
    if (await page.$('button[data-move=accept]')) await page.click('button[data-move=accept]')
    await move(page, 'false-alarm', dialog => field(dialog, '理由').fill('是维修工人，已核实。'))
    // Somebody reported it: another person verifies that it was nothing.
    const above = await as('street')
    await open(above, id)
    await move(above, 'verify')
    await open(page, id)
    await move(page, 'appeal', dialog => field(dialog, '理由').fill('不是我们的差错。'))
    await page.waitForSelector('[data-test=appeal-by]:has-text("街镇小循环")')
    await shoot(page, 'moves-desk-appealed')
    await above.goto(node.url + '/console/queue')
    const row = above.locator('[data-test=deciding] a', { hasText: '申诉待裁定' }).first()
    await row.waitFor()
    await shoot(above, 'moves-desk-deciding')
    await isReachable(above, 'moves-desk-deciding')
    await open(above, id)
    await move(above, 'decide', async dialog => {
      await dialog.getByLabel('不成立').check()
      await field(dialog, '理由').fill('照片里看得很清楚。')
    }, 'moves-desk-decide')
    await above.waitForSelector('[data-test=appeal]:has-text("申诉不成立")')
    await page.goto(node.url + '/console/notices')
    await page.waitForSelector('main :text("申诉不成立：照片里看得很清楚。")')
  })
  await check('moves phone: transfer with its reason, and back again', async () => {
    const id = await report('corridor-clutter', 'fuyuan-1', '楼道里堆了纸箱和旧沙发。')
    const page = await as('estate', 'phone')
    await open(page, id)
    if (await page.$('button[data-move=accept]')) await page.click('button[data-move=accept]')
    await page.waitForSelector('button[data-move=transfer]')
    await move(page, 'transfer', async dialog => {
      await field(dialog, '岗位').selectOption({ label: '保洁岗' })
      await field(dialog, '理由').fill('是保洁清运的范围。')
    }, 'moves-phone-transfer')
    await diary(page, '转办')
  })
  await check('moves phone: whistle, and return with a reason', async () => {
    const id = await report('corridor-clutter', 'fuyuan-2', '二幢楼道堆物，挡住消火栓。')
    const page = await as('estate', 'phone')
    await open(page, id)
    await move(page, 'return', async dialog => field(dialog, '理由').fill('二幢由街道统一清理，请改派。'), 'moves-phone-return')
    await diary(page, '退')
    const admin = await as('admin', 'phone')
    await open(admin, id)
    await move(admin, 'whistle', dialog => dialog.getByLabel('消防救援站').check(), 'moves-phone-whistle')
    await admin.waitForSelector('.diary li:has-text("消防救援站")')
    await shoot(admin, 'moves-phone-case')
    await isReachable(admin, 'the case after it')
  })
  await check('moves: a reason left out is asked for at the field', async () => {
    const page = await as('admin')
    await open(page, two)
    await page.click('button[data-move=refuse]')
    const dialog = page.locator('dialog')
    await dialog.locator('.buttons button').last().click()
    expect(await dialog.locator('textarea[name=note]').evaluate(box => !box.checkValidity()), 'no reason was asked for')
    await dialog.locator('.buttons button').first().click()
  })
  await check('moves: whoever called is told by phone, and their score is entered for them', async () => {
    const page = await as('street')
    await page.goto(node.url + '/console/callback')
    await page.waitForSelector('main h1')
    const person = (await ask('POST', 'people/search', { phone: '13800000005' })).items[0].id
    const { id } = await ask('POST', 'cases', { kind: 'noise', place: 'fuyuan-1-1-101', text: '来电说楼上装修太吵。', reporter: { person, channel: 'call' } })
    await ask('POST', `cases/${id}/accept`, {})
    await ask('POST', `cases/${id}/handle`, { note: '已约定午休停工。' })
    await (await askAs(node, 'community'))('POST', `cases/${id}/verify`, {})
    await ask('POST', `cases/${id}/close`, {})
    // It is on the list by itself, with the question how it was.
    await page.locator('article', { hasText: '请评价' }).first().locator('button:has-text("去回告")').click()
    const dialog = page.locator('dialog')
    await dialog.locator('button:has-text("查看电话")').click()
    await dialog.locator('b:has-text("13800000005")').waitFor()
    await field(dialog, '对方打几分').selectOption('5')
    await field(dialog, '对方怎么说').fill('安静了，谢谢。')
    await shoot(page, 'moves-desk-callback')
    await isReachable(page, 'callback')
    await dialog.locator('.buttons button').last().click()
    await dialog.waitFor({ state: 'detached' })
    await open(page, id)
    await page.waitForSelector('[data-test=evaluate] li:has-text("5 分")')
  })
  await secondFactor(browser, node, await as('admin'))
  for (const page of Object.values(pages)) await page.context().close()
}

async function secondFactor(browser, node, admin) {
  const { page, context } = await openPage(browser, node.url, 'desk')
  let secret = ''
  await check('phones: the desk gives a code, sees the phone that it bound, and takes it off', async () => {
    const page = admin
    await page.goto(node.url + '/console/accounts')
    await page.click('tr:has-text("gate")')
    await page.click('[data-test=make-code]')
    await page.waitForSelector('[data-test=bind-code] b')
    const code = await page.textContent('[data-test=bind-code] b')
    await shoot(page, 'moves-desk-bind-code')
    const bound = await fetch(node.url + '/api/v1/sessions/bind', { method: 'POST', body: JSON.stringify({ code, name: '南门岗亭', pin: '2580' }) })
    expect(bound.status === 201, 'the code binds')
    await page.keyboard.press('Escape')
    await page.click('tr:has-text("gate")')
    page.once('dialog', box => box.accept())
    await page.click('[data-test=phones] p:has-text("南门岗亭") button')
    await page.waitForSelector('[data-test=phones] p:has-text("南门岗亭")', { state: 'detached' })
  })
  await check('second factor: it is turned on with the first code', async () => {
    await enter(page, node, 'community')
    await page.waitForSelector('nav.side')
    await page.goto(node.url + '/console/me')
    const card = page.locator('section.card', { hasText: '动态口令' })
    await card.locator('button:has-text("打开")').click()
    secret = (await card.locator('pre').textContent()).trim()
    await card.locator('input').fill('000000')
    await card.locator('button.primary').click()
    await card.locator('[role=alert]').waitFor()
    await shoot(page, 'factor-desk-wrong')
    await card.locator('input').fill(codeOf(secret))
    await card.locator('button.primary').click()
    await card.locator('.tag.good').waitFor()
    await isReachable(page, 'second factor')
  })
  await check('second factor: the login asks for a code and takes the next one', async () => {
    await page.click('[data-test=log-out]')
    await page.waitForSelector('input[name=login]')
    await page.fill('input[name=login]', 'community')
    await page.fill('input[name=password]', staffPassword)
    await page.click('button.primary')
    await page.waitForSelector('input[name=code]')
    await shoot(page, 'factor-desk-login')
    await isReachable(page, 'login with a code')
    await page.fill('input[name=code]', codeOf(secret, 1))
    await page.click('button.primary')
    await page.waitForSelector('nav.side')
  })
  await check('second factor: whoever has lost the phone is let in by the administrator', async () => {
    await admin.goto(node.url + '/console/accounts')
    await admin.click('tbody tr:has-text("community")')
    const dialog = admin.locator('dialog')
    await shoot(admin, 'factor-desk-account')
    admin.once('dialog', question => question.accept())
    await dialog.locator('button:has-text("关掉动态口令")').click()
    await dialog.locator('button:has-text("关掉动态口令")').waitFor({ state: 'detached' })
  })
  await context.close()
}
