// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { ExemplarDot } from '../chart/exemplarDots';
import { useTime } from '../url/TimeContext';
import { api, ApiError } from './client';
import type { ExemplarSeries } from './types';

const NONE: ExemplarDot[] = [];
const MOST = 160;

/** The exemplars of the series that a query reads; none where the server keeps none. */
export function useExemplars(query: string, enabled: boolean): { dots: ExemplarDot[]; error: Error | null } {
  const { range } = useTime();
  const start = Math.floor(range.start / 1000);
  const end = Math.ceil(range.end / 1000);
  const result = useQuery({
    queryKey: ['exemplars', query, start, end],
    queryFn: async ({ signal }) => {
      try {
        return (await api<ExemplarSeries[]>('/api/v1/query_exemplars', { query, start, end }, { signal })).data;
      } catch (e) {
        if (e instanceof ApiError && e.status === 404) return [];
        throw e;
      }
    },
    enabled: enabled && query !== '',
    placeholderData: keepPreviousData,
  });
  const dots = useMemo(() => (enabled && result.data ? spread(result.data) : NONE), [enabled, result.data]);
  return { dots, error: enabled ? result.error : null };
}

/** All of them, or evenly chosen ones with the greatest kept: those are looked for. */
export function spread(series: ExemplarSeries[]): ExemplarDot[] {
  const all = series.flatMap((one) =>
    one.exemplars.map((exemplar) => ({
      time: exemplar.timestamp,
      value: Number(exemplar.value),
      labels: exemplar.labels,
      series: one.seriesLabels,
    })),
  );
  if (all.length <= MOST) return all;
  const byValue = [...all].sort((a, b) => b.value - a.value);
  const top = byValue.slice(0, MOST / 4);
  const rest = byValue.slice(MOST / 4);
  const every = rest.length / (MOST - top.length);
  return [...top, ...Array.from({ length: MOST - top.length }, (_, index) => rest[Math.floor(index * every)]!)];
}
