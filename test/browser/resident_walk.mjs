// The residents' page in a real Chromium against a real node: what a resident and a guard do on their phones, on two sizes
// and in big letters, with and without a line. Needs built pages inside build/bin/lifang. Screenshots go to build/shots.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { check as count, shots as folder, sumUp, until, wait } from './stage.mjs'
import { photo, reachable, standStill, wordsOf } from './phone.mjs'
import { password, startWard } from './resident_ward.mjs'

const require = createRequire(new URL('../../web/package.json', import.meta.url))
const { chromium } = require('playwright-core')
const shots = folder + '/'
const phone = { width: 390, height: 844 }, small = { width: 320, height: 640 }

let ward, browser, work
const deeds = []
const check = (name, deed) => deeds.push([name, deed])

export const own = true
/** Its own node, because it takes the line away and rings; its own browser, because it needs a microphone. */
export async function walk(_browser, _node, only = []) {
  ward = await startWard()
  browser = await chromium.launch({
    executablePath: process.env.LIFANG_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--lang=zh-CN', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
  })
  for (const [name, deed] of deeds) {
    if (only.length && !only.some(word => name.includes(word))) continue
    const open = []
    await count(name, async () => {
      try {
        await deed(async (login, words = {}) => {
          const page = await enter(login, words)
          open.push(page)
          return page
        })
      } catch (error) {
        for (const [i, page] of open.entries()) await page.screenshot({ path: `${shots}resident-failed-${deeds.findIndex(d => d[0] === name)}-${i}.png` }).catch(() => {})
        throw error
      }
    })
    for (const page of open) await page.context().close()
  }
  await browser.close()
  await ward.stop()
}
/** Signs in by hand and arrives on the first screen. */
async function enter(login, { size = phone, big = false, lang = 'zh', role } = {}) {
  const context = await browser.newContext({ viewport: size, hasTouch: true, isMobile: true, reducedMotion: 'reduce', locale: 'zh-CN', deviceScaleFactor: 2 })
  const page = await context.newPage()
  page.setDefaultTimeout(wait)
  page.complaints = []
  page.on('pageerror', e => page.complaints.push(String(e)))
  page.on('console', m => m.type() === 'error' && /Content Security|Refused to/.test(m.text()) && page.complaints.push(m.text()))
  await page.addInitScript(([b, l, r]) => {
    if (b) localStorage.setItem('big', '1')
    if (!localStorage.getItem('lang')) localStorage.setItem('lang', l)
    if (r) localStorage.setItem('role', r)
  }, [big, lang, role])
  await page.goto(ward.origin + '/')
  await page.fill('[name=login]', login)
  await page.fill('[name=password]', password)
  await page.click('form button.primary')
  await page.waitForSelector('.tabs')
  return page
}
async function sound(page, name) {
  await reachable(page, name)
  await page.screenshot({ path: `${shots}resident-${name}.png` })
  const thin = await page.evaluate(() => [...document.querySelectorAll('button, a.btn, .tabs a, a.tile')].filter(e => e.offsetParent && e.getBoundingClientRect().height < 43.5 && !e.closest('.thumbs, .strip')).map(e => e.outerHTML.slice(0, 80)))
  assert.deepEqual(thin, [], name + ': targets for a thumb')
}
const picture = { name: 'leak.png', mimeType: 'image/png', buffer: photo(2400, 1800) }
const casesOf = async login => (await ward.ask(login, 'GET', 'cases?reported=true&limit=50')).items
const diaryOf = async id => (await ward.ask('admin', 'GET', `cases/${id}/diary`)).items.map(line => line.code)
const report = (login, kind, text, more = {}) => ward.ask(login, 'POST', 'cases', { kind, place: 'c1-302', text, ...more })

