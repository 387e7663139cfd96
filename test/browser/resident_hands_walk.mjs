// What goes from hand to hand: a bureau that was called reports in and finishes its part on the phone, also without a line; a
// shared phone is bound by a code of the desk, opened by PIN, locked after wrong ones, and handed over; a masked call.
import assert from 'node:assert/strict'
import { check as count, shots as folder, wait } from './stage.mjs'
import { picture, reachable } from './phone.mjs'
import { password, startWard } from './resident_ward.mjs'

export const own = true

async function sound(page, name) {
  await reachable(page, name)
  await page.screenshot({ path: `${folder}/hands-${name}.png`, fullPage: true })
}

export async function walk(browser) {
  const ward = await startWard({ gateway: 'sandbox' })
  const { ask, persons } = ward
  const put = (path, body) => ask('admin', 'PUT', path, body)
  const post = (path, body) => ask('admin', 'POST', path, body)
  await put('people/organisations/urban-management', { kind: 'bureau', name: '区城管局', place: 'yunqi' })
  await put('people/organisations/police', { kind: 'bureau', name: '区公安分局', place: 'yunqi' })
  persons.bureau = (await post('people', { name: '周敏', place: 'yunqi', phone: '13800000008' })).id
  persons.night = (await post('people', { name: '钱伟', place: 'c1' })).id
  await ask('admin', 'PATCH', 'people/' + persons.guard, { phone: '13800000007' })
  await post('accounts', { login: 'bureau', name: '区城管局中队', role: 'bureau', place: 'yunqi', password, person: persons.bureau })
  await post('accounts', { login: 'night', name: '夜班保安', role: 'guard', place: 'c1', person: persons.night })
  await put('rosters/shifts/yunqi-urban', { post: 'urban-management', place: 'yunqi', organisation: 'urban-management', persons: [persons.bureau], from: '00:00', to: '24:00' })
  // The street has its own: what is whistled stands there, and the bureau owes its report-in alone.
  const street = (await post('people', { name: '郑洁', place: 'yunqi' })).id
  await put('rosters/shifts/s1-order', { post: 'street-order', place: 's1', organisation: 'org-c1', persons: [street], from: '00:00', to: '24:00' })
  await put('rosters/shifts/c1-guard', { post: 'guard', place: 'c1', organisation: 'org-c1', persons: [persons.guard, persons.night], from: '00:00', to: '24:00' })
  const report = (kind, text, place = 'c1-gate') => ask('wang', 'POST', 'cases', { kind, place, text })
  const diary = async id => (await ask('admin', 'GET', `cases/${id}/diary`)).items

  const fresh = async (lang = 'zh') => {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, reducedMotion: 'reduce', locale: 'zh-CN', deviceScaleFactor: 2 })
    const page = await context.newPage()
    page.setDefaultTimeout(wait)
    await page.addInitScript(l => { if (!localStorage.getItem('lang')) localStorage.setItem('lang', l) }, lang)
    await page.goto(ward.origin + '/')
    await page.waitForSelector('[name=login]')
    return page
  }
  const enter = async (login, lang) => {
    const page = await fresh(lang)
    await page.fill('[name=login]', login)
    await page.fill('[name=password]', password)
    await page.click('form button.primary')
    await page.waitForSelector('.tabs')
    return page
  }
  const to = async (page, path) => {
    await page.evaluate(where => (location.hash = '#' + where), path)
    await page.waitForLoadState('networkidle')
  }
  let shared = '', phone

  await count('hands: a guard whistles from the phone and chooses whom to call', async () => {
    shared = (await report('road-occupied', '南门口停了三辆车。')).id
    const page = await enter('guard')
    await page.click(`[data-case="${shared}"] .btn.primary:has-text("接单")`)
    await page.waitForSelector(`[data-case="${shared}"] .btn.primary:has-text("到场")`)
    await page.click(`[data-case="${shared}"] a`)
    await page.click('.bottom .btn:has-text("更多")')
    await page.click('dialog .row:has-text("吹哨")')
    await page.waitForSelector('[name=call]')
    await page.click('.pick:has-text("区城管局")')
    await page.click('.pick:has-text("区公安分局")')
    await page.selectOption('[name=report_in]', '60')
    await page.fill('[name=note]', '车主不配合，请来人。')
    await sound(page, 'whistle')
    await page.click('dialog .btn.primary')
    await page.waitForSelector('[data-called]:has-text("区城管局")')
    await sound(page, 'called')
    await page.context().close()
  })

  await count('hands: the called bureau has it in its queue and reports in without a line', async () => {
    const page = await enter('bureau')
    await page.waitForSelector(`[data-case="${shared}"] [data-owed]:has-text("报到")`)
    await page.evaluate(() => navigator.serviceWorker.ready)
    await sound(page, 'owed')
    await page.click(`[data-case="${shared}"] a`)
    await page.waitForSelector('[data-next]:has-text("报到")')
    await page.context().setOffline(true)
    await page.click('[data-next]')
    await page.waitForSelector('[data-waiting]')
    assert.ok(!(await diary(shared)).some(line => line.code === 'report-in'))
    await page.context().setOffline(false)
    await page.waitForSelector('[data-waiting]', { state: 'detached' })
    await page.waitForSelector('[data-called]:has-text("已报到")')
    assert.ok((await diary(shared)).some(line => line.code === 'report-in' && line.words.includes('区城管局')))
    await page.context().close()
  })

  await count('hands: a sub-order is finished on the phone with words and a picture', async () => {
    await post(`cases/${shared}/joint`, { parts: [{ post: 'urban-management', task: '拖走占道车辆', handle: 'PT4H' }, { post: 'guard', task: '守住路口', handle: 'PT4H' }] })
    const page = await enter('bureau', 'en')
    await page.waitForSelector(`[data-case="${shared}"] [data-owed]`)
    await sound(page, 'owed-en')
    await to(page, '/order/' + shared)
    await page.waitForSelector('[data-parts]')
    await page.click('[data-next]:has-text("Part done")')
    await page.waitForSelector('dialog.sheet[open]')
    await page.fill('[name=note]', '三辆车已拖离。')
    await page.setInputFiles('[name=camera]', picture)
    await page.waitForSelector('.thumbs img')
    await sound(page, 'part')
    await page.click('dialog .btn.primary')
    await page.waitForSelector('dialog.sheet', { state: 'detached' })
    await page.waitForSelector('[data-parts]:has-text("done at")')
    const line = (await diary(shared)).find(one => one.code === 'part-done')
    assert.equal(line.note, '三辆车已拖离。')
    assert.equal(line.files.length, 1)
    await to(page, '/orders')
    await page.waitForSelector(`[data-case="${shared}"]`, { state: 'detached' })
    await page.context().close()
  })

  await count('hands: a phone is bound by a code of the desk and opened by PIN', async () => {
    const guard = (await ask('admin', 'GET', 'accounts?login=guard')).items[0].id
    const { code } = await post(`accounts/${guard}/bind-code`)
    phone = await fresh()
    await phone.click('[data-to-bind]')
    await phone.fill('[name=bindcode]', code.toLowerCase())
    await phone.fill('[name=phonename]', '岗亭手机')
    await phone.fill('[name=newpin]', '2580')
    await phone.fill('[name=againpin]', '2580')
    await sound(phone, 'bind')
    // A login with a second factor is asked for its code beside that of the desk, which is good for the next try.
    const asked = []
    await phone.route('**/api/v1/sessions/bind', route => {
      asked.push(route.request().postDataJSON())
      return route.fulfill({ status: 401, json: { code: asked.length === 1 ? 'accounts.code_needed' : 'accounts.wrong_code', detail: '' } })
    })
    await phone.click('[data-bind] button.primary')
    await phone.waitForFunction(() => document.activeElement?.getAttribute('name') === 'secondcode')
    assert.equal(await phone.locator('[data-bind] .problem').count(), 0, 'to be asked is no mistake')
    await phone.fill('[name=secondcode]', '123456')
    await sound(phone, 'bind-second')
    await phone.click('[data-bind] button.primary')
    await phone.waitForSelector('[data-bind] .problem:has-text("动态口令不对")')
    assert.deepEqual(asked.map(one => one.second_code), [undefined, '123456'])
    assert.equal(asked[1].code, asked[0].code)
    await phone.unroute('**/api/v1/sessions/bind')
    await phone.reload()
    await phone.click('[data-to-bind]')
    await phone.fill('[name=bindcode]', code.toLowerCase())
    await phone.fill('[name=phonename]', '岗亭手机')
    await phone.fill('[name=newpin]', '2580')
    await phone.fill('[name=againpin]', '2580')
    await phone.click('[data-bind] button.primary')
    await phone.waitForSelector('.tabs')
    await to(phone, '/phone')
    await phone.waitForSelector('[data-phone]:has-text("岗亭手机")')
    await sound(phone, 'phone')
  })

  await count('hands: the phone is handed over with what is open, and only by the next one’s PIN', async () => {
    const night = (await ask('admin', 'GET', 'accounts?login=night')).items[0].id
    await report('stranger', '有人在楼下徘徊。')
    const { code } = await post(`accounts/${night}/bind-code`)
    await phone.click('.btn:has-text("加一位同事")')
    await phone.fill('[name=bindcode]', code)
    await phone.fill('[name=newpin]', '9173')
    await phone.fill('[name=againpin]', '9173')
    await phone.click('[data-bind] button.primary')
    await phone.waitForSelector('.tabs')
    await to(phone, '/phone')
    await phone.waitForSelector('[data-phone]:has-text("夜班保安")')
    await phone.click('[data-hand]')
    await phone.waitForSelector('[data-pin]')
    await phone.fill('[name=pin]', '2580')
    await phone.click('[data-pin] button.primary')
    await phone.waitForURL(/#\/orders/)
    await to(phone, '/phone')
    await phone.waitForSelector('[data-open] .row')
    await phone.click('[data-hand]')
    await phone.waitForSelector('[data-next-hand]')
    await sound(phone, 'hand-over')
    await phone.fill('[name=pin]', '9173')
    await phone.click('[data-pin] button.primary')
    await phone.waitForURL(/#\/orders/)
    await to(phone, '/phone')
    await phone.waitForSelector('[data-phone]:has-text("夜班保安")')
  })

  await count('hands: wrong PINs are counted aloud, and the fifth locks with the way out', async () => {
    await to(phone, '/me')
    await phone.click('.btn.danger:has-text("退出登录")')
    await phone.click('dialog .btn.danger')
    await phone.waitForSelector('[data-pin]')
    await phone.click('.pick:has-text("夜班保安")')
    for (let i = 4; i > 0; i--) {
      await phone.fill('[name=pin]', '0852')
      await phone.click('[data-pin] button.primary')
      await phone.waitForSelector(`.problem:has-text("还可以再试 ${i} 次")`)
      if (i === 2) await sound(phone, 'wrong-pin')
    }
    await phone.fill('[name=pin]', '0852')
    await phone.click('[data-pin] button.primary')
    await phone.waitForSelector('.problem:has-text("绑定已解除")')
    await sound(phone, 'locked')
    await phone.context().close()
  })

  await count('hands: a masked call goes through the gateway, and no number stands on the page', async () => {
    const leak = (await report('stranger', '有人敲门推销。', 'c1-302')).id
    const page = await enter('guard')
    await to(page, '/order/' + leak)
    await page.click('.btn:has-text("联系报事人")')
    await page.waitForSelector('[data-bridge]')
    await page.click('[data-bridge]')
    await page.waitForSelector('[data-ringing]:has-text("马上会响")')
    await sound(page, 'masked-call')
    assert.ok(!/138\d{8}/.test(await page.evaluate(() => document.body.innerText)))
    assert.ok((await diary(leak)).some(line => line.code === 'bridge'))
    await page.context().close()
  })
  await ward.stop()
}
