// What the desk sets: kinds of cases from draft to version, the working calendar, posts, roles, persons; on a ward of its own.
import { enter, layOut } from './console_ward.mjs'
import { check, expect, isReachable, openPage, quiet, shoot } from './stage.mjs'

export const empty = true

export async function walk(browser, node) {
  const ask = await layOut(node)
  const { page, context, complaints } = await openPage(browser, node.url, 'desk', { acceptDownloads: true })
  const phone = await openPage(browser, node.url, 'phone')
  const go = async (path, heading, on = page) => {
    await on.goto(node.url + '/console/' + path)
    await on.waitForFunction(words => document.querySelector('main h1')?.textContent?.includes(words), heading)
    await quiet(on)
  }
  const seen = async (name, on = page) => {
    await quiet(on)
    await shoot(on, name)
    await isReachable(on, name)
  }
  const place = async (scope, words) => {
    await scope.locator('[role=combobox]').fill(words)
    await scope.locator('[role=option]').first().click()
  }
  const field = (scope, name) => scope.locator('.field', { hasText: name }).locator('input, select, textarea').first()
  const dialog = page.locator('dialog')
  const send = async () => {
    await dialog.locator('.buttons button').last().click()
    await dialog.waitFor({ state: 'detached' })
    await quiet(page)
  }
  const agree = () => page.once('dialog', d => void d.accept())
  for (const on of [page, phone.page]) {
    await enter(on, node, 'admin', node.firstPassword)
    await on.waitForSelector('nav.side', { state: 'attached' })
  }
  const stage = { page, phone: phone.page, go, seen, place, field, dialog, send, agree, ask, node, browser }
  await kinds(stage)
  await check('desk: the browser had nothing to complain of', () => {
    const unasked = complaints.concat(phone.complaints).filter(line => !/^404 .*cases\/(drafts|kinds)\//.test(line))
    expect(unasked.length === 0, unasked.join('\n'))
  })
  await phone.context.close()
  await context.close()
}

async function kinds({ page, phone, go, seen, field, agree }) {
  await check('kinds: a new one says at the field what is missing, is kept as a draft, and published', async () => {
    await go('kinds', '事项目录')
    await page.click('[data-test=new-kind]')
    await page.waitForSelector('#kind')
    await page.click('[data-test=publish]')
    await page.waitForSelector('.field:has-text("代码") .wrong')
    await page.waitForSelector('.field:has-text("名称") .wrong')
    await field(page.locator('#kind'), '代码').fill('street-stall')
    await page.click('[data-test=keep-draft]')
    await page.waitForSelector('[data-test=is-draft]')
    await field(page.locator('#kind'), '名称').fill('占道摆摊')
    await field(page.locator('#kind'), '英文名').fill('Street stall')
    await field(page.locator('#kind'), '大类').selectOption('event')
    await page.locator('#kind .tick', { hasText: '照片' }).locator('input').check()
    await page.locator('#kind .tick', { hasText: '没附就不能办结' }).locator('input').check()
    await page.getByLabel('没人应答多久叫下一位', { exact: true }).last().fill('5')
    await page.click('[data-test=add-check]')
    await page.locator('[data-test=check-line] input').fill('劝离并拍照')
    await page.locator('[data-test=check-line] select').selectOption('street-office')
    await seen('desk-kind-new')
    agree()
    await page.click('[data-test=publish]')
    await page.waitForFunction(() => location.pathname === '/console/kinds')
    await page.waitForSelector('tbody tr:has-text("占道摆摊")')
  })
  await check('kinds: a change is compared with the version before and becomes the next', async () => {
    await go('kinds/street-stall', '占道摆摊')
    const handle = page.locator('[role=group][aria-label*="微循环"]', { hasText: '办结' }).getByLabel(/办结时限$/).last()
    await handle.fill('4')
    await handle.press('Tab')
    await page.locator('[role=group][aria-label*="微循环"]').getByLabel(/办结时限：单位/).selectOption('h')
    await field(page.locator('#kind'), '紧急处置提示').fill('有人受伤立即拨打 120')
    await page.waitForSelector('[data-test=changes] dl:has-text("办结时限")')
    await page.click('[data-test=keep-draft]')
    await page.waitForSelector('[data-test=is-draft]')
    await seen('desk-kind-changes')
    agree()
    await page.click('[data-test=publish]')
    await page.waitForFunction(() => location.pathname === '/console/kinds')
    const kind = await page.evaluate(async () => (await fetch('/api/v1/cases/kinds/street-stall')).json())
    expect(kind.version === 2 && kind.micro.handle === 'PT4H' && kind.strict && kind.ring === 'PT5M' && kind.checklist[0].post === 'street-office', JSON.stringify(kind))
  })
  await check('kinds: a draft that somebody overtook is told so and loses nothing', async () => {
    await go('kinds/noise', '')
    await field(page.locator('#kind'), '时限过百分之几提醒').fill('50')
    await page.click('[data-test=keep-draft]')
    await page.waitForSelector('[data-test=is-draft]')
    await page.evaluate(async () => {
      const { code: _c, version: _v, ready_made: _r, retired: _t, at: _a, ...words } = await (await fetch('/api/v1/cases/kinds/noise')).json()
      await fetch('/api/v1/cases/kinds/noise', { method: 'PUT', headers: { 'Content-Type': 'application/json', 'X-Lifang-Page': '1' }, body: JSON.stringify({ ...words, grade: 'II' }) })
    })
    await go('kinds/noise', '')
    await page.waitForSelector('[data-test=overtaken]')
    await seen('desk-kind-overtaken')
    await page.click('[data-test=overtaken] button')
    await page.waitForSelector('[data-test=overtaken]', { state: 'detached' })
    await go('kinds', '事项目录')
    await page.click('[data-test=tab-drafts]')
    await page.waitForSelector('tbody tr:has-text("noise")')
    await seen('desk-kind-drafts')
  })
  await check('kinds: on a phone', async () => {
    await go('kinds/street-stall', '占道摆摊', phone)
    await seen('desk-phone-kind', phone)
  })
}
