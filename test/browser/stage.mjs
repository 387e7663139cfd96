// What the walks stand on: a node with its demo ward on free ports, a browser, checks that count, pictures, axe.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')
const require = createRequire(join(root, 'web/package.json'))
const { chromium } = require('playwright-core')
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
export const shots = join(root, 'build/shots')
export const password = 'a long enough password'

let passed = 0
const failures = []
/** LIFANG_ONLY: an expression; of the checks those alone whose name fits it are made ("login|rates"). */
const only = process.env.LIFANG_ONLY ? new RegExp(process.env.LIFANG_ONLY) : null

/** One thing that a person does. It fails alone; what comes after it still runs. */
export async function check(name, deed) {
  if (only && !only.test(name)) return
  try {
    await deed()
    passed++
    console.log('ok    ' + name)
  } catch (error) {
    failures.push(name)
    console.log('FAIL  ' + name + '\n      ' + String(error?.message ?? error).split('\n').slice(0, 12).join('\n      '))
  }
}
export function expect(truth, words) {
  if (!truth) throw new Error(words)
}
export function sumUp() {
  console.log(`${passed} passed, ${failures.length} failed`)
  return failures.length === 0 && passed > 0 ? 0 : 1
}

export const freePort = () => new Promise((done, failed) => {
  const server = createServer()
  server.once('error', failed)
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address()
    server.close(() => done(port))
  })
})

/** Starts the program with its demo ward; LIFANG_URL walks against a node that runs already. */
export async function startNode() {
  if (process.env.LIFANG_URL) return { url: process.env.LIFANG_URL, demo: process.env.LIFANG_DEMO_PASSWORD, admin: process.env.LIFANG_ADMIN_PASSWORD, mqtt: process.env.LIFANG_MQTT, stop: async () => {} }
  const data = mkdtempSync(join(tmpdir(), 'lifang-browser-'))
  const [http, mqtt] = [await freePort(), await freePort()]
  const program = spawn(join(root, 'build/bin/lifang'), ['demo', '--data', join(data, 'node'), '--seed', '7', '--compounds', '1', '--households', '60',
    '--http', '127.0.0.1:' + http, '--mqtt', '127.0.0.1:' + mqtt], { env: { ...process.env, LIFANG_ADMIN_PASSWORD: password }, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  const demo = await new Promise((done, failed) => {
    const timer = setTimeout(() => failed(new Error('the demo ward did not come up:\n' + said)), 600_000)
    const hear = bytes => {
      said += bytes
      const found = /all with the password (\S+)/.exec(said)
      if (!found || !said.includes('demo-resident')) return
      clearTimeout(timer)
      done(found[1])
    }
    program.stdout.on('data', hear)
    program.stderr.on('data', hear)
    program.once('exit', code => failed(new Error('the program ended with ' + code + ':\n' + said)))
  })
  return {
    url: 'http://127.0.0.1:' + http, mqtt: '127.0.0.1:' + mqtt, demo, admin: password,
    stop: async () => {
      const ended = new Promise(done => program.once('exit', done))
      program.kill('SIGTERM')
      await ended
      rmSync(data, { recursive: true, force: true })
    },
  }
}

/** A node with nothing in it but its first login; the password that it made for it stands in its folder. */
export async function startEmptyNode() {
  const data = mkdtempSync(join(tmpdir(), 'lifang-empty-'))
  const [http, mqtt] = [await freePort(), await freePort()]
  const { LIFANG_ADMIN_PASSWORD: _, ...env } = process.env
  mkdirSync(join(data, 'node'))
  writeFileSync(join(data, 'node/config.toml'), `[http]\npublic_url = "http://127.0.0.1:${http}"\n`)
  const program = spawn(join(root, 'build/bin/lifang'), ['serve', '--data', join(data, 'node'), '--http', '127.0.0.1:' + http, '--mqtt', '127.0.0.1:' + mqtt], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  await new Promise((done, failed) => {
    const hear = bytes => {
      said += bytes
      if (/http:\/\/127\.0\.0\.1:\d+/.test(said)) done()
    }
    program.stdout.on('data', hear)
    program.stderr.on('data', hear)
    program.once('exit', code => failed(new Error('the program ended with ' + code + ':\n' + said)))
  })
  return {
    url: 'http://127.0.0.1:' + http, mqtt, data, firstPassword: readFileSync(join(data, 'node/admin-password'), 'utf8').trim(),
    stop: async () => {
      const ended = new Promise(done => program.once('exit', done))
      program.kill('SIGTERM')
      await ended
      rmSync(data, { recursive: true, force: true })
    },
  }
}

export const startBrowser = () => chromium.launch({ executablePath: process.env.LIFANG_CHROMIUM, env: { ...process.env, LANG: 'zh_CN.UTF-8', LANGUAGE: 'zh_CN' }, args: ['--lang=zh-CN', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--autoplay-policy=no-user-gesture-required'] })
/** How long a page may take over one thing before it is said to have failed, in ms. */
export const wait = Number(process.env.LIFANG_WAIT ?? 45_000)
export const sizes = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } }

/** A page that notes what the browser complains of; what was refused on purpose is named in `allowed`. */
export async function openPage(browser, url, size, options = {}) {
  const context = await browser.newContext({ viewport: sizes[size], locale: 'zh-CN', timezoneId: 'America/New_York', reducedMotion: 'reduce', hasTouch: size === 'phone', ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(wait)
  const complaints = []
  page.on('pageerror', error => complaints.push('page error: ' + error.message))
  page.on('response', response => {
    if (response.status() >= 400 && !response.url().includes('/sessions')) complaints.push(response.status() + ' ' + response.url().replace(url, ''))
  })
  // What was asked and is not answered yet, but for the live stream, which never ends.
  const open = new Set()
  page.on('request', request => request.url().includes('/api/v1/') && !request.url().includes('/api/v1/live') && open.add(request))
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, request => open.delete(request))
  asking.set(page, open)
  return { page, context, complaints }
}
const asking = new WeakMap()

/** The page has what it asked for, and asks for nothing more. */
export async function quiet(page) {
  const open = asking.get(page)
  while (open.size) await Promise.race([page.waitForEvent('requestfinished'), page.waitForEvent('requestfailed')]).catch(() => open.clear())
  // Two frames, so that what was answered is drawn; whatever that draws may ask again.
  await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))))
  if (open.size) await quiet(page)
}

/** A moment in so many days as a form or a sheet takes it, at 18:00. */
export const dayAhead = (days, between = 'T') => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10) + between + '18:00'

