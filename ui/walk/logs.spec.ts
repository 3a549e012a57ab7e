// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import AxeBuilder from '@axe-core/playwright';
import { readFileSync } from 'node:fs';
import { expect, expectPainted, test } from './base';
import { BusyFile } from './busyFile';

const logs = (query: string, more = '') => `/logs?from=now-1h&refresh=0s${query ? `&q=${encodeURIComponent(query)}` : ''}${more}`;

test('a line is found from its source, by clicks alone, and the query says how', async ({ page }) => {
  await page.goto(logs(''));
  const query = page.getByRole('textbox', { name: 'Query, in LogQL' });
  await page.getByRole('button', { name: 'Lines of payment' }).click();
  await expect(query).toHaveText('{service_name="payment"}');
  await expectPainted(page, /^Lines over time.*error/);
  const fields = page.getByRole('complementary', { name: 'Fields' });
  await fields.getByRole('button', { name: /^http_status/ }).click();
  await expect(fields.getByTitle('502', { exact: true })).toBeVisible();
  await fields.getByRole('button', { name: 'Only http_status 502' }).click();
  await expect(query).toHaveText('{service_name="payment"} | json | http_status = "502"');
  const lines = page.getByRole('grid', { name: 'Lines' });
  await expect(lines.getByText(/charge failed/).first()).toBeVisible();
  await expect(lines.getByText(/charge done/)).toHaveCount(0);
  await fields.getByRole('button', { name: /^took_ms/ }).click();
  await fields.getByText('Whole range').click();
  await expect(fields.getByText('mean')).toBeVisible();
  await page.getByRole('button', { name: 'Column provider' }).first().click();
  await expect(page.getByRole('group', { name: 'Columns' }).getByText('provider')).toBeVisible();
  await page.goBack();
  await expect(query).toHaveText('{service_name="payment"}');
});

test('the bars zoom, and a stack trace is folded, opened, linked to, and seen in its context', async ({ page }) => {
  await page.goto(logs('{service_name="shop"} |= "failed"'));
  const lines = page.getByRole('grid', { name: 'Lines' });
  await expect(lines.getByText(/\+18 lines · caused by java.net.SocketTimeoutException: Read timed out/).first()).toBeVisible();
  const loaded = page.getByText(/lines loaded/);
  const all = (await loaded.textContent())!;
  const plot = page.locator('.u-over').first();
  const box = (await plot.boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.85, box.y + 30);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.98, box.y + 30, { steps: 4 });
  await page.mouse.up();
  await expect.poll(() => new URL(page.url()).searchParams.get('from')).toMatch(/^\d+$/);

  await expect(loaded).not.toHaveText(all);
  await expect(lines.getByText(/order \d+ failed/).first()).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(lines.getByText(/at com\.shop\.checkout\.OrderService\.step9/)).toBeVisible();
  const key = (await lines.locator('[aria-selected="true"]').getAttribute('id'))!.slice('line-'.length);
  await page.getByRole('button', { name: 'Context' }).click();
  const context = page.getByRole('grid', { name: 'Context' });
  await expect(context.locator('[aria-current="true"]')).toBeInViewport();
  await expect(context.getByText(/order \d+ placed/).first()).toBeVisible();
  await page.getByRole('button', { name: 'Close the context' }).click();

  await page.goto(logs('{namespace=~"shop|edge"}', `&line=${key}`));
  await expect(lines.locator('[aria-current="true"]')).toBeInViewport();
  await expect(lines.locator('[aria-current="true"]')).toContainText('failed');
});

