// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import type { ServerPattern } from '../../api/logs';
import { withoutAnsi } from './ansi';
import { levelOf, LEVELS } from './level';

/** Lines that differ in their variable parts only. */
export interface PatternRow {
  pattern: string;
  level: string;
  count: number;
  /** Lines in the first and in the second half of the time. */
  first: number;
  second: number;
  state: 'new' | 'vanished' | 'more' | 'less' | 'steady';
  series: number[];
}

const BINS = 30;
/** Fewer lines than this say nothing of a trend. */
const TELLING = 5;

/** What a pattern did over the time; the server's patterns may lie on steps of any length. */
export function patternRows(patterns: ServerPattern[], start: number, end: number): PatternRow[] {
  const middle = (start + end) / 2;
  const length = Math.max(1, end - start);
  return patterns
    .map((one) => {
      const series = new Array<number>(BINS).fill(0);
      let first = 0;
      let second = 0;
      for (const [time, count] of one.samples) {
        if (time < middle) first += count;
        else second += count;
        series[Math.min(BINS - 1, Math.max(0, Math.floor(((time - start) / length) * BINS)))]! += count;
      }
      return { pattern: one.pattern, level: one.level ?? '', count: first + second, first, second, series, state: stateOf(first, second) };
    })
    .filter((row) => row.count > 0)
    .sort((a, b) => WEIGHT[a.state] - WEIGHT[b.state] || (a.state === 'new' ? severity(a) - severity(b) : 0) || b.count - a.count);
}

const WEIGHT = { new: 0, vanished: 1, more: 2, less: 2, steady: 2 };

/** Of what is new, errors before the rest. */
function severity(row: PatternRow): number {
  return LEVELS.indexOf(levelOf(row.level));
}

function stateOf(first: number, second: number): PatternRow['state'] {
  // One line is enough to be new: it may be the one that is looked for. That a rare one does not come again is usual.
  if (first === 0 && second > 0) return 'new';
  if (first + second < TELLING) return 'steady';
  if (second === 0) return 'vanished';
  if (second > first * 2) return 'more';
  return first > second * 2 ? 'less' : 'steady';
}

const VARIABLE =
  /"(?:[^"\\]|\\.){0,400}"|\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b|\b0x[0-9a-fA-F]+\b|\b(?=[0-9a-fA-F]*\d)[0-9a-fA-F]{8,}\b|\d(?:[\d.,:\-+/TZ]*[\dZ])?(?:ns|us|µs|ms|s|m|h|kB|KB|MB|GB|KiB|MiB|GiB|B|%)?/g;

const NAME = /^"[A-Za-z_][\w.\-]*"$/;
/** Before a quoted text that says what happened, and so does not vary as a whole. */
const MESSAGE = /(?:msg|message|event|error|err|reason|title|text)(?:"\s*:\s*|=)$/i;
const NUMBERS = /\b(?=[0-9a-fA-F]*\d)[0-9a-fA-F-]{8,}\b|\d[\d.,:\-+/]*/g;

const LONGEST = 600;

/** The text with what varies from line to line taken out; made so that `|>` finds the line again. */
export function patternOf(text: string): string {
  const line = withoutAnsi(text).split('\n')[0]!;
  const cut = line.length > LONGEST || text.includes('\n');
  let pattern = line
    .slice(0, LONGEST)
    .replace(VARIABLE, (found, at: number, whole: string) => {
      if (!found.startsWith('"')) return '<_>';
      if (NAME.test(found)) return found;
      return MESSAGE.test(whole.slice(Math.max(0, at - 24), at)) ? found.replace(NUMBERS, '<_>') : '"<_>"';
    })
    .replace(/(?:<_>\s*[,;:]?\s*){2,}/g, (found) => (found.endsWith(' ') ? '<_> ' : '<_>'));
  if (cut && !pattern.endsWith('<_>')) pattern += '<_>';
  return pattern;
}

/** Patterns of lines that are here, where the server has none to give. */
export function minePatterns(lines: { text: string; time: number; level: string }[], most = 300): ServerPattern[] {
  const found = new Map<string, { level: string; samples: Map<number, number> }>();
  for (const line of lines) {
    const pattern = patternOf(line.text);
    let one = found.get(pattern);
    if (!one) {
      if (found.size >= most) continue;
      found.set(pattern, (one = { level: line.level, samples: new Map() }));
    }
    const second = Math.floor(line.time / 1000);
    one.samples.set(second, (one.samples.get(second) ?? 0) + 1);
  }
  return [...found.entries()].map(([pattern, one]) => ({ pattern, level: one.level, samples: [...one.samples.entries()] }));
}
