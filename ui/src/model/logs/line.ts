// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import type { Labels } from '../../api/types';
import { levelAmong, levelInText, type Level } from './level';

/** What an entry has beside its text. */
export interface EntryExtras {
  structuredMetadata?: Labels;
  parsed?: Labels;
}

/** Entries of one stream, as the server sends them. */
export interface StreamItem {
  stream: Labels;
  values: [string, string, EntryExtras?][];
}

export interface LogLine {
  /** Tells it from every other, also when it is fetched again. */
  key: string;
  /** Nanoseconds since 1970. */
  ns: string;
  /** Milliseconds since 1970. */
  time: number;
  stream: Labels;
  streamKey: string;
  metadata: Labels;
  parsed: Labels;
  text: string;
  level: Level;
}

const NOTHING: Labels = {};

export function streamKeyOf(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** 53 bits of the text, in few letters. */
export function hash(text: string): string {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36);
}

export function compareNanos(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

export function addNanos(ns: string, more: number): string {
  return String(BigInt(ns) + BigInt(more));
}

export function milliseconds(ns: string): number {
  return Number(ns.slice(0, -6) || '0') + Number(ns.slice(-6)) / 1e6;
}

/** By time; entries of one moment stay together by stream, in the order of their stream. */
export function compareLines(a: LogLine, b: LogLine): number {
  return compareNanos(a.ns, b.ns) || (a.streamKey < b.streamKey ? -1 : a.streamKey > b.streamKey ? 1 : 0);
}

/**
 * The lines of an answer, ascending in time.
 *
 * @param labelNames where the server does not tell stream labels from the rest, as in a tail: the names known to be of streams
 */
export function linesOf(items: StreamItem[], direction: 'backward' | 'forward', labelNames?: ReadonlySet<string>): LogLine[] {
  const lines: LogLine[] = [];
  const seen = new Map<string, number>();
  for (const item of items) {
    const { stream, rest } = split(item.stream, labelNames);
    const streamKey = streamKeyOf(stream);
    const values = direction === 'backward' ? [...item.values].reverse() : item.values;
    for (const [ns, text, extras] of values) {
      const metadata = extras?.structuredMetadata ?? rest;
      const parsed = extras?.parsed ?? NOTHING;
      const base = `${ns}-${hash(streamKey + text)}`;
      const before = seen.get(base) ?? 0;
      seen.set(base, before + 1);
      let level = levelAmong(parsed, metadata, stream);
      if (level === 'unknown') level = levelInText(text);
      lines.push({ key: before === 0 ? base : `${base}-${before}`, ns, time: milliseconds(ns), stream, streamKey, metadata, parsed, text, level });
    }
  }
  return lines.sort(compareLines);
}

function split(labels: Labels, names: ReadonlySet<string> | undefined): { stream: Labels; rest: Labels } {
  if (!names || names.size === 0) return { stream: labels, rest: NOTHING };
  const stream: Labels = {};
  const rest: Labels = {};
  for (const [name, value] of Object.entries(labels)) (names.has(name) ? stream : rest)[name] = value;
  return { stream, rest };
}

/** The value of a field of a line, wherever it stands. */
export function valueOf(line: LogLine, name: string): string | undefined {
  return line.stream[name] ?? line.metadata[name] ?? line.parsed[name];
}
