// What the eyes saw, as the desk sees it: a simulated façade from which something falls and a simulated lift with an
// e-bike, lifang-vision, the porch, a situation, a case, and on its page the picture with the red track and a clip that
// plays. Needs lifang-vision beside lifang.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { enter, layOut } from './console_ward.mjs'
import { check, expect, openPage, shoot, until } from './stage.mjs'

export const empty = true

const programs = resolve(import.meta.dirname, '../../build/bin')
const eyesProgram = join(programs, 'lifang-vision'), simulator = join(programs, 'lifang-vision-accept')

export async function walk(browser, node) {
  if (!existsSync(eyesProgram) || !existsSync(simulator)) return console.log('skip  eyes: lifang-vision is not built (vision/setup)')
  const ask = await layOut(node)
  await furnish(ask)
  const eyes = startEyes(node)
  const { page, context, complaints } = await openPage(browser, node.url, 'desk')
  try {
    await enter(page, node, 'admin', node.firstPassword)
    await page.waitForSelector('nav.side', { state: 'attached' })
    await walkOn({ node, ask, page, complaints })
  } finally {
    await context.close()
    const ended = new Promise(done => eyes.once('exit', done))
    eyes.kill('SIGTERM')
    await ended
  }
}

async function furnish(ask) {
  const camera = async (id, name, detections) => {
    await ask('PUT', `devices/profiles/${id}-camera`, { name, metrics: [], detections })
    await ask('PUT', `devices/${id}-eye`, { profile: `${id}-camera`, place: 'fuyuan-gate', name, secret: `token-of-${id}-eye` })
  }
  const rule = async (id, words) => {
    await ask('PUT', 'rules/' + id, { severity: 'critical', ...words })
    await ask('POST', `rules/${id}/activate`, {})
  }
  await camera('facade', '1幢高空抛物摄像机', ['falling_object'])
  await camera('lift', '1幢电梯摄像机', ['ebike_in_lift', 'ebike_in_lift_over'])
  await rule('something-fell', { name: '高空抛物', applies_to: { profile: 'facade-camera' }, case: 'falling-object',
    raise: { when: { detection: 'falling_object', confidence: 0.6 } }, clear: { when: { detection: 'falling_object', silent: 'PT5M' } } })
  await rule('ebike-came-in', { name: '电动车入梯', applies_to: { profile: 'lift-camera' }, case: 'ebike-in-lift',
    raise: { when: { detection: 'ebike_in_lift', confidence: 0.6 } }, clear: { when: { detection: 'ebike_in_lift', silent: 'PT5M' } } })
}

/** Both films once, at their own pace. */
function startEyes(node) {
  const folder = join(node.data, 'eyes')
  mkdirSync(folder)
  execFileSync(simulator, ['film', '1', join(folder, 'facade.mp4'), join(folder, 'view.toml')])
  execFileSync(simulator, ['lift', '3', join(folder, 'lift.mp4')])
  const view = readFileSync(join(folder, 'view.toml'), 'utf8').replace('[facade]', '[cameras.view.facade]')
  const camera = (id, judge) => ['[[cameras]]', `id = "${id}-eye"`, `token = "token-of-${id}-eye"`,
    `source = "${folder}/${id}.mp4"`, `judge = ["${judge}"]`, 'record = false']
  writeFileSync(join(folder, 'eyes.toml'), [`node = "${node.url}"`, `folder = "${folder}/data"`, 'free_mib = 1',
    ...camera('lift', 'ebike'), ...camera('facade', 'falling'), '[cameras.view]', view].join('\n'))
  return spawn(eyesProgram, ['serve', '--config', join(folder, 'eyes.toml')], { stdio: 'ignore' })
}

/** Share of the first picture's pixels that are red, in thousandths; it is loaded when it is scrolled to. */
async function redOf(page) {
  await page.locator('.pictures img').first().scrollIntoViewIfNeeded()
  await page.waitForFunction(() => document.querySelector('.pictures img')?.naturalWidth > 0)
  return page.evaluate(async () => {
    const picture = await createImageBitmap(await (await fetch(document.querySelector('.pictures img').src)).blob())
    const canvas = new OffscreenCanvas(picture.width, picture.height).getContext('2d')
    canvas.drawImage(picture, 0, 0)
    const { data } = canvas.getImageData(0, 0, picture.width, picture.height)
    let red = 0
    for (let i = 0; i < data.length; i += 4) if (data[i] - Math.max(data[i + 1], data[i + 2]) > 70) red++
    return (1000 * red) / (data.length / 4)
  })
}

/** The first clip plays: pictures of it are there, and its time goes on. */
async function plays(page) {
  await page.locator('.pictures video').first().scrollIntoViewIfNeeded()
  await page.evaluate(() => {
    const video = document.querySelector('.pictures video')
    video.muted = true
    return video.play()
  })
  await page.waitForFunction(() => document.querySelector('.pictures video').currentTime > 0.3)
  return page.evaluate(() => document.querySelector('.pictures video').videoWidth)
}

async function walkOn({ node, ask, page, complaints }) {
  /** The case of a kind once it is there; its files are brought before it. */
  const caseOf = async kind => {
    const is = found => found.kind === kind
    return (await until('a case ' + kind, () => ask('GET', 'cases?limit=50'), said => said.items.some(is))).items.find(is)
  }

  await check('eyes: something falls, and the case shows it with its red track and a clip that plays', async () => {
    const found = await caseOf('falling-object')
    expect(found.files.length >= 2, 'files of the case: ' + found.files.length)
    await page.goto(node.url + '/console/cases/' + found.id)
    await page.waitForSelector('.pictures video')
    const red = await redOf(page)
    expect(red > 0.05, 'red in a thousand pixels: ' + red)
    expect(await plays(page) === 960, 'the clip has another size')
    await shoot(page, 'eyes-desk-fall')
  })
  await check('eyes: so does the situation, and why leads to what the camera saw', async () => {
    const found = await caseOf('falling-object')
    await page.goto(node.url + '/console/situations/' + found.situation)
    await page.waitForSelector('.pictures video')
    expect(await redOf(page) > 0.05, 'the track is not in the picture')
    expect(await plays(page) === 960, 'the clip has another size')
    const chain = (await ask('GET', 'why/' + found.id)).chain.map(link => link.kind)
    expect(chain.includes('situation') && chain.includes('detection'), 'why: ' + chain)
    await shoot(page, 'eyes-desk-situation')
  })
  await check('eyes: an e-bike in the lift has a case with its picture and a clip that plays', async () => {
    const found = await caseOf('ebike-in-lift')
    await page.goto(node.url + '/console/cases/' + found.id)
    await page.waitForSelector('.pictures video')
    await redOf(page)
    expect(await plays(page) === 704, 'the clip has another size')
    await shoot(page, 'eyes-desk-lift')
  })
  await check('eyes: the browser had nothing to complain of', () => expect(complaints.length === 0, complaints.join('\n')))
}
