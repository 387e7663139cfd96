// The console on a phone held upright, in both languages: no page of the menu runs out of it sideways, whichever tab is open and
// whatever is unfolded or lies over it; and whoever must log in again does so above what is open.
import { check, expect, fits, openPage, quiet, shoot, upright } from './stage.mjs'

async function logIn(page, node) {
  await page.goto(node.url + '/console/')
  await page.fill('input[name=login]', 'admin')
  await page.fill('input[name=password]', node.admin)
  await page.click('button.primary')
  await page.waitForSelector('nav.side', { state: 'attached' })
}
async function open(page, node, path) {
  await page.goto(node.url + '/console/' + path)
  await page.waitForSelector('main h1')
  await quiet(page)
}
/** A page as it comes, with each of its tabs, and with its columns unfolded. */
async function everySide(page, name) {
  await fits(page, name)
  const tabs = page.locator('main [role=tab]')
  for (let i = 0; i < await tabs.count(); i++) {
    await tabs.nth(i).click()
    await quiet(page)
    await fits(page, `${name}, tab ${i + 1}`)
  }
  const columns = page.locator('main details.choose > summary')
  if (!await columns.count()) return
  await columns.first().click()
  await fits(page, name + ', its columns unfolded')
  await columns.first().click()
}
/** What lies under a finger in the middle of the screen. */
const onTop = (page, selector) => page.evaluate(s => !!document.elementFromPoint(innerWidth / 2, innerHeight / 2)?.closest(s), selector)

const forms = [
  ['people', 'main .heading button.primary'], ['devices', 'main button.primary'], ['profiles', 'main .heading button.primary'], ['drills', 'main .heading button.primary'],
  ['rosters?tab=shifts', 'main .tools button.primary'], ['rosters?tab=absences', 'main .tools button.primary'], ['rosters?tab=posts', 'main [data-test=new-post]'],
]

async function everyPage(browser, node, lang) {
  const { page, context } = await openPage(browser, node.url, 'phone', { viewport: upright })
  page.on('dialog', d => void d.accept())
  await page.addInitScript(to => localStorage.setItem('lang', to), lang)
  await logIn(page, node)
  const menu = await page.evaluate(() => [...document.querySelectorAll('nav.side a:not(.ward)')].map(a => a.pathname.replace('/console/', '')))
  await check(`narrow ${lang}: the menu`, async () => {
    expect(menu.length > 25, 'the menu has ' + menu.length + ' pages')
    expect((await page.evaluate(() => document.documentElement.lang)) === (lang === 'zh' ? 'zh-CN' : 'en'), 'the page speaks the other language')
    await page.click('button.menu')
    await page.waitForSelector('nav.side.open')
    await fits(page, 'the menu')
  })
  for (const path of menu)
    await check(`narrow ${lang}: ${path}`, async () => {
      await open(page, node, path)
      if (['queue', 'cases', 'rates', 'node'].includes(path)) await shoot(page, `console-narrow-${lang}-${path}`)
      await everySide(page, path)
    })
  const first = (path, key = 'id') => page.evaluate(async ([p, k]) => (await (await fetch('/api/v1/' + p + '?limit=1')).json()).items[0][k], [path, key])
  for (const [path, of, key] of [['cases', 'cases'], ['situations', 'situations'], ['devices', 'devices'], ['people', 'people'], ['households', 'people/households'], ['rules', 'rules'], ['kinds', 'cases/kinds', 'code']])
    await check(`narrow ${lang}: one of ${path}`, async () => {
      await open(page, node, path + '/' + await first(of, key))
      await shoot(page, `console-narrow-${lang}-one-of-${path}`)
      await everySide(page, 'one of ' + path)
    })
  for (const path of ['rules/new', 'kinds/new'])
    await check(`narrow ${lang}: ${path}`, async () => {
      await open(page, node, path)
      await everySide(page, path)
    })
  for (const [path, button] of forms)
    await check(`narrow ${lang}: the form over ${path}`, async () => {
      await open(page, node, path)
      await page.locator(button).first().click()
      await page.waitForSelector('dialog[open]')
      await quiet(page)
      await shoot(page, `console-narrow-${lang}-form-${path.split('?')[0]}`)
      await fits(page, 'the form over ' + path)
      await page.locator('dialog[open] .buttons button').first().click()
      await page.waitForSelector('dialog[open]', { state: 'detached' })
    })
  await context.close()
}

async function loginAbove(browser, node, lang) {
  await check(`narrow ${lang}: a session that ends under a form is begun again above it`, async () => {
    const { page, context } = await openPage(browser, node.url, 'phone', { viewport: upright })
    page.on('dialog', d => void d.accept())
    await page.addInitScript(to => localStorage.setItem('lang', to), lang)
    await logIn(page, node)
    await open(page, node, 'devices')
    await page.locator('main button.primary').first().click()
    const form = page.locator('dialog[open]:not(.curtain)'), id = form.locator('input[maxlength="64"]')
    await id.fill('half-typed')
    await context.clearCookies()
    await form.locator('[role=combobox]').fill('1')
    await page.waitForSelector('dialog.curtain[open]')
    expect(await onTop(page, 'dialog.curtain'), 'the login lies below the form')
    await fits(page, 'the login above the form')
    await shoot(page, `console-narrow-${lang}-login-above`)
    // Escape does not lead past it.
    await page.keyboard.press('Escape')
    await page.waitForSelector('dialog.curtain[open]')
    await page.fill('.curtain input[name=login]', 'admin')
    await page.fill('.curtain input[name=password]', node.admin)
    await page.click('.curtain button.primary')
    await page.waitForSelector('.curtain', { state: 'detached' })
    expect(await onTop(page, 'dialog'), 'the form is no longer there')
    expect((await id.inputValue()) === 'half-typed', 'what was typed is gone')
    await context.close()
  })
}

async function somebodyElse(browser, node) {
  await check('narrow: somebody else who logs in there finds nothing of what was typed', async () => {
    const { page, context } = await openPage(browser, node.url, 'phone', { viewport: upright })
    await logIn(page, node)
    await open(page, node, 'devices')
    await page.locator('main button.primary').first().click()
    const form = page.locator('dialog[open]:not(.curtain)')
    await form.locator('input[maxlength="64"]').fill('only-mine')
    await context.clearCookies()
    await form.locator('[role=combobox]').fill('1')
    await page.waitForSelector('dialog.curtain[open]')
    await page.fill('.curtain input[name=login]', 'demo-district')
    await page.fill('.curtain input[name=password]', node.demo)
    await page.click('.curtain button.primary')
    await page.waitForSelector('.curtain', { state: 'detached' })
    await page.waitForSelector('main h1')
    expect(await page.locator('dialog').count() === 0, 'the form of the other login is still open')
    await context.close()
  })
}

export async function walk(browser, node) {
  await somebodyElse(browser, node)
  for (const lang of ['zh', 'en']) {
    await everyPage(browser, node, lang)
    await loginAbove(browser, node, lang)
  }
}
