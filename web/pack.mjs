// Lays compressed copies beside the built files, so that the program serves them without compressing anything.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { constants, gzipSync } from 'node:zlib'

const walk = dir => readdirSync(dir).flatMap(name => {
  const path = join(dir, name)
  return statSync(path).isDirectory() ? walk(path) : [path]
})
for (const path of walk('dist')) {
  if (!/\.(html|js|css|svg|json|webmanifest)$/.test(path)) continue
  const bytes = readFileSync(path)
  if (bytes.length > 1024) writeFileSync(path + '.gz', gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION }))
}
