import vue from '@vitejs/plugin-vue'
import { readFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { defineConfig, type Plugin } from 'vite'

/// Writes sw.js beside the page: the list of everything that was built, and a name that changes with it.
function serviceWorker(): Plugin {
  return {
    name: 'lifang-service-worker',
    apply: 'build',
    enforce: 'post',
    generateBundle(_, bundle) {
      const built = Object.keys(bundle).filter(name => /\.(js|css|html|svg)$/.test(name)).map(name => '/' + name.replace(/^index\.html$/, ''))
      const shell = [...built, '/manifest.webmanifest', '/icon.svg', '/icon-192.png'].sort()
      const source = readFileSync(new URL('./src/sw.js', import.meta.url), 'utf8')
      const page = bundle['index.html']
      const version = createHash('sha256').update(shell.join('\n') + source + (page && 'source' in page ? String(page.source) : '')).digest('hex').slice(0, 12)
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: source.replace('__VERSION__', version).replace("['__SHELL__']", JSON.stringify(shell)) })
    },
  }
}

const node = process.env.LIFANG_NODE ?? 'http://127.0.0.1:8080'
const proxy = { '/api': { target: node, changeOrigin: true, headers: { 'X-Lifang-Page': 'dev' } } }
export default defineConfig({
  base: '/',
  plugins: [vue(), serviceWorker()],
  // The strict Content-Security-Policy allows no inline module preload and no data: URLs for scripts.
  // Of Vue and its words only what the page uses: the first load counts every kilobyte.
  define: { __VUE_OPTIONS_API__: 'false', __VUE_I18N_FULL_INSTALL__: 'false', __VUE_I18N_LEGACY_API__: 'false', __INTLIFY_PROD_DEVTOOLS__: 'false' },
  build: { outDir: '../dist/resident', emptyOutDir: true, modulePreload: { polyfill: false }, assetsInlineLimit: 0, target: 'es2022' },
  server: { proxy },
  preview: { proxy },
})
