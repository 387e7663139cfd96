// Drawing on a camera's picture: masks, zones, shields, slots, a façade with its lines, areas and hours, from the console to the eyes that
// watch a simulated lift, and back with what they say of it. Needs lifang-vision beside lifang; without it nothing here is walked.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { enter, layOut } from './console_ward.mjs'
import { check, expect, isReachable, openPage, quiet, shoot, until } from './stage.mjs'

export const empty = true

const programs = resolve(import.meta.dirname, '../../build/bin')
const eyesProgram = join(programs, 'lifang-vision'), simulator = join(programs, 'lifang-vision-accept')
const [width, height] = [704, 576]

const door = [[560, 130], [690, 130], [690, 520], [560, 520]]
const mask = [[20, 20], [160, 20], [200, 160], [20, 120]]
/** A click lands on a whole pixel of the screen, not of the camera. */
const near = (found, wanted) => found.length === wanted.length && found.every(([x, y], i) => Math.abs(x - wanted[i][0]) <= 2 && Math.abs(y - wanted[i][1]) <= 2)

export async function walk(browser, node) {
  if (!existsSync(eyesProgram) || !existsSync(simulator)) return console.log('skip  cameras: lifang-vision is not built (vision/setup)')
  const ask = await layOut(node)
  const eyes = await startEyes(node, ask)
  const { page, context, complaints } = await openPage(browser, node.url, 'desk')
  try {
    await enter(page, node, 'admin', node.firstPassword)
    await page.waitForSelector('nav.side', { state: 'attached' })
    await walkOn({ browser, node, ask, eyes, page, complaints })
  } finally {
    await context.close()
    const ended = new Promise(done => eyes.program.once('exit', done))
    eyes.program.kill('SIGTERM')
    await ended
  }
}

/** The eyes on one camera: a film of a lift that begins again at its end. One mask stands on their own machine. */
async function startEyes(node, ask) {
  await ask('PUT', 'devices/profiles/lift-camera', { name: '电梯摄像机', metrics: [], detections: ['ebike_in_lift', 'ebike_in_lift_over'] })
  await ask('PUT', 'devices/lift-eye', { profile: 'lift-camera', place: 'fuyuan-gate', name: '1幢电梯摄像机', secret: 'token-of-lift-eye' })
  const folder = join(node.data, 'eyes')
  mkdirSync(folder)
  execFileSync(simulator, ['lift', '3', join(folder, 'lift.mp4')])
  writeFileSync(join(folder, 'eyes.toml'), `node = "${node.url}"\nfolder = "${folder}/data"\nfree_mib = 1\n[[cameras]]\nid = "lift-eye"\ntoken = "token-of-lift-eye"\n`
    + `source = "${folder}/lift.mp4"\nloop = true\nrecord = false\n[cameras.view]\nmasks = [[[610, 140], [690, 140], [690, 310], [610, 310]]]\n`)
  const program = spawn(eyesProgram, ['serve', '--config', join(folder, 'eyes.toml')], { stdio: 'ignore' })
  return { program, taken: () => JSON.parse(readFileSync(join(folder, 'data/views/lift-eye.json'), 'utf8')), status: () => JSON.parse(readFileSync(join(folder, 'data/status.json'), 'utf8')).cameras[0] }
}

