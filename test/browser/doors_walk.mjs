// The doors of a compound without a name on the internet: the authority's page, a verified handshake, a code to the phone
// through a real gateway, WeChat's way out, and the hour of the digest.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { check, expect, freePort, isReachable, openPage, password, quiet, shoot, until } from './stage.mjs'

export const own = true
const root = resolve(import.meta.dirname, '../..')

/** A telephone company: remembers what it was told, and knows one WeChat user. */
function startGateway() {
  const heard = []
  const server = http.createServer((request, response) => {
    let body = ''
    request.on('data', piece => (body += piece))
    request.on('end', () => {
      const words = JSON.parse(body)
      heard.push({ ...words, signature: request.headers['x-lifang-signature'] })
      response.setHeader('Content-Type', 'application/json')
      response.end(words.code ? JSON.stringify({ openid: 'o-' + words.code }) : '{}')
    })
  })
  return new Promise(done => server.listen(0, '127.0.0.1', () => done({ heard, server, port: server.address().port })))
}

async function startSecureNode(gateway) {
  const data = mkdtempSync(join(tmpdir(), 'lifang-doors-'))
  const [port, plain, mqtt] = [await freePort(), await freePort(), await freePort()]
  mkdirSync(join(data, 'node'))
  writeFileSync(join(data, 'secret'), 'shared with the gateway\n')
  writeFileSync(join(data, 'node/config.toml'), `district = "府苑新村"
[http]
local_authority = true
names = ["localhost"]
plain_port = ${plain}
public_url = "https://localhost:${port}"
[phones]
gateway = "http"
url = "http://127.0.0.1:${gateway.port}/"
secret_file = "${join(data, 'secret')}"
wechat_app_id = "wx0000000000000000"
`)
  const program = spawn(join(root, 'build/bin/lifang'), ['serve', '--data', join(data, 'node'), '--http', '127.0.0.1:' + port, '--mqtt', '127.0.0.1:' + mqtt],
    { env: { ...process.env, LIFANG_ADMIN_PASSWORD: password }, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  await new Promise((done, failed) => {
    program.stderr.on('data', bytes => {
      said += bytes
      if (/https:\/\/127\.0\.0\.1:\d+/.test(said)) done()
    })
    program.once('exit', code => failed(new Error('the program ended with ' + code + ':\n' + said)))
  })
  return {
    url: 'https://localhost:' + port, plain: 'http://localhost:' + plain, port,
    stop: async () => {
      const ended = new Promise(done => program.once('exit', done))
      program.kill('SIGTERM')
      await ended
      rmSync(data, { recursive: true, force: true })
    },
  }
}

/** Over a handshake that is verified against the root alone. @returns {status, body} */
function ask(node, ca, method, path, body, token) {
  return new Promise((done, failed) => {
    const request = https.request(node.url + path, { method, ca, headers: { 'Content-Type': 'application/json', ...(token ? { Authorization: 'Bearer ' + token } : {}) } }, response => {
      let text = ''
      response.on('data', piece => (text += piece))
      response.on('end', () => done({ status: response.statusCode, body: text ? JSON.parse(text) : {} }))
    })
    request.on('error', failed)
    request.end(body ? JSON.stringify(body) : undefined)
  })
}

const settle = what => until('the gateway is told', what, told => told)

export async function walk(browser) {
  const gateway = await startGateway()
  const node = await startSecureNode(gateway)
  try {
    const ca = await (await fetch(node.plain + '/authority/root.pem')).text()
    await check('doors: phones find the page of the authority without https, in both languages', async () => {
      const { page, context } = await openPage(browser, node.plain, 'phone')
      await page.goto(node.plain + '/authority')
      expect(await page.getByText('先核对指纹').count() === 1 && await page.getByText('Compare the fingerprint first').count() === 1, 'both languages are there')
      await isReachable(page, 'the page of the authority')
      await shoot(page, 'authority-phone')
      await context.close()
    })
    await check('doors: whatever else comes without https is sent to it, and the handshake holds against the root', async () => {
      const sent = await fetch(node.plain + '/', { redirect: 'manual' })
      expect(sent.status === 308 && sent.headers.get('location') === node.url + '/', 'sent to ' + sent.headers.get('location'))
      expect((await fetch(node.plain + '/api/v1/sessions', { method: 'POST', body: '{}' })).status === 403, 'a login in the clear is refused')
      expect((await ask(node, ca, 'GET', '/api/v1/node')).body.district === '府苑新村', 'verified')
      const strange = await ask(node, undefined, 'GET', '/api/v1/node').catch(error => error.code)
      expect(typeof strange === 'string', 'without the root nobody trusts it')
    })
    const admin = (await ask(node, ca, 'POST', '/api/v1/sessions', { login: 'admin', password })).body.token
    await ask(node, ca, 'PUT', '/api/v1/places/fuyuan', { kind: 'compound', name: '府苑新村' }, admin)
    const person = (await ask(node, ca, 'POST', '/api/v1/people', { name: '王小明', phone: '13800138000', place: 'fuyuan' }, admin)).body.id
    await ask(node, ca, 'POST', '/api/v1/accounts', { login: 'wang', person, role: 'resident', place: 'fuyuan' }, admin)
    const other = (await ask(node, ca, 'POST', '/api/v1/people', { name: '李华', phone: '13800000001', place: 'fuyuan' }, admin)).body.id
    await ask(node, ca, 'POST', '/api/v1/accounts', { login: 'li', person: other, role: 'resident', place: 'fuyuan' }, admin)

    const { page, context, complaints } = await openPage(browser, node.url, 'phone', { ignoreHTTPSErrors: true })
    await check('doors: a resident logs in by a code to the phone', async () => {
      await page.goto(node.url + '/')
      await page.getByRole('button', { name: '手机验证码' }).click()
      await page.getByLabel('手机号').fill('138 0013 8000')
      await page.getByRole('button', { name: '获取验证码' }).click()
      await page.getByText('如果这个号码登记过').waitFor()
      await shoot(page, 'login-code-phone')
      await isReachable(page, 'login by code')
      const told = await settle(() => gateway.heard.find(words => words.medium === 'sms'))
      expect(told?.to === '13800138000' && told.signature.startsWith('sha256='), 'the gateway heard ' + JSON.stringify(told))
      const code = /\d{6}/.exec(told.words)[0]
      await page.getByLabel('短信里的 6 位数字').fill(code[0] === '9' ? '0' + code.slice(1) : '9' + code.slice(1))
      await page.getByRole('button', { name: '登录', exact: true }).click()
      await page.getByText('验证码不对').waitFor()
      await page.getByLabel('短信里的 6 位数字').fill(code)
      await page.getByRole('button', { name: '登录', exact: true }).click()
      await page.getByLabel('短信里的 6 位数字').waitFor({ state: 'detached' })
    })
    await check('doors: the digest comes at the hour that a person chose', async () => {
      await page.goto(node.url + '/#/me')
      await page.getByRole('combobox', { name: '几点送到' }).selectOption('9')
      await quiet(page)
      await page.getByRole('switch', { name: /同时发到手机/ }).click()
      await quiet(page)
      await page.reload()
      await page.getByRole('heading', { name: '每日消息' }).waitFor()
      expect(await page.getByRole('combobox', { name: '几点送到' }).inputValue() === '9', 'kept')
      expect(await page.getByRole('switch', { name: /同时发到手机/ }).getAttribute('aria-checked') === 'true', 'kept too')
      await shoot(page, 'me-daily-phone')
      await isReachable(page, 'me')
      expect(complaints.length === 0, complaints.join('\n'))
    })
    await context.close()
    await check('doors: WeChat sends its user back, who is bound by a code and comes in without one from then on', async () => {
      const inside = { ignoreHTTPSErrors: true, userAgent: 'Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0.50' }
      const { page: phone, context: wechat } = await openPage(browser, node.url, 'phone', inside)
      // WeChat itself stays outside: what it would answer is answered here.
      await wechat.route('https://open.weixin.qq.com/**', route => {
        const words = new URL(route.request().url()).searchParams
        route.fulfill({ status: 302, headers: { Location: words.get('redirect_uri') + '?code=visit-li&state=' + words.get('state') } })
      })
      await phone.goto(node.url + '/')
      await phone.getByRole('button', { name: '微信登录' }).click()
      await phone.getByText('这个微信还没有绑定').waitFor()
      await phone.getByLabel('手机号').fill('13800000001')
      await phone.getByRole('button', { name: '获取验证码' }).click()
      const told = await settle(() => gateway.heard.find(words => words.to === '13800000001'))
      await shoot(phone, 'login-wechat-phone')
      await isReachable(phone, 'login by WeChat')
      await phone.getByLabel('短信里的 6 位数字').fill(/\d{6}/.exec(told.words)[0])
      await phone.getByRole('button', { name: '登录', exact: true }).click()
      await phone.getByLabel('短信里的 6 位数字').waitFor({ state: 'detached' })
      await phone.goto(node.url + '/#/me')
      await phone.getByRole('button', { name: '解除微信绑定' }).waitFor()
      await phone.evaluate(() => fetch('/api/v1/sessions', { method: 'DELETE', headers: { 'X-Lifang-Page': '1' } }))
      await phone.goto(node.url + '/?again')
      await phone.getByRole('button', { name: '微信登录' }).click()
      await phone.getByRole('link', { name: '我的', exact: true }).click()
      await phone.getByRole('button', { name: '解除微信绑定' }).click()
      await phone.getByRole('button', { name: '绑定微信，以后用微信登录' }).waitFor()
      await phone.evaluate(() => sessionStorage.setItem('wechat-state', 'another'))
      await phone.goto(node.url + '/?code=visit-evil&state=forged')
      await quiet(phone)
      expect(!gateway.heard.some(words => words.code === 'visit-evil'), 'a state that never left is not believed')
      await wechat.close()
    })
  } finally {
    await node.stop()
    gateway.server.close()
  }
}
