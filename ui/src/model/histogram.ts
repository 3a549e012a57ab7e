// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import type { MatrixItem } from '../api/types';

/** How many observations fell between two values, per step. */
export interface HeatRow {
  low: number;
  high: number;
  counts: (number | null)[];
}

export interface HeatData {
  times: number[];
  /** Lowest first, without overlaps. */
  rows: HeatRow[];
}

function bound(text: string): number {
  if (text === '+Inf') return Infinity;
  if (text === '-Inf') return -Infinity;
  return Number(text);
}

function grid(start: number, end: number, step: number): number[] {
  return Array.from({ length: Math.floor((end - start) / step + 1e-6) + 1 }, (_, index) => start + index * step);
}

/** Rows of classic buckets, which count everything up to `le`. */
export function classicHeat(result: MatrixItem[], start: number, end: number, step: number): HeatData {
  const times = grid(start, end, step);
  const cumulative = result
    .filter((item) => item.metric.le !== undefined)
    .map((item) => {
      const counts = new Array<number | null>(times.length).fill(null);
      for (const [time, text] of item.values ?? []) {
        const at = Math.round((time - start) / step);
        if (at >= 0 && at < counts.length) counts[at] = Number(text);
      }
      return { le: bound(item.metric.le!), counts };
    })
    .sort((a, b) => a.le - b.le);
  const rows = cumulative.map((bucket, index): HeatRow => {
    const below = cumulative[index - 1];
    return {
      low: below ? below.le : bucket.le > 0 ? 0 : -Infinity,
      high: bucket.le,
      counts: bucket.counts.map((value, at) => {
        if (value === null) return null;
        // Scrapes between the buckets' updates can make a lower bucket larger.
        return Math.max(0, value - (below?.counts[at] ?? 0));
      }),
    };
  });
  return { times, rows: trim(rows) };
}

/** Rows of native histograms; all series are added up. */
export function nativeHeat(result: MatrixItem[], start: number, end: number, step: number): HeatData {
  const times = grid(start, end, step);
  const rows = new Map<string, HeatRow>();
  for (const item of result) {
    for (const [time, histogram] of item.histograms ?? []) {
      const at = Math.round((time - start) / step);
      if (at < 0 || at >= times.length) continue;
      for (const [, low, high, count] of histogram.buckets ?? []) {
        const key = `${low} ${high}`;
        let row = rows.get(key);
        if (!row) {
          row = { low: bound(low), high: bound(high), counts: new Array<number | null>(times.length).fill(null) };
          rows.set(key, row);
        }
        row.counts[at] = (row.counts[at] ?? 0) + Number(count);
      }
    }
  }
  const sorted = [...rows.values()].sort((a, b) => a.low - b.low || a.high - b.high);
  return { times, rows: coarser(sorted, 40) };
}

/** Resolutions can differ between times; rows that overlap or are too many are put together. */
function coarser(rows: HeatRow[], most: number): HeatRow[] {
  const merged: HeatRow[] = [];
  for (const row of rows) {
    const last = merged.at(-1);
    if (last && row.low < last.high) {
      last.high = Math.max(last.high, row.high);
      add(last, row);
    } else {
      merged.push({ ...row, counts: [...row.counts] });
    }
  }
  if (merged.length <= most) return merged;
  const each = Math.ceil(merged.length / most);
  const result: HeatRow[] = [];
  for (let index = 0; index < merged.length; index += each) {
    const first = merged[index]!;
    const row = { low: first.low, high: first.high, counts: [...first.counts] };
    for (const next of merged.slice(index + 1, index + each)) {
      row.high = next.high;
      add(row, next);
    }
    result.push(row);
  }
  return result;
}

function add(to: HeatRow, from: HeatRow): void {
  from.counts.forEach((count, at) => {
    if (count !== null) to.counts[at] = (to.counts[at] ?? 0) + count;
  });
}

/** Without the empty rows at both ends. */
function trim(rows: HeatRow[]): HeatRow[] {
  const used = rows.map((row) => row.counts.some((count) => count !== null && count > 0));
  const first = used.indexOf(true);
  if (first < 0) return rows;
  return rows.slice(Math.max(0, first - 1), used.lastIndexOf(true) + 2);
}

/** The share of the greatest count, on a scale on which small counts are still seen. */
export function heatShare(count: number, most: number): number {
  return most > 0 ? Math.sqrt(count / most) : 0;
}

export function mostIn(data: HeatData): number {
  let most = 0;
  for (const row of data.rows) for (const count of row.counts) if (count !== null && count > most) most = count;
  return most;
}
