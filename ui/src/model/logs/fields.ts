// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import type { Labels } from '../../api/types';
import { withoutAnsi } from './ansi';
import type { LogLine } from './line';
import { fieldName, type Source } from './logql';

export interface Field {
  /** As LogQL calls it. */
  name: string;
  source: Source;
  value: string;
}

const DEEPEST = 6;
const MOST_FIELDS = 200;

/** The JSON object that a line is, or ends with; null when it is none. */
export function jsonOf(text: string): unknown {
  const plain = withoutAnsi(text).trim();
  if (!/^[{[]/.test(plain) || !/[}\]]$/.test(plain) || plain.length > 1_000_000) return null;
  try {
    const parsed: unknown = JSON.parse(plain);
    return typeof parsed === 'object' ? parsed : null;
  } catch {
    return null;
  }
}

/** Flattens as LogQL's `json` does: nested names joined by `_`, no arrays. */
export function flattenJson(value: unknown, prefix = '', into: Labels = {}, depth = 0): Labels {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return into;
  for (const [key, inner] of Object.entries(value)) {
    if (Object.keys(into).length >= MOST_FIELDS) return into;
    const name = prefix === '' ? fieldName(key) : `${prefix}_${fieldName(key)}`;
    if (inner !== null && typeof inner === 'object') {
      if (depth < DEEPEST) flattenJson(inner, name, into, depth + 1);
    } else if (inner !== null && inner !== undefined) into[name] = String(inner);
  }
  return into;
}

const LOGFMT = /([a-zA-Z_][\w.\-/]*)=("(?:[^"\\]|\\.)*"|[^\s"]*)/g;

/** The pairs of a logfmt line; none when the line is mostly something else. */
export function logfmtOf(text: string): Labels {
  const plain = withoutAnsi(text.slice(0, 8000));
  const found: Labels = {};
  let covered = 0;
  let count = 0;
  for (const match of plain.matchAll(LOGFMT)) {
    if (++count > MOST_FIELDS) break;
    covered += match[0].length + 1;
    const value = match[2]!;
    found[fieldName(match[1]!)] = value.startsWith('"') ? value.slice(1, -1).replaceAll('\\"', '"') : value;
  }
  return count >= 2 && covered > plain.length * 0.5 ? found : {};
}

/** Everything that a line has by name: labels, metadata, what the query parsed, and what can be read from its text. */
export function fieldsOf(line: LogLine): Field[] {
  const fields: Field[] = [];
  const taken = new Set<string>();
  const add = (labels: Labels, source: Source) => {
    for (const [name, value] of Object.entries(labels)) {
      if (taken.has(name) || name.startsWith('__')) continue;
      taken.add(name);
      fields.push({ name, source, value });
    }
  };
  add(line.stream, 'label');
  add(line.metadata, 'metadata');
  add(line.parsed, 'parsed');
  const json = jsonOf(line.text);
  if (json !== null) add(flattenJson(json), 'json');
  else add(logfmtOf(line.text), 'logfmt');
  return fields;
}

export interface FieldStatistics {
  name: string;
  source: Source;
  /** Lines that have it. */
  lines: number;
  /** Most frequent first. */
  values: { value: string; count: number }[];
  distinct: number;
  /** When all values are numbers. */
  numbers: { min: number; mean: number; max: number } | null;
}

/** Lines beyond this are not read for statistics; the panel says how many were. */
export const MOST_READ = 2000;
const MOST_VALUES = 1000;

/** `12.5ms`, `3s`, `14`: what LogQL's unwrap would make a number of, in seconds for durations. */
export function numberIn(text: string): number | null {
  if (/^-?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(text)) return Number(text);
  const duration = /^(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)$/.exec(text);
  if (!duration) return null;
  const factor = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 }[duration[2]!]!;
  return Number(duration[1]) * factor;
}

export function statistics(lines: LogLine[]): FieldStatistics[] {
  interface Gathered { source: Source; lines: number; values: Map<string, number>; numeric: boolean; sum: number; min: number; max: number }
  const all = new Map<string, Gathered>();
  for (const line of sampled(lines, MOST_READ)) {
    for (const { name, source, value } of fieldsOf(line)) {
      let one = all.get(name);
      if (!one) all.set(name, (one = { source, lines: 0, values: new Map(), numeric: true, sum: 0, min: Infinity, max: -Infinity }));
      one.lines++;
      const count = one.values.get(value);
      if (count !== undefined || one.values.size < MOST_VALUES) one.values.set(value, (count ?? 0) + 1);
      if (one.numeric) {
        const number = numberIn(value);
        if (number === null) one.numeric = false;
        else {
          one.sum += number;
          one.min = Math.min(one.min, number);
          one.max = Math.max(one.max, number);
        }
      }
    }
  }
  return [...all.entries()]
    .map(([name, one]) => ({
      name,
      source: one.source,
      lines: one.lines,
      values: [...one.values.entries()].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)),
      distinct: one.values.size,
      numbers: one.numeric && one.lines > 0 ? { min: one.min, mean: one.sum / one.lines, max: one.max } : null,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** All, or as many evenly chosen ones. */
export function sampled<T>(all: T[], most: number): T[] {
  if (all.length <= most) return all;
  const every = all.length / most;
  return Array.from({ length: most }, (_, index) => all[Math.floor(index * every)]!);
}
