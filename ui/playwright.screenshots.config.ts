// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from '@playwright/test';
import walk from './playwright.config';

/** Pictures of every page in light and dark into docs/images: npm run screenshots. */
export default defineConfig({
  ...walk,
  testMatch: 'screenshots.ts',
  timeout: 600_000,
  use: { ...walk.use, viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1 },
});
