// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import type { Labels, MatrixItem } from '../api/types';

export interface ChartSeries {
  /** Tells the series from the others of its chart. */
  key: string;
  label: string;
  labels: Labels;
  values: (number | null)[];
  /** One of the palette's colours, or a colour of its own; by rank when not given. */
  colour?: string | number;
  /** From an earlier time, drawn for comparison. */
  before?: boolean;
}

export interface ChartData {
  /** Seconds since 1970, evenly spaced. */
  times: number[];
  series: ChartSeries[];
}

export const EMPTY: ChartData = { times: [], series: [] };

/** `name{a="1", b="2"}`; an empty set is `{}`. */
export function formatLabels(labels: Labels): string {
  const { __name__: name = '', ...rest } = labels;
  const pairs = Object.entries(rest).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return pairs.length === 0 ? name || '{}' : `${name}{${pairs.join(', ')}}`;
}

/** Short names that tell the series apart: only labels that differ, and the bare value when one label is enough. */
export function shortNames(all: Labels[]): string[] {
  if (all.length <= 1) return all.map((labels) => formatLabels(labels));
  const keys = [...new Set(all.flatMap((labels) => Object.keys(labels)))];
  const differing = keys.filter((key) => all.some((labels) => labels[key] !== all[0]![key]));
  return all.map((labels) => {
    const name = differing.includes('__name__') ? (labels.__name__ ?? '') : '';
    const pairs = differing.filter((key) => key !== '__name__').map((key) => [key, labels[key] ?? ''] as const);
    if (pairs.length === 0) return name || formatLabels(labels);
    if (pairs.length === 1 && !name) return pairs[0]![1] || `${pairs[0]![0]}=""`;
    const inner = pairs
      .filter(([, value]) => value !== '')
      .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
      .join(', ');
    return name ? (inner ? `${name}{${inner}}` : name) : inner || '{}';
  });
}

/** Places the samples of a range query on its steps; a step without a sample is null, so lines show gaps. */
export function align(result: MatrixItem[], start: number, end: number, step: number): ChartData {
  const count = Math.floor((end - start) / step + 1e-6) + 1;
  const times = Array.from({ length: count }, (_, index) => start + index * step);
  const names = shortNames(result.map((item) => item.metric));
  const series = result.map((item, index) => {
    const values = new Array<number | null>(count).fill(null);
    for (const [time, text] of item.values ?? []) {
      const at = Math.round((time - start) / step);
      const value = Number(text === '+Inf' ? Infinity : text === '-Inf' ? -Infinity : text);
      if (at >= 0 && at < count && Number.isFinite(value)) values[at] = value;
    }
    return { key: formatLabels(item.metric), label: names[index]!, labels: item.metric, values };
  });
  return { times, series };
}

export interface Summary {
  last: number | null;
  min: number | null;
  max: number | null;
  mean: number | null;
}

export function summarize(values: (number | null)[]): Summary {
  let min = Infinity;
  let max = -Infinity;
  let sum = 0;
  let count = 0;
  let last: number | null = null;
  for (const value of values) {
    if (value === null) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
    count++;
    last = value;
  }
  return count === 0 ? { last: null, min: null, max: null, mean: null } : { last, min, max, mean: sum / count };
}

/**
 * The order in which series matter: by the size of their mean, greatest first.
 *
 * @returns indexes into the series
 */
export function rank(series: ChartSeries[]): number[] {
  const weights = series.map((one) => Math.abs(summarize(one.values).mean ?? -1));
  return series
    .map((_, index) => index)
    .sort((a, b) => weights[b]! - weights[a]! || (series[a]!.key < series[b]!.key ? -1 : 1));
}

/**
 * Which palette colour each series gets, or null for grey. Among the `most` heaviest, colours go by name, so that two
 * series that change places keep theirs.
 */
export function assignColours(series: ChartSeries[], most: number): (number | null)[] {
  const own = series.filter((one) => !one.before);
  const chosen = rank(own)
    .slice(0, most)
    .map((index) => own[index]!)
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const byKey = new Map(chosen.map((one, index) => [one.key, index]));
  return series.map((one) => byKey.get(one.key) ?? null);
}

/** Each series on top of those before it; a missing value counts as nothing where another series has one. */
export function stack(series: (number | null)[][]): (number | null)[][] {
  const length = series[0]?.length ?? 0;
  const sum = new Array<number>(length).fill(0);
  const present = new Array<boolean>(length).fill(false);
  for (const values of series) values.forEach((value, index) => (present[index] ||= value !== null));
  return series.map((values) =>
    values.map((value, index) => {
      if (!present[index]) return null;
      sum[index]! += value ?? 0;
      return sum[index]!;
    }),
  );
}

/** The same series at another time, moved onto these steps. */
export function asBefore(data: ChartData, times: number[], note: string): ChartData {
  return {
    times,
    series: data.series.map((one) => ({
      ...one,
      label: `${one.label} · ${note}`,
      values: times.map((_, index) => one.values[index] ?? null),
      before: true,
    })),
  };
}

function csvField(text: string): string {
  // A leading = or similar would be taken for a formula by spreadsheets.
  const safe = /^[=+\-@\t]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function toCsv(header: string[], rows: (string | number | null)[][]): string {
  return [header, ...rows].map((row) => row.map((field) => csvField(field === null ? '' : String(field))).join(',')).join('\n') + '\n';
}

export function chartCsv(data: ChartData): string {
  return toCsv(
    ['time', ...data.series.map((one) => (one.before ? one.label : one.key))],
    data.times.map((time, index) => [
      new Date(time * 1000).toISOString(),
      ...data.series.map((one) => one.values[index] ?? null),
    ]),
  );
}