test('lines go on at either end, and what is in sight stays there', async ({ page }) => {
  await page.goto(logs('{namespace=~"shop|edge"}'));
  const lines = page.getByRole('grid', { name: 'Lines' });
  const loaded = page.getByText(/lines loaded/);
  await expect(loaded).toContainText(/^1.000 lines/);
  const inSight = () =>
    lines.evaluate((list) => {
      const top = list.getBoundingClientRect().top;
      const rows = [...list.querySelectorAll('[role="row"][data-level]')].map((row) => ({ id: row.id, at: Math.round(row.getBoundingClientRect().top - top) }));
      return rows.filter((row) => row.at >= 0).sort((a, b) => a.at - b.at)[0];
    });
  await lines.evaluate((list) => list.scrollTo(0, list.scrollHeight - list.clientHeight - 400));
  await expect.poll(inSight).toBeDefined();
  const before = await inSight();
  await expect(loaded).not.toContainText(/^1.000 lines/);
  expect(await inSight()).toEqual(before);
  expect(await lines.getByRole('row').count()).toBeLessThan(120);

  await page.keyboard.press('/');
  await page.keyboard.type('/checkout');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/^1 of \d/)).toBeVisible();
  await expect(lines.locator('mark').first()).toBeVisible();
  await page.getByRole('button', { name: 'Search all lines' }).click();
  await expect(page.getByRole('textbox', { name: 'Query, in LogQL' })).toHaveText('{namespace=~"shop|edge"} |= "/checkout"');

  await page.getByRole('button', { name: 'More about these lines' }).click();
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Save all as JSON lines' }).click()]);
  const saved = readFileSync(await file.path(), 'utf8').trim().split('\n');
  expect(saved.length).toBeGreaterThan(1000);
  expect(saved.every((line) => (JSON.parse(line) as { line: string }).line.includes('/checkout'))).toBe(true);
});

test('a busy file that is rotated is followed while one watches, waits while one reads, and nothing of it is lost', async ({ page, request }) => {
  test.setTimeout(180_000);
  const busy = new BusyFile();
  try {
    busy.append(300);
    await page.goto(`/logs?from=now-5m&live=1&q=${encodeURIComponent('{service_name="busy"}')}`);
    const lines = page.getByRole('grid', { name: 'Lines' });
    await expect(page.getByText(/^Live · /)).toBeVisible();
    const newest = () =>
      lines.evaluate((list) => Math.max(-1, ...[...list.querySelectorAll('[role="row"][data-level]')].map((row) => Number(/n=(\d+)/.exec(row.textContent ?? '')?.[1] ?? -1))));
    await expect.poll(newest).toBe(299);

    busy.start(4000);
    const load = { timeout: 60_000 };
    await expect.poll(newest, load).toBeGreaterThan(25_000);
    expect(busy.rotations).toBeGreaterThanOrEqual(2);
    await expect(page.getByText(/asked every/)).toHaveCount(0);

    await lines.evaluate((list) => list.scrollTo(0, 900));
    const waiting = async () => Number((/Paused · ([\d,.\s]+) new/.exec((await page.getByText(/^Paused · /).textContent()) ?? '')?.[1] ?? '-1').replace(/\D/g, ''));
    await expect.poll(waiting, load).toBeGreaterThan(0);
    const read = await lines.locator('[role="row"][data-level]').nth(10).textContent();
    const before = await waiting();
    await expect.poll(waiting, load).toBeGreaterThan(before + 4000);
    expect(await lines.locator('[role="row"][data-level]').nth(10).textContent()).toBe(read);

    const then = busy.written;
    await page.getByRole('button', { name: 'Resume' }).click();
    await expect.poll(newest, load).toBeGreaterThan(then);
    const further = busy.written;
    await expect.poll(newest, load).toBeGreaterThan(further);
    busy.stop();
    busy.append(1);
    await expect(lines.getByText(`n=${busy.written - 1} in`)).toBeInViewport(load);

    await lines.evaluate((list) => list.scrollTo(0, 900));
    await expect(page.getByText(/^Paused · 0 new lines/)).toBeVisible();
    busy.append(120);
    await expect(page.getByText('Paused · 120 new lines')).toBeVisible();
    await page.getByRole('button', { name: 'Resume' }).click();
    await expect(lines.getByText(`n=${busy.written - 1} in`)).toBeInViewport();

    // Every line was stored once, whichever file it was in when it was read.
    const stored = async (): Promise<number> => {
      const counted = await request.get('/loki/api/v1/query', { params: { query: 'sum(count_over_time({service_name="busy"}[10m]))' } });
      return Number(((await counted.json()) as { data: { result: { value: [number, string] }[] } }).data.result[0]?.value[1] ?? 0);
    };
    await expect.poll(stored).toBe(busy.written);
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await expect(page.getByText(/lines loaded/)).toBeVisible();
    await expect(lines.getByText(`n=${busy.written - 1} in`)).toBeInViewport();

    await page.getByRole('link', { name: 'As PromQL' }).click();
    await expect(page.getByRole('textbox', { name: /Query/ }).first()).toHaveText('sum by (level) (rate(skopos_log_lines_total{service_name="busy"}[1m]))');
    // Counters are written every few seconds, and a rate is made of two samples.
    await expect(async () => {
      await page.reload();
      await expect(page.getByRole('img', { name: /^sum by/ }).first()).toBeVisible({ timeout: 5000 });
    }).toPass(load);
    await expectPainted(page, /^sum by/);
  } finally {
    busy.remove();
  }
});

