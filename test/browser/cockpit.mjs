// The cockpit in a real Chromium. Without an argument: against a stand-in node (cockpit_node.mjs) with 2,000 buildings and
// 20,000 devices. With LIFANG_NODE=http://… LIFANG_LOGIN=… LIFANG_PASSWORD=…: also against that node. Needs a built page
// (npm run build in web/). Screenshots go to build/shots.
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { startNode } from './cockpit_node.mjs'

const require = createRequire(new URL('../../web/package.json', import.meta.url))
const { chromium } = require('playwright-core')
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
const shots = new URL('../../build/shots/', import.meta.url).pathname
mkdirSync(shots, { recursive: true })

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--js-flags=--expose-gc', '--force-color-profile=srgb'],
})
const only = process.argv.slice(2)
let passed = 0, failed = 0
async function check(name, work) {
  if (only.length && !only.some(word => name.includes(word))) return
  const began = Date.now()
  try {
    await work()
    passed++
    console.log(`ok    ${name} (${Date.now() - began} ms)`)
  } catch (error) {
    failed++
    console.log(`FAIL  ${name}\n      ${error.stack ?? error}`)
  }
}
async function wall(origin, size = { width: 1920, height: 1080 }, more = {}) {
  const context = await browser.newContext({ viewport: size, reducedMotion: 'reduce', locale: 'zh-CN', ...more })
  const page = await context.newPage()
  page.setDefaultTimeout(60_000)
  page.complaints = []
  page.on('console', m => m.type() === 'error' && page.complaints.push(m.text()))
  page.on('pageerror', e => page.complaints.push(String(e)))
  await page.goto(origin + '/cockpit/')
  return page
}
/** The first picture: the twin has drawn, figures stand in the circles. */
async function picture(page) {
  await page.waitForFunction(() => window.lifangTwin?.frames > 0 && /\d/.test(document.querySelector('.circle .big b')?.textContent ?? ''))
  await page.waitForSelector('.stream li time')
  await page.waitForTimeout(600)
}
const overlaps = page => page.evaluate(() => {
  const boxes = [...document.querySelectorAll('.label:not([hidden])')].map(e => e.getBoundingClientRect())
  let n = 0
  boxes.forEach((a, i) => boxes.slice(i + 1).forEach(b => (n += a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom ? 1 : 0)))
  return { n, labels: boxes.length }
})
async function serious(page) {
  // The policy of the page lets no script in but its own; the tool comes in past it.
  const session = await page.context().newCDPSession(page)
  await session.send('Page.setBypassCSP', { enabled: true })
  await page.evaluate(axe)
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }))
  return found.violations.filter(v => ['serious', 'critical'].includes(v.impact)).map(v => `${v.id}: ${v.nodes.map(n => n.target.join(' ') + ' ' + (n.any[0]?.message ?? '')).slice(0, 3).join(' | ')}`)
}

const node = await startNode()

for (const [width, height] of [[1920, 1080], [3840, 2160], [1366, 768]])
  await check(`first picture at ${width}×${height}`, async () => {
    const page = await wall(node.origin, { width, height })
    await picture(page)
    const labels = await overlaps(page)
    assert.equal(labels.n, 0, 'labels never overlap')
    assert.ok(labels.labels > 5, 'labels are shown')
    const cut = await page.evaluate(() => [...document.querySelectorAll('.panel')].filter(p => p.scrollHeight > p.clientHeight + 1 || p.scrollWidth > p.clientWidth + 1).map(p => p.className))
    assert.deepEqual(cut, [], 'no panel is cut off')
    await page.screenshot({ path: `${shots}cockpit-${width}.png` })
    assert.deepEqual(page.complaints, [])
    await page.context().close()
  })

await check('axe-core has no serious finding', async () => {
  const page = await wall(node.origin)
  await picture(page)
  assert.deepEqual(await serious(page), [])
  await page.locator('.cases button').first().click()
  await page.waitForSelector('dialog[open]')
  assert.deepEqual(await serious(page), [])
  await page.screenshot({ path: `${shots}cockpit-case.png` })
  await page.context().close()
})