// First, while nobody has reported or been told anything yet: what a person comes to the page with is not the page.
check('the first load is under 150 kB compressed', async () => {
  const context = await browser.newContext({ viewport: phone, serviceWorkers: 'block' })
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  await session.send('Network.enable')
  let bytes = 0
  const parts = new Map()
  session.on('Network.responseReceived', e => parts.set(e.requestId, new URL(e.response.url).pathname))
  session.on('Network.loadingFinished', e => { bytes += e.encodedDataLength; if (process.env.PARTS) console.log('     ', parts.get(e.requestId), e.encodedDataLength) })
  await page.goto(ward.origin + '/')
  await page.waitForSelector('[name=login]')
  await page.fill('[name=login]', 'wang')
  await page.fill('[name=password]', password)
  await page.click('form button.primary')
  await page.waitForSelector('svg.qr')
  await page.waitForLoadState('networkidle')
  console.log(`      ${(bytes / 1024).toFixed(0)} kB with the login, the first screen and what it asks the node`)
  assert.ok(bytes < 150 * 1024, bytes + ' bytes')
  await context.close()
})

check('somebody signs in and has the household code on the first screen, also without a line', async open => {
  for (const [size, word] of [[phone, 'phone'], [small, 'small']]) {
    const page = await open('wang', { size })
    await page.waitForSelector('svg.qr')
    assert.match(await page.textContent('.digits'), /^[0-9A-Z]{4} [0-9A-Z]{4} [0-9A-Z]{4}$/)
    await sound(page, `home-${word}`)
    await page.evaluate(() => navigator.serviceWorker.ready)
    await page.click('button.qr')
    await page.waitForSelector('dialog.whole[open]')
    await page.screenshot({ path: `${shots}resident-code-${word}.png` })
    await page.context().setOffline(true)
    await page.reload()
    await page.waitForSelector('svg.qr')
    await page.waitForSelector('.strip')
    await page.screenshot({ path: `${shots}resident-offline-${word}.png` })
    assert.deepEqual(page.complaints, [])
  }
})

check('a report takes three taps and carries a photo made small', async open => {
  const page = await open('wang')
  await page.click('.tile:has-text("漏水")')                       // 1
  await page.waitForFunction(() => /302/.test(document.querySelector('form .list')?.textContent ?? ''))
  await page.setInputFiles('[name=camera]', picture)               // 2
  await page.waitForSelector('.thumbs img')
  await sound(page, 'report')
  await page.click('.bottom .primary')                             // 3
  await page.waitForSelector('[data-done]')
  await sound(page, 'reported')
  const [item] = await casesOf('wang')
  assert.equal(item.kind, 'leak')
  assert.equal(item.place, 'c1-302')
  const file = await ward.ask('wang', 'GET', 'files/' + item.files[0])
  assert.equal(file.width, 1600)
  assert.ok(file.bytes < 400_000, 'a photo of ' + file.bytes + ' bytes')
  await page.click('[data-done] .primary')
  await page.waitForSelector('.lane li')
  await page.waitForSelector('.thumbs img')
  await sound(page, 'case')
  assert.deepEqual(page.complaints, [])
})

check('voice goes along as a recording', async open => {
  const page = await open('wang')
  await page.click('.tile:has-text("太吵了")')
  await page.click('button:has-text("说一说")')
  await page.waitForSelector('text=/录音 [1-9]\\d* 秒/')
  await page.click('button:has-text("说完了")')
  await page.waitForSelector('.thumbs audio')
  await page.click('.bottom .primary')
  await page.waitForSelector('[data-done]')
  const item = (await casesOf('wang')).find(c => c.kind === 'noise')
  assert.match((await ward.ask('wang', 'GET', 'files/' + item.files[0])).kind, /voice|clip/)
  await page.click('[data-done] .primary')
  await page.waitForSelector('.thumbs audio')
})

