// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';

export type LogsView = 'lines' | 'sources' | 'patterns' | 'compare';

const VIEWS: readonly LogsView[] = ['lines', 'sources', 'patterns', 'compare'];

export interface LogsState {
  query: string;
  view: LogsView;
  oldestFirst: boolean;
  wrap: boolean;
  utc: boolean;
  columns: string[];
  /** What is looked for among the loaded lines. */
  find: string;
  /** The key of the line that the address points to; it begins with its nanoseconds. */
  line: string | null;
  live: boolean;
  /** The label by which sources are listed. */
  by: string | null;
  /** What is compared: `before`, `halves`, or `label=a=b`. */
  compare: string;
  set: (change: Record<string, string | string[] | null>, replace?: boolean) => void;
}

/** What the page shows, as the address holds it. */
export function useLogsState(): LogsState {
  const [parameters, setParameters] = useSearchParams();
  const set = useCallback(
    (change: Record<string, string | string[] | null>, replace = false) =>
      setParameters(
        (before) => {
          const after = new URLSearchParams(before);
          for (const [name, value] of Object.entries(change)) {
            after.delete(name);
            if (Array.isArray(value)) value.forEach((one) => after.append(name, one));
            else if (value) after.set(name, value);
          }
          return after;
        },
        { replace },
      ),
    [setParameters],
  );
  const view = parameters.get('view') as LogsView | null;
  const joined = parameters.getAll('col').join('\n');
  const columns = useMemo(() => joined.split('\n').filter(Boolean), [joined]);
  return {
    query: parameters.get('q') ?? '',
    view: view && VIEWS.includes(view) ? view : 'lines',
    oldestFirst: parameters.get('order') === 'old',
    wrap: parameters.get('wrap') === '1',
    utc: parameters.get('utc') === '1',
    columns,
    find: parameters.get('find') ?? '',
    line: parameters.get('line'),
    live: parameters.get('live') === '1',
    by: parameters.get('by'),
    compare: parameters.get('compare') ?? 'before',
    set,
  };
}
