// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { axisSteps, formatBytes, formatCount, formatNumber, formatQuantity, formatSeconds, unitOf } from '../src/model/units';

describe('numbers', () => {
  it('are short', () => {
    expect(formatNumber(0)).toBe('0');
    expect(formatNumber(1234)).toBe('1234');
    expect(formatNumber(12_345)).toBe('12.3 k');
    expect(formatNumber(-2_500_000)).toBe('-2.5 M');
    expect(formatNumber(0.000012)).toBe('0.000012');
    expect(formatNumber(Infinity)).toBe('+Inf');
    expect(formatNumber(NaN)).toBe('NaN');
    expect(formatNumber(999_999)).toBe('1 M');
    expect(formatCount(1_234_567)).toBe('1\u202f234\u202f567');
  });
  it('of bytes go by 1024', () => {
    expect(formatBytes(0)).toBe('0 B');
    expect(formatBytes(1024)).toBe('1 KiB');
    expect(formatBytes(1536 * 1024)).toBe('1.5 MiB');
    expect(formatBytes(1023 * 1024 ** 3)).toBe('0.999 TiB');
  });
  it('of seconds keep to what people say', () => {
    expect(formatSeconds(0.0000005)).toBe('500 ns');
    expect(formatSeconds(0.0123)).toBe('12.3 ms');
    expect(formatSeconds(90)).toBe('90 s');
    expect(formatSeconds(5400)).toBe('90 min');
    expect(formatSeconds(259_200)).toBe('3 d');
  });
});

describe('units', () => {
  it('come from the name when nothing is declared', () => {
    expect(unitOf('node_memory_MemFree_bytes')).toBe('bytes');
    expect(unitOf('node_network_receive_bytes_total')).toBe('bytes');
    expect(unitOf('http_request_duration_seconds_bucket')).toBe('seconds');
    expect(unitOf('http_request_duration_seconds_count')).toBe('number');
    expect(unitOf('process_start_time_seconds')).toBe('time');
    expect(unitOf('node_load1')).toBe('number');
    expect(unitOf('room', 'celsius')).toBe('celsius');
    expect(unitOf('node_nvme_info')).toBe('number');
  });
  it('are written with the value', () => {
    expect(formatQuantity(2048, { unit: 'bytes', perSecond: true })).toBe('2 KiB/s');
    expect(formatQuantity(0.5, { unit: 'ratio' })).toBe('50 %');
    expect(formatQuantity(null, { unit: 'number' })).toBe('–');
    expect(formatQuantity(1_772_366_400, { unit: 'time' })).toBe('2026-03-01 12:00:00 UTC');
    expect(axisSteps('bytes')).toContain(1024);
    expect(axisSteps('seconds')).toBeUndefined();
  });
});