check('a daughter reports for her father, marked as such', async open => {
  const page = await open('daughter')
  await page.click('.tabs a[href="#/me"]')
  await page.click('a[href="#/helpers"]')
  await page.waitForSelector('text=王**')
  await sound(page, 'helpers')
  await page.click('a.btn.primary:has-text("上报")')
  await page.click('.tile:has-text("停电")')
  await page.waitForFunction(() => /302/.test(document.querySelector('form .list')?.textContent ?? ''))
  await sound(page, 'report-for')
  await page.click('.bottom .primary')
  await page.waitForSelector('[data-done]')
  const item = (await casesOf('wang')).find(c => c.kind === 'power-outage')
  assert.ok(item, 'the father sees it among his own')
  const [who] = (await ward.ask('admin', 'GET', `cases/${item.id}/reporters`)).items
  assert.equal(who.on_behalf, true)
  assert.equal(who.person, ward.persons.father)
})

check('a guard accepts, arrives and handles; the repairer’s list is the repairer’s', async open => {
  work = await report('wang', 'stranger', '有人在楼道里逐户敲门。')
  const page = await open('guard')
  await page.waitForSelector(`[data-case="${work.id}"]`)
  await sound(page, 'orders')
  await page.click(`[data-case="${work.id}"] .btn.primary:has-text("接单")`)
  await page.waitForSelector(`[data-case="${work.id}"] .btn.primary:has-text("到场")`)
  await page.click(`[data-case="${work.id}"] a`)
  await page.waitForSelector('[data-next]:has-text("到场")')
  await sound(page, 'order')
  await page.click('[data-next]')
  await page.waitForSelector('[data-next]:has-text("办结")')
  await page.click('.bottom .btn:has-text("更多")')
  await page.waitForSelector('dialog.sheet[open]')
  await sound(page, 'order-more')
  await page.keyboard.press('Escape')
  await page.waitForSelector('dialog.sheet', { state: 'detached' })
  await page.click('[data-next]')
  await page.waitForSelector('dialog.sheet[open]')
  await page.fill('[name=note]', '已劝离，登记身份。')
  await page.setInputFiles('[name=camera]', picture)
  await page.waitForSelector('.thumbs img')
  await sound(page, 'order-handle')
  await page.click('dialog .btn.primary')
  await page.waitForSelector('dialog.sheet', { state: 'detached' })
  await page.waitForSelector('[data-waiting]', { state: 'detached' })
  await page.waitForFunction(() => /待核实|已核实/.test(document.querySelector('[data-state]')?.textContent ?? ''))
  assert.deepEqual((await diaryOf(work.id)).filter(code => ['accept', 'arrive', 'handle'].includes(code)), ['accept', 'arrive', 'handle'])
  assert.deepEqual(page.complaints, [])
})

check('the reporter evaluates when it is done', async open => {
  await ward.ask('admin', 'POST', `cases/${work.id}/verify`, { note: '查看过。' })
  await ward.ask('admin', 'POST', `cases/${work.id}/close`, {})
  const page = await open('wang')
  await page.click('.notice.plain')
  await page.waitForSelector('[data-rate]')
  await page.click('[data-rate] button:has-text("解决了")')
  await page.click('[data-rate] .stars label:nth-of-type(4)')
  await sound(page, 'rate')
  await page.click('[data-rate] .primary')
  await page.waitForSelector('text=谢谢您的评价')
  const [given] = (await ward.ask('wang', 'GET', 'evaluations?mine=true&answered=true')).items
  assert.equal(given.score, 4)
  assert.equal(given.solved, true)
})

