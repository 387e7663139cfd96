// What could not be read is said to be so: no page takes a line that is cut, or a node that stumbles, for "there is nothing".
import { check, expect, openPage, quiet, shoot } from './stage.mjs'

const stumbles = route => route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify({ status: 503, code: 'http.database', detail: '' }) })
const forbids = route => route.fulfill({ status: 403, contentType: 'application/problem+json', body: JSON.stringify({ status: 403, code: 'access.no_right', detail: '' }) })
const cut = route => route.abort('connectionfailed')

export async function walk(browser, node) {
  const { page, context } = await openPage(browser, node.url, 'desk')
  page.on('dialog', d => void d.accept())
  await page.goto(node.url + '/console/')
  await page.fill('input[name=login]', 'admin')
  await page.fill('input[name=password]', node.admin)
  await page.click('button.primary')
  await page.waitForSelector('nav.side')
  const open = async path => {
    await page.goto(node.url + '/console/' + path)
    await page.waitForSelector('main h1')
    await quiet(page)
  }
  const read = (path, words) => page.evaluate(async ([p, w]) => (await (await fetch('/api/v1/' + p, w)).json()), [path, words])
  const failed = page.locator('main [data-test=part-problem]')
  const case_ = (await read('cases?limit=1')).items[0].id

  for (const [name, how, words] of [['a line that is cut', cut, '连不上节点'], ['a node that stumbles', stumbles, '数据库暂时不可用']])
    await check(`failing: ${name} is no empty diary, and is read when asked again`, async () => {
      await page.route('**/api/v1/cases/*/diary?*', how)
      await open('cases/' + case_)
      await page.waitForSelector('[data-test=diary] [data-test=part-problem]')
      const said = await page.locator('[data-test=diary]').innerText()
      expect(said.includes('经办记录') && said.includes(words), said)
      await shoot(page, 'console-failing-diary')
      await page.unroute('**/api/v1/cases/*/diary?*')
      await page.click('[data-test=diary] [data-test=part-problem] button')
      await page.waitForSelector('[data-test=diary] li')
      expect(await failed.count() === 0, 'what was mended is still said to be broken')
    })
  await check('failing: nobody to call back is said only where the node said so', async () => {
    await page.route('**/api/v1/notices?*to_tell*', stumbles)
    await open('callback')
    await failed.first().waitFor()
    expect(await page.locator('main .empty').count() === 0, 'it says that nobody is to be told')
    await page.unroute('**/api/v1/notices?*to_tell*')
    await failed.first().locator('button').click()
    await failed.first().waitFor({ state: 'detached' })
  })
  await check('failing: what is not for this login is no failure, and no emptiness', async () => {
    await page.route('**/api/v1/audit/views/me*', forbids)
    await open('me')
    await page.waitForSelector('main [data-test=part-withheld]')
    const said = await page.locator('main').innerText()
    expect(said.includes('不对这个账号开放') && !said.includes('没有人看过明文'), said)
    await page.unroute('**/api/v1/audit/views/me*')
  })
  await check('failing: places that were not read are no empty choice', async () => {
    await page.route('**/api/v1/places?*kind=compound*', stumbles)
    await open('cases')
    await failed.first().waitFor()
    expect((await failed.first().innerText()).includes('可选的地点'), await failed.first().innerText())
    await page.unroute('**/api/v1/places?*kind=compound*')
    await failed.first().locator('button').click()
    await page.waitForFunction(() => document.querySelectorAll('[data-test=place-filter] option').length > 1)
    expect(await failed.count() === 0, 'what was mended is still said to be broken')
  })
  await check('failing: a list that was not read is not empty, and keeps its rows when it is not refreshed', async () => {
    await page.route('**/api/v1/people?*', stumbles)
    await open('people')
    await page.waitForSelector('main [role=alert]:has-text("数据库暂时不可用")')
    expect(await page.locator('main .empty').count() === 0, 'it says that nobody is registered')
    await page.unroute('**/api/v1/people?*')
    await page.click('main [role=alert] button:has-text("再试")')
    await page.waitForSelector('main tbody tr')
  })
  await check('failing: a refusal that is shown stays while something happens in the room', async () => {
    const shifts = '**/api/v1/rosters/shifts?*'
    await open('rosters')
    await page.waitForSelector('[data-test=duties]')
    await page.route(shifts, stumbles)
    await page.click('main [data-export=xlsx]')
    await page.waitForSelector('main [role=alert]:has-text("数据库暂时不可用")')
    await page.unroute(shifts)
    const shift = (await read('rosters/shifts?limit=1')).items[0]
    const { id, path: _p, ...words } = shift
    const heard = page.waitForResponse(r => r.url().includes('/rosters/duty') && r.ok())
    const kept = await read('rosters/shifts/' + id, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(words) })
    expect(!kept.code, 'the shift was not kept: ' + JSON.stringify(kept))
    await heard
    await quiet(page)
    expect(await page.locator('main [role=alert]:has-text("数据库暂时不可用")').count() === 1, 'the refusal is gone')
  })
  await context.close()
}
