// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { bridge, candidates, type Bridge, type KnownLabel } from '../model/logs/bridge';
import type { Range } from '../url/timeRange';
import { api } from './client';
import { loki, nanos } from './logs';
import type { Labels } from './types';

const MOST_VALUES = 5000;

async function known(names: string[], all: string[], values: (name: string) => Promise<string[]>): Promise<KnownLabel[]> {
  return Promise.all(names.filter((name) => all.includes(name)).map(async (name) => ({ name, values: new Set(await values(name)) })));
}

/** The labels by which logs know what a metric's labels say. */
export async function toLogs(labels: Labels, range: Range): Promise<Bridge> {
  const time = { start: nanos(range.start), end: nanos(range.end) };
  const list = async (path: string) => {
    const found = await loki<string[]>(path, time);
    return Array.isArray(found) ? found : [];
  };
  return bridge(labels, await known(candidates(labels), await list('/labels'), (name) => list(`/label/${encodeURIComponent(name)}/values`)));
}

/** The labels by which metrics know what a line's labels say. */
export async function toMetrics(labels: Labels, range: Range): Promise<Bridge> {
  const time = { start: Math.floor(range.start / 1000), end: Math.ceil(range.end / 1000) };
  const names = (await api<string[]>('/api/v1/labels', time)).data;
  return bridge(
    labels,
    await known(candidates(labels), names, async (name) => (await api<string[]>(`/api/v1/label/${encodeURIComponent(name)}/values`, { ...time, limit: MOST_VALUES })).data),
  );
}