check('without a line everything queues, is told plainly, and is sent once and in order', async open => {
  const cellar = await report('wang', 'road-occupied', '地下车库出口被占。', { place: 'c1-bins' })
  const page = await open('guard')
  await page.waitForSelector(`[data-case="${cellar.id}"]`)
  await page.evaluate(() => navigator.serviceWorker.ready)
  await page.click(`[data-case="${cellar.id}"] a`)
  await page.waitForSelector('.lane li')
  await page.waitForSelector('[data-next]:has-text("接单")')
  await page.context().setOffline(true)
  await page.click('[data-next]')
  await page.waitForSelector('[data-next]:has-text("到场")')
  await page.click('[data-next]')
  await page.waitForSelector('[data-next]:has-text("办结")')
  await page.click('[data-next]')
  await page.fill('[name=note]', '已请车主挪走。')
  await page.setInputFiles('[name=camera]', picture)
  await page.waitForSelector('.thumbs img')
  await page.click('dialog .btn.primary')
  await page.waitForSelector('[data-waiting]:has-text("3 条")')
  await sound(page, 'order-offline')
  assert.deepEqual((await diaryOf(cellar.id)).filter(code => ['accept', 'arrive', 'handle'].includes(code)), [])
  // The page may be closed and opened again in the cellar.
  await page.reload()
  await page.waitForSelector('[data-waiting]:has-text("3 条")')
  await page.waitForSelector('[data-state]:has-text("待核实")')
  await page.evaluate(() => (location.hash = '#/orders'))
  await page.waitForSelector(`[data-case="${cellar.id}"]`)
  await sound(page, 'orders-offline')
  await page.context().setOffline(false)
  await page.waitForSelector('[data-waiting]', { state: 'detached' })
  assert.deepEqual((await diaryOf(cellar.id)).filter(code => ['accept', 'arrive', 'handle'].includes(code)), ['accept', 'arrive', 'handle'])
  const lines = (await ward.ask('admin', 'GET', `cases/${cellar.id}/diary`)).items
  assert.equal(lines.find(line => line.code === 'handle').files.length, 1)
  assert.deepEqual(page.complaints, [])
})

check('what the node refuses is told at its case', async open => {
  const late = await report('wang', 'ebike-indoors', '有人拉线充电。', { place: 'c1-gate' })
  const page = await open('guard')
  await page.waitForSelector(`[data-case="${late.id}"]`)
  await page.context().setOffline(true)
  await page.click(`[data-case="${late.id}"] .btn.primary:has-text("接单")`)
  await page.waitForSelector('[data-waiting]')
  await ward.ask('admin', 'POST', `cases/${late.id}/false-alarm`, { note: '是施工临时用电。' })
  await page.context().setOffline(false)
  await page.click('.strip[role=alert] a')
  await page.waitForSelector('.notice.red')
  await sound(page, 'refused')
  await page.click('.notice.red .btn >> nth=0')
  await page.waitForSelector('.empty')
})

const roundOf = async id => ward.ask('guard', 'GET', 'rosters/tasks/' + id)

