/// <reference types="vitest/config" />
import { svelte } from '@sveltejs/vite-plugin-svelte';
import tailwindcss from '@tailwindcss/vite';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { practiceShop } from './dev/plugin.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  // The window and the headless terminal serve the files from their root or from a scheme of their own: stay relative.
  base: './',
  plugins: [tailwindcss(), svelte(), practiceShop()],
  resolve: {
    alias: {
      $: here('./src'),
      '@locales': here('../shared/locales'),
    },
  },
  server: { port: 5199, strictPort: true, fs: { allow: [here('.'), here('../shared/locales')] } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // Fonts stay files of their own, so that a page without Vietnamese never loads that part.
    assetsInlineLimit: 0,
    rollupOptions: { input: { register: here('./index.html') } },
  },
  test: { include: ['src/**/*.test.ts', 'dev/**/*.test.ts'], environment: 'node' },
});
