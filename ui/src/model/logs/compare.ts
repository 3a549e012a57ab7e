// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import type { LogLine } from './line';
import { fieldsOf } from './fields';
import type { Source } from './logql';
import { patternOf } from './patterns';

/** Something that is more frequent on one side than on the other. */
export interface Difference {
  kind: 'pattern' | 'field';
  /** The pattern, or the field's value. */
  text: string;
  name: string;
  source: Source | null;
  /** Shares of the lines of each side, between 0 and 1. */
  before: number;
  after: number;
  countBefore: number;
  countAfter: number;
  /** How unlikely chance alone makes it, in standard deviations. */
  score: number;
}

/** Differences that chance brings about more often than once in a hundred times are left out. */
const LEAST_SCORE = 2.58;
/** Values that nearly every line has for itself tell nothing. */
const MOST_VALUES = 400;

interface Counts {
  before: number;
  after: number;
}

/** What differs between two samples of lines, the greatest changes of share first. */
export function differences(before: LogLine[], after: LogLine[], most = 60): Difference[] {
  if (before.length === 0 || after.length === 0) return [];
  const patterns = new Map<string, Counts>();
  const fields = new Map<string, { source: Source; values: Map<string, Counts>; tooMany: boolean }>();
  const read = (lines: LogLine[], side: keyof Counts) => {
    for (const line of lines) {
      count(patterns, patternOf(line.text), side);
      for (const { name, source, value } of fieldsOf(line)) {
        let field = fields.get(name);
        if (!field) fields.set(name, (field = { source, values: new Map(), tooMany: false }));
        if (field.tooMany) continue;
        count(field.values, value, side);
        if (field.values.size > MOST_VALUES) {
          field.tooMany = true;
          field.values.clear();
        }
      }
    }
  };
  read(before, 'before');
  read(after, 'after');
  const found: Difference[] = [];
  const add = (kind: Difference['kind'], name: string, source: Source | null, text: string, counts: Counts) => {
    const one = {
      kind, name, source, text,
      before: counts.before / before.length,
      after: counts.after / after.length,
      countBefore: counts.before,
      countAfter: counts.after,
      score: score(counts.before, before.length, counts.after, after.length),
    };
    if (one.score >= LEAST_SCORE) found.push(one);
  };
  for (const [text, counts] of patterns) add('pattern', '', null, text, counts);
  for (const [name, field] of fields) for (const [value, counts] of field.values) add('field', name, field.source, value, counts);
  return found.sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before) || b.score - a.score).slice(0, most);
}

function count(into: Map<string, Counts>, key: string, side: keyof Counts): void {
  let one = into.get(key);
  if (!one) into.set(key, (one = { before: 0, after: 0 }));
  one[side]++;
}

/** The two-proportion z-score. */
export function score(a: number, ofA: number, b: number, ofB: number): number {
  const pooled = (a + b) / (ofA + ofB);
  const deviation = Math.sqrt(pooled * (1 - pooled) * (1 / ofA + 1 / ofB));
  return deviation === 0 ? 0 : Math.abs(a / ofA - b / ofB) / deviation;
}
