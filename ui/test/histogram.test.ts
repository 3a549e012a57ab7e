// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { classicHeat, heatShare, mostIn, nativeHeat } from '../src/model/histogram';

describe('classic buckets', () => {
  it('become counts between bounds, never negative', () => {
    const data = classicHeat(
      [
        { metric: { le: '+Inf' }, values: [[0, '10'], [10, '4']] },
        { metric: { le: '1' }, values: [[0, '7'], [10, '5']] },
        { metric: { le: '0.5' }, values: [[0, '2']] },
      ],
      0, 10, 10,
    );
    expect(data.rows.map((row) => [row.low, row.high, row.counts])).toEqual([
      [0, 0.5, [2, null]],
      [0.5, 1, [5, 5]],
      [1, Infinity, [3, 0]],
    ]);
    expect(mostIn(data)).toBe(5);
  });
  it('lose the empty ones at both ends', () => {
    const buckets = ['1', '2', '4', '8', '16', '32', '+Inf'].map((le, index) => ({
      metric: { le }, values: [[0, index < 3 ? '0' : '5'] as [number, string]],
    }));
    expect(classicHeat(buckets, 0, 0, 10).rows.map((row) => row.high)).toEqual([4, 8, 16]);
  });
});

describe('native histograms', () => {
  it('are added up over series, and overlapping buckets are put together', () => {
    const data = nativeHeat(
      [
        { metric: { a: '1' }, histograms: [[0, { count: '3', sum: '1', buckets: [[0, '1', '2', '3'], [0, '2', '4', '1']] }]] },
        { metric: { a: '2' }, histograms: [[10, { count: '2', sum: '1', buckets: [[0, '1', '4', '2']] }]] },
      ],
      0, 10, 10,
    );
    expect(data.rows).toEqual([{ low: 1, high: 4, counts: [4, 2] }]);
  });
  it('with many buckets stay readable', () => {
    const buckets = Array.from({ length: 160 }, (_, index) => [0, String(2 ** (index / 8)), String(2 ** ((index + 1) / 8)), '1'] as [number, string, string, string]);
    const data = nativeHeat([{ metric: {}, histograms: [[0, { count: '160', sum: '1', buckets }]] }], 0, 0, 10);
    expect(data.rows).toHaveLength(40);
    expect(data.rows.reduce((sum, row) => sum + row.counts[0]!, 0)).toBe(160);
  });
  it('show small counts', () => {
    expect(heatShare(1, 100)).toBeCloseTo(0.1);
    expect(heatShare(0, 0)).toBe(0);
  });
});
