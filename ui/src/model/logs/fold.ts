// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import type { LogLine } from './line';

/** A line of the list, with the lines of a stack trace that were sent after it one by one. */
export interface FoldedLine {
  line: LogLine;
  tail: LogLine[];
}

/** What continues a stack trace of Java, .NET, Node.js, Python, Ruby, Go. */
const CONTINUES =
  /^(?:\s+at\s|\s*\.\.\. \d+ (?:more|common frames)|Caused by: |\s+Suppressed: |\s+File "|\s+from .+:\d+:in |\s+--- End of |--- End of |\t\S+\.go:\d+|\s{4,}\S)/;

/** Begins a trace; belongs to the message before it, when that has no trace yet. */
const BEGINS = /^(?:(?:[a-zA-Z_$][\w$]*\.)+[\w$]*(?:Exception|Error|Throwable)(?::|$)|Traceback \(most recent call last\)|goroutine \d+ \[)/;

/** How long after its first line a trace may go on. */
const PATIENCE_MS = 2000;

export function continues(text: string): boolean {
  return CONTINUES.test(text);
}

/**
 * Puts the lines of a trace below the line it belongs to, by stream.
 *
 * @param lines ascending in time
 */
export function fold(lines: LogLine[]): FoldedLine[] {
  const folded: FoldedLine[] = [];
  const open = new Map<string, FoldedLine>();
  for (const line of lines) {
    const head = open.get(line.streamKey);
    if (head && line.time - (head.tail.at(-1) ?? head.line).time <= PATIENCE_MS && (continues(line.text) || (head.tail.length === 0 && BEGINS.test(line.text)))) {
      head.tail.push(line);
      continue;
    }
    const one: FoldedLine = { line, tail: [] };
    folded.push(one);
    open.set(line.streamKey, one);
  }
  return folded;
}

export interface TraceSummary {
  first: string;
  /** Lines below the first. */
  more: number;
  /** The last cause, where most look first. */
  cause: string | null;
}

/** An entry of several lines in one. */
export function summarizeTrace(text: string, tail: LogLine[]): TraceSummary {
  const own = text.split('\n');
  while (own.length > 1 && own.at(-1)!.trim() === '') own.pop();
  const rest = [...own.slice(1), ...tail.flatMap((line) => line.text.split('\n'))];
  let cause: string | null = null;
  for (const line of rest) if (line.startsWith('Caused by: ')) cause = line.slice('Caused by: '.length);
  return { first: own[0]!, more: rest.length, cause };
}
