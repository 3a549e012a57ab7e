// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { SimpleGrid } from '@mantine/core';
import { useMemo } from 'react';
import type { RangeQuery } from '../../api/queries';
import type { Labels } from '../../api/types';
import { ChartPanel } from '../../chart/ChartPanel';
import { selector } from '../../model/selector';

/** How a target's scrapes went over the time range, from what was stored about them. */
export function ScrapeHistory({ labels }: { labels: Labels }) {
  const charts = useMemo(() => {
    const matchers = (['job', 'instance'] as const).filter((name) => labels[name]).map((name) => ({ name, operator: '=' as const, value: labels[name]! }));
    const one = (metric: string, name: string): RangeQuery[] => [{ query: selector(metric, matchers), name }];
    return [
      { title: 'Up', queries: one('up', 'up'), quantity: { unit: 'number' as const }, yMax: 1, help: '1 when a scrape went well, 0 when it failed.' },
      { title: 'Took', queries: one('scrape_duration_seconds', 'duration'), quantity: { unit: 'seconds' as const } },
      { title: 'Samples', queries: one('scrape_samples_scraped', 'samples'), quantity: { unit: 'number' as const } },
    ];
  }, [labels]);
  return (
    <SimpleGrid cols={{ base: 1, md: 3 }} spacing={10}>
      {charts.map((chart) => (
        <ChartPanel key={chart.title} {...chart} name={`${chart.title}, ${labels.instance ?? ''}`} drawing="area" height={110} legend={false} points={120} />
      ))}
    </SimpleGrid>
  );
}
