// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { metricsOf, propose, quantityOf, type Metric } from '../src/model/metric';
import { formatMatcher, parseMatcher, parseMatchers, selector, selectorOfAny, sharedLabels, withMatcher } from '../src/model/selector';

const metric = (name: string, type: Metric['type']): Metric => ({ name, type, help: '', unit: '', series: 1 });

describe('selectors', () => {
  it('quote what must be quoted', () => {
    expect(selector('up')).toBe('up');
    expect(selector('up', [{ name: 'path', operator: '!=', value: 'a"b\\c\nd' }])).toBe('up{path!="a\\"b\\\\c\\nd"}');
    expect(selector('my.metric', [{ name: 'a.b', operator: '=', value: '1' }])).toBe('{"my.metric", "a.b"="1"}');
  });
  it('are read back as they were written', () => {
    for (const matcher of [
      { name: 'job', operator: '=' as const, value: 'x, y="z"' },
      { name: 'a.b', operator: '!~' as const, value: 'a\\.b|c\nd' },
      { name: 'empty', operator: '!=' as const, value: '' },
    ]) {
      expect(parseMatcher(formatMatcher(matcher))).toEqual(matcher);
    }
    expect(parseMatchers('job="a,b", path=~"x"')).toHaveLength(2);
    expect(parseMatcher('job=')).toBeNull();
    expect(parseMatcher('nonsense')).toBeNull();
  });
  it('replace an equality and drop the opposite', () => {
    const first = withMatcher([], { name: 'mode', operator: '=', value: 'idle' });
    expect(withMatcher(first, { name: 'mode', operator: '=', value: 'user' })).toEqual([{ name: 'mode', operator: '=', value: 'user' }]);
    expect(withMatcher(first, { name: 'mode', operator: '!=', value: 'idle' })).toEqual([{ name: 'mode', operator: '!=', value: 'idle' }]);
    const excluded = withMatcher(withMatcher([], { name: 'a', operator: '!=', value: '1' }), { name: 'a', operator: '!=', value: '2' });
    expect(excluded).toHaveLength(2);
  });
});

describe('metrics', () => {
  const metadata = {
    lat_seconds: [{ type: 'histogram', help: 'Latency', unit: '' }],
    gc_seconds: [{ type: 'summary', help: '', unit: '' }],
    native_seconds: [{ type: 'histogram', help: '', unit: '' }],
    jobs: [{ type: 'counter', help: 'Jobs', unit: '' }],
  };
  const names = ['lat_seconds_bucket', 'lat_seconds_count', 'lat_seconds_sum', 'gc_seconds_sum', 'gc_seconds_count', 'native_seconds', 'jobs_total', 'page_count', 'build_info', 'x'];
  it('are families, as people see them', () => {
    const metrics = metricsOf(names, metadata, new Map([['lat_seconds_bucket', 10], ['lat_seconds_sum', 1], ['lat_seconds_count', 1]]));
    expect(metrics.map((one) => [one.name, one.type])).toEqual([
      ['build_info', 'info'],
      ['gc_seconds', 'summary'],
      ['jobs_total', 'counter'],
      ['lat_seconds', 'histogram'],
      ['native_seconds', 'native histogram'],
      ['page_count', 'unknown'],
      ['x', 'unknown'],
    ]);
    expect(metrics.find((one) => one.name === 'lat_seconds')).toMatchObject({ series: 12, help: 'Latency', unit: 'seconds' });
    expect(metrics.find((one) => one.name === 'jobs_total')!.help).toBe('Jobs');
  });
});

describe('proposals', () => {
  const filter = [{ name: 'job', operator: '=' as const, value: 'a' }];
  it('fit the type', () => {
    expect(propose(metric('x_total', 'counter'), filter, null, '1m').query).toBe('sum (rate(x_total{job="a"}[1m]))');
    expect(propose(metric('x_total', 'counter'), [], 'mode', '1m').query).toBe('sum by (mode) (rate(x_total[1m]))');
    expect(propose(metric('x', 'gauge'), filter, null, '1m').query).toBe('x{job="a"}');
    expect(propose(metric('x', 'gauge'), [], 'a.b', '1m', 'max').query).toBe('max by ("a.b") (x)');
    expect(propose(metric('x', 'histogram'), [], 'job', '1m').query).toBe('histogram_quantile(0.95, sum by (le, job) (rate(x_bucket[1m])))');
    expect(propose(metric('x', 'native histogram'), filter, null, '1m')).toMatchObject({
      query: 'histogram_quantile(0.95, sum (rate(x{job="a"}[1m])))', view: 'heatmap', heatmap: 'sum (rate(x{job="a"}[1m]))',
    });
    expect(propose(metric('x', 'summary'), [], null, '1m').query).toBe('sum (rate(x_sum[1m])) / sum (rate(x_count[1m]))');
    expect(propose(metric('x_info', 'info'), [], null, '1m').view).toBe('table');
  });
  it('know their unit', () => {
    expect(propose(metric('x_bytes_total', 'counter'), [], null, '1m').quantity).toEqual({ unit: 'bytes', perSecond: true });
    expect(propose(metric('cpu_seconds_total', 'counter'), [], null, '1m').quantity).toEqual({ unit: 'number' });
  });
});

describe('the unit of a query', () => {
  it('is guessed from its names', () => {
    expect(quantityOf('node_memory_MemFree_bytes')).toEqual({ unit: 'bytes' });
    expect(quantityOf('sum by (x) (rate(node_network_receive_bytes_total{device="a_bytes"}[5m]))')).toEqual({ unit: 'bytes', perSecond: true });
    expect(quantityOf('histogram_quantile(0.9, sum by (le) (rate(x_duration_seconds_bucket[5m])))')).toEqual({ unit: 'seconds' });
    expect(quantityOf('rate(node_cpu_seconds_total[1m])')).toEqual({ unit: 'number' });
    expect(quantityOf('node_filesystem_avail_bytes / node_filesystem_size_bytes')).toEqual({ unit: 'ratio' });
    expect(quantityOf('count(up_bytes)')).toEqual({ unit: 'number' });
    expect(quantityOf('1 + 1')).toEqual({ unit: 'number' });
  });
});

describe('labels that all series of a chart share', () => {
  it('come from the series and from what their queries ask for', () => {
    expect(
      sharedLabels(
        ['sum by (route) (rate(http_requests_total{job="shop", route=~"/c.*"}[1m]))'],
        [{ route: '/cart', zone: 'a' }, { route: '/checkout', zone: 'a' }],
      ),
    ).toEqual({ zone: 'a', job: 'shop' });
    expect(sharedLabels(['a{job="x", env="p"} / b{job="y", env="p"}'], [])).toEqual({ env: 'p' });
  });
});

describe('filters that series without labels would fit', () => {
  it('still make a selector', () => {
    expect(selectorOfAny([{ name: 'route', operator: '!=', value: '/search' }])).toBe('{__name__!="", route!="/search"}');
    expect(selectorOfAny([{ name: 'job', operator: '=', value: 'shop' }])).toBe('{job="shop"}');
  });
});
