import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

// A node to look at while working on the page: LIFANG_NODE=http://127.0.0.1:8080 npm run dev
const node = process.env.LIFANG_NODE ?? 'http://127.0.0.1:8080'

export default defineConfig({
  base: '/cockpit/',
  plugins: [vue()],
  server: { proxy: { '/api': node } },
  preview: { proxy: { '/api': node } },
  // The strict Content-Security-Policy allows no inline module preload and no data: URLs for scripts.
  build: { outDir: '../dist/cockpit', emptyOutDir: true, modulePreload: { polyfill: false }, assetsInlineLimit: 0, chunkSizeWarningLimit: 900 },
})