check('a guard walks a round: a tag’s link opens the check-in, a finding becomes a case', async open => {
  const task = await ward.beginRound()
  const page = await open('guard')
  await page.click('.tabs a[href="#/rounds"]')
  await page.waitForSelector(`[data-round="${task.id}"]`)
  await sound(page, 'rounds')
  // The link that the code on the wall or the tag carries.
  await page.evaluate(code => (location.hash = '#/c/' + code), ward.points.gate.code)
  await page.waitForSelector('[data-here]:has-text("南门岗亭")')
  await page.waitForSelector('text=门禁是否常闭')
  await sound(page, 'round-here')
  await page.click('[data-checkin]')
  await page.waitForSelector('[data-point="gate"]:has-text("已到")')
  await page.waitForSelector('[data-progress]:has-text("1 / 3")')
  // Here something is wrong: kind, words, photo.
  await page.click('[data-point="bins"] .btn.primary')
  await page.waitForSelector('dialog.sheet[open]')
  await page.fill('[name=code]', ward.points.lift.code)
  await page.click('[data-found]')
  await page.selectOption('[name=kind]', 'bin-full')
  await page.fill('[name=note]', '三只桶都满了，地上有袋子。')
  await page.setInputFiles('[name=camera]', picture)
  await page.waitForSelector('.thumbs img')
  await page.click('[data-checkin]')
  await page.waitForSelector('dialog .problem:has-text("一号分类点")')   // the code of another point: told here, nothing sent
  await page.fill('[name=code]', ward.origin + '/#/c/' + ward.points.bins.code)
  await sound(page, 'round-finding')
  await page.click('[data-checkin]')
  await page.waitForSelector('dialog.sheet', { state: 'detached' })
  await page.waitForSelector('[data-point="bins"]:has-text("发现问题")')
  const found = await until('the finding became a case', async () => (await roundOf(task.id)).checks[1].found, id => id)
  const item = await ward.ask('admin', 'GET', 'cases/' + found)
  assert.equal(item.kind, 'bin-full')
  assert.equal(item.place, 'c1-bins')
  assert.equal(item.files.length, 1)
  assert.equal(item.cause, task.id)
  assert.match(item.text, /三只桶都满了/)
  await page.reload()
  await page.waitForSelector('[data-point="bins"] a:has-text("已立案")')
  await page.waitForSelector('[data-point="bins"] .thumbs img')
  await sound(page, 'round')
  // The third by what its tag says; then the round is done.
  await page.click('[data-point="lift"] .btn.primary')
  await page.fill('[name=code]', '04A2-77-B1')
  await page.click('[data-checkin]')
  await page.waitForSelector('[data-state]:has-text("已完成")')
  assert.equal((await roundOf(task.id)).state, 'done')
  assert.equal((await roundOf(task.id)).checks[2].by_tag, true)
  await page.click('[data-point="bins"] a:has-text("已立案")')
  await page.waitForSelector('.lane li')
  assert.deepEqual(page.complaints, [])
})

check('a round without a line waits on the phone, is sent once and in order, and a refusal is told at its round', async open => {
  const task = await ward.beginRound()
  const page = await open('guard')
  await page.click('.tabs a[href="#/rounds"]')
  await page.waitForSelector(`[data-round="${task.id}"]`)
  await page.click(`[data-round="${task.id}"] a`)
  await page.waitForSelector('[data-point="gate"]')
  await page.evaluate(() => navigator.serviceWorker.ready)
  await page.context().setOffline(true)
  await page.evaluate(code => (location.hash = '#/c/' + code), ward.points.gate.code)
  await page.waitForSelector('[data-here]:has-text("南门岗亭")')
  await page.click('[data-checkin]')
  await page.waitForSelector('[data-point="gate"]:has-text("待发送")')
  await page.click('[data-point="bins"] .btn.primary')
  await page.fill('[name=code]', ward.points.bins.code)
  await page.click('[data-found]')
  await page.selectOption('[name=kind]', 'leak')
  await page.fill('[name=note]', '水管在滴水。')
  await page.setInputFiles('[name=camera]', picture)
  await page.waitForSelector('.thumbs img')
  await page.click('[data-checkin]')
  await page.waitForSelector('dialog.sheet', { state: 'detached' })
  // What the tag is said to say is known to the node alone.
  await page.click('[data-point="lift"] .btn.primary')
  await page.fill('[name=code]', 'not-its-tag')
  await page.click('[data-checkin]')
  await page.waitForSelector('[data-waiting]:has-text("3 条")')
  await page.waitForSelector('[data-progress]:has-text("3 / 3")')
  await sound(page, 'round-offline')
  assert.ok((await roundOf(task.id)).checks.every(one => !one.at), 'nothing has left the phone')
  // The page may be closed and opened again in the cellar, at the list and at a point that waits.
  await page.reload()
  await page.waitForSelector('[data-waiting]:has-text("3 条")')
  await page.evaluate(() => (location.hash = '#/rounds'))
  await page.waitForSelector(`[data-round="${task.id}"]:has-text("3 / 3")`)
  await sound(page, 'rounds-offline')
  await page.evaluate(code => (location.hash = '#/c/' + code), ward.points.gate.code)
  await page.waitForSelector('[data-here] .notice.green')
  await page.evaluate(id => (location.hash = '#/round/' + id), task.id)
  await page.waitForSelector('[data-point="gate"]')
  await page.context().setOffline(false)
  await page.waitForSelector('[data-waiting]', { state: 'detached' })
  const after = await roundOf(task.id)
  assert.deepEqual(after.checks.map(one => Boolean(one.at)), [true, true, false])
  assert.ok(Date.parse(after.checks[0].at) < Date.parse(after.checks[0].told_at), 'when they were there, not when it was told')
  assert.ok(after.checks[0].told_at <= after.checks[1].told_at, 'in order')
  assert.equal(after.checks[1].files.length, 1)
  const opened = (await ward.ask('admin', 'GET', 'cases?kind=leak&limit=100')).items.filter(one => one.cause === task.id)
  assert.equal(opened.length, 1, 'sent once')
  // The refused one is told at its round, and can be done again properly.
  await page.waitForSelector('.notice.red:has-text("1单元电梯")')
  await sound(page, 'round-refused')
  await page.click('.notice.red .btn >> nth=0')
  await page.waitForSelector('.notice.red', { state: 'detached' })
  await page.waitForSelector('[data-progress]:has-text("2 / 3")')
  await page.click('[data-point="lift"] .btn.primary')
  await page.fill('[name=code]', ward.points.lift.code)
  await page.click('[data-checkin]')
  await page.waitForSelector('[data-state]:has-text("已完成")')
  assert.deepEqual(page.complaints, [])
})

