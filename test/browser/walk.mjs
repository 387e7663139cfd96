// Every walk, one after another: node test/browser/walk.mjs [console|…]
import { readdirSync } from 'node:fs'
import { startBrowser, startNode, sumUp } from './stage.mjs'

const wanted = process.argv.slice(2)
const walks = readdirSync(import.meta.dirname).filter(name => name.endsWith('_walk.mjs') && (!wanted.length || wanted.some(w => name.startsWith(w)))).sort()
let code = 1
const node = await startNode()
const browser = await startBrowser()
try {
  for (const name of walks) {
    console.log('— ' + name)
    await (await import('./' + name)).walk(browser, node)
  }
} finally {
  await browser.close()
  await node.stop()
  code = sumUp()
}
process.exit(code)
