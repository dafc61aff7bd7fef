/// <reference types="vitest/config" />
import { svelte } from '@sveltejs/vite-plugin-svelte';
import tailwindcss from '@tailwindcss/vite';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** `npm run dev` shows the screens of a headless terminal that runs already. */
const engine = process.env['KEDAI_ENGINE'] ?? 'http://127.0.0.1:8181';
const toEngine = { target: engine, changeOrigin: true, headers: { origin: engine } };

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  // The window and the headless terminal serve the files from their root or from a scheme of their own: stay relative.
  base: './',
  plugins: [tailwindcss(), svelte()],
  resolve: {
    alias: { $: here('./src') },
  },
  server: {
    port: Number(process.env['KEDAI_UI_PORT'] ?? 5199),
    strictPort: true,
    fs: { allow: [here('.'), here('../shared/locales')] },
    proxy: { '/rpc': toEngine, '/events': toEngine },
  },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // Fonts stay files of their own, so that a page without Vietnamese never loads that part.
    assetsInlineLimit: 0,
    // A page in the window may fetch nothing but from the engine; where preloading is unknown, import does without.
    modulePreload: { polyfill: false },
    rollupOptions: { input: { register: here('./index.html') } },
  },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});