check('in the cellar a round is there though its page was never opened, and a code that nothing knows is kept', async open => {
  const page = await open('guard')
  await page.waitForSelector('text=● 实时')
  await page.evaluate(() => navigator.serviceWorker.ready)
  const ahead = page.waitForResponse(async answer => answer.url().includes('/rosters/tasks?mine=true') && !answer.url().includes('count=') && (await answer.text()).includes('"open"'))
  const task = await ward.beginRound()
  await ahead
  await page.context().setOffline(true)
  await page.click('.tabs a[href="#/rounds"]')
  await page.waitForSelector(`[data-round="${task.id}"]`)
  // Nothing of it kept: the code is taken all the same, and finds its round when the line is back.
  await page.evaluate(() => new Promise((done, failed) => {
    const request = indexedDB.open('lifang-resident', 1)
    request.onsuccess = () => {
      const tx = request.result.transaction('kept', 'readwrite')
      tx.objectStore('kept').clear()
      tx.oncomplete = () => { request.result.close(); done() }
      tx.onerror = () => failed(tx.error)
    }
  }))
  await page.evaluate(code => (location.hash = '#/c/' + code), ward.points.bins.code)
  await page.waitForSelector('[data-later]')
  await sound(page, 'point-later')
  await page.click('[data-checkin]')
  await page.waitForSelector('[data-kept]')
  await page.click('header.top .icon-button')
  await page.waitForSelector('.problem')
  assert.equal(await page.locator('.empty').count(), 0, 'it says neither "none" nor anything else that it does not know')
  await page.context().setOffline(false)
  await until('the check-in found its round', () => roundOf(task.id), one => one.checks[1].at)
  assert.deepEqual(page.complaints, [])
})

check('a point’s code says plainly what it is to whoever has no round there', async open => {
  const resident = await open('wang')
  await resident.evaluate(code => (location.hash = '#/c/' + code), ward.points.gate.code)
  await resident.waitForSelector('[data-here]:has-text("巡查人员")')
  const repairer = await open('repairer')
  await repairer.evaluate(code => (location.hash = '#/c/' + code), ward.points.gate.code)
  await repairer.waitForSelector('[data-here]:has-text("不在您今天的巡查里")')
  await sound(repairer, 'round-not-mine')
})

