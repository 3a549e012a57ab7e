// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { expect, test as base, type Page } from '@playwright/test';

export const PAGES = [
  { path: '/', title: 'Home' },
  { path: '/explore', title: 'Metrics' },
  { path: '/promql', title: 'Query' },
  { path: '/logs', title: 'Logs' },
  { path: '/events', title: 'Events' },
  { path: '/targets', title: 'Targets and ingest' },
  { path: '/cost', title: 'Cost' },
  { path: '/queries', title: 'Running queries' },
  { path: '/server', title: 'Server' },
];

/** A page that must not complain, and must not ask anybody but its own server. */
export const test = base.extend<{ page: Page }>({
  page: async ({ page, baseURL }, use) => {
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
    page.on('console', (message) => {
      // What the server refuses on purpose in a test, the browser reports as well.
      const refused = /status of 4(00|01|22)/.test(message.text());
      if (message.type() === 'error' && !refused) complaints.push(`console: ${message.text()} ${message.location().url}`);
    });
    page.on('request', (request) => {
      const url = request.url();
      if (!/^(http:\/\/127\.0\.0\.1:|data:|blob:)/.test(url)) complaints.push(`asked elsewhere: ${url}`);
    });
    await use(page);
    expect(complaints, `complaints of the page at ${baseURL}`).toEqual([]);
  },
});

export { expect };

/** The canvas of a chart has been painted: some pixels are not transparent. */
export async function expectPainted(page: Page, name: RegExp): Promise<void> {
  const chart = page.getByRole('img', { name }).first();
  await expect(chart).toBeVisible();
  await expect
    .poll(() =>
      chart.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        let painted = 0;
        for (let at = 3; at < data.length; at += 4) if (data[at]! > 0) painted++;
        return painted;
      }),
    )
    .toBeGreaterThan(500);
}