await check('from the district down to a floor by clicking, and back by keyboard and by the browser', async () => {
  const page = await wall(node.origin)
  await picture(page)
  const crumbs = () => page.locator('.crumbs li').allInnerTexts()
  const depth = []
  for (let i = 0; i < 4; i++) {
    await page.locator('.places li button').first().click()
    await page.waitForTimeout(300)
    depth.push((await crumbs()).length)
  }
  assert.deepEqual(depth, [2, 3, 4, 5])
  await page.waitForSelector('.floors')
  await page.locator('.floors ol button').nth(2).click()
  await page.waitForTimeout(400)
  assert.equal((await crumbs()).length, 6)
  await page.screenshot({ path: `${shots}cockpit-floor.png` })
  await page.keyboard.press('Escape')
  await page.waitForTimeout(200)
  assert.equal((await crumbs()).length, 5)
  await page.keyboard.press('Escape')
  await page.waitForTimeout(300)
  assert.equal((await crumbs()).length, 4)
  await page.screenshot({ path: `${shots}cockpit-compound.png` })
  assert.equal((await overlaps(page)).n, 0)
  await page.goBack()
  await page.waitForTimeout(200)
  assert.equal((await crumbs()).length, 5)
  await page.locator('.crumbs button').nth(1).click()
  await page.waitForTimeout(400)
  assert.equal((await crumbs()).length, 1)
  // A click into the twin goes one level down.
  const box = await page.locator('.twin').boundingBox()
  await page.mouse.click(box.x + box.width * 0.42, box.y + box.height * 0.55)
  await page.waitForTimeout(400)
  assert.equal((await crumbs()).length, 2)
  await page.screenshot({ path: `${shots}cockpit-street.png` })
  await page.context().close()
})

await check('a new situation appears without reload, with its why one click away', async () => {
  const page = await wall(node.origin)
  await picture(page)
  const before = Number(await page.locator('.chip.critical b').innerText())
  node.opens(5001, 1)
  await page.waitForFunction(n => Number(document.querySelector('.chip.critical b').textContent) === n + 1, before, { timeout: 5000 })
  await page.locator('.stream li', { hasText: '雨水井水位过高' }).first().locator('button').click()
  await page.waitForSelector('dialog .chain li:nth-child(2)')
  await page.waitForTimeout(200)
  await page.screenshot({ path: `${shots}cockpit-why.png` })
  await page.keyboard.press('Escape')
  await page.waitForSelector('dialog', { state: 'detached' })
  await page.context().close()
})

await check('a cut line is told on the screen, and mends itself', async () => {
  const page = await wall(node.origin)
  await picture(page)
  await page.context().setOffline(true)
  node.cut()
  await page.waitForSelector('.link.lost', { timeout: 10_000 })
  await page.screenshot({ path: `${shots}cockpit-lost.png` })
  await page.context().setOffline(false)
  await page.waitForSelector('.link.live', { timeout: 20_000 })
  await page.context().close()
})

await check('filters leave what was asked for, in English too', async () => {
  const page = await wall(node.origin)
  await picture(page)
  const shown = () => page.evaluate(() => window.lifangTwin.pillars.length)
  const all = await shown()
  await page.locator('.chip.info').click()
  await page.waitForTimeout(200)
  assert.ok((await shown()) < all)
  await page.locator('select').selectOption('rule:smoke')
  await page.waitForTimeout(200)
  assert.ok((await shown()) > 0)
  await page.getByRole('button', { name: 'English' }).click()
  await page.waitForTimeout(300)
  assert.match(await page.locator('.right').innerText(), /On duty now/)
  await page.screenshot({ path: `${shots}cockpit-en.png` })
  assert.deepEqual(await page.evaluate(() => [...document.querySelectorAll('.panel')].filter(p => p.scrollWidth > p.clientWidth + 1).map(p => p.className)), [])
  await page.context().close()
})