check('a report without a line waits and is sent by itself', async open => {
  const page = await open('wang')
  await page.evaluate(() => navigator.serviceWorker.ready)
  await page.waitForSelector('svg.qr')
  await page.context().setOffline(true)
  await page.click('.tile:has-text("垃圾满了")')
  await page.waitForFunction(() => /302/.test(document.querySelector('form .list')?.textContent ?? ''))
  await page.click('.bottom .primary')
  await page.waitForSelector('[data-done]')
  await sound(page, 'report-waits')
  assert.ok(!(await casesOf('wang')).some(c => c.kind === 'bin-full'))
  await page.context().setOffline(false)
  await until('the report arrives', () => casesOf('wang'), all => all.some(c => c.kind === 'bin-full'))
  assert.equal((await casesOf('wang')).filter(c => c.kind === 'bin-full').length, 1)
})

check('help is called by holding, the guard’s phone rings, and both see who comes', async open => {
  const guard = await open('guard')
  await guard.waitForSelector('text=● 实时')
  const page = await open('wang', { big: true })
  await page.waitForSelector('svg.qr')
  await sound(page, 'home-big')
  await page.click('a.sos')
  await page.waitForSelector('.hold')
  await sound(page, 'sos-big')
  const box = await page.locator('.hold').boundingBox()
  const time = await standStill(page)
  await page.mouse.move(box.x + 100, box.y + 80)
  await page.mouse.down()
  await time.pass(1900)
  await page.waitForFunction(() => parseFloat(document.querySelector('.hold .fill')?.style.width ?? '0') > 80)
  await page.mouse.up()
  await page.waitForFunction(() => document.querySelector('.hold .fill')?.style.width === '0%')
  assert.ok(!(await casesOf('wang')).some(c => c.kind === 'sos'), 'letting go calls it off')
  await page.mouse.down()
  await time.pass(2100)
  await time.goOn()
  await page.waitForSelector('[data-sos]')
  await page.mouse.up()
  await guard.waitForSelector('dialog.ring[open]')
  await guard.screenshot({ path: shots + 'resident-ring.png' })
  await page.waitForSelector('[data-sos]:has-text("保安")')
  await sound(page, 'sos-sent-big')
  await guard.click('dialog.ring .btn >> nth=0')
  await guard.waitForSelector('[data-next]')
  await sound(guard, 'order-sos')
  await page.waitForSelector('text=有人接单了')
  // Home and back, and after a reload: help is still on its way, and nobody calls a second time.
  await page.click('header.top .icon-button')
  await page.click('a.sos:has-text("求助已发出，看进展")')
  await page.waitForSelector('[data-sos]:has-text("保安")')
  await page.reload()
  await page.waitForSelector('[data-sos]:has-text("保安")')
  assert.deepEqual(page.complaints, [])
  assert.deepEqual(guard.complaints, [])
})

check('a case of grade I shows the numbers that its own words name, and none in a drill', async open => {
  const post = (path, body) => ward.ask('admin', 'POST', path, body)
  for (const kind of ['fire', 'fall']) {
    const made = await post('cases', { kind, place: 'c1-302', text: '走访发现' })
    await post(`cases/${made.id}/assign`, { post: 'guard', note: '就近先到' })
    const guard = await open('guard')
    const row = guard.locator(`[data-case="${made.id}"]`)
    await row.waitFor()
    assert.deepEqual(await row.locator('a[href^="tel:"]').evaluateAll(all => all.map(one => one.getAttribute('href'))), [kind === 'fire' ? 'tel:119' : 'tel:120'])
    if (kind === 'fire') await guard.screenshot({ path: shots + 'resident-order-fire.png' })
  }
})

