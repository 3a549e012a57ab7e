// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { align, type ChartData } from '../../chart/chartData';
import type { MatrixItem } from '../../api/types';
import { levelAmong, LEVELS, type Level } from '../../model/logs/level';
import { formatDuration } from '../../url/timeRange';

export interface Volume {
  data: ChartData;
  byLevel: { level: Level; count: number }[];
  total: number;
}

/** One series for each level, worst first. */
export function volumeOf(items: MatrixItem[], start: number, end: number, step: number): Volume {
  const sums = new Map<Level, number[]>();
  const aligned = align(items, start, end, step);
  aligned.series.forEach((series) => {
    const level = levelAmong(series.labels);
    let sum = sums.get(level);
    if (!sum) sums.set(level, (sum = new Array<number>(aligned.times.length).fill(0)));
    series.values.forEach((value, index) => (sum[index]! += value ?? 0));
  });
  const present = LEVELS.filter((level) => sums.has(level));
  const byLevel = present.map((level) => ({ level, count: sums.get(level)!.reduce((a, b) => a + b, 0) }));
  return {
    data: {
      times: aligned.times,
      series: present.map((level) => ({ key: level, label: levelWord(level), labels: { level }, values: sums.get(level)! })),
    },
    byLevel,
    total: byLevel.reduce((sum, one) => sum + one.count, 0),
  };
}

export function levelWord(level: Level): string {
  return level === 'unknown' ? 'no level' : level;
}

/** With the windows that stand for "as the chart needs it". */
export function withWindows(query: string, step: number, rangeSeconds: number): string {
  return query
    .replaceAll(/\$__(?:auto|interval|rate_interval)\b/g, formatDuration(step * 1000))
    .replaceAll(/\$__range\b/g, formatDuration(Math.round(rangeSeconds) * 1000));
}
