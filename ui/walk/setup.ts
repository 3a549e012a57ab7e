// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { pushDemoData, pushManySeries } from './demoData';
import { pushDemoLogs } from './demoLogs';
import { OPEN } from './servers';

/** Data of three hours, logs of one, a metric with 10,000 series, and a first scrape of everything. */
export default async function setup(): Promise<void> {
  await pushDemoData(OPEN);
  await pushManySeries(OPEN, 10_000);
  await pushDemoLogs(OPEN);
  const until = Date.now() + 60_000;
  for (const query of ['rate(node_cpu_seconds_total[1m])', 'up{job="payment"}', 'rate(skopos_web_requests_total[1m])']) {
    for (;;) {
      const answer = await fetch(`${OPEN}/api/v1/query?query=${encodeURIComponent(query)}`);
      const { data } = (await answer.json()) as { data: { result: unknown[] } };
      if (data.result.length > 0) break;
      if (Date.now() > until) throw new Error(`no answer to ${query} within a minute`);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}
