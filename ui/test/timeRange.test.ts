// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { ago, fittingRange, formatDuration, niceStep, parseDuration, parseTime, rangeLabel, rateWindow, resolveRange } from '../src/url/timeRange';

const NOW = Date.parse('2026-03-01T12:00:00Z');

describe('durations', () => {
  it('are read and written in the same words', () => {
    for (const text of ['15s', '1m30s', '2h', '1d12h', '250ms', '7d']) {
      expect(formatDuration(parseDuration(text)!)).toBe(text);
    }
    expect(parseDuration('1w')).toBe(604_800_000);
  });
  it('that are none are refused', () => {
    for (const text of ['', '5', 'm', '1.5h', '-5m', '5 m', '5minutes']) expect(parseDuration(text)).toBeNull();
  });
});

describe('times', () => {
  it('are relative, numbers or dates', () => {
    expect(parseTime('now', NOW)).toBe(NOW);
    expect(parseTime('now-1h', NOW)).toBe(NOW - 3_600_000);
    expect(parseTime('now - 90s', NOW)).toBe(NOW - 90_000);
    expect(parseTime('1772366400', NOW)).toBe(1_772_366_400_000);
    expect(parseTime('1772366400123', NOW)).toBe(1_772_366_400_123);
    expect(parseTime('2026-03-01T11:00:00Z', NOW)).toBe(NOW - 3_600_000);
    expect(parseTime('yesterday', NOW)).toBeNull();
    expect(parseTime('now-1x', NOW)).toBeNull();
  });
  it('in the wrong order still make a range', () => {
    const { start, end } = resolveRange({ from: 'now', to: 'now-1h' }, NOW);
    expect(start).toBeLessThan(end);
  });
  it('fit a server that has just begun', () => {
    expect([30, 60, 120, 400, 900].map((seconds) => fittingRange(seconds * 1000))).toEqual(['now-2m', 'now-2m', 'now-5m', 'now-15m', 'now-1h']);
  });
  it('have names', () => {
    expect(rangeLabel({ from: 'now-1h', to: 'now' })).toBe('Last hour');
    expect(rangeLabel({ from: 'now-7m', to: 'now' })).toBe('Last 7m');
    expect(ago(NOW - 3_000, NOW)).toBe('3 s ago');
    expect(ago(NOW - 600_000, NOW)).toBe('10 min ago');
    expect(ago(NOW + 7_200_000, NOW)).toBe('in 2 h');
  });
});

describe('steps', () => {
  it('are round and give no more points than asked', () => {
    for (const minutes of [5, 15, 60, 1440, 43_200, 525_600]) {
      const range = { start: NOW - minutes * 60_000, end: NOW };
      const step = niceStep(range, 240);
      expect((minutes * 60) / step).toBeLessThanOrEqual(240);
      expect(step).toBeGreaterThanOrEqual(15);
    }
    expect(niceStep({ start: NOW - 900_000, end: NOW }, 240)).toBe(15);
  });
  it('leave the windows of rates wide enough for two samples', () => {
    expect(rateWindow(15)).toBe('1m');
    expect(rateWindow(300)).toBe('5m15s');
  });
});
