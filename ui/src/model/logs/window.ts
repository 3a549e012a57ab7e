// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { addNanos, compareLines, type LogLine } from './line';

/** The part of all lines that the page holds: it grows at either end, and what is too much goes at the other. */
export interface LogWindow {
  /** Ascending in time. */
  lines: LogLine[];
  olderDone: boolean;
  newerDone: boolean;
}

/** Beyond this, lines at the far end are let go; they are fetched again when one scrolls back to them. */
export const MOST_KEPT = 20_000;

export const NO_LINES: LogWindow = { lines: [], olderDone: false, newerDone: false };

/**
 * With more lines at one end.
 *
 * @param done whether there is nothing beyond them
 */
export function extend(window: LogWindow, more: LogLine[], side: 'older' | 'newer', done: boolean, most = MOST_KEPT): LogWindow {
  const known = new Set(window.lines.map((line) => line.key));
  const fresh = more.filter((line) => !known.has(line.key));
  let lines = window.lines;
  if (fresh.length > 0) {
    lines = side === 'older' ? [...fresh, ...lines] : [...lines, ...fresh];
    // Late lines may lie anywhere.
    lines.sort(compareLines);
  }
  let { olderDone, newerDone } = window;
  if (side === 'older') olderDone = done;
  else newerDone = done;
  if (lines.length > most) {
    if (side === 'older') {
      lines = lines.slice(0, most);
      newerDone = false;
    } else {
      lines = lines.slice(lines.length - most);
      olderDone = false;
    }
  }
  return { lines, olderDone, newerDone };
}

/** Up to where to ask for older lines, exclusive: the oldest moment again, as more of its lines may be missing. */
export function olderEdge(window: LogWindow, fallback: string): string {
  return window.lines.length === 0 ? fallback : addNanos(window.lines[0]!.ns, 1);
}

/** From where to ask for newer lines, inclusive. */
export function newerEdge(window: LogWindow, fallback: string): string {
  return window.lines.length === 0 ? fallback : window.lines.at(-1)!.ns;
}
