// The loop closed on the phone: whoever reported says whether it is solved, a checker may say no, a slip is taken back,
// nothing half written is lost, people ask for their data to be mended, and English says everything that Chinese says.
import assert from 'node:assert/strict'
import { enter, picture, sizes, sound, to, wordsOf } from './phone.mjs'
import { startWard } from './resident_ward.mjs'
import { check, shots } from './stage.mjs'

export const own = true

export async function walk(browser) {
  const ward = await startWard()
  const { ask } = ward
  const open = (login, words) => enter(browser, ward, login, words)
  const written = ['换了接头。', '已劝离。', '人还在三楼。']
  const report = (kind, text, more = {}) => {
    if (text) written.push(text)
    return ask('wang', 'POST', 'cases', { kind, place: 'c1-302', text, ...more })
  }
  const caseOf = id => ask('admin', 'GET', 'cases/' + id)
  const diary = async id => (await ask('admin', 'GET', `cases/${id}/diary`)).items
  const codes = async id => (await diary(id)).map(line => line.code)
  async function until(what, look, good) {
    for (let i = 0; i < 400; i++) {
      const said = await look()
      if (good(said)) return said
    }
    throw new Error('never: ' + what)
  }
  const done = async (kind, text) => {
    const { id } = await report(kind, text)
    await ask('repairer', 'POST', `cases/${id}/accept`)
    await ask('repairer', 'POST', `cases/${id}/handle`, { note: '换了接头。' })
    return id
  }
  try {
    await check('loop: whoever reported confirms that it is solved, and evaluates at once', async () => {
      const id = await done('leak', '厨房水管漏水。')
      const page = await open('wang')
      await page.click('[data-to-confirm]')
      await page.waitForSelector('[data-confirm]')
      await sound(page, 'confirm')
      await page.click('[data-confirm] .primary')
      await page.waitForSelector('[data-undo]')
      await sound(page, 'confirm-undo')
      // A slip: taken back, nothing has left the phone.
      await page.click('[data-undo] button')
      await page.waitForSelector('[data-confirm]')
      assert.equal((await caseOf(id)).state, 'handled')
      await page.click('[data-confirm] .primary')
      await page.waitForSelector('[data-rate]')
      await page.click('[data-rate] .stars label:nth-of-type(5)')
      await page.click('[data-rate] .primary')
      await page.waitForSelector('text=谢谢您的评价')
      await sound(page, 'confirmed')
      assert.match((await caseOf(id)).state, /verified|closed/)
      const [given] = (await ask('wang', 'GET', 'evaluations?mine=true&case=' + id)).items
      assert.equal(given.score, 5)
      assert.equal(given.solved, true)
      await page.reload()
      await page.waitForSelector('text=您评了 5 分')
      // What was answered is asked for no more: the first screen shows the node's own number of what waits, or nothing.
      const { count } = await ask('wang', 'GET', 'evaluations?mine=true&answered=false&count=true&limit=1')
      const [asking] = await Promise.all([
        page.waitForRequest(request => /evaluations\?.*answered=false/.test(request.url()) && /count=true/.test(request.url())),
        to(page, '/'),
      ])
      assert.ok(asking)
      await page.waitForSelector('.tiles')
      await page.waitForLoadState('networkidle')
      assert.equal(await page.locator('[data-asked]').count(), count ? 1 : 0, `the home asks, and ${count} wait`)
      assert.deepEqual(page.complaints, [])
      await page.context().close()
    })

    await check('loop: what is not solved goes back with words and a photo, also without a line', async () => {
      const id = await done('power-outage', '客厅没有电。')
      const page = await open('wang', { big: true })
      await to(page, '/mine')
      await page.waitForSelector('.tag:has-text("请您核实")')
      await sound(page, 'mine-confirm-big')
      await to(page, '/case/' + id)
      await page.waitForSelector('[data-confirm]')
      await sound(page, 'confirm-big')
      await page.evaluate(() => navigator.serviceWorker.ready)
      await page.context().setOffline(true)
      await page.click('[data-confirm] .danger')
      await page.waitForSelector('dialog.sheet[open]')
      await page.click('dialog .btn.primary')                       // without words it does not go
      assert.equal(await page.locator('dialog.sheet[open]').count(), 1)
      await page.fill('[name=note]', '插座还是没有电。')
      await page.setInputFiles('[name=camera]', picture)
      await page.waitForSelector('.thumbs img')
      await sound(page, 'unsolved-big')
      await page.click('dialog .btn.primary')
      await page.waitForSelector('[data-waiting]')
      assert.equal((await caseOf(id)).state, 'handled')
      await page.context().setOffline(false)
      await until('it is given back', () => caseOf(id), item => item.state === 'accepted')
      const line = (await diary(id)).find(one => one.code === 'not-verified')
      assert.equal(line.note, '插座还是没有电。')
      assert.equal(line.files.length, 1)
      assert.deepEqual(page.complaints, [])
      await page.context().close()
    })

    await check('loop: whoever does not agree with a refusal asks the circle above, with words', async () => {
      const { id } = await report('noise', '半夜装修。')
      await ask('admin', 'POST', `cases/${id}/refuse`, { note: written[written.push('不在受理范围。') - 1] })
      const page = await open('wang')
      const said = []
      await page.route('**/api/v1/cases/' + id, async route => {
        const answer = await route.fetch(), item = await answer.json()
        await route.fulfill({ response: answer, json: { ...item, allowed: [...new Set([...item.allowed, 'reopen'])] } })
      })
      await page.route(`**/api/v1/cases/${id}/reopen`, route => {
        said.push(route.request().postDataJSON())
        return route.fulfill({ json: { id } })
      })
      await to(page, '/case/' + id)
      await page.click('[data-disagree]:has-text("我不同意，请上一级再看")')
      await page.click('dialog.sheet .primary')
      assert.deepEqual(said, [], 'without a word nothing is sent')
      await page.fill('dialog.sheet [name=note]', '物业就在楼下，听得见。')
      await sound(page, 'disagree')
      await page.click('dialog.sheet .primary')
      await page.waitForSelector('.notice.green:has-text("已请上一级再看")')
      assert.deepEqual(said, [{ note: '物业就在楼下，听得见。' }])
      assert.deepEqual(page.complaints, [])
      await page.context().close()
    })

    await check('loop: a checker on the phone may say that it has not passed, and says why', async () => {
      const { id } = await report('stranger', '有人在楼道里逐户敲门。')
      await ask('guard', 'POST', `cases/${id}/accept`)
      await ask('guard', 'POST', `cases/${id}/handle`, { note: '已劝离。' })
      const page = await open('admin')
      await to(page, '/order/' + id)
      await page.click('[data-next]:has-text("核实")')
      await page.waitForSelector('[data-passed]')
      await page.click('[data-passed] button:has-text("没有通过")')
      assert.equal(await page.innerText('dialog.sheet h2'), '核实')
      await sound(page, 'not-passed')
      await page.click('[data-submit]')
      assert.equal(await page.locator('dialog.sheet[open]').count(), 1, 'a no needs its reason')
      await page.fill('[name=note]', '人还在三楼。')
      await page.click('[data-submit]')
      await page.waitForSelector('dialog.sheet', { state: 'detached' })
      await until('it is given back', () => caseOf(id), item => item.state === 'accepted')
      assert.equal((await diary(id)).find(one => one.code === 'not-verified').note, '人还在三楼。')
      await page.context().close()
    })

    await check('loop: without its photo an ordinary kind is warned about and goes, a strict one does not', async () => {
      const { id } = await report('stranger', '有人翻越围栏。', { place: 'c1-gate' })
      await ask('guard', 'POST', `cases/${id}/accept`)
      await ask('guard', 'POST', `cases/${id}/arrive`)
      const strict = (await report('illegal-building', '楼顶在搭棚子。')).id
      await ask('admin', 'POST', `cases/${strict}/assign`, { post: 'guard', person: ward.persons.guard })
      await ask('guard', 'POST', `cases/${strict}/accept`)
      await ask('guard', 'POST', `cases/${strict}/arrive`)
      const page = await open('guard')
      await to(page, '/order/' + id)
      await page.click('[data-next]:has-text("办结")')
      await page.fill('[name=note]', '已劝离。')
      await page.click('[data-submit]')
      await page.waitForSelector('[data-lacks]:has-text("照片")')
      await sound(page, 'lacks')
      await page.click('[data-submit]:has-text("照样办结")')
      await page.waitForSelector('dialog.sheet', { state: 'detached' })
      assert.match((await until('it is handled', () => diary(id), all => all.some(one => one.code === 'handle'))).find(one => one.code === 'handle').words, /未附照片/)
      await to(page, '/order/' + strict)
      await page.click('[data-next]:has-text("办结")')
      await page.fill('[name=note]', '已停工。')
      await page.click('[data-submit]')
      await page.waitForSelector('dialog .problem:has-text("照片")')
      assert.ok(!(await codes(strict)).includes('handle'))
      // What was typed is not lost by a tap beside the sheet.
      await page.click('dialog.sheet .icon-button')
      await page.waitForSelector('[data-leave]')
      await sound(page, 'leave')
      await page.click('[data-leave] .primary')
      assert.equal(await page.inputValue('[name=note]'), '已停工。')
      await page.evaluate(() => history.back())
      await page.click('[data-leave] .danger')
      await page.waitForSelector('dialog.sheet', { state: 'detached' })
      assert.deepEqual(page.complaints, [])
      await page.context().close()
    })

    await check('loop: accepting by a slip is taken back, and what is meant goes by itself', async () => {
      const { id } = await report('road-occupied', '车库出口被占。', { place: 'c1-gate' })
      const page = await open('guard')
      await page.click(`[data-case="${id}"] .btn.primary:has-text("接单")`)
      await page.waitForSelector('[data-undo]:has-text("接单")')
      await sound(page, 'undo')
      await page.click('[data-undo] button')
      await page.waitForSelector(`[data-case="${id}"] .btn.primary:has-text("接单")`)
      assert.ok(!(await codes(id)).includes('accept'))
      await page.click(`[data-case="${id}"] .btn.primary:has-text("接单")`)
      await page.waitForSelector('[data-undo]:has-text("接单")')
      await page.waitForSelector('[data-undo]', { state: 'detached' })
      await until('it is accepted', () => codes(id), all => all.includes('accept'))
      assert.equal((await codes(id)).filter(code => code === 'accept').length, 1)
      await page.context().close()
    })

    await check('loop: in a drill no button rings the real 120, and it says so where people look', async () => {
      const page = await open('guard', { size: sizes.small })
      const drill = await ask('admin', 'POST', 'drills', { kind: 'injury', place: 'c1-302' })
      await page.waitForSelector('dialog.ring[open] [data-drill]:has-text("此刻不要拨")')
      await page.waitForSelector('dialog.ring .btn')
      await page.screenshot({ path: shots + '/phone-drill-ring.png' })
      await page.waitForSelector('dialog.ring :text("真实时：")')
      await page.click('dialog.ring .btn >> nth=1')
      await page.waitForSelector('p[data-drill]:has-text("此刻不要拨")')
      assert.equal(await page.locator('a[href^="tel:"]').count(), 0, 'a link rings somebody in a drill')
      await sound(page, 'drill-order')
      await to(page, '/orders')
      await page.waitForSelector('.case [data-drill]:has-text("此刻不要拨")')
      assert.equal(await page.locator('a[href^="tel:"]').count(), 0, 'a link rings somebody in a drill')
      await sound(page, 'drill-orders')
      const english = await open('guard', { lang: 'en' })
      await to(english, '/orders')
      await english.waitForSelector('.case [data-drill]:has-text("Do not ring now")')
      await english.context().close()
      await page.context().close()
      await ask('admin', 'POST', `drills/${drill.id}/end`, {})
    })

    await check('loop: what a helper evaluated is not said to be one’s own', async () => {
      const id = await done('leak', '阳台水管漏水。')
      await ask('wang', 'POST', `cases/${id}/verify`, {})
      await ask('daughter', 'POST', 'evaluations/' + id, { score: 4, solved: true, text: '修得快。' })
      const father = await open('wang')
      await to(father, '/case/' + id)
      await father.waitForSelector('.notice:has-text("帮办人替您评了 4 分")')
      await sound(father, 'evaluated-by-helper')
      await father.context().close()
    })

    await check('loop: an order that was put off says until when, on the list and at the hand-over', async () => {
      const { id } = await report('leak', '水池渗水。')
      await ask('repairer', 'POST', `cases/${id}/accept`)
      await ask('repairer', 'POST', `cases/${id}/defer`, { note: '等配件。', until: new Date(Date.now() + 5 * 86_400_000).toISOString() })
      await ask('admin', 'POST', `cases/${id}/approve`)
      const page = await open('repairer', { size: sizes.small })
      await page.waitForSelector(`[data-case="${id}"] .foot:has-text("挂账到 ")`)
      await sound(page, 'deferred')
      await to(page, '/phone')
      await page.waitForSelector('[data-open] a:has-text("挂账到 ")')
      await page.context().close()
    })

    await check('loop: many messages fit their badge, also in big letters on a small phone', async () => {
      const page = await open('wang', { size: sizes.small, big: true })
      await page.route(/\/api\/v1\/notices\?.*count=true/, route => route.fulfill({ json: { items: [], next: null, count: 250 } }))
      await page.reload()
      const badge = page.locator('.tabs .count:has-text("99+")')
      await badge.waitFor()
      const [own, tab, icon] = await badge.evaluate(e => [e, e.closest('a'), document.body].map(x => (({ left, right, height }) => ({ left, right, height }))(x.getBoundingClientRect())))
      assert.ok(own.left >= tab.left && own.right <= tab.right, `from ${own.left} to ${own.right} on a tab from ${tab.left} to ${tab.right}`)
      assert.ok(own.height < 40 && icon.right <= 320, 'it breaks into lines')
      await sound(page, 'badge-small-big')
      await page.context().close()
    })

    await check('loop: a report half written comes back with its photo, until it is sent or thrown away', async () => {
      const page = await open('wang')
      await page.click('.tile:has-text("灯不亮")')
      await page.fill('[name=text]', '二楼走廊的灯')
      await page.setInputFiles('[name=camera]', picture)
      await page.waitForSelector('.thumbs img')
      await page.click('button[aria-label="返回"]')
      await page.waitForSelector('[data-half]:has-text("灯不亮")')
      await sound(page, 'half-home')
      await page.reload()
      await page.click('[data-half]')
      await page.waitForSelector('[data-back]')
      assert.equal(await page.inputValue('[name=text]'), '二楼走廊的灯')
      await page.waitForSelector('.thumbs img')
      await sound(page, 'half')
      // Another kind has its own; the first is offered beside the kinds and may be thrown away.
      await to(page, '/report?kind=bin-full')
      await page.waitForSelector('[name=text]')
      assert.equal(await page.inputValue('[name=text]'), '')
      await page.fill('[name=text]', '南边的桶')
      await to(page, '/report')
      await page.waitForSelector('[data-half]:has-text("垃圾满了")')
      await sound(page, 'halves')
      await page.click('[data-half]:has-text("垃圾满了") .btn:has-text("不要了")')
      await page.waitForSelector('[data-half]:has-text("垃圾满了")', { state: 'detached' })
      await page.click('[data-half]:has-text("灯不亮") .btn.primary')
      await page.waitForSelector('.thumbs img')
      await page.click('.bottom .primary')
      await page.waitForSelector('[data-done]')
      const sent = (await ask('wang', 'GET', 'cases?reported=true&kind=street-light')).items[0]
      assert.equal(sent.text, '二楼走廊的灯')
      assert.equal(sent.files.length, 1)
      await to(page, '/')
      await page.waitForSelector('svg.qr')
      assert.equal(await page.locator('[data-half]').count(), 0)
      assert.deepEqual(page.complaints, [])
      await page.context().close()
    })

    await check('loop: the stairwell’s code names the place as people call it', async () => {
      const page = await open('wang')
      await to(page, '/report?place=c1-b2&kind=noise')
      await page.waitForSelector('form .list:has-text("2幢")')
      assert.ok(!/c1-b2/.test(await page.evaluate(() => document.querySelector('main').innerText)))
      await to(page, '/report?place=c9-b9&kind=noise')
      await page.waitForSelector('form .list:has-text("您扫码的地方")')
      await page.context().close()
    })

    await check('loop: a daughter’s report for her father says for whom, and only what works is offered to helpers', async () => {
      const item = await ask('daughter', 'POST', 'cases', { kind: 'hardship', place: 'c1-302', text: '要人陪着看病。', reporter: { person: ward.persons.father } })
      const page = await open('daughter')
      await to(page, '/helpers')
      await page.click('.btn.primary.wide')
      await page.waitForSelector('dialog fieldset label')
      assert.deepEqual(await page.locator('dialog fieldset label').allInnerTexts(), ['上报和求助', '评价'])
      await sound(page, 'helper-add')
      await page.keyboard.press('Escape')
      // The list as a node answers it that counts what she reported for him among her own.
      await page.route(/\/api\/v1\/cases\?.*reported=true/, async route => route.fulfill({ json: { items: [item], next: null } }))
      await to(page, '/mine')
      await page.waitForSelector('[data-behalf]:has-text("替王**报的")')
      await sound(page, 'mine-behalf')
      await page.context().close()
    })

    await check('loop: on a small phone in big letters a button never squeezes the words beside it; a wrong code has a way on', async () => {
      const page = await open('wang', { size: sizes.small, big: true })
      await to(page, '/helpers')
      await page.waitForSelector('.row > .grow')
      const narrow = await page.evaluate(() => [...document.querySelectorAll('.row:has(> .btn) > .grow')].filter(e => e.getBoundingClientRect().width < 150).map(e => e.innerText))
      assert.deepEqual(narrow, [])
      await sound(page, 'helpers-small-big')
      await page.context().close()
      const guard = await open('guard')
      await to(guard, '/c/NOSUCHCODE')
      await guard.waitForSelector('.card a[href="#/report"]')
      await guard.click('.card a[href="#/shift"]')
      await guard.waitForSelector('[name=code]')
      await guard.context().close()
    })

    await check('loop: somebody asks for their data to be mended, and sees that it is asked', async () => {
      const page = await open('wang')
      await to(page, '/data')
      await page.click('[data-fix]')
      await page.fill('[name=wish]', '电话换了新号码。')
      await sound(page, 'data-fix')
      await page.click('dialog .btn.primary')
      await page.waitForSelector('[data-asked]:has-text("请求更正")')
      await page.click('[data-erase]')
      await page.fill('[name=wish]', '请删除备注。')
      await page.click('dialog .btn.danger')
      await page.waitForSelector('[data-asked]:has-text("请求删除")')
      await sound(page, 'data-asked')
      const asked = (await ask('wang', 'GET', 'cases?reported=true&kind=ask-matter')).items
      assert.equal(asked.length, 2, 'they are not joined into one')
      assert.ok(asked.every(one => /^【请求(更正|删除)个人信息】/.test(one.text)))
      const english = await open('wang', { lang: 'en' })
      await to(english, '/data')
      await english.waitForSelector('[data-asked]:has-text("Ask for a correction")')
      assert.deepEqual(page.complaints, [])
      await page.context().close()
      await english.context().close()
    })

    // What stands in Chinese on an English page: names and what people wrote, which nobody translates.
    const names = /云溪苑|云溪社区居委会|物业服务中心|物业|2幢|1单元|中文|一号分类点|南门岗亭|南门|电梯|保安|夜班|小区巡逻|李强|赵刚|王建国|王\*\*|王\*|李\*|赵\*|门禁是否常闭|地面是否干净，桶盖是否盖好/g
    const posts = (await ask('admin', 'GET', 'rosters/posts?limit=500')).items.map(post => post.name).sort((a, b) => b.length - a.length)
    const english = async (page, path) => {
      const rest = [...written, ...posts].reduce((all, one) => all.replaceAll(one, ''), await wordsOf(page)).replace(names, '')
      assert.ok(!/[\u4e00-\u9fff]/.test(rest), path + ': ' + (rest.match(/.*[\u4e00-\u9fff].*/) ?? [''])[0])
    }
    await check('loop: in English staff read everything, and what to do in an emergency is there, marked as Chinese', async () => {
      const fire = await ask('admin', 'POST', 'cases', { kind: 'fire', place: 'c1-b2' })
      const plain = await ask('admin', 'POST', 'cases', { kind: 'stranger', place: 'c1-gate' })
      const page = await open('guard', { lang: 'en' })
      await page.waitForSelector(`[data-case="${plain.id}"]`)
      await page.waitForSelector('dialog.ring[open]')
      await english(page, 'the ring')
      await page.click('dialog.ring .btn >> nth=1')
      await page.waitForFunction(id => location.hash === '#/order/' + id, fire.id)
      for (const path of ['/orders', '/order/' + plain.id, '/order/' + fire.id, '/rounds', '/shift', '/notices', '/me', '/phone', '/calls']) {
        await to(page, path)
        if (path.startsWith('/order/')) await page.waitForSelector('.lane li:has-text("Assigned to")')
        if (path.includes(fire.id)) {
          // In English where the catalogue has it, else in Chinese, introduced as such.
          const own = (await caseOf(fire.id)).emergency_en
          await page.waitForSelector(`[data-emergency] [lang=${own ? 'en' : 'zh-CN'}]:has-text("119")`)
          if (!own) assert.match(await page.textContent('[data-emergency]'), /in Chinese/)
        }
        await english(page, path)
        await sound(page, 'en-staff-' + path.replace(/[^a-z]+/g, '-').replace(/^-|-$/g, '').slice(0, 12) + (path.includes(fire.id) ? '-fire' : ''))
      }
      assert.deepEqual(page.complaints, [])
      await page.context().close()
    })

    await check('loop: in English a resident reads notices, the questions and the call for help', async () => {
      const id = await done('drain-blocked', '')
      const page = await open('wang', { lang: 'en' })
      await to(page, '/notices')
      await page.waitForSelector('article:has-text("; please")')
      await english(page, '/notices')
      await sound(page, 'en-notices')
      await to(page, '/case/' + id)
      await page.waitForSelector('[data-confirm]:has-text("Is it solved?")')
      await page.click('[data-confirm] .danger')
      await page.waitForSelector('dialog.sheet[open]')
      await english(page, 'not solved')
      await page.keyboard.press('Escape')
      await to(page, '/sos')
      await page.waitForSelector('.hold')
      await page.locator('.hold').focus()
      await page.keyboard.press('Enter')
      await page.click('.btn.danger')
      await page.waitForSelector('[data-sos]')
      await page.waitForSelector('[data-emergency] [lang=en]:has-text("120")')
      await english(page, '/sos')
      await sound(page, 'en-sos')
      assert.deepEqual(page.complaints, [])
      await page.context().close()
    })
  } finally {
    await ward.stop()
  }
}
