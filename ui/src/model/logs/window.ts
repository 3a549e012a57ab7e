// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { addNanos, compareLines, compareNanos, type LogLine } from './line';

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
 * With more lines, ascending in time, at one end.
 *
 * @param done whether there is nothing beyond them
 */
export function extend(window: LogWindow, more: LogLine[], side: 'older' | 'newer', done: boolean, most = MOST_KEPT): LogWindow {
  const fresh = withoutKnown(window.lines, more, side);
  let lines = window.lines;
  if (fresh.length > 0) {
    lines = side === 'older' ? [...fresh, ...lines] : [...lines, ...fresh];
    const seam = side === 'older' ? fresh.length : lines.length - fresh.length;
    // Late lines may lie anywhere.
    if (seam > 0 && seam < lines.length && compareLines(lines[seam - 1]!, lines[seam]!) > 0) lines.sort(compareLines);
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

/** Those that are not there yet; only lines of the time that both cover are looked at. */
function withoutKnown(lines: LogLine[], more: LogLine[], side: 'older' | 'newer'): LogLine[] {
  if (more.length === 0 || lines.length === 0) return more;
  const known = new Set<string>();
  if (side === 'newer') {
    for (let at = lines.length - 1; at >= 0 && compareNanos(lines[at]!.ns, more[0]!.ns) >= 0; at--) known.add(lines[at]!.key);
  } else {
    for (let at = 0; at < lines.length && compareNanos(lines[at]!.ns, more.at(-1)!.ns) <= 0; at++) known.add(lines[at]!.key);
  }
  return known.size === 0 ? more : more.filter((line) => !known.has(line.key));
}

/** Up to where to ask for older lines, exclusive: the oldest moment again, as more of its lines may be missing. */
export function olderEdge(window: LogWindow, fallback: string): string {
  return window.lines.length === 0 ? fallback : addNanos(window.lines[0]!.ns, 1);
}

/** From where to ask for newer lines, inclusive. */
export function newerEdge(window: LogWindow, fallback: string): string {
  return window.lines.length === 0 ? fallback : window.lines.at(-1)!.ns;
}
