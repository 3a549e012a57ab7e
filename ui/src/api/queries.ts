// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { keepPreviousData, useQueries, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import { align, type ChartData } from '../chart/chartData';
import { niceStep, type Range } from '../url/timeRange';
import { useTime } from '../url/TimeContext';
import { api, type Answer, type Parameters } from './client';
import type { Labels, MatrixItem, QueryData, VectorItem } from './types';

/** A call that is repeated with the time range's refresh. */
export function useApi<T>(path: string, parameters: Parameters = {}, enabled = true, live = true): UseQueryResult<Answer<T>> {
  const { range } = useTime();
  return useQuery({
    queryKey: ['api', path, parameters, live ? range.end : 0],
    queryFn: ({ signal }) => api<T>(path, parameters, { signal }),
    placeholderData: keepPreviousData,
    enabled,
  });
}

/** PromQL at the end of the time range. */
export function useInstant(query: string, enabled = true): UseQueryResult<Answer<VectorItem[]>> {
  const { range } = useTime();
  const time = Math.floor(range.end / 1000);
  return useQuery({
    queryKey: ['instant', query, time],
    queryFn: async ({ signal }) => {
      const answer = await api<QueryData>('/api/v1/query', { query, time }, { signal });
      return { ...answer, data: asVector(answer.data) };
    },
    placeholderData: keepPreviousData,
    enabled: enabled && query !== '',
  });
}

export function asVector(data: QueryData): VectorItem[] {
  switch (data.resultType) {
    case 'vector':
      return data.result;
    case 'matrix':
      return data.result.map((item) => {
        const value = item.values?.at(-1);
        return value ? { metric: item.metric, value } : { metric: item.metric };
      });
    case 'scalar':
    case 'string':
      return [{ metric: {}, value: data.result }];
  }
}

export function numberOf(item: VectorItem | undefined): number | null {
  return item?.value ? Number(item.value[1]) : null;
}

/** The steps at which a range is evaluated; on multiples of the step, so that a refresh moves lines and does not reshape them. */
export interface Grid {
  start: number;
  end: number;
  step: number;
}

export function gridOf(range: Range, points: number, least?: number): Grid {
  const step = niceStep(range, points, least);
  const end = Math.floor(range.end / 1000 / step) * step;
  const start = Math.ceil(range.start / 1000 / step) * step;
  return { start: Math.min(start, end), end, step };
}

export function useGrid(points = 240): Grid {
  const { range } = useTime();
  return useMemo(() => gridOf(range, points), [range, points]);
}

export interface RangeQuery {
  query: string;
  /** The name of the only series, or how series are called. */
  name?: string | ((labels: Labels) => string);
  colour?: string | number | ((labels: Labels) => string | number | undefined);
  /** How many seconds earlier it is asked, for comparison. */
  earlier?: number;
  beforeNote?: string;
}

export interface RangeAnswer {
  data: ChartData;
  grid: Grid;
  error: Error | null;
  fetching: boolean;
  /** Nothing has arrived yet. */
  first: boolean;
  warnings: string[];
  queries: RangeQuery[];
  raw: MatrixItem[];
  /** How long the slowest of the queries took, and how many samples all of them read. */
  milliseconds: number;
  samples: number | null;
}

export function useRange(queries: RangeQuery[], options: { grid?: Grid; points?: number; enabled?: boolean; dropUpTo?: number } = {}): RangeAnswer {
  const own = useGrid(options.points);
  const grid = options.grid ?? own;
  const results = useQueries({
    queries: queries.map((one) => ({
      queryKey: ['range', one.query, grid.start - (one.earlier ?? 0), grid.end - (one.earlier ?? 0), grid.step],
      queryFn: ({ signal }: { signal: AbortSignal }) => fetchRange(one, grid, signal),
      placeholderData: keepPreviousData,
      enabled: options.enabled ?? true,
    })),
  });
  const fresh = results.map((result) => result.dataUpdatedAt).join() + JSON.stringify(grid) + results.map((r) => r.isPlaceholderData).join();
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const merged = useMemo(() => merge(queries, results.map((result) => result.data), grid), [fresh, JSON.stringify(queries)]);
  const { dropUpTo } = options;
  const data = useMemo(
    () =>
      dropUpTo === undefined
        ? merged.data
        : { ...merged.data, series: merged.data.series.filter((one) => one.values.some((value) => value !== null && Math.abs(value) > dropUpTo)) },
    [merged, dropUpTo],
  );
  return {
    ...merged,
    data,
    error: (results.find((result) => result.error)?.error as Error | undefined) ?? null,
    fetching: results.some((result) => result.isFetching),
    first: results.some((result) => result.isPending && result.fetchStatus !== 'idle'),
    warnings: results.flatMap((result) => [...(result.data?.warnings ?? []), ...(result.data?.infos ?? [])]),
    queries,
    milliseconds: Math.max(0, ...results.map((result) => result.data?.milliseconds ?? 0)),
    samples: results.reduce<number | null>((sum, result) => (result.data?.samples == null ? sum : (sum ?? 0) + result.data.samples), null),
  };
}

export interface RangeResult {
  matrix: MatrixItem[];
  grid: Grid;
  warnings: string[];
  infos: string[];
  milliseconds: number;
  samples: number | null;
}

export function rangeParameters(query: string, grid: Grid, earlier = 0): Parameters {
  return { query, start: grid.start - earlier, end: grid.end - earlier, step: grid.step };
}

async function fetchRange(one: RangeQuery, grid: Grid, signal: AbortSignal): Promise<RangeResult> {
  const began = performance.now();
  const answer = await api<QueryData>('/api/v1/query_range', { ...rangeParameters(one.query, grid, one.earlier), stats: 'all' }, { signal });
  return {
    matrix: answer.data.resultType === 'matrix' ? answer.data.result : [],
    grid,
    warnings: answer.warnings,
    infos: answer.infos,
    milliseconds: performance.now() - began,
    samples: answer.data.stats?.samples.totalQueryableSamples ?? null,
  };
}

function merge(queries: RangeQuery[], results: (RangeResult | undefined)[], asked: Grid): { data: ChartData; grid: Grid; raw: MatrixItem[] } {
  // While new answers are on their way, the old ones are shown on their own steps.
  const grid = results.find((result) => result)?.grid ?? asked;
  const raw: MatrixItem[] = [];
  const merged: ChartData = { times: align([], grid.start, grid.end, grid.step).times, series: [] };
  queries.forEach((query, index) => {
    const result = results[index];
    if (!result || result.grid.step !== grid.step) return;
    raw.push(...result.matrix);
    const earlier = query.earlier ?? 0;
    const data = align(result.matrix, grid.start - earlier, grid.end - earlier, grid.step);
    for (const series of data.series) {
      const name = typeof query.name === 'function' ? query.name(series.labels) : query.name;
      const chosen = typeof query.colour === 'function' ? query.colour(series.labels) : query.colour;
      merged.series.push({
        ...series,
        key: queries.length > 1 ? `${index}:${series.key}` : series.key,
        label: (name ?? series.label) + (earlier ? ` · ${query.beforeNote ?? 'before'}` : ''),
        ...(chosen === undefined ? {} : { colour: chosen }),
        ...(earlier ? { before: true } : {}),
      });
    }
  });
  return { data: merged, grid, raw };
}
