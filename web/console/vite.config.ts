import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

// LIFANG_NODE: a running node that answers what the development server asks for.
const node = process.env.LIFANG_NODE ?? 'http://127.0.0.1:8080'
const proxy = Object.fromEntries(['/api', '/readyz', '/healthz', '/metrics'].map(path => [path, { target: node, changeOrigin: false }]))

export default defineConfig({
  base: '/console/',
  plugins: [vue()],
  server: { proxy },
  preview: { proxy },
  // The strict Content-Security-Policy allows no inline module preload and no data: URLs for scripts.
  build: { outDir: '../dist/console', emptyOutDir: true, modulePreload: { polyfill: false }, assetsInlineLimit: 0, chunkSizeWarningLimit: 900 },
})
