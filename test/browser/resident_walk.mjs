// The residents' page in a real Chromium against a real node: what residents do on their phones, on two sizes and in big
// letters, with and without a line; and how help is called.
import assert from 'node:assert/strict'
import { standStill, wordsOf } from './phone.mjs'
import { layOutWalk, phone, picture, shots, small, sound } from './resident_stage.mjs'
import { password } from './resident_ward.mjs'
import { inDark, until } from './stage.mjs'

export const own = true
const { on, walk, check, ask, casesOf, report } = layOutWalk()
export { walk }

// First, while nobody has reported or been told anything yet: what a person comes to the page with is not the page.
check('the first load is under 150 kB compressed', async () => {
  const context = await on.browser.newContext({ viewport: phone, serviceWorkers: 'block' })
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  await session.send('Network.enable')
  let bytes = 0
  const parts = new Map()
  session.on('Network.responseReceived', e => parts.set(e.requestId, new URL(e.response.url).pathname))
  session.on('Network.loadingFinished', e => { bytes += e.encodedDataLength; if (process.env.PARTS) console.log('     ', parts.get(e.requestId), e.encodedDataLength) })
  await page.goto(on.ward.origin + '/')
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
  const file = await ask('wang', 'GET', 'files/' + item.files[0])
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
  assert.match((await ask('wang', 'GET', 'files/' + item.files[0])).kind, /voice|clip/)
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
  const [who] = (await ask('admin', 'GET', `cases/${item.id}/reporters`)).items
  assert.equal(who.on_behalf, true)
  assert.equal(who.person, on.ward.persons.father)
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

check('it is dark where the device is, or where somebody wants it so on this phone', async open => {
  const page = await open('wang')
  const shade = () => page.evaluate(() => document.documentElement.dataset.shade)
  for (const path of ['/', '/report', '/me', '/sos', '/notices']) {
    await page.evaluate(to => (location.hash = '#' + to), path)
    await page.waitForLoadState('networkidle')
    await inDark(page, () => page.screenshot({ path: `${shots}resident-dark-${path.slice(1) || 'home'}.png` }))
  }
  await page.evaluate(() => (location.hash = '#/me'))
  await page.click('button[data-shade="dark"]')
  assert.equal(await shade(), 'dark')
  await page.reload()
  await page.waitForSelector('button[data-shade="dark"][aria-pressed="true"]')
  assert.equal(await shade(), 'dark')
  await page.click('button[data-shade="light"]')
  await page.emulateMedia({ colorScheme: 'dark' })
  assert.equal(await shade(), 'light', 'what somebody chose stands above the device')
  await page.click('button[data-shade="auto"]')
  assert.equal(await shade(), 'dark')
})

check('in English no Chinese stands but names and what people wrote', async open => {
  const page = await open('wang', { lang: 'en' })
  const names = /王\*\*|李\*|云溪苑|云溪社区居委会|物业|2幢|1单元|王建国|中文|一号分类点|南门|电梯|保安|李强|赵刚/g
  const posts = (await ask('admin', 'GET', 'rosters/posts?limit=500')).items.map(post => post.name).sort((a, b) => b.length - a.length)
  const first = (await report('wang', 'street-light')).id
  for (const path of ['/', '/report', '/report?kind=leak', '/mine', '/case/' + first, '/me', '/helpers', '/data', '/sos', '/calls']) {
    await page.evaluate(to => (location.hash = '#' + to), path)
    await page.waitForFunction(to => location.hash === '#' + to, path)
    await page.waitForLoadState('networkidle')
    const text = posts.reduce((all, name) => all.replaceAll(name, ''), await wordsOf(page)).replace(names, '')
    assert.ok(!/[\u4e00-\u9fff]/.test(text), path + ': ' + (text.match(/.*[\u4e00-\u9fff].*/) ?? [''])[0])
    await page.screenshot({ path: `${shots}resident-en-${path.replace(/[^a-z]+/g, '_').replace(/^_|_$/g, '').slice(0, 12) || 'home'}.png` })
  }
})
