// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { align, assignColours, chartCsv, formatLabels, rank, shortNames, stack, summarize, type ChartSeries } from '../src/chart/chartData';

const series = (key: string, values: (number | null)[]): ChartSeries => ({ key, label: key, labels: {}, values });

describe('aligning', () => {
  it('puts samples on their steps and leaves gaps where there are none', () => {
    const data = align(
      [{ metric: { job: 'a' }, values: [[100, '1'], [120, '3'], [130, 'NaN'], [140, '+Inf']] }],
      100, 140, 10,
    );
    expect(data.times).toEqual([100, 110, 120, 130, 140]);
    expect(data.series[0]!.values).toEqual([1, null, 3, null, null]);
  });
});

describe('names', () => {
  it('hold only what differs', () => {
    expect(shortNames([{ __name__: 'up', job: 'a', x: '1' }, { __name__: 'up', job: 'b', x: '1' }])).toEqual(['a', 'b']);
    expect(shortNames([{ __name__: 'a', job: 'x' }, { __name__: 'b', job: 'x' }])).toEqual(['a', 'b']);
    expect(shortNames([{ job: 'x', i: '1' }, { job: 'y', i: '2' }])).toEqual(['job="x", i="1"', 'job="y", i="2"']);
    expect(shortNames([{ __name__: 'up', job: 'x' }])).toEqual(['up{job="x"}']);
  });
  it('quote values', () => {
    expect(formatLabels({ path: 'a"b\\c' })).toBe('{path="a\\"b\\\\c"}');
    expect(formatLabels({})).toBe('{}');
  });
});

describe('many series', () => {
  const all = Array.from({ length: 30 }, (_, index) => series(`s${String(index).padStart(2, '0')}`, [index, index]));
  it('are ranked by their mean', () => {
    expect(rank(all)[0]).toBe(29);
    expect(summarize([1, null, 3])).toEqual({ last: 3, min: 1, max: 3, mean: 2 });
  });
  it('are coloured up to a number, and keep their colour when they change places', () => {
    const colours = assignColours(all, 8);
    expect(colours.filter((one) => one !== null)).toHaveLength(8);
    expect(colours[0]).toBeNull();
    const swapped = all.map((one) => (one.key === 's29' ? series('s29', [28.5, 28.5]) : one.key === 's28' ? series('s28', [40, 40]) : one));
    expect(assignColours(swapped, 8)).toEqual(colours);
  });
});

describe('stacking', () => {
  it('adds up, and takes a missing value for nothing beside a present one', () => {
    expect(stack([[1, null, null], [2, 3, null]])).toEqual([[1, 0, null], [3, 3, null]]);
  });
});

describe('CSV', () => {
  it('quotes, and defuses what a spreadsheet would run', () => {
    const csv = chartCsv({ times: [0], series: [series('{a="1,2"}', [5]), series('=cmd()', [null])] });
    expect(csv).toBe('time,"{a=""1,2""}",\'=cmd()\n1970-01-01T00:00:00.000Z,5,\n');
  });
});