check('without a line help is never promised', async open => {
  const page = await open('daughter')
  await page.click('a[href="#/sos"].btn')
  await page.waitForSelector('.hold')
  // A screen reader clicks, and neither holds nor presses a key: the question stands there and has the focus.
  await page.evaluate(() => document.querySelector('.hold').click())
  await page.waitForFunction(() => document.activeElement?.matches('[data-confirm-sos]'))
  await page.click('[data-confirm-sos] + .btn')
  await page.waitForSelector('[data-confirm-sos]', { state: 'detached' })
  await page.context().setOffline(true)
  const box = await page.locator('.hold').boundingBox()
  await page.mouse.move(box.x + 100, box.y + 60)
  await page.mouse.down()
  await page.waitForSelector('.notice.red')
  await page.mouse.up()
  assert.match(await page.textContent('.notice.red'), /还没有发出去/)
  assert.equal(await page.locator('a[href="tel:120"]').count(), 1)
  await page.screenshot({ path: shots + 'resident-sos-offline.png' })
})

check('every page stands on a small phone and in big letters', async open => {
  for (const [name, words] of [['small', { size: small }], ['big', { size: phone, big: true }], ['small-big', { size: small, big: true }]]) {
    const page = await open('wang', words)
    const first = ((await casesOf('wang'))[0] ?? (await report('wang', 'leak', '水管漏水。'))).id
    for (const path of ['/', '/report', '/report?kind=leak', '/mine', '/case/' + first, '/notices', '/me', '/helpers', '/data', '/sos', '/calls']) {
      await page.evaluate(to => (location.hash = '#' + to), path)
      await page.waitForFunction(to => location.hash === '#' + to, path)
      await page.waitForLoadState('networkidle')
      await sound(page, `${name}-${path.replace(/[^a-z]+/g, '_').replace(/^_|_$/g, '').slice(0, 20) || 'home'}`)
    }
    assert.deepEqual(page.complaints, [])
  }
})

check('staff pages stand on a small phone and in big letters', async open => {
  work ??= await report('wang', 'stranger', '有人在楼道里逐户敲门。')
  for (const [name, words] of [['small', { size: small }], ['big', { size: phone, big: true }]]) {
    const page = await open('guard', words)
    for (const path of ['/orders', '/order/' + work.id, '/rounds', '/round/' + (await ward.ask('guard', 'GET', 'rosters/tasks?mine=true')).items[0].id, '/c/' + ward.points.gate.code, '/shift', '/notices', '/me', '/c/NOSUCHCODE']) {
      await page.evaluate(to => (location.hash = '#' + to), path)
      await page.waitForFunction(to => location.hash === '#' + to, path)
      await page.waitForLoadState('networkidle')
      await sound(page, `staff-${name}-${path.replace(/[^a-z]+/g, '_').replace(/^_|_$/g, '').slice(0, 10)}`)
    }
    assert.deepEqual(page.complaints, [])
  }
})

check('in English no Chinese stands but names and what people wrote', async open => {
  const page = await open('wang', { lang: 'en' })
  const names = /王\*\*|李\*|云溪苑|云溪社区居委会|物业|2幢|1单元|王建国|中文|一号分类点|南门|电梯|保安|李强|赵刚/g
  const first = (await report('wang', 'street-light')).id
  for (const path of ['/', '/report', '/report?kind=leak', '/mine', '/case/' + first, '/me', '/helpers', '/data', '/sos', '/calls']) {
    await page.evaluate(to => (location.hash = '#' + to), path)
    await page.waitForFunction(to => location.hash === '#' + to, path)
    await page.waitForLoadState('networkidle')
    const text = (await wordsOf(page)).replace(names, '')
    assert.ok(!/[\u4e00-\u9fff]/.test(text), path + ': ' + (text.match(/.*[\u4e00-\u9fff].*/) ?? [''])[0])
    await page.screenshot({ path: `${shots}resident-en-${path.replace(/[^a-z]+/g, '_').replace(/^_|_$/g, '').slice(0, 12) || 'home'}.png` })
  }
})

if (process.argv[1] === new URL(import.meta.url).pathname) {
  await walk(null, null, process.argv.slice(2))
  process.exit(sumUp())
}
