import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = dirname(fileURLToPath(import.meta.url));

export default defineConfig({
  root: here,
  plugins: [react()],
  build: {
    outDir: resolve(here, '../../dist/apps/console'),
    emptyOutDir: true,
    target: 'es2023',
    // A policy that allows nothing inline has no place for a file within another.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1_000,
  },
  // `npm start` serves the API; the page is served by Vite meanwhile.
  server: { proxy: { '/api': 'http://127.0.0.1:4711', '/sign-in': 'http://127.0.0.1:4711' } },
});
