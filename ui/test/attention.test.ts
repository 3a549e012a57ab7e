// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { SkoposStatus } from '../src/api/types';
import { attention, type Observed } from '../src/model/attention';

const NOW = Date.parse('2026-03-01T12:00:00Z');

const healthy: SkoposStatus = {
  storage: {
    writable: true, reason: '', headBytes: 10, headLimitBytes: 100, applyFailures: 0, lastFlushError: '',
    log: { segments: 1, keptBytes: 1, appendedBytes: 1, queuedBytes: 0 },
    replay: { frames: 0, rows: 0, bytes: 0, seconds: 0, tornBytes: 0, damagedBytes: 0 },
    backgroundErrors: [],
  },
  memory: { limitBytes: 100, usedBytes: 10, byOwner: {} },
  damagedFiles: [],
  config: { file: '', readAt: '', lastReloadSucceeded: true, notices: [] },
};

const quiet: Observed = {
  status: healthy, targets: [], down: [], filesystems: [], hosts: [], newestSample: NOW - 10_000, limits: [], now: NOW,
};

describe('attention', () => {
  it('is not asked for when all is well', () => {
    expect(attention(quiet)).toEqual([]);
    expect(attention({ ...quiet, newestSample: null })).toEqual([]);
  });

  it('names a target that is down once, though both the list and its up say so', () => {
    const found = attention({
      ...quiet,
      down: [{ job: 'api', instance: 'a:80' }],
      targets: [
        {
          labels: { job: 'api', instance: 'a:80' }, discoveredLabels: {}, scrapePool: 'api', scrapeUrl: 'http://a/metrics', globalUrl: '',
          lastError: 'connection refused', lastScrape: '', lastScrapeDuration: 0, health: 'down', scrapeInterval: '15s', scrapeTimeout: '10s',
        },
      ],
    });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ severity: 'bad', title: 'a:80 is down', detail: 'api: connection refused', path: '/targets' });
  });

  it('puts problems before warnings before notes', () => {
    const found = attention({
      ...quiet,
      newestSample: NOW - 600_000,
      limits: [{ name: 'intake.max_series', value: '100', used: 0.95 }, { name: 'intake.rate', value: '5', used: 0.2 }],
      filesystems: [{ instance: 'h', mountpoint: '/', used: 0.98, available: 1 }, { instance: 'h', mountpoint: '/x', used: 0.5, available: 1 }],
      status: {
        ...healthy,
        damagedFiles: [{ file: 'part' }],
        config: { ...healthy.config, notices: ['unknown key'] },
      },
    });
    expect(found.map((one) => one.severity)).toEqual(['bad', 'bad', 'warn', 'warn', 'info']);
    expect(found.map((one) => one.id)).toEqual(['damaged', 'disk:h:/', 'stale', 'limit:intake.max_series', 'notices']);
  });

  it('tells in the server’s words why nothing can be written', () => {
    const found = attention({ ...quiet, status: { ...healthy, storage: { ...healthy.storage, writable: false, reason: 'disk full' } } });
    expect(found[0]).toMatchObject({ severity: 'bad', detail: 'disk full' });
  });
});
