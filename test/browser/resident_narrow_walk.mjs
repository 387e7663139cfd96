// The residents' page and the staff's on a phone held upright, in both languages and in big letters: nothing runs out of it
// sideways; whoever must log in again does so above the sheet that is open; what could not be read does not look like nothing.
import assert from 'node:assert/strict'
import { to } from './phone.mjs'
import { layOutWalk, shots } from './resident_stage.mjs'
import { password } from './resident_ward.mjs'
import { fits, upright } from './stage.mjs'

export const own = true
const { on, walk, check, ask, report } = layOutWalk()
export { walk }
let leak, stranger

check('narrow: something is reported', async () => {
  leak = await report('wang', 'leak', '厨房天花板滴水，请尽快来看。')
  stranger = await report('wang', 'stranger', '有人在楼道里逐户敲门。')
  await on.ward.beginRound()
})

const home = () => ['/', '/report', '/report?kind=leak', '/mine', '/case/' + leak.id, '/notices', '/me', '/helpers', '/data', '/sos', '/calls', '/waiting']
async function round() {
  return (await ask('guard', 'GET', 'rosters/tasks?mine=true&limit=5')).items[0].id
}
const staff = async () => ['/orders', '/order/' + stranger.id, '/rounds', '/round/' + await round(), '/shift', '/phone', '/notices', '/me', '/c/NO-SUCH-CODE-77']

for (const lang of ['zh', 'en'])
  for (const [login, pages, big] of [['wang', home, false], ['wang', home, true], ['guard', staff, false], ['guard', staff, true]])
    check(`narrow ${lang}: every page of ${login}${big ? ' in big letters' : ''}`, async open => {
      const page = await open(login, { size: upright, lang, big })
      for (const path of await pages()) {
        await to(page, path)
        await page.waitForSelector('#main > *')
        await fits(page, path)
      }
      await page.screenshot({ path: `${shots}resident-narrow-${lang}-${login}${big ? '-big' : ''}.png` })
      assert.deepEqual(page.complaints, [])
    })

check('narrow: a session that ends under a sheet is begun again above it, and what was typed stays', async open => {
  await ask('guard', 'POST', `cases/${stranger.id}/accept`, {})
  await ask('guard', 'POST', `cases/${stranger.id}/arrive`, {})
  const page = await open('guard', { size: upright })
  await to(page, '/order/' + stranger.id)
  await page.click('[data-next]:has-text("办结")')
  await page.fill('dialog.sheet [name=note]', '写到一半')
  await page.context().clearCookies()
  // Something happens to the case: the page asks for it, and the node asks who that is.
  await ask('admin', 'POST', `cases/${stranger.id}/note`, { note: '请留意监控。' })
  await page.waitForSelector('dialog.door[open]')
  assert.ok(await page.evaluate(() => !!document.elementFromPoint(innerWidth / 2, innerHeight / 2)?.closest('dialog.door')), 'the login lies below the sheet')
  await fits(page, 'the login above the sheet')
  await page.screenshot({ path: `${shots}resident-narrow-login-above.png` })
  await page.keyboard.press('Escape')
  await page.waitForSelector('dialog.door[open]')
  assert.equal(await page.inputValue('dialog.door [name=login]'), 'guard')
  await page.fill('dialog.door [name=password]', password)
  await page.click('dialog.door form button.primary')
  await page.waitForSelector('dialog.door', { state: 'detached' })
  assert.equal(await page.inputValue('dialog.sheet [name=note]'), '写到一半')
})

check('narrow: somebody else who logs in there sees nothing of it', async open => {
  const page = await open('guard', { size: upright })
  await to(page, '/order/' + stranger.id)
  await page.click('[data-next]:has-text("办结")')
  await page.fill('dialog.sheet [name=note]', '只有我知道的话')
  await page.context().clearCookies()
  await ask('admin', 'POST', `cases/${stranger.id}/note`, { note: '再看一眼。' })
  await page.waitForSelector('dialog.door[open]')
  await page.fill('dialog.door [name=login]', 'wang')
  await page.fill('dialog.door [name=password]', password)
  await page.click('dialog.door form button.primary')
  await page.waitForSelector('dialog.door', { state: 'detached' })
  await page.waitForSelector('.card.code')
  assert.equal(await page.locator('dialog.sheet').count(), 0)
})

check('failing: who looked at my data is not said to be nobody where it could not be read', async open => {
  const page = await open('wang', { size: upright })
  const views = '**/api/v1/audit/views/me*'
  await page.route(views, route => route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify({ status: 503, code: 'http.database', detail: '' }) }))
  await to(page, '/data')
  await page.waitForSelector('[data-failed=views]')
  assert.ok(!(await page.textContent('#main')).includes('没有人看过'))
  await page.unroute(views)
  await page.click('[data-failed=views] button')
  await page.waitForSelector('[data-failed=views]', { state: 'detached' })
})
