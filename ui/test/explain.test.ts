// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { summarizeLabels } from '../src/api/metrics';
import { spread } from '../src/api/exemplars';
import { errorPosition } from '../src/pages/query/errorPosition';
import { countLabels, explain, flatten } from '../src/pages/query/explain';
import { findMetrics } from '../src/pages/explore/MetricList';

describe('explaining', () => {
  it('finds the parts that have a value, without parentheses', () => {
    const parts = flatten(explain('sum by (a) (rate(x{b="(c"}[5m])) / (2 * y)')!);
    expect(parts.map(({ node, depth }) => [depth, node.kind, node.text])).toEqual([
      [0, 'operation', 'sum by (a) (rate(x{b="(c"}[5m])) / (2 * y)'],
      [1, 'aggregation', 'sum by (a) (rate(x{b="(c"}[5m]))'],
      [2, 'function', 'rate(x{b="(c"}[5m])'],
      [3, 'samples of a window', 'x{b="(c"}[5m]'],
      [1, 'operation', '2 * y'],
      [2, 'selection', 'y'],
    ]);
  });
  it('refuses what does not parse', () => {
    expect(explain('sum(')).toBeNull();
    expect(explain('')).toBeNull();
  });
  it('counts label values', () => {
    expect(countLabels([{ a: '1', b: 'x' }, { a: '2', b: 'x' }])).toEqual([{ name: 'a', values: 2 }, { name: 'b', values: 1 }]);
  });
});

describe('errors', () => {
  it('are put where the server says, in lines and behind wide letters', () => {
    const text = 'up ++ (';
    expect(errorPosition('invalid parameter "query": 1:8: parse error: unclosed left parenthesis', text)).toMatchObject({ from: 6, to: 7 });
    expect(errorPosition('2:3: parse error: unexpected x', 'sum(\n  xyz')).toMatchObject({ from: 7, to: 10, message: 'unexpected x' });
    expect(errorPosition('1:10: parse error: q', '{a="é"} + foo')).toMatchObject({ from: 8 });
    expect(errorPosition('query timed out', text)).toBeNull();
  });
});

describe('labels', () => {
  it('that can break a metric down come first, those of buckets not at all', () => {
    const found = summarizeLabels([
      { __name__: 'x', job: 'a', le: '1', route: '/a' },
      { __name__: 'x', job: 'a', le: '2', route: '/b' },
      { __name__: 'x', job: 'a', le: '3', route: '/b' },
    ]);
    expect(found.map((one) => one.name)).toEqual(['route', 'job']);
    expect(found[0]!.values).toEqual([{ value: '/b', series: 2 }, { value: '/a', series: 1 }]);
  });
});

describe('metrics', () => {
  it('are found by words of name and help, best first', () => {
    const metric = (name: string, help = '') => ({ name, help, type: 'gauge' as const, unit: '', series: 1 });
    const all = [metric('a_cpu'), metric('cpu_x'), metric('other', 'cpu time'), metric('none')];
    expect(findMetrics(all, 'CPU', '', 'name').map((one) => one.name)).toEqual(['cpu_x', 'a_cpu', 'other']);
    expect(findMetrics(all, 'cpu time', 'gauge', 'series')).toHaveLength(1);
    expect(findMetrics(all, 'cpu', 'counter', 'name')).toHaveLength(0);
  });
});

describe('exemplars', () => {
  it('that are too many are thinned, and the greatest stay', () => {
    const series = [{ seriesLabels: {}, exemplars: Array.from({ length: 5000 }, (_, at) => ({ labels: { trace_id: String(at) }, value: String(at), timestamp: at })) }];
    const dots = spread(series);
    expect(dots).toHaveLength(160);
    expect(Math.max(...dots.map((dot) => dot.value))).toBe(4999);
    expect(Math.min(...dots.map((dot) => dot.value))).toBeLessThan(60);
  });
});
