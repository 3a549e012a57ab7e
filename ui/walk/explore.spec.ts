// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { expect, expectPainted, test } from './base';
import { pushManySeries } from './demoData';
import { OPEN } from './servers';

test('a metric is found, taken apart and narrowed without a query language, and Back goes back', async ({ page }) => {
  await page.goto('/explore?from=now-1h');
  await page.getByLabel('Search metrics').fill('requests answered');
  await page.getByRole('button', { name: /^http_requests_total/ }).first().click();
  await expect(page.getByText('Requests answered, by route and status.').last()).toBeVisible();
  const query = page.getByLabel('The query, in PromQL');
  await expect(query).toHaveValue(/^sum \(rate\(http_requests_total\[.*\]\)\)$/);
  await expectPainted(page, /^http_requests_total/);

  await page.getByRole('button', { name: 'Break down' }).first().click();
  await expect(query).toHaveValue(/sum by \((route|status)\)/);
  await page.getByRole('button', { name: 'Without route /search' }).first().click();
  await expect(query).toHaveValue(/route!="\/search"/);
  await expect(page.getByText('route!="/search"').first()).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await page.goBack();
  await expect(query).not.toHaveValue(/search/);
  await page.goForward();
  await page.getByRole('button', { name: 'Remove the filter route!="/search"' }).click();
  await expect(query).not.toHaveValue(/search/);
});

test('a histogram is a heatmap, and its percentile a line', async ({ page }) => {
  await page.goto('/explore?metric=http_request_duration_seconds&from=now-3h');
  await expectPainted(page, /^http_request_duration_seconds.*heatmap of \d+ buckets/);
  await page.getByText('95th percentile').click();
  await expect(page.getByLabel('The query, in PromQL')).toHaveValue(/histogram_quantile\(0\.95/);
  await expectPainted(page, /^http_request_duration_seconds, from/);
});

test('a chart is zoomed by brushing, compared, isolated and saved', async ({ page }) => {
  await page.goto(`/promql?q=${encodeURIComponent('sum by (route) (rate(http_requests_total[1m]))')}&from=now-3h`);
  await expectPainted(page, /^sum by/);
  await page.getByRole('combobox', { name: 'Compare with' }).click();
  await page.getByRole('option', { name: 'an hour before' }).click();
  await expect(page.getByRole('button', { name: /\/cart · an hour before/ })).toBeVisible();
  await page.getByRole('button', { name: /^\/cart \d/ }).click();
  await expect(page.getByRole('button', { name: 'Show all' })).toBeVisible();
  await page.getByRole('button', { name: 'Show all' }).click();

  const more = page.getByRole('button', { name: /^More about sum by/ });
  await more.click();
  const [csv] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Save as CSV' }).click()]);
  expect(readFileSync(await csv.path(), 'utf8')).toMatch(/^time,"\{route=""\/"|^time,/);
  await more.click();
  const [png] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Save as PNG' }).click()]);
  expect(readFileSync(await png.path()).subarray(1, 4).toString()).toBe('PNG');

  const plot = page.locator('.u-over').first();
  const box = (await plot.boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.3, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + 60, { steps: 4 });
  await page.mouse.up();
  await expect.poll(() => new URL(page.url()).searchParams.get('from')).toMatch(/^\d+$/);
  await page.goBack();
  await expect.poll(() => new URL(page.url()).searchParams.get('from')).toBe('now-3h');
});

test('an event is added where a chart was clicked, and is drawn, listed and searched', async ({ page }) => {
  await page.goto(`/promql?q=shop_queue_length&from=now-1h`);
  await expectPainted(page, /^shop_queue_length/);
  await page.locator('.u-over').first().click({ position: { x: 300, y: 100 } });
  await page.getByRole('menuitem', { name: 'Add an event here' }).click();
  await page.getByLabel('What happened').fill('walked through here');
  await page.getByRole('dialog').getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByText('The event is on the charts now')).toBeVisible();
  await page.goto('/events?from=now-3h');
  await page.getByLabel('Search events').fill('walked');
  await expect(page.getByRole('button', { name: 'walked through here' })).toBeVisible();
  await expect(page.getByText('shop 1.4')).toHaveCount(0);
});

test('a query is completed, run, refused with its place, formatted and explained', async ({ page }) => {
  await page.goto('/promql?from=now-1h');
  const editor = page.getByRole('textbox', { name: /^Query/ });
  await editor.click();
  await page.keyboard.type('sum by (route) (rate(http_requests_to');
  await expect(page.locator('.cm-tooltip-autocomplete').getByText('http_requests_total')).toBeVisible();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Escape');
  await editor.fill('sum by (route) (rate(http_requests_total[1m]))');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText(/5 series · \d+ ms/)).toBeVisible();

  await editor.fill('sum(rate(http_requests_total[1m]))) + 1');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('alert').getByText(/1:36: parse error/)).toBeVisible();
  await expect(page.locator('.cm-lintRange-error').first()).toBeVisible();

  await editor.fill('sum(up)by(job)/2');
  await page.getByRole('button', { name: 'Format the query' }).click();
  await expect(editor).toHaveText('sum by (job) (up) / 2');
  await page.getByRole('button', { name: 'Run' }).click();
  await page.getByText('Explain', { exact: true }).click();
  const parts = page.getByRole('treeitem');
  await expect(parts).toHaveCount(3);
  await expect(parts.nth(1)).toContainText('4 series');
  await expect(parts.nth(2)).toContainText('4 series');
  await expect(parts.nth(2)).toContainText(/job 4/);
});

test('ten thousand rows scroll, sort and are searched, and only those in sight exist', async ({ page }) => {
  // Fresh ones: a table shows what is there now.
  await pushManySeries(OPEN, 10_000);
  await page.goto('/promql?q=shop_stock&view=table');
  const table = page.getByRole('table', { name: 'shop_stock' });
  await expect(table).toBeVisible();
  await expect(page.getByText(/^10.000 series$/).first()).toBeVisible();
  expect(await table.getByRole('row').count()).toBeLessThan(80);
  await table.getByRole('button', { name: 'article' }).click();
  await expect(table.getByText('A00000')).toBeVisible();
  await table.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await expect(table.getByText('A09999')).toBeVisible();
  await page.getByLabel('Search the table').fill('article=A04242');
  await expect(table.getByRole('row')).toHaveCount(2);
});

test('the palette finds pages, metrics and label values', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1, name: 'Home' })).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder(/Pages, metrics/).fill('queue length');
  await page.getByText('Orders that wait to be packed.').click();
  await expect(page).toHaveURL(/explore\?.*metric=shop_queue_length/);
  await expect(page.getByPlaceholder(/Pages, metrics/)).toHaveCount(0);
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder(/Pages, metrics/).fill('job shop');
  await page.getByText('job = shop').click();
  await expect(page.getByText('job="shop"').first()).toBeVisible();
});

test('another tenant sees none of it', async ({ page }) => {
  await page.goto('/explore');
  await page.getByRole('button', { name: 'Tenant and settings' }).click();
  await page.getByRole('menuitem', { name: /^Tenant/ }).click();
  await page.getByRole('textbox', { name: 'Tenant' }).fill('stranger');
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(page).toHaveURL(/tenant=stranger/);
  await expect(page.getByText('No metrics in this time')).toBeVisible();
  await page.getByRole('link', { name: 'Home', exact: true }).click();
  await expect(page.getByText('No host in this tenant’s data')).toBeVisible();
});
