// A small ward on an empty node, laid out over the API: a compound with posts and people, bureaus that may be called, logins.
import { readFileSync } from 'node:fs'
import { isReachable, openPage, patient, quiet, shoot } from './stage.mjs'

export const staffPassword = 'river stone 88'

/** @returns ask(method, path, body) as that login; refusals are thrown with what the node said */
export async function askAs(node, login, password = staffPassword) {
  const session = await (await fetch(node.url + '/api/v1/sessions', { method: 'POST', body: JSON.stringify({ login, password }) })).json()
  return async (method, path, body) => {
    const type = typeof body === 'string' ? 'text/csv' : 'application/json'
    const answer = await fetch(node.url + '/api/v1/' + path, { method, headers: { Authorization: 'Bearer ' + session.token, ...(body === undefined ? {} : { 'Content-Type': type }) }, body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body) })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return text ? JSON.parse(text) : {}
  }
}

export async function layOut(node) {
  const ask = await askAs(node, 'admin', node.firstPassword)
  const bring = async (what, lines) => {
    const checked = await ask('POST', 'imports/' + what, lines.join('\n'))
    if (checked.bad) throw new Error(what + ': ' + JSON.stringify(checked.problems))
    await ask('POST', `imports/${checked.id}/apply`, {})
  }
  await bring('places', ['编号,类别,名称,上级', 'xihu,城区,西湖区,', 'wenxin,街道,文新街道,xihu', 'fuyuan-sq,社区,府苑社区,wenxin', 'fuyuan,小区,府苑新村,fuyuan-sq', 'fuyuan-gate,点位,南门,fuyuan', 'fuyuan-pump,点位,水泵房,fuyuan', 'fuyuan-bins,点位,垃圾房,fuyuan'])
  await bring('homes', ['小区,楼幢,单元,房号', ...[1, 2].flatMap(b => [101, 102, 201, 202].map(h => `府苑新村,${b}幢,1单元,${h}`))])
  await bring('organisations', ['编号,名称,类别,地点,上级单位', 'wenxin-street,文新街道办事处,街道,wenxin,', 'fuyuan-community,府苑社区居委会,社区,fuyuan-sq,wenxin-street', 'fuyuan-estate,府苑物业,物业公司,fuyuan,fuyuan-community',
    'urban-management,区城管局,部门,xihu,', 'fire,消防救援站,部门,xihu,', 'housing-bureau,区住建局,部门,xihu,'])
  await bring('people', ['姓名,手机,出生日期,地点,小区,楼幢,单元,房号,居住身份', '张强,13800000001,1980-03-02,fuyuan,,,,,', '李敏,13800000002,1985-06-11,fuyuan,,,,,', '周正,13800000003,1978-01-20,fuyuan-sq,,,,,', '吴芳,13800000004,1979-01-20,wenxin,,,,,',
    ...['王桂英,13800000005,1950-05-01', '陈建国,13800000006,1962-09-30', '赵小雨,13800000007,1999-12-12', '钱多多,13800000008,2001-02-03', '孙文,13800000009,1945-07-07', '郑爱华,13800000000,1948-03-08'].map((p, i) => `${p},,府苑新村,${1 + (i % 2)}幢,1单元,${[101, 102, 201][i % 3]},户主`)])
  await bring('posts', ['编号,名称,上级岗位,单位,值守地点,值班人', 'street-office,街道值班室,,wenxin-street,wenxin,13800000004', 'community-office,社区值班室,street-office,fuyuan-community,fuyuan-sq,13800000003', 'estate-office,物业值班室,community-office,fuyuan-estate,fuyuan,13800000002',
    'repairer,维修岗,estate-office,fuyuan-estate,fuyuan,13800000002', 'guard,保安岗,estate-office,fuyuan-estate,fuyuan,13800000001', 'cleaner,保洁岗,estate-office,fuyuan-estate,fuyuan,13800000001'])
  const person = async phone => (await ask('POST', 'people/search', { phone })).items[0].id
  for (const [login, name, role, place, phone] of [['estate', '府苑物业值班室', 'property', 'fuyuan', '13800000002'], ['gate', '南门保安', 'guard', 'fuyuan', '13800000001'], ['community', '府苑社区值班室', 'community', 'fuyuan-sq', '13800000003'], ['street', '文新街道值班室', 'street', 'wenxin', '13800000004']])
    await ask('POST', 'accounts', { login, name, role, place, person: await person(phone), password: staffPassword })
  await patient(ask)
  return ask
}

export async function enter(page, node, login, password = staffPassword) {
  await page.goto(node.url + '/console/')
  await page.fill('input[name=login]', login)
  await page.fill('input[name=password]', password)
  await page.click('button.primary')
}

export const bytesOf = async download => readFileSync(await download.path())

/** The console as its administrator has it on a desk and on a phone, with the hands that every walk over it needs. */
export async function openDesk(browser, node) {
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
  for (const on of [page, phone.page]) {
    await enter(on, node, 'admin', node.firstPassword)
    await on.waitForSelector('nav.side', { state: 'attached' })
  }
  return { page, phone, context, complaints, go, seen, place, field, dialog, send }
}
