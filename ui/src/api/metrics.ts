// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { metricsOf, type Metric, type NamedMetadata } from '../model/metric';
import { selector, selectorOfAny, type Matcher } from '../model/selector';
import { useTime } from '../url/TimeContext';
import { api } from './client';
import type { Labels, TsdbStatus } from './types';

const MOST_NAMES = 50_000;

/** Changes every minute at most, so that lists do not ask with every refresh. */
function useMinutes(): { start: number; end: number } {
  const { range } = useTime();
  const start = Math.floor(range.start / 60_000) * 60;
  const end = Math.ceil(range.end / 60_000) * 60;
  return useMemo(() => ({ start, end }), [start, end]);
}

export interface MetricList {
  metrics: Metric[];
  loading: boolean;
  error: Error | null;
}

/** Every metric with samples in the time range and under the matchers. */
export function useMetrics(matchers: Matcher[]): MetricList {
  const { start, end } = useMinutes();
  const match = matchers.length > 0 ? [selectorOfAny(matchers)] : undefined;
  const names = useQuery({
    queryKey: ['metric-names', match, start, end],
    queryFn: ({ signal }) =>
      api<string[]>('/api/v1/label/__name__/values', { 'match[]': match, start, end, limit: MOST_NAMES }, { signal }),
    placeholderData: keepPreviousData,
  });
  const metadata = useMetadata();
  const counts = useQuery({
    queryKey: ['metric-counts'],
    queryFn: ({ signal }) => api<TsdbStatus>('/api/v1/status/tsdb', { limit: 10_000 }, { signal }),
  });
  const metrics = useMemo(
    () =>
      metricsOf(
        names.data?.data ?? [],
        metadata,
        new Map((counts.data?.data.seriesCountByMetricName ?? []).map((one) => [one.name, one.value])),
      ),
    [names.data, metadata, counts.data],
  );
  return { metrics, loading: names.isPending, error: names.error };
}

const NO_METADATA: Record<string, NamedMetadata[]> = {};

export function useMetadata(): Record<string, NamedMetadata[]> {
  const result = useQuery({
    queryKey: ['metadata'],
    queryFn: ({ signal }) => api<Record<string, NamedMetadata[]>>('/api/v1/metadata', { limit_per_metric: 1 }, { signal }),
  });
  return result.data?.data ?? NO_METADATA;
}

export interface LabelSummary {
  name: string;
  /** Values with the number of their series, most first. */
  values: { value: string; series: number }[];
}

const MOST_SERIES = 5000;

/** The labels of a metric's series. */
export function useLabels(metric: Metric | undefined, matchers: Matcher[]): { labels: LabelSummary[]; series: number; cut: boolean; loading: boolean; error: Error | null } {
  const { start, end } = useMinutes();
  const suffix = metric?.type === 'histogram' ? '_bucket' : metric?.type === 'summary' ? '_count' : '';
  const match = metric ? selector(metric.name + suffix, matchers) : '';
  const result = useQuery({
    queryKey: ['series', match, start, end],
    queryFn: ({ signal }) => api<Labels[]>('/api/v1/series', { 'match[]': match, start, end, limit: MOST_SERIES }, { signal }),
    enabled: match !== '',
    placeholderData: keepPreviousData,
  });
  const labels = useMemo(() => summarizeLabels(result.data?.data ?? []), [result.data]);
  const series = result.data?.data.length ?? 0;
  return { labels, series, cut: series >= MOST_SERIES, loading: result.isPending && match !== '', error: result.error };
}

export function summarizeLabels(all: Labels[]): LabelSummary[] {
  const counts = new Map<string, Map<string, number>>();
  for (const labels of all) {
    for (const [name, value] of Object.entries(labels)) {
      if (name === '__name__' || name === 'le' || name === 'quantile') continue;
      let values = counts.get(name);
      if (!values) counts.set(name, (values = new Map()));
      values.set(value, (values.get(value) ?? 0) + 1);
    }
  }
  return [...counts.entries()]
    .map(([name, values]) => ({
      name,
      values: [...values.entries()].map(([value, series]) => ({ value, series })).sort((a, b) => b.series - a.series || (a.value < b.value ? -1 : 1)),
    }))
    .sort((a, b) => Number(b.values.length > 1) - Number(a.values.length > 1) || a.values.length - b.values.length || (a.name < b.name ? -1 : 1));
}