await check('2,000 buildings and 20,000 devices are few draw calls', async () => {
  const page = await wall(node.origin)
  await picture(page)
  const holds = await page.evaluate(() => window.lifangTwin.holds())
  assert.ok(holds.calls <= 12, `${holds.calls} draw calls`)
  assert.ok(holds.triangles > 20_000 && holds.triangles < 400_000, `${holds.triangles} triangles`)
  console.log(`      ${JSON.stringify(holds)}`)
  await page.context().close()
})

await check('memory stays flat over 6,000 live events', async () => {
  // A small ward: what is measured is memory, not the speed of a software renderer.
  const node = await startNode({ compounds: 12, buildingsEach: 8 })
  const page = await wall(node.origin, { width: 1100, height: 640 })
  await picture(page)
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.enable')
  const measure = async () => {
    await page.waitForTimeout(1500)
    for (let i = 0; i < 3; i++) await session.send('HeapProfiler.collectGarbage')
    const { usedSize } = await session.send('Runtime.getHeapUsage')
    const { metrics } = await session.send('Performance.getMetrics')
    const of = name => metrics.find(m => m.name === name).value
    return { heap: usedSize, nodes: of('Nodes'), listeners: of('JSEventListeners'), gpu: await page.evaluate(() => window.lifangTwin.holds()) }
  }
  await session.send('Performance.enable')
  let n = 10_000
  const life = async events => {
    for (let i = 0; i < events; i++, n++) {
      if (n % 3 === 0) node.opens(n)
      else if (n % 3 === 1) node.clears(n)
      else node.steps(n)
      if (i % 50 === 49) await page.waitForTimeout(120)
      // People look around meanwhile.
      if (i % 500 === 250) await page.locator('.places li button').first().click()
      if (i % 500 === 450) await page.keyboard.press('Escape')
    }
  }
  await life(1500)
  const before = await measure()
  await life(6000)
  const after = await measure()
  const grown = after.heap - before.heap
  console.log(`      heap ${(before.heap / 1e6).toFixed(2)} → ${(after.heap / 1e6).toFixed(2)} MB, nodes ${before.nodes} → ${after.nodes}, listeners ${before.listeners} → ${after.listeners}, geometries ${before.gpu.geometries} → ${after.gpu.geometries}`)
  assert.ok(grown < 1_500_000, `the heap grew by ${grown} bytes`)
  assert.ok(after.nodes < before.nodes + 300, 'no elements pile up')
  assert.equal(after.gpu.geometries, before.gpu.geometries)
  assert.equal(node.listeners(), 1, 'one stream')
  await page.context().close()
  await node.stop()
})

if (process.env.LIFANG_NODE) {
  const { LIFANG_NODE: real, LIFANG_LOGIN: login = 'demo-district', LIFANG_PASSWORD: password } = process.env
  await check('against a real node: sign in, first picture, live', async () => {
    const page = await wall(real)
    await page.locator('input[name=login]').fill(login)
    await page.locator('input[name=password]').fill(password)
    await page.screenshot({ path: `${shots}cockpit-login.png` })
    assert.deepEqual(await serious(page), [])
    await page.locator('button.primary').click()
    await picture(page)
    await page.waitForSelector('.link.live')
    await page.screenshot({ path: `${shots}cockpit-real.png` })
    // From a fresh start, with the session's cookie: how long until the picture stands?
    const began = Date.now()
    await page.reload()
    await page.waitForFunction(() => window.lifangTwin?.frames > 0 && /\d/.test(document.querySelector('.circle .big b')?.textContent ?? ''))
    console.log(`      first picture after ${Date.now() - began} ms`)
    assert.equal((await overlaps(page)).n, 0)
    assert.deepEqual(page.complaints.filter(c => !/401/.test(c)), [])
    await page.context().close()
  })
}

await node.stop()
await browser.close()
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed ? 1 : 0)
