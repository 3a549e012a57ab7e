// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from '@playwright/test';
import { guardedServer, OPEN, openServer } from './walk/servers';

/** The walk through every page, against real servers with real data: npm run walk. */
export default defineConfig({
  testDir: 'walk',
  globalSetup: './walk/setup.ts',
  timeout: 60_000,
  expect: { timeout: 15_000 },
  fullyParallel: false,
  workers: 1,
  retries: 0,
  reporter: [['line']],
  webServer: [openServer(), guardedServer()],
  use: {
    baseURL: OPEN,
    viewport: { width: 1280, height: 900 },
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.SKOPOS_CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync',
      ],
    },
  },
});
