// Every walk, one after another: node test/browser/walk.mjs [console|…]
import { readdirSync } from 'node:fs'
import { startBrowser, startEmptyNode, startNode, sumUp } from './stage.mjs'

const wanted = process.argv.slice(2)
const walks = readdirSync(import.meta.dirname).filter(name => name.endsWith('_walk.mjs') && (!wanted.length || wanted.some(w => name.startsWith(w)))).sort()
let code = 1
// One demo ward for all; a walk that exports `empty` begins on a node of its own with nothing in it, one with `own` starts one itself.
let demo = null
const browser = await startBrowser()
try {
  for (const name of walks) {
    console.log('— ' + name)
    const { walk, empty, own } = await import('./' + name)
    const node = own ? null : empty ? await startEmptyNode() : (demo ??= await startNode())
    try {
      await walk(browser, node)
    } finally {
      if (empty) await node.stop()
    }
  }
} finally {
  await browser.close()
  await demo?.stop()
  code = sumUp()
}
process.exit(code)
