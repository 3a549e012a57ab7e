// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from '@playwright/test';

const QUERY = encodeURIComponent('histogram_quantile(0.95, sum by (le, route) (rate(http_request_duration_seconds_bucket[2m])))');

const PICTURES: { name: string; address: string; title: string; tall?: number }[] = [
  { name: 'home', address: '/?from=now-3m', title: 'Home', tall: 1010 },
  { name: 'metrics', address: '/explore?from=now-3m', title: 'Metrics' },
  { name: 'metric-heatmap', address: '/explore?metric=http_request_duration_seconds&from=now-2h', title: 'Metrics' },
  { name: 'metric-breakdown', address: '/explore?metric=http_requests_total&by=route&from=now-3h', title: 'Metrics', tall: 1010 },
  { name: 'query', address: `/promql?q=${QUERY}&from=now-2h`, title: 'Query' },
  { name: 'query-table', address: '/promql?q=shop_stock&view=table', title: 'Query' },
  { name: 'query-explain', address: `/promql?q=${QUERY}&view=explain`, title: 'Query' },
  { name: 'logs', address: '/logs?from=now-1h', title: 'Logs' },
  { name: 'log-lines', address: `/logs?from=now-1h&q=${encodeURIComponent('{namespace="shop"}')}`, title: 'Logs', tall: 900 },
  { name: 'log-compare', address: `/logs?from=now-1h&view=compare&compare=halves&q=${encodeURIComponent('{service_name="payment"}')}`, title: 'Logs', tall: 900 },
  { name: 'events', address: '/events?from=now-3h', title: 'Events' },
  { name: 'targets', address: '/targets?from=now-5m', title: 'Targets and ingest' },
  { name: 'ingest', address: '/targets?tab=ingest&from=now-5m', title: 'Targets and ingest' },
  { name: 'cost', address: '/cost?from=now-5m', title: 'Cost', tall: 1010 },
  { name: 'queries', address: '/queries', title: 'Running queries' },
  { name: 'server', address: '/server?from=now-5m', title: 'Server', tall: 1010 },
];

test('every page, in light and in dark', async ({ page }) => {
  // Lines need a few minutes of samples to look like lines.
  await page.waitForTimeout(150_000);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const { name, address, title, tall } of PICTURES) {
      await page.setViewportSize({ width: 1280, height: tall ?? 800 });
      await page.goto(address);
      await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
      await page.waitForLoadState('networkidle');
      await expect(page.getByLabel('Loading')).toHaveCount(0);
      await page.waitForTimeout(1500);
      await page.screenshot({ path: `../docs/images/${name}-${colorScheme}.png` });
    }
  }
});
