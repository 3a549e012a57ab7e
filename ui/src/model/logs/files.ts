// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { toCsv } from '../../chart/chartData';
import { withoutAnsi } from './ansi';
import { fieldsOf } from './fields';
import { valueOf, type LogLine } from './line';

export type FileKind = 'txt' | 'jsonl' | 'csv';

/** Exact to the nanosecond, in UTC. */
export function isoNanos(line: LogLine): string {
  return `${new Date(Math.floor(line.time)).toISOString().slice(0, 19)}.${line.ns.slice(-9)}Z`;
}

/** Lines as a file, in the order given. */
export function toFile(lines: LogLine[], kind: FileKind, columns: string[]): string {
  switch (kind) {
    case 'txt':
      return lines.map((line) => `${isoNanos(line)} ${withoutAnsi(line.text)}\n`).join('');
    case 'jsonl':
      return lines
        .map((line) => `${JSON.stringify({ timestamp: isoNanos(line), ns: line.ns, line: line.text, labels: line.stream, metadata: line.metadata, parsed: line.parsed })}\n`)
        .join('');
    case 'csv': {
      const names = columns.length > 0 ? columns : [...new Set(lines.flatMap((line) => Object.keys(line.stream)))].sort();
      return toCsv(
        ['timestamp', 'level', ...names, 'line'],
        lines.map((line) => {
          const fields = columns.length > 0 ? new Map(fieldsOf(line).map((one) => [one.name, one.value])) : null;
          return [isoNanos(line), line.level, ...names.map((name) => (fields ? fields.get(name) : valueOf(line, name)) ?? ''), withoutAnsi(line.text)];
        }),
      );
    }
  }
}
