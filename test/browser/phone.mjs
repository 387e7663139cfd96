// A phone in a walk: a page of its size that signs in by hand, a picture as a camera gives it, and what every screen must hold to.
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { crc32, deflateSync } from 'node:zlib'
import { darkFindings, shots, wait } from './stage.mjs'
import { password } from './resident_ward.mjs'

const require = createRequire(new URL('../../web/package.json', import.meta.url))
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
mkdirSync(shots, { recursive: true })
export const sizes = { phone: { width: 390, height: 844 }, small: { width: 320, height: 640 } }

/** A picture as a camera gives it: colours that run into each other. */
export function photo(width = 64, height = 48) {
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]), head = Buffer.alloc(4), tail = Buffer.alloc(4)
    head.writeUInt32BE(data.length)
    tail.writeUInt32BE(crc32(body))
    return Buffer.concat([head, body, tail])
  }
  const size = Buffer.alloc(13)
  size.writeUInt32BE(width, 0)
  size.writeUInt32BE(height, 4)
  size.set([8, 2, 0, 0, 0], 8)
  const rows = Buffer.alloc((width * 3 + 1) * height)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x += 1) rows.set([90 + (x * 120) / width, 120 + (y * 90) / height, 140], y * (width * 3 + 1) + 1 + x * 3)
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', size), chunk('IDAT', deflateSync(rows, { level: 1 })), chunk('IEND', Buffer.alloc(0))])
}
export const picture = { name: 'done.png', mimeType: 'image/png', buffer: photo() }

/** Signs in and arrives on the first screen. */
export async function enter(browser, ward, login, { size = sizes.phone, big = false, lang = 'zh' } = {}) {
  const context = await browser.newContext({ viewport: size, hasTouch: true, isMobile: true, reducedMotion: 'reduce', locale: 'zh-CN', deviceScaleFactor: 2 })
  const page = await context.newPage()
  page.setDefaultTimeout(wait)
  page.complaints = []
  page.on('pageerror', error => page.complaints.push(String(error)))
  page.on('console', line => line.type() === 'error' && /Content Security|Refused to/.test(line.text()) && page.complaints.push(line.text()))
  await page.addInitScript(([b, l]) => {
    if (b) localStorage.setItem('big', '1')
    if (!localStorage.getItem('lang')) localStorage.setItem('lang', l)
  }, [big, lang])
  await page.goto(ward.origin + '/')
  await page.fill('[name=login]', login)
  await page.fill('[name=password]', password)
  await page.click('form button.primary')
  await page.waitForSelector('.tabs')
  return page
}
export async function to(page, path) {
  await page.evaluate(where => (location.hash = '#' + where), path)
  await page.waitForFunction(where => location.hash === '#' + where, path)
  await page.waitForLoadState('networkidle')
}
/** Time stands still on the page, so that what is there for some seconds can be looked at for as long as that takes: `pass` lets so many ms go by, `goOn` ends it; what waits for the page's own clock is done in `during`, which gives it its milliseconds. */
export async function standStill(page) {
  await page.clock.install()
  await page.clock.pauseAt(1000 + await page.evaluate(() => Date.now()))
  const during = async deed => {
    let over = false
    const work = deed.finally(() => (over = true))
    while (!over) await page.clock.runFor(1)
    return work
  }
  return { pass: ms => page.clock.runFor(ms), during, goOn: () => page.clock.resume() }
}
/** Without a sideways scroll, without findings that keep somebody out. */
export async function reachable(page, name) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  assert.ok(wide <= 0, `${name}: the page is ${wide} px too wide`)
  const session = await page.context().newCDPSession(page)
  await session.send('Page.setBypassCSP', { enabled: true })
  await page.evaluate(axe)
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }))
  const serious = found.violations.filter(v => ['serious', 'critical'].includes(v.impact)).map(v => `${v.id}: ${v.nodes.map(n => n.target.join(' ') + ' ' + (n.any[0]?.message ?? '')).slice(0, 3).join(' | ')}`)
  assert.deepEqual([...serious, ...await darkFindings(page)], [], name)
}
/** The same with room for a thumb, and a picture of it. */
export async function sound(page, name) {
  await reachable(page, name)
  await page.screenshot({ path: `${shots}/phone-${name}.png` })
  const thin = await page.evaluate(() => [...document.querySelectorAll('button, a.btn, .tabs a, a.tile, a.notice, select, input[type=checkbox]')].filter(e => e.offsetParent && (e.closest('label') ?? e).getBoundingClientRect().height < 43.5).map(e => e.outerHTML.slice(0, 80)))
  assert.deepEqual(thin, [], name + ': targets for a thumb')
}
/** What stands on the page, but for what is marked as Chinese. */
export const wordsOf = page => page.evaluate(() => {
  const copy = document.body.cloneNode(true)
  for (const own of copy.querySelectorAll('[lang^="zh"], script, noscript, style')) own.remove()
  return [...copy.querySelectorAll('*')].flatMap(e => [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.textContent)).join('\n')
})
