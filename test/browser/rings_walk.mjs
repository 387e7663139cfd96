// What comes in by itself: it rings at the phone of a guard who is only called to a fire, and at a desk, until it is answered;
// and a list that somebody reads says that something is new, and moves no row under their hand.
import { check, expect, isReachable, openPage, patient, shoot, until } from './stage.mjs'

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

export async function walk(browser, node) {
  const admin = await caller(node, 'admin', node.admin)
  await patient(admin)
  const resident = await caller(node, 'demo-resident', node.demo)
  const { items: [own] } = await resident('GET', 'people/me/homes')
  // One home after another: a second fire in the same one would join the first.
  const { parent } = await admin('GET', 'places/' + own.place)
  const homes = (await admin('GET', `places?kind=home&parent=${parent}`)).items.map(home => home.id)
  const report = () => resident('POST', 'cases', { kind: 'fire', place: homes.shift(), text: '厨房冒烟' })
  const ringOf = async fire => (await admin('GET', 'notices/rings?state=ringing&limit=200&case=' + fire.id)).items.find(one => one.purpose === 'guard')

  let guard, person
  await check('rings: a fire calls the guard, though somebody else holds it', async () => {
    const fire = await report()
    const ring = await until('it rings at a guard', () => ringOf(fire), found => found)
    const accounts = await admin('GET', 'accounts?limit=500')
    person = ring.person
    guard = accounts.items.find(one => one.person === person)?.login
    expect(guard, 'nobody has a login for the person who is rung')
    const called = await caller(node, guard, node.demo)
    const seen = await called('GET', 'cases/' + fire.id)
    expect(seen.allowed.includes('report-in') && !seen.allowed.includes('accept'), 'the guard may ' + seen.allowed)
    await called('POST', `cases/${fire.id}/report-in`, { organisation: 'guard' })
    await until('the ringing ends', () => ringOf(fire), found => !found)
  })
  if (!guard) return
  const phone = await openPage(browser, node.url, 'phone'), desk = await openPage(browser, node.url, 'desk')
  // The desk's own time is moved below; until then it goes on as ever.
  await desk.page.clock.install()
  const enter = async (page, path, arrived) => {
    await page.goto(node.url + path)
    await page.fill('[name=login]', guard)
    await page.fill('[name=password]', node.demo)
    await page.click('form button.primary')
    await page.waitForSelector(arrived)
  }
  // Both are in before it rings.
  await Promise.all([enter(phone.page, '/', 'text=● 实时'), enter(desk.page, '/console/', 'nav.side')])

  let fire
  const bar = () => desk.page.locator('[data-test=ringing]', { hasText: fire.title })
  /** Looks while it rings at the guard. Where it was ended or went on to somebody else meanwhile, there is another fire. */
  const whileItRings = async look => {
    while (homes.length) {
      fire = await report()
      try {
        return await look()
      } catch (error) {
        if ((await ringOf(fire))?.person === person) throw error
      }
    }
    throw new Error('no ringing lasted until it was seen')
  }
  await check('rings: it rings at the desk and at the phone at once, and stays on both until somebody answers', () => whileItRings(async () => {
    const dialog = phone.page.locator('dialog.ring[open]', { hasText: fire.title })
    await Promise.all([bar().waitFor(), dialog.waitFor()])
    // What only informs is gone after some seconds; an alarm is not.
    await desk.page.clock.fastForward('01:00')
    expect(await bar().isVisible(), 'it is gone before anybody answered')
    expect(await dialog.locator('[data-answer]').innerText() === '报到', 'the large button says ' + await dialog.locator('[data-answer]').innerText())
    await Promise.all([shoot(desk.page, 'console-ringing'), shoot(phone.page, 'resident-ring-called')])
    await isReachable(desk.page, 'a desk that is rung')
  }))
  await check('rings: the desk has the way to the case; reporting in on the phone ends it there and at the desk', async () => {
    await bar().locator('a').click()
    await desk.page.waitForURL('**/console/cases/' + fire.id)
    // An open dialog makes the page behind it inert; what rings is not behind it.
    await desk.page.click('[data-move=report-in]')
    await desk.page.waitForSelector('dialog[open] [data-test=ringing]')
    await bar().locator('a').click({ trial: true })
    const buttons = desk.page.locator('dialog[open] .buttons button')
    for (let i = 0; i < await buttons.count(); i++) await buttons.nth(i).click({ trial: true })
    await shoot(desk.page, 'console-ringing-dialog')
    await buttons.first().click()
    await desk.page.waitForSelector('dialog[open]', { state: 'detached' })
    expect(await bar().isVisible(), 'it went with the dialog')
    await phone.page.click('dialog.ring [data-answer]')
    await phone.page.waitForURL('**/#/order/' + fire.id)
    await bar().waitFor({ state: 'detached' })
    const told = await admin('GET', `cases/${fire.id}`)
    expect(told.called.some(one => one.in_at), 'nobody has reported in')
  })
  await check('rings: a list says that something is new, and fetches it when it is told to', async () => {
    await desk.page.goto(node.url + '/console/cases')
    const rows = desk.page.locator('tbody tr')
    await rows.first().waitFor()
    const before = await rows.evaluateAll(all => all.map(row => row.dataset.id))
    const made = await admin('POST', 'cases', { kind: 'street-light', place: fire.place, text: '楼道灯不亮' })
    await desk.page.waitForSelector('[data-test=happened]')
    expect(JSON.stringify(await rows.evaluateAll(all => all.map(row => row.dataset.id))) === JSON.stringify(before), 'rows moved by themselves')
    await isReachable(desk.page, 'a list with something new')
    await shoot(desk.page, 'console-happened')
    await Promise.all([desk.page.waitForResponse(answer => /\/api\/v1\/cases\?/.test(answer.url())), desk.page.click('[data-test=happened] button')])
    await until('the new one is there', () => rows.evaluateAll(all => all.map(row => row.dataset.id)), shown => shown.includes(made.id) || shown.length === 50)
  })
  await check('rings: the browser had nothing to complain of', () => {
    // Who else was called is no business of the guard: their names are left out, and nothing is refused for that.
    const unasked = phone.complaints.concat(desk.complaints)
    expect(unasked.length === 0, unasked.join('\n'))
  })
  await phone.context.close()
  await desk.context.close()
}
