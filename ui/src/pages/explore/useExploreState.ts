// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import type { Summing } from '../../model/metric';
import { formatMatcher, parseMatcher, withMatcher, type Matcher } from '../../model/selector';

export type Before = '' | '1h' | '1d' | '1w';

export const BEFORE_SECONDS: Record<Exclude<Before, ''>, number> = { '1h': 3600, '1d': 86_400, '1w': 604_800 };
export const BEFORE_WORDS: Record<Exclude<Before, ''>, string> = { '1h': 'an hour before', '1d': 'a day before', '1w': 'a week before' };

export function parseBefore(text: string | null): Before {
  return text === '1h' || text === '1d' || text === '1w' ? text : '';
}

export interface ExploreState {
  metric: string;
  matchers: Matcher[];
  by: string | null;
  summing: Summing | undefined;
  before: Before;
  view: string;
  set: (change: Record<string, string | string[] | null>) => void;
  addMatcher: (matcher: Matcher) => void;
  setMatchers: (matchers: Matcher[]) => void;
}

const SUMMINGS: Summing[] = ['sum', 'avg', 'max', 'min'];

/** What is explored, as the address holds it. */
export function useExploreState(): ExploreState {
  const [parameters, setParameters] = useSearchParams();
  const filters = parameters.getAll('filter').join('\n');
  const matchers = useMemo(
    () =>
      filters
        .split('\n')
        .map(parseMatcher)
        .filter((one): one is Matcher => one !== null),
    [filters],
  );
  const set = useCallback(
    (change: Record<string, string | string[] | null>) =>
      setParameters((before) => {
        const after = new URLSearchParams(before);
        for (const [name, value] of Object.entries(change)) {
          after.delete(name);
          if (Array.isArray(value)) value.forEach((one) => after.append(name, one));
          else if (value) after.set(name, value);
        }
        return after;
      }),
    [setParameters],
  );
  const setMatchers = useCallback((next: Matcher[]) => set({ filter: next.map(formatMatcher) }), [set]);
  const addMatcher = useCallback((added: Matcher) => setMatchers(withMatcher(matchers, added)), [matchers, setMatchers]);
  const summing = parameters.get('agg') as Summing | null;
  return {
    metric: parameters.get('metric') ?? '',
    matchers,
    by: parameters.get('by'),
    summing: summing && SUMMINGS.includes(summing) ? summing : undefined,
    before: parseBefore(parameters.get('before')),
    view: parameters.get('view') ?? '',
    set,
    addMatcher,
    setMatchers,
  };
}
