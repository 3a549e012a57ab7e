// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0

/** A small shop's requests over three hours, with a slow spell after a deploy, so that pages have something to tell. */

const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const ROUTES = ['/', '/products', '/cart', '/checkout', '/search'];
const STEP = 15;
const HOURS = 3;

/** Numbers that look random and are the same each time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

async function push(url: string, text: string): Promise<void> {
  const response = await fetch(`${url}/api/v1/import/prometheus`, {
    method: 'POST',
    body: text,
    headers: { 'Content-Type': 'application/openmetrics-text; version=1.0.0; charset=utf-8' },
  });
  if (!response.ok) throw new Error(`the demo data was refused: ${response.status} ${await response.text()}`);
}

export async function pushDemoData(url: string, now = Date.now()): Promise<void> {
  const end = Math.floor(now / 1000 / STEP) * STEP;
  const start = end - HOURS * 3600;
  const slowFrom = end - 2400;
  const slowTo = end - 1500;
  const random = seeded(7);
  const lines: string[] = [
    '# TYPE http_request_duration_seconds histogram',
    '# UNIT http_request_duration_seconds seconds',
    '# HELP http_request_duration_seconds How long requests took, by route.',
  ];
  const requests: string[] = ['# TYPE http_requests counter', '# HELP http_requests Requests answered, by route and status.'];
  const queue: string[] = ['# TYPE shop_queue_length gauge', '# HELP shop_queue_length Orders that wait to be packed.'];
  ROUTES.forEach((route, index) => {
    const labels = `job="shop",instance="shop-1:8080",route="${route}"`;
    const buckets = new Array<number>(BOUNDS.length + 1).fill(0);
    let sum = 0;
    let count = 0;
    let errors = 0;
    const byBucket: string[][] = buckets.map(() => []);
    const sums: string[] = [];
    const counts: string[] = [];
    const good: string[] = [];
    const bad: string[] = [];
    for (let time = start; time <= end; time += STEP) {
      const wave = 1 + 0.45 * Math.sin(time / 1700 + index);
      const rate = Math.round(STEP * (9 - index * 1.4) * wave * (0.9 + 0.2 * random()));
      const slow = time >= slowFrom && time < slowTo && (route === '/checkout' || route === '/cart') ? 9 : 1;
      let last = 0;
      for (let one = 0; one < rate; one++) {
        const value = (0.012 + 0.01 * index) * slow * Math.exp(1.1 * (random() + random() + random() - 1.5));
        last = value;
        sum += value;
        count++;
        const at = BOUNDS.findIndex((bound) => value <= bound);
        buckets[at < 0 ? BOUNDS.length : at]!++;
        if (slow > 1 && random() < 0.06) errors++;
      }
      let cumulative = 0;
      buckets.forEach((bucket, at) => {
        cumulative += bucket;
        const le = at < BOUNDS.length ? String(BOUNDS[at]) : '+Inf';
        const holds = last > 0 && last <= (BOUNDS[at] ?? Infinity) && last > (BOUNDS[at - 1] ?? 0);
        const trace = holds && random() < 0.12 ? ` # {trace_id="${Math.floor(random() * 2 ** 32).toString(16).padStart(16, 'a')}"} ${last.toFixed(6)} ${time}` : '';
        byBucket[at]!.push(`http_request_duration_seconds_bucket{${labels},le="${le}"} ${cumulative} ${time}${trace}`);
      });
      sums.push(`http_request_duration_seconds_sum{${labels}} ${sum.toFixed(6)} ${time}`);
      counts.push(`http_request_duration_seconds_count{${labels}} ${count} ${time}`);
      good.push(`http_requests_total{${labels},status="200"} ${count - errors} ${time}`);
      bad.push(`http_requests_total{${labels},status="500"} ${errors} ${time}`);
      if (index === 0) queue.push(`shop_queue_length{job="shop",instance="shop-1:8080"} ${Math.round(20 + 14 * Math.sin(time / 900) + 6 * random())} ${time}`);
    }
    byBucket.forEach((one) => lines.push(...one));
    lines.push(...sums, ...counts);
    requests.push(...good, ...bad);
  });
  await push(url, [...lines, ...requests, ...queue, '# EOF', ''].join('\n'));

  const iso = (seconds: number) => new Date(seconds * 1000).toISOString();
  const events = [
    { kind: 'deploy', title: 'shop 1.4', entities: ['service:shop'], start: iso(slowFrom - 30), link: 'https://ci.example/42' },
    { kind: 'fault', title: 'payment provider slow', entities: ['service:payment'], start: iso(slowFrom), end: iso(slowTo) },
    { kind: 'config', title: 'more connections to the database', entities: ['service:shop'], start: iso(slowTo - 20) },
  ];
  const response = await fetch(`${url}/api/v1/events`, { method: 'POST', body: JSON.stringify(events) });
  if (!response.ok) throw new Error(`the demo events were refused: ${response.status} ${await response.text()}`);
}

/** One metric with very many series, for the tables that must not mind. */
export async function pushManySeries(url: string, count: number): Promise<void> {
  const lines = ['# TYPE shop_stock gauge', '# HELP shop_stock Pieces in stock, by article.'];
  for (let index = 0; index < count; index++) {
    lines.push(`shop_stock{job="shop",instance="shop-1:8080",article="A${String(index).padStart(5, '0')}",shelf="${index % 40}"} ${(index * 7919) % 500}`);
  }
  await push(url, [...lines, '# EOF', ''].join('\n'));
}