/** Asks until the answer is good, as long as a page may take under load; every turn is an answer of the node. */
export async function until(what, ask, good) {
  const last = Date.now() + 4 * wait
  do {
    const said = await ask()
    if (good(said)) return said
    await new Promise(done => setTimeout(done, 50))
  } while (Date.now() < last)
  throw new Error('never: ' + what)
}

/**
 * Alarms ring on for a quarter of an hour and nobody is late in taking them: for walks that look at leisure at what rings. How
 * it goes to the next person and up a circle is shown where the clock is moved (test/stories); here a slow machine would do it.
 * @param ask as somebody who keeps the catalogue: ask(method, path, body)
 */
export async function patient(ask) {
  for (let page = { next: '' }; page.next !== null && page.next !== undefined;) {
    page = await ask('GET', 'cases/kinds?limit=200' + (page.next && '&after=' + encodeURIComponent(page.next)))
    for (const { code, version: _v, ready_made: _m, retired: _r, at: _a, ...words } of page.items.filter(kind => /[1-9]/.test(kind.ring))) {
      const duties = Object.fromEntries(['micro', 'small', 'great'].map(circle => [circle, { ...words[circle], accept: 'PT12H' }]))
      await ask('PUT', 'cases/kinds/' + code, { ...words, ...duties, ring: 'PT15M' })
    }
  }
}

/** A picture in build/shots: the page from its top, two screens long at most, so that it can be read. */
export async function shoot(page, name) {
  mkdirSync(shots, { recursive: true })
  const { width, height } = page.viewportSize()
  const long = await page.evaluate(() => document.documentElement.scrollHeight)
  await page.screenshot({ path: join(shots, name + '.png'), fullPage: true, animations: 'disabled', clip: { x: 0, y: 0, width, height: Math.min(long, height * 2) } })
}

/** Looks at a page that has two shades as it is on a device that is dark. */
export async function inDark(page, look) {
  if (await page.evaluate(() => document.documentElement.dataset.shade !== 'light')) return
  await page.emulateMedia({ colorScheme: 'dark' })
  try {
    await page.waitForSelector('html[data-shade=dark]')
    await look()
  } finally {
    await page.emulateMedia({ colorScheme: 'light' })
    await page.waitForSelector('html[data-shade=light]')
  }
}
/** What cannot be read in the dark shade: axe must be in the page. */
export async function darkFindings(page) {
  let found = []
  await inDark(page, async () => {
    found = await page.evaluate(async () => (await window.axe.run(document, { runOnly: ['color-contrast'], resultTypes: ['violations'] })).violations
      .flatMap(v => v.nodes.slice(0, 3).map(n => 'dark: ' + n.html.slice(0, 120) + ' ' + (n.any[0]?.message ?? ''))))
  })
  return found
}

/** No finding of axe-core that is serious or critical, in both shades; nothing runs out of the page sideways. */
export async function isReachable(page, name) {
  await page.evaluate(axe)
  const found = await page.evaluate(async () => {
    const result = await window.axe.run(document, { resultTypes: ['violations'] })
    return result.violations.filter(v => v.impact === 'serious' || v.impact === 'critical').map(v => `${v.id}: ${v.help} — ${v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(' | ')}`)
  })
  found.push(...await darkFindings(page))
  expect(found.length === 0, name + ':\n' + found.join('\n'))
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect(wide <= 1, name + ` runs ${wide} px out of the page`)
}

/** A phone held upright, as most are in hand. */
export const upright = { width: 360, height: 740 }
/** Nothing of the page, and nothing of a dialog that lies over it, runs out sideways; what does is named. */
export async function fits(page, name) {
  const wide = await page.evaluate(() => {
    const room = Math.min(innerWidth, document.documentElement.clientWidth)
    const out = e => e.getBoundingClientRect().right > room + 0.5
    const found = document.documentElement.scrollWidth > room ? [`the page by ${document.documentElement.scrollWidth - room} px`] : []
    for (const d of document.querySelectorAll('dialog[open]')) if (d.scrollWidth > d.clientWidth || out(d)) found.push(`a dialog by ${Math.max(d.scrollWidth - d.clientWidth, d.getBoundingClientRect().right - room)} px`)
    if (!found.length) return ''
    const who = [...document.querySelectorAll('body *')].filter(e => out(e) && ![...e.children].some(out)).slice(0, 4).map(e => e.outerHTML.slice(0, 140))
    return [...found, ...who].join(' | ')
  })
  expect(!wide, `${name} runs out: ${wide}`)
}
