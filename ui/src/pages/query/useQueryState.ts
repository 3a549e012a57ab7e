// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import type { Drawing } from '../../chart/TimeChart';
import { parseDuration } from '../../url/timeRange';
import type { Unit } from '../../model/units';
import { parseBefore, type Before } from '../explore/useExploreState';

export type QueryView = 'graph' | 'heatmap' | 'table' | 'explain';

export interface QueryState {
  queries: string[];
  view: QueryView;
  drawing: Drawing;
  stacked: boolean;
  before: Before;
  exemplars: boolean;
  /** Seconds between points; null to let the width decide. */
  step: number | null;
  stepText: string;
  unit: Unit | 'auto';
  set: (change: Record<string, string | string[] | null>) => void;
}

const VIEWS: QueryView[] = ['graph', 'heatmap', 'table', 'explain'];
const DRAWINGS: Drawing[] = ['lines', 'area', 'points'];
export const UNITS: (Unit | 'auto')[] = ['auto', 'number', 'bytes', 'seconds', 'ratio', 'percent', 'time', 'celsius', 'volts', 'joules'];

function oneOf<T extends string>(value: string | null, known: readonly T[]): T {
  return known.find((one) => one === value) ?? known[0]!;
}

/** The queries and how they are shown, as the address holds them. */
export function useQueryState(): QueryState {
  const [parameters, setParameters] = useSearchParams();
  const joined = JSON.stringify(parameters.getAll('q'));
  const queries = useMemo(() => JSON.parse(joined) as string[], [joined]);
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
  const stepText = parameters.get('step') ?? '';
  const step = parseDuration(stepText);
  return {
    queries,
    view: oneOf(parameters.get('view'), VIEWS),
    drawing: oneOf(parameters.get('draw'), DRAWINGS),
    stacked: parameters.get('stack') === '1',
    before: parseBefore(parameters.get('before')),
    exemplars: parameters.get('exemplars') !== '0',
    step: step !== null && step >= 1000 ? step / 1000 : null,
    stepText,
    unit: oneOf(parameters.get('unit'), UNITS),
    set,
  };
}
