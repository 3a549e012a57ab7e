// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import { fittingRange, isLive, parseDuration, resolveRange, type Range, type RawRange } from './timeRange';

export interface Time {
  raw: RawRange;
  range: Range;
  live: boolean;
  /** Milliseconds between refreshes; 0 for none. */
  refreshEvery: number;
  setRaw: (raw: RawRange) => void;
  /** To a part of the range, in seconds. */
  zoom: (start: number, end: number) => void;
  /** Moves or widens: a factor of the range's length. */
  shift: (factor: number) => void;
  widen: () => void;
  setRefresh: (milliseconds: number) => void;
  refresh: () => void;
}

const Context = createContext<Time | null>(null);

export const REFRESHES: { label: string; value: string }[] = [
  { label: 'Off', value: '0s' },
  { label: '5 s', value: '5s' },
  { label: '15 s', value: '15s' },
  { label: '1 min', value: '1m' },
  { label: '5 min', value: '5m' },
];

const DEFAULT_REFRESH = '15s';

/**
 * One time range for every page, kept in the address.
 *
 * @param started when the server began, in milliseconds since 1970
 */
export function TimeProvider({ children, started }: { children: ReactNode; started: number }) {
  const [parameters, setParameters] = useSearchParams();
  const [now, setNow] = useState(() => Date.now());
  const from = parameters.get('from') ?? fittingRange(now - started);
  const to = parameters.get('to') ?? 'now';
  const refreshText = parameters.get('refresh') ?? DEFAULT_REFRESH;
  const raw = useMemo(() => ({ from, to }), [from, to]);
  const live = isLive(raw);
  const refreshEvery = live ? (parseDuration(refreshText) ?? 0) : 0;

  const refresh = useCallback(() => setNow(Date.now()), []);

  useEffect(() => {
    if (refreshEvery < 1000) return;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') setNow(Date.now());
    }, refreshEvery);
    return () => clearInterval(timer);
  }, [refreshEvery]);

  const change = useCallback(
    (names: Record<string, string | null>) => {
      setParameters((before) => {
        const after = new URLSearchParams(before);
        for (const [name, value] of Object.entries(names)) {
          if (value === null) after.delete(name);
          else after.set(name, value);
        }
        return after;
      });
      setNow(Date.now());
    },
    [setParameters],
  );

  const range = useMemo(() => resolveRange(raw, now), [raw, now]);

  const value = useMemo<Time>(() => {
    const setRaw = (next: RawRange) => change({ from: next.from, to: next.to === 'now' ? null : next.to });
    const absolute = (start: number, end: number) =>
      change({ from: String(Math.round(start)), to: String(Math.round(Math.max(end, start + 1000))) });
    return {
      raw,
      range,
      live,
      refreshEvery,
      setRaw,
      zoom: (start, end) => absolute(start * 1000, end * 1000),
      shift: (factor) => {
        const length = range.end - range.start;
        absolute(range.start + factor * length, range.end + factor * length);
      },
      widen: () => {
        const length = range.end - range.start;
        absolute(range.start - length / 2, Math.min(Date.now(), range.end + length / 2));
      },
      setRefresh: (milliseconds) => change({ refresh: `${milliseconds / 1000}s` }),
      refresh,
    };
  }, [raw, range, live, refreshEvery, change, refresh]);

  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export function useTime(): Time {
  const time = useContext(Context);
  if (!time) throw new Error('useTime is used outside of TimeProvider');
  return time;
}
