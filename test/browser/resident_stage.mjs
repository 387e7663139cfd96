// What the walks over the residents' page share: a ward and a browser with a microphone of their own, a phone that signs in, and
// what every screen must hold to. Needs built pages inside build/bin/lifang. Screenshots go to build/shots.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { check as count, shots as folder, wait } from './stage.mjs'
import { photo, reachable, sizes } from './phone.mjs'
import { password, startWard } from './resident_ward.mjs'

const require = createRequire(new URL('../../web/package.json', import.meta.url))
const { chromium } = require('playwright-core')
export const shots = folder + '/'
export const { phone, small } = sizes
export const picture = { name: 'leak.png', mimeType: 'image/png', buffer: photo(2400, 1800) }

/** @returns check(name, deed(open)) to lay out what is walked, walk to walk it; ward and browser are there while it is walked */
export function layOutWalk() {
  const on = { ward: null, browser: null }, deeds = []
  /** Its own node, because it takes the line away and rings; its own browser, because it needs a microphone. */
  async function walk() {
    on.ward = await startWard()
    on.browser = await chromium.launch({
      executablePath: process.env.LIFANG_CHROMIUM ?? '/usr/bin/chromium',
      args: ['--lang=zh-CN', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
    })
    for (const [at, [name, deed]] of deeds.entries()) {
      const open = []
      await count(name, async () => {
        try {
          await deed(async (login, words = {}) => {
            const page = await enter(login, words)
            open.push(page)
            return page
          })
        } catch (error) {
          for (const [i, page] of open.entries()) await page.screenshot({ path: `${shots}resident-failed-${at}-${i}.png` }).catch(() => {})
          throw error
        }
      })
      for (const page of open) await page.context().close()
    }
    await on.browser.close()
    await on.ward.stop()
  }
  /** Signs in by hand and arrives on the first screen. */
  async function enter(login, { size = phone, big = false, lang = 'zh', role } = {}) {
    const context = await on.browser.newContext({ viewport: size, hasTouch: true, isMobile: true, reducedMotion: 'reduce', locale: 'zh-CN', deviceScaleFactor: 2 })
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
    await page.goto(on.ward.origin + '/')
    await page.fill('[name=login]', login)
    await page.fill('[name=password]', password)
    await page.click('form button.primary')
    await page.waitForSelector('.tabs')
    return page
  }
  return {
    on, walk,
    check: (name, deed) => deeds.push([name, deed]),
    ask: (...words) => on.ward.ask(...words),
    casesOf: async login => (await on.ward.ask(login, 'GET', 'cases?reported=true&limit=50')).items,
    diaryOf: async id => (await on.ward.ask('admin', 'GET', `cases/${id}/diary`)).items.map(line => line.code),
    report: (login, kind, text, more = {}) => on.ward.ask(login, 'POST', 'cases', { kind, place: 'c1-302', text, ...more }),
  }
}
export async function sound(page, name) {
  await reachable(page, name)
  await page.screenshot({ path: `${shots}resident-${name}.png` })
  const thin = await page.evaluate(() => [...document.querySelectorAll('button, a.btn, .tabs a, a.tile')].filter(e => e.offsetParent && e.getBoundingClientRect().height < 43.5 && !e.closest('.thumbs, .strip')).map(e => e.outerHTML.slice(0, 80)))
  assert.deepEqual(thin, [], name + ': targets for a thumb')
}
