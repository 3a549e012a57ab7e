// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import type { LogLine } from '../model/logs/line';
import { linesOf, type StreamItem } from '../model/logs/line';
import { request, type Parameters } from './client';
import type { Labels, MatrixItem, VectorItem } from './types';

/** Where the server speaks Loki's protocol. */
export const LOKI = '/loki/api/v1';

/** Makes the server tell stream labels, structured metadata and parsed fields apart. */
export const CATEGORIZE = { 'X-Loki-Response-Encoding-Flags': 'categorize-labels' };

export type LogData =
  | { resultType: 'streams'; result: StreamItem[] }
  | { resultType: 'matrix'; result: MatrixItem[] }
  | { resultType: 'vector'; result: VectorItem[] }
  | { resultType: 'scalar'; result: [number, string] };

/** A call of Loki's; most wrap their answer in `data`, some do not. */
export async function loki<T>(path: string, parameters: Parameters, signal?: AbortSignal, method?: 'POST'): Promise<T> {
  const response = await request(LOKI + path, parameters, {
    ...(signal ? { signal } : {}),
    ...(method ? { method } : {}),
    headers: CATEGORIZE,
  });
  const parsed = (await response.json()) as { data?: T } & T;
  return parsed.data ?? parsed;
}

/** Nanoseconds since 1970, as Loki's protocol writes times. */
export function nanos(milliseconds: number): string {
  return `${Math.round(milliseconds)}000000`;
}

export interface LinePage {
  /** Ascending in time. */
  lines: LogLine[];
  /** The server had as many as were asked for, so there may be more. */
  full: boolean;
}

/** Lines of a range, from `start` (inclusive) to `end` (exclusive), both in nanoseconds. */
export async function fetchLines(
  query: string,
  start: string,
  end: string,
  limit: number,
  direction: 'backward' | 'forward',
  signal?: AbortSignal,
): Promise<LinePage> {
  const data = await loki<LogData>('/query_range', lineParameters(query, start, end, limit, direction), signal);
  if (data.resultType !== 'streams') return { lines: [], full: false };
  const lines = linesOf(data.result, direction);
  return { lines, full: lines.length >= limit };
}

export function lineParameters(query: string, start: string, end: string, limit: number, direction: 'backward' | 'forward'): Parameters {
  return { query, start, end, limit, direction };
}

export async function fetchInstant(query: string, time: number, signal?: AbortSignal): Promise<VectorItem[]> {
  const data = await loki<LogData>('/query', { query, time: nanos(time) }, signal);
  return data.resultType === 'vector' ? data.result : [];
}

export async function fetchMatrix(query: string, start: number, end: number, step: number, signal?: AbortSignal): Promise<MatrixItem[]> {
  const data = await loki<LogData>('/query_range', { query, start: nanos(start * 1000), end: nanos(end * 1000), step: `${step}s` }, signal);
  switch (data.resultType) {
    case 'matrix':
      return data.result;
    case 'vector':
      return data.result.map((item) => ({ metric: item.metric, values: item.value ? [item.value] : [] }));
    case 'scalar':
      return [{ metric: {}, values: [data.result] }];
    case 'streams':
      return [];
  }
}

export interface DetectedField {
  label: string;
  type: string;
  cardinality: number;
  parsers: string[] | null;
}

export interface DetectedLabel {
  label: string;
  cardinality: number;
}

export interface ServerPattern {
  pattern: string;
  level?: string;
  /** Seconds since 1970, and how many lines. */
  samples: [number, number][];
}

export interface TailFrame {
  streams: StreamItem[] | null;
  dropped_entries?: { labels: Labels; timestamp: string }[] | null;
}
