// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { selector } from '../selector';
import { parseLogql } from './logql';

/** What the server's counters of lines have, unless it was told otherwise. */
const COUNTED = 'service_name';

/** The rate of a query's sources by level, of the counters that the server keeps of all lines; null when these do not tell the sources apart. */
export function ratesQuery(logql: string): string | null {
  const parsed = parseLogql(logql);
  if (parsed.kind !== 'logs' || parsed.matchers.length === 0 || parsed.matchers.some((matcher) => matcher.name !== COUNTED)) return null;
  return `sum by (level) (rate(${selector('skopos_log_lines_total', parsed.matchers)}[1m]))`;
}
