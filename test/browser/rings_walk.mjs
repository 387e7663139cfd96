// What comes in by itself: it rings at the phone of a guard who is only called to a fire, and at a desk, until it is answered;
// and a list that somebody reads says that something is new, and moves no row under their hand.
import { check, expect, isReachable, openPage, shoot } from './stage.mjs'

/** The API as a login has it. */
async function caller(node, login, password) {
  const call = async (method, path, body, token) => {
    const answer = await fetch(node.url + '/api/v1/' + path, { method, headers: { 'Content-Type': 'application/json', ...(token ? { Authorization: 'Bearer ' + token } : {}) }, body: body && JSON.stringify(body) })
    const said = await answer.json()
    if (!answer.ok) throw new Error(method + ' ' + path + ': ' + answer.status + ' ' + JSON.stringify(said))
    return said
  }
  const { token } = await call('POST', 'sessions', { login, password })
  return (method, path, body) => call(method, path, body, token)
}
/** Asks until the answer is good; every turn is an answer of the node. */
async function until(ask, good) {
  for (let turn = 0; turn < 500; turn++) {
    const found = good(await ask())
    if (found) return found
  }
  throw new Error('it never came')
}

export async function walk(browser, node) {
  const admin = await caller(node, 'admin', node.admin), resident = await caller(node, 'demo-resident-3', node.demo)
  const { items: [home] } = await resident('GET', 'people/me/homes')
  let fire, guard, title
  await check('rings: a fire calls the guard, though somebody else holds it', async () => {
    fire = await resident('POST', 'cases', { kind: 'fire', place: home.place, text: '厨房冒烟' })
    title = fire.title
    const ring = await until(() => admin('GET', 'notices/rings?state=ringing&limit=200&case=' + fire.id), list => list.items.find(one => one.purpose === 'guard'))
    const accounts = await admin('GET', 'accounts?limit=500')
    guard = accounts.items.find(one => one.person === ring.person)?.login
    expect(guard, 'nobody has a login for the person who is rung')
    const seen = await (await caller(node, guard, node.demo))('GET', 'cases/' + fire.id)
    expect(seen.allowed.includes('report-in') && !seen.allowed.includes('accept'), 'the guard may ' + seen.allowed)
  })
  if (!guard) return
  const enter = async (page, path) => {
    await page.goto(node.url + path)
    await page.fill('[name=login]', guard)
    await page.fill('[name=password]', node.demo)
    await page.click('form button.primary')
  }
  const phone = await openPage(browser, node.url, 'phone'), desk = await openPage(browser, node.url, 'desk')
  // Both at once: half a minute later it would ring at the next person.
  await Promise.all([enter(phone.page, '/'), enter(desk.page, '/console/')])
  await check('rings: the desk keeps it on the screen, with its case and the way there', async () => {
    const bar = desk.page.locator('[data-test=ringing]', { hasText: title })
    await bar.waitFor()
    await desk.page.waitForTimeout(6000)
    expect(await bar.isVisible(), 'it is gone before anybody answered')
    await isReachable(desk.page, 'a desk that is rung')
    await shoot(desk.page, 'console-ringing')
    await bar.locator('a').click()
    await desk.page.waitForURL('**/console/cases/' + fire.id)
  })
  await check('rings: the phone rings for whoever is only called, and reporting in ends it there and at the desk', async () => {
    await phone.page.waitForSelector('dialog.ring[open]:has-text("' + title + '")')
    expect(await phone.page.locator('dialog.ring [data-answer]').innerText() === '报到', 'the large button says ' + await phone.page.locator('dialog.ring [data-answer]').innerText())
    await shoot(phone.page, 'resident-ring-called')
    await phone.page.click('dialog.ring [data-answer]')
    await phone.page.waitForURL('**/#/order/' + fire.id)
    await desk.page.locator('[data-test=ringing]', { hasText: title }).waitFor({ state: 'detached' })
    const told = await admin('GET', `cases/${fire.id}`)
    expect(told.called.some(one => one.in_at), 'nobody has reported in')
  })
  await check('rings: a list says that something is new, and fetches it when it is told to', async () => {
    await desk.page.goto(node.url + '/console/cases')
    const rows = desk.page.locator('tbody tr')
    await rows.first().waitFor()
    const before = await rows.evaluateAll(all => all.map(row => row.dataset.id))
    const made = await admin('POST', 'cases', { kind: 'street-light', place: home.place, text: '楼道灯不亮' })
    await desk.page.waitForSelector('[data-test=happened]')
    expect(JSON.stringify(await rows.evaluateAll(all => all.map(row => row.dataset.id))) === JSON.stringify(before), 'rows moved by themselves')
    await isReachable(desk.page, 'a list with something new')
    await shoot(desk.page, 'console-happened')
    await desk.page.click('[data-test=happened] button')
    await desk.page.waitForSelector('[data-test=happened]', { state: 'detached' })
    const shown = await rows.evaluateAll(all => all.map(row => row.dataset.id))
    expect(shown.includes(made.id) || shown.length === 50, 'the new one is not there')
  })
  await check('rings: the browser had nothing to complain of', () => {
    // Who else was called is no business of the guard: their names are asked for and withheld.
    const unasked = phone.complaints.concat(desk.complaints).filter(line => !/^404 .*\/people\/person_/.test(line))
    expect(unasked.length === 0, unasked.join('\n'))
  })
  await phone.context.close()
  await desk.context.close()
}
