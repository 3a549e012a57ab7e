// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// npm run dev: this page with hot reload, its data from a server that runs already.
const server = process.env.SKOPOS_URL ?? 'http://127.0.0.1:4900';

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: 'target/dist',
    assetsDir: 'ui/assets',
    emptyOutDir: true,
    manifest: 'ui/build-manifest.json',
    target: 'es2022',
    assetsInlineLimit: 0,
  },
  server: { proxy: { '/api': server, '/-': server } },
  test: { include: ['test/**/*.test.ts', 'test/**/*.test.tsx'], environment: 'node' },
});