test('patterns and a comparison tell what began to fail', async ({ page }) => {
  await page.goto(logs('{service_name="payment"}', '&view=compare&compare=halves'));
  const list = page.getByRole('list', { name: 'Differences' });
  await expect(list.getByText('charge failed').first()).toBeVisible();
  await expect(page.getByText(/lines read of/)).toBeVisible();
  await page.getByText('Patterns', { exact: true }).click();
  const patterns = page.getByRole('table', { name: 'patterns' });
  await expect(patterns.getByText(/charge failed/).first()).toBeVisible();
  await patterns.getByText(/charge failed/).first().click();
  await expect(page.getByRole('textbox', { name: 'Query, in LogQL' })).toContainText('|>');
  await expect(page.getByRole('grid', { name: 'Lines' }).getByText(/charge failed/).first()).toBeVisible();
});

test('a query is completed, refused with its place, and drawn when it counts', async ({ page }) => {
  await page.goto(logs(''));
  const editor = page.getByRole('textbox', { name: 'Query, in LogQL' });
  const offered = page.locator('.cm-tooltip-autocomplete');
  await editor.click();
  await page.keyboard.type('{serv');
  await expect(offered.getByText('service_name')).toBeVisible();
  await page.waitForTimeout(150);
  await page.keyboard.press('Enter');
  await expect(offered.getByText('payment')).toBeVisible();
  await page.keyboard.type('pay');
  await page.waitForTimeout(150);
  await page.keyboard.press('Enter');
  await expect(editor).toHaveText('{service_name="payment"}');
  await page.keyboard.press('End');
  await page.keyboard.type(' | js');
  await expect(offered.getByText('json', { exact: true })).toBeVisible();
  await page.keyboard.press('Escape');

  await editor.fill('{service_name="payment"} | json |');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('alert').first()).toContainText('parse error');
  await expect(page.locator('.cm-lintRange-error').first()).toBeVisible();

  await editor.fill('sum by (level) (count_over_time({service_name="payment"} | json [$__auto]))');
  await page.keyboard.press('Control+Enter');
  await expectPainted(page, /^Chart of the query, from/);
  await expect(page.getByRole('group', { name: 'Series' }).getByRole('button', { name: /^error/ })).toBeVisible();
});

test('a chart leads to the logs of its time, and a line to its metrics', async ({ page }) => {
  await page.goto(`/promql?from=now-1h&q=${encodeURIComponent('sum by (job) (rate(http_requests_total[1m]))')}`);
  await expectPainted(page, /^sum by/);
  await page.locator('.u-over').first().click({ position: { x: 500, y: 80 } });
  await page.getByRole('menuitem', { name: 'Logs around here' }).click();
  await expect(page.getByRole('textbox', { name: 'Query, in LogQL' })).toHaveText('{service_name="shop"}');
  await page.getByRole('grid', { name: 'Lines' }).getByText(/order \d+ placed/).first().click();
  await page.getByRole('button', { name: 'Metrics of this' }).click();
  await expect(page).toHaveURL(/explore\?.*filter=job%3D%22shop%22/);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`lines, their details and their fields are readable for everyone in ${colorScheme} colours`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.goto(logs('{namespace="shop"} |~ "order 4[0-9]{2} failed|/checkout.* in 4"', '&find=checkout&col=provider'));
    const lines = page.getByRole('grid', { name: 'Lines' });
    await expect(lines.locator('mark').first()).toBeVisible();
    await lines.locator('[role="row"][data-level]').nth(3).click();
    await page.getByRole('complementary', { name: 'Fields' }).getByRole('button', { name: /^service_name/ }).click();
    await expect(page.getByLabel('Loading')).toHaveCount(0);
    const { violations } = await new AxeBuilder({ page }).include('[role="grid"]').include('aside').withTags(['wcag2a', 'wcag2aa', 'wcag21aa']).analyze();
    expect(violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`)).toEqual([]);
  });
}
