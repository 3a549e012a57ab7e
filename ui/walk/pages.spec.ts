// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import AxeBuilder from '@axe-core/playwright';
import { expect, expectPainted, PAGES, test } from './base';

test('the home page shows this machine, alive, and what wants a look', async ({ page }) => {
  await page.goto('/?from=now-5m');
  await expect(page.getByRole('heading', { level: 1, name: 'Home' })).toBeVisible();
  for (const name of [/^Processors of/, /^Memory of/, /^Disks of/, /^Network of/]) await expectPainted(page, name);
  await expect(page.getByText('127.0.0.1:9 is down')).toBeVisible();
  await expect(page.getByText(/payment: .*refused/)).toBeVisible();
  await page.getByRole('link', { name: 'See targets' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Targets and ingest' })).toBeVisible();
  expect(new URL(page.url()).searchParams.get('from')).toBe('now-5m');
});

for (const { path, title } of PAGES) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`${title} is readable for everyone in ${colorScheme} colours`, async ({ page }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.goto(`${path}?from=now-15m`);
      await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
      await expect(page.getByLabel('Loading')).toHaveCount(0);
      const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa']).analyze();
      expect(violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`)).toEqual([]);
    });
  }
  test(`${title} fits a phone`, async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
    await expect(page.getByLabel('Loading')).toHaveCount(0);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wide).toBeLessThanOrEqual(0);
  });
}

test('a phone opens the navigation and goes where it is told', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/');
  await page.getByRole('button', { name: 'Navigation' }).click();
  await page.getByRole('link', { name: 'Cost' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Cost' })).toBeVisible();
});

test('targets tell their errors, their labels and their history', async ({ page }) => {
  await page.goto('/targets');
  const table = page.getByRole('table', { name: 'targets' });
  await expect(table.getByText('http://127.0.0.1:9/metrics')).toBeVisible();
  await expect(table.getByText(/connection refused/i)).toBeVisible();
  await page.getByText(/^Down 1$/).click();
  await expect(table.getByText('checkout')).toHaveCount(0);
  expect(page.url()).toContain('health=down');
  await table.getByRole('button', { name: 'Show details' }).first().click();
  await expectPainted(page, /^Up, 127\.0\.0\.1:9/);
  await expect(page.getByText(/__address__="127\.0\.0\.1:9"/)).toBeVisible();
  await expect(page.getByText('The last scrapes')).toBeVisible();
  await page.getByRole('button', { name: 'Show what relabelling did' }).click();
  await expect(page.getByText('This job has no relabelling rules.')).toBeVisible();
  await page.getByRole('tab', { name: 'What comes in' }).click();
  await expectPainted(page, /^Rows taken in per second/);
});

test('cost names what has most series, what nobody asks for, and the rule against it', async ({ page }) => {
  await page.goto('/cost');
  const metrics = page.getByRole('table', { name: 'metrics' });
  await expect(metrics.getByText('shop_stock')).toBeVisible();
  await page.getByRole('button', { name: 'Rule that drops shop_stock' }).click();
  await expect(page.getByRole('dialog').getByText("regex: 'shop_stock'")).toBeVisible();
  await expect(page.getByRole('dialog').getByText(/spare 10.000 series/)).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('tab', { name: 'By label', exact: true }).click();
  await page.getByRole('table', { name: 'labels' }).getByText('article').click();
  await expect(page.getByRole('table', { name: 'values' }).getByText(/^A0\d{4}$/).first()).toBeVisible();
  await page.getByRole('tab', { name: 'By target' }).click();
  await expect(page.getByRole('table', { name: 'targets' }).getByText('127.0.0.1:9', { exact: true })).toBeVisible();
  await page.getByRole('tab', { name: 'Never asked for' }).click();
  await page.getByLabel('Search unused metrics').fill('tcp_passiveopens');
  await expect(page.getByRole('table', { name: 'unused metrics' }).getByText('node_netstat_Tcp_PassiveOpens')).toBeVisible();
});

test('queries are listed, remembered and stopped', async ({ page, request, baseURL }) => {
  await request.get('/api/v1/query?query=vector(4242)');
  await page.goto('/queries');
  const ended = page.getByRole('table', { name: 'ended queries' });
  await expect(ended.getByText('vector(4242)').first()).toBeVisible();
  // Something that takes long, however fast the machine, and little memory: many windows to sort, few series to keep.
  const windows = 'sum(quantile_over_time(0.9, http_request_duration_seconds_bucket[1h:1s]))';
  const slow = `sum_over_time((${new Array<string>(12).fill(windows).join(' + ')})[2h:1s])`;
  const asked = fetch(`${baseURL}/api/v1/query?query=${encodeURIComponent(slow)}&timeout=60s`).then((response) => response.json());
  const stop = page.getByRole('button', { name: `Stop ${slow}` });
  await stop.click();
  expect(((await asked) as { errorType: string }).errorType).toBe('canceled');
  await expect(stop).toHaveCount(0);
});

test('the server tells of its storage, memory, log and config, and reloads', async ({ page }) => {
  await page.goto('/server');
  await expect(page.getByText('takes writes')).toBeVisible();
  await expect(page.getByRole('meter', { name: 'All of the budget' })).toBeVisible();
  await expect(page.getByText('job_name: payment')).toBeVisible();
  await expectPainted(page, /^HTTP answers/);
  await expect(page.getByRole('table', { name: 'limits' }).getByText(/overrides\.anonymous\.intake/).first()).toBeVisible();
  await page.getByRole('button', { name: 'Reload config' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Reload', exact: true }).click();
  await expect(page.getByText('The config is reloaded')).toBeVisible();
});