async function walkOn({ browser, node, ask, eyes, page, complaints }) {
  const view = async () => (await ask('GET', 'devices/lift-eye')).attributes
  /** A click on a pixel of the camera's picture. */
  const click = async ([x, y]) => {
    const box = await page.locator('svg.view').boundingBox()
    await page.mouse.click(box.x + x * box.width / width, box.y + y * box.height / height)
  }
  const draw = async (kind, corners, close = true) => {
    await page.getByLabel('种类').selectOption(kind)
    for (const corner of corners) await click(corner)
    if (close) await page.click('button:has-text("完成此形")')
  }
  const rows = page.locator('ul.drawn:not([data-test=hours]) > li')
  const takenAfter = async doing => {
    const before = (await view()).view_state?.at
    await doing()
    return until('the eyes say what they took', async () => (await view()).view_state, said => said && said.at !== before)
  }

  await check('cameras: from the device to its view, and a picture when it is asked for', async () => {
    await page.goto(node.url + '/console/devices/lift-eye')
    await page.click('a:has-text("画面设置")')
    await page.waitForSelector('svg.view')
    await page.click('button:has-text("取新画面")')
    await page.waitForSelector('svg.view image')
    await page.waitForSelector('button:has-text("取新画面"):enabled')
    expect(await page.getAttribute('svg.view', 'viewBox') === `0 0 ${width} ${height}`, 'the picture has another size')
    await quiet(page)
    await shoot(page, 'camera-desk-picture')
    await isReachable(page, 'camera')
  })
  await check('cameras: every kind of shape is drawn, a façade with its floor and column lines, the side of a lift’s door', async () => {
    await draw('mask', [[20, 20], [160, 20], [160, 120], [20, 120]])
    await draw('zone', [[60, 440], [640, 440], [690, 560], [20, 560]])
    await draw('shield', [[250, 10], [330, 10], [330, 70], [250, 70]])
    await draw('slot', [[200, 330], [290, 330], [290, 400], [200, 400]])
    await draw('slot', [[300, 330], [390, 330], [390, 400], [300, 400]])
    await draw('facade', [[420, 40], [580, 60], [590, 300], [410, 320]], false)
    await draw('fire_lane_blocked', [[420, 450], [560, 450], [580, 540], [420, 540]])
    await draw('door', [[10, 100], [90, 100], [90, 400]])
    await page.waitForSelector('.hint:has-text("电梯门所在的一侧")')
    await draw('door', door)
    expect(await page.locator('svg.view .door').count() === 1, 'a lift has one door side, and the new one takes the place of the old')
    expect(await rows.count() === 8, 'drawn: ' + await rows.count())
    await page.getByLabel('层数').fill('9')
    await page.getByLabel('列数').fill('4')
    expect(await page.locator('svg.view .facade line').count() === 8 + 3, 'lines: ' + await page.locator('svg.view .facade line').count())
    await page.getByLabel('车位号').first().fill('A-01')
    await shoot(page, 'camera-desk-drawn')
    await isReachable(page, 'drawn')
  })
  await check('cameras: a corner is taken back, another dragged, a shape removed', async () => {
    await page.getByLabel('种类').selectOption('crowd')
    for (const corner of [[30, 200], [90, 200], [90, 260]]) await click(corner)
    await page.click('button:has-text("退一点")')
    expect(await page.isDisabled('button:has-text("完成此形")'), 'two corners can be closed')
    await click([30, 260])
    await page.click('button:has-text("完成此形")')
    await rows.last().getByRole('button', { name: '删除' }).click()
    await rows.first().getByRole('button', { name: '隐私遮挡', exact: true }).click()
    const corner = await page.locator('svg.view g.chosen circle').nth(2).boundingBox(), box = await page.locator('svg.view').boundingBox()
    await page.mouse.move(corner.x + corner.width / 2, corner.y + corner.height / 2)
    await page.mouse.down()
    await page.mouse.move(box.x + 200 * box.width / width, box.y + 160 * box.height / height, { steps: 4 })
    await page.mouse.up()
    const corners = (await rows.first().getByLabel('角点').inputValue()).split(' ').map(c => c.split(',').map(Number))
    expect(near(corners, mask), 'dragged to ' + JSON.stringify(corners))
  })
  await check('cameras: what encloses nothing or crosses itself is said at once and not drawn', async () => {
    const before = await rows.count()
    await draw('zone', [[600, 360], [620, 360], [640, 360]])
    await page.waitForSelector('[data-test=flaw]:has-text("没有围成面")')
    await draw('facade', [[420, 40], [580, 320], [590, 60], [430, 200]], false)
    await page.waitForSelector('[data-test=flaw]:has-text("交叉")')
    await rows.first().getByLabel('角点').fill('1,2 3')
    await rows.first().getByLabel('角点').blur()
    await page.waitForSelector('[data-test=flaw]:has-text("角点写成")')
    expect(await rows.count() === before, 'shapes: ' + await rows.count())
    await shoot(page, 'camera-desk-flaw')
  })
  await check('cameras: hours are written for a judgement', async () => {
    await page.click('button:has-text("加一个时段")')
    const line = page.locator('[data-test=hours] > li')
    await line.getByLabel('判断').selectOption('areas')
    await line.getByLabel('从').fill('22:00')
    await line.getByLabel('到').fill('06:00')
    await line.getByRole('button', { name: '日', exact: true }).click()
    expect(await line.locator('[aria-pressed=true]').count() === 6, 'days: ' + await line.locator('[aria-pressed=true]').count())
  })
  await check('cameras: saved, taken by the eyes without a stop, as it was drawn', async () => {
    const said = await takenAfter(() => page.click('button.primary:has-text("保存")'))
    expect(said.state === 'taken', JSON.stringify(said))
    await page.waitForSelector('p.hint:has-text("摄像头已启用")')
    await page.waitForSelector('[data-test=idle]:has-text("消防通道")')  // the file asks this camera for no judgement
    expect(!(await page.textContent('[data-test=idle]')).includes('隐私遮挡'), 'a mask is never in vain')
    const own = eyes.taken(), kept = (await view()).view
    expect(JSON.stringify(own) === JSON.stringify(kept), 'the eyes read something else')
    expect(JSON.stringify(own.size) === JSON.stringify([width, height]), 'size ' + own.size)
    expect(own.masks.length === 1 && near(own.masks[0], mask), JSON.stringify(own.masks))
    expect(own.zones.length === 1 && own.shields.length === 1 && own.facade.floors === 9 && own.facade.columns === 4, JSON.stringify(own))
    expect(own.slots.map(s => s.id).join() === 'A-01,2', JSON.stringify(own.slots))
    expect(own.areas.length === 1 && own.areas[0].kind === 'fire_lane_blocked', JSON.stringify(own.areas))
    expect(near(own.ebike.door, door), 'the door ' + JSON.stringify(own.ebike))
    expect(!('bins' in own), 'it speaks of what nobody drew')
    expect(JSON.stringify(own.hours) === '[{"judge":"areas","from":"22:00","to":"06:00","days":[1,2,3,4,5,6]}]', JSON.stringify(own.hours))
    expect(eyes.program.exitCode === null && eyes.status().breaks === 0, 'the eyes stopped')
    await shoot(page, 'camera-desk-taken')
  })
  await check('cameras: the next picture is black under what was drawn and under the machine’s own mask', async () => {
    const before = (await view()).picture
    await page.click('button:has-text("取新画面")')
    await page.waitForFunction(id => !document.querySelector('svg.view image')?.getAttribute('href')?.includes(id), before)
    const light = await page.evaluate(async points => {
      const picture = await createImageBitmap(await (await fetch(document.querySelector('svg.view image').getAttribute('href'))).blob())
      const canvas = new OffscreenCanvas(picture.width, picture.height).getContext('2d')
      canvas.drawImage(picture, 0, 0)
      return points.map(([x, y]) => canvas.getImageData(x, y, 1, 1).data[1])
    }, [[90, 70], [650, 200], [520, 200]])
    expect(light[0] < 20 && light[1] < 20, 'under the masks ' + light)
    expect(light[2] > 60, 'beside them ' + light)
    await quiet(page)
    await shoot(page, 'camera-desk-masked')
  })
  await check('cameras: a view that another program wrote wrongly is refused with its field, and the last one holds', async () => {
    const said = await takenAfter(async () => ask('POST', 'devices/lift-eye/attributes', { view: { ...(await view()).view, masks: [[[0, 0], [9, 9]]] } }))
    expect(said.state === 'refused' && said.field === '/masks/0', JSON.stringify(said))
    await page.reload()
    await page.waitForSelector('.hint.problem:has-text("/masks/0")')
    expect(await page.locator('svg.view .door').count() === 1, 'the door is not drawn again')
    expect(eyes.taken().masks[0].length === 4, 'the eyes took it')
    await quiet(page)
    await shoot(page, 'camera-desk-refused')
  })
  await check('cameras: on a phone, and in English', async () => {
    const phone = await openPage(browser, node.url, 'phone')
    await enter(phone.page, node, 'admin', node.firstPassword)
    await phone.page.waitForSelector('nav.side', { state: 'attached' })
    await phone.page.goto(node.url + '/console/devices/lift-eye/view')
    await phone.page.waitForSelector('svg.view image')
    await quiet(phone.page)
    await shoot(phone.page, 'camera-phone')
    await isReachable(phone.page, 'camera-phone')
    await phone.context.close()
    await page.click('header button:has-text("English")')
    const chinese = (await page.$$eval('main h1, main h2, main button, main label, main .hint, main option', all => all.map(e => e.textContent.trim()))).filter(text => /[\u4e00-\u9fff]/.test(text) && !text.includes('1幢电梯摄像机'))
    expect(!chinese.length, chinese.slice(0, 5).join(' | '))
    await page.click('header button:has-text("中文")')
  })
  await check('cameras: the browser had nothing to complain of', () => expect(complaints.length === 0, complaints.join('\n')))
}
