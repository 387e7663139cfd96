// Pages before people: how long until the cockpit's first picture stands over a whole district, how late 200 open
// pages hear of a report, and whether the cockpit grows while an hour of the district's life passes.
//   node bench/pages.mjs [--compounds 113] [--households 110000] [--pages 200] [--hours 2]
// The promises: 1.5 s, 200 ms, flat. Yardstick in the same run: the bare answer to the report (its commit). Needs
// build/bin/lifang and Chromium (LIFANG_CHROMIUM), which draws the twin in software where there is no graphics card.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { get, Agent } from 'node:http'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

const root = resolve(import.meta.dirname, '..')
const { chromium } = createRequire(join(root, 'web/package.json'))('playwright-core')
const { values: asked } = parseArgs({ options: Object.fromEntries(
  Object.entries({ compounds: '113', households: '110000', pages: '200', hours: '2' }).map(([name, by]) => [name, { type: 'string', default: by }])) })
const hourLasts = 60_000 // of our time: the demo's days pass 60 times as fast

const folder = mkdtempSync(join(tmpdir(), 'lifang-pages-'))
const program = spawn(join(root, 'build/bin/lifang'), ['demo', '--data', join(folder, 'node'), '--compounds', asked.compounds,
  '--households', asked.households, '--speed', '60', '--http', '127.0.0.1:0', '--mqtt', '127.0.0.1:0'],
{ env: { ...process.env, LIFANG_ADMIN_PASSWORD: 'a long enough password' }, stdio: ['ignore', 'pipe', 'inherit'] })
const [url, demo] = await new Promise((done, failed) => {
  let said = ''
  program.stdout.on('data', bytes => {
    said += bytes
    const at = /http:\/\/127\.0\.0\.1:\d+/.exec(said), word = /all with the password (\S+)/.exec(said)
    if (at && word && said.includes('demo-resident')) done([at[0], word[1]])
  })
  program.once('exit', code => failed(new Error(`the program ended with ${code}: ${said}`)))
})

const middle = (list, share) => list.sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))]
const figures = list => `p50 ${middle(list, 0.5).toFixed(1)}, p99 ${middle(list, 0.99).toFixed(1)}, worst ${list.at(-1).toFixed(1)} ms`

async function call(token, method, path, body) {
  const answer = await fetch(url + '/api/v1/' + path, { method, body: body && JSON.stringify(body),
    headers: { 'Content-Type': 'application/json', ...(token ? { Authorization: 'Bearer ' + token } : {}) } })
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}

/** The first picture from a fresh load, with the session's cookie, as the wall has it every morning. */
async function firstPicture(page) {
  const times = []
  for (let i = 0; i < 5; i++) {
    const began = performance.now()
    await page.reload({ waitUntil: 'commit' })
    await page.waitForFunction(() => window.lifangTwin?.frames > 0 && /\d/.test(document.querySelector('.circle .big b')?.textContent ?? ''))
    times.push(performance.now() - began)
  }
  console.log(`cockpit's first picture over ${asked.compounds} compounds, ${asked.households} households: ${times.map(t => Math.round(t)).join(', ')} ms (promise 1,500)`)
}

/** `pages` streams, as many as open pages hold; reports come in; each stream's way to the news is timed. */
async function liveNews(token) {
  const waiting = new Map() // case → when it was sent
  const early = new Map() // heard before the answer named it
  const late = []
  const agent = new Agent({ maxSockets: Infinity })
  let open = 0
  const streams = []
  for (let i = 0; i < Number(asked.pages); i++)
    streams.push(get(url + '/api/v1/live?topics=situations,cases', { agent, headers: { Authorization: 'Bearer ' + token } }, response => {
      open++
      let held = ''
      response.setEncoding('utf8').on('data', bytes => {
        held += bytes
        const lines = held.split('\n')
        held = lines.pop()
        for (const line of lines) {
          const found = /"subject":"(case_[0-9a-z]+)"/i.exec(line) ?? /"case":"(case_[0-9a-z]+)"/i.exec(line)
          if (!found || !line.startsWith('data:')) continue
          const seen = waiting.get(found[1])
          if (seen) { if (!seen.by.has(i)) { seen.by.add(i); late.push(performance.now() - seen.sent) } }
          else early.set(found[1], [...(early.get(found[1]) ?? []), [i, performance.now()]])
        }
      })
    }).on('error', () => {}))
  while (open < Number(asked.pages)) await new Promise(r => setTimeout(r, 50))
  // Each about another home, or they would be taken for the same noise.
  const homes = (await call(token, 'GET', 'places?kind=home&limit=100')).items
  const answers = []
  for (const home of homes) {
    const sent = performance.now()
    const made = await call(token, 'POST', 'cases', { kind: 'noise', place: home.id, text: `heard in ${home.id}` })
    answers.push(performance.now() - sent)
    const seen = { sent, by: new Set() }
    for (const [i, at] of early.get(made.id) ?? []) if (!seen.by.has(i)) { seen.by.add(i); late.push(at - sent) }
    early.delete(made.id)
    waiting.set(made.id, seen)
    await new Promise(r => setTimeout(r, 100))
  }
  await new Promise(r => setTimeout(r, 1000))
  const missed = [...waiting.values()].reduce((sum, seen) => sum + Number(asked.pages) - seen.by.size, 0)
  console.log(`report → ${asked.pages} open pages: ${figures(late)}, ${late.length} heard, ${missed} not (promise 200); the bare answer: ${figures(answers)}`)
  streams.forEach(s => s.destroy())
}

/** The heap after garbage is collected, before and after each hour of the district's life. */
async function anHour(page) {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.enable')
  await session.send('Performance.enable')
  const holds = async () => {
    for (let i = 0; i < 3; i++) await session.send('HeapProfiler.collectGarbage')
    const { usedSize } = await session.send('Runtime.getHeapUsage')
    const { metrics } = await session.send('Performance.getMetrics')
    return `${(usedSize / 1e6).toFixed(2)} MB, ${metrics.find(m => m.name === 'Nodes').value} nodes, ${(await page.evaluate(() => window.lifangTwin.holds())).geometries} geometries`
  }
  const said = []
  for (let hour = 0; hour <= Number(asked.hours); hour++) {
    await page.waitForTimeout(hourLasts)
    said.push(await holds())
  }
  console.log(`cockpit after each hour of the district's life: ${said.join(' → ')}`)
}

const browser = await chromium.launch({ executablePath: process.env.LIFANG_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-dev-shm-usage'] })
try {
  const page = await (await browser.newContext({ viewport: { width: 1920, height: 1080 }, reducedMotion: 'reduce', locale: 'zh-CN' })).newPage()
  page.setDefaultTimeout(120_000)
  await page.goto(url + '/cockpit/')
  await page.locator('input[name=login]').fill('demo-district')
  await page.locator('input[name=password]').fill(demo)
  await page.locator('button.primary').click()
  await page.waitForFunction(() => window.lifangTwin?.frames > 0)
  await firstPicture(page)
  const { token } = await call(null, 'POST', 'sessions', { login: 'demo-district', password: demo })
  await liveNews(token)
  if (Number(asked.hours) > 0) await anHour(page)
} finally {
  await browser.close()
  program.removeAllListeners('exit')
  await new Promise(done => (program.once('exit', done), program.kill('SIGTERM')))
  rmSync(folder, { recursive: true, force: true })
}
