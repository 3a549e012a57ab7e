// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { useCallback, useEffect, useRef, useState } from 'react';
import { fetchLines, nanos } from '../../api/logs';
import { addNanos, type LogLine } from '../../model/logs/line';
import { extend, newerEdge, NO_LINES, olderEdge, type LogWindow } from '../../model/logs/window';
import type { Range } from '../../url/timeRange';

/** Lines that one answer brings. */
export const PAGE = 1000;

export interface Lines {
  window: LogWindow;
  first: boolean;
  loading: 'older' | 'newer' | null;
  error: Error | null;
  /** Counts how often the list began anew, so that views forget their place. */
  generation: number;
  loadOlder: () => void;
  loadNewer: () => void;
  retry: () => void;
  append: (lines: LogLine[]) => void;
  /** Only these lines; what lies before is fetched when one scrolls there. */
  replace: (lines: LogLine[]) => void;
}

interface Asked {
  query: string;
  /** Changes when everything has to be fetched anew. */
  identity: string;
  range: Range;
  /** Where reading begins: at the newest or oldest line, or around one, in nanoseconds. */
  from: 'newest' | 'oldest' | string;
  enabled: boolean;
}

/** The lines of a query in pieces: more at either end when asked for, by time, so that no limit ends it. */
export function useLines(asked: Asked): Lines {
  const { query, identity, range, from, enabled } = asked;
  const [window, setWindow] = useState<LogWindow>(NO_LINES);
  const [first, setFirst] = useState(true);
  const [loading, setLoading] = useState<'older' | 'newer' | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const [generation, setGeneration] = useState(0);
  const current = useRef({ window, start: range.start, end: range.end });
  current.current.window = window;
  current.current.end = range.end;
  const running = useRef<AbortController | null>(null);
  const busy = useRef(false);
  /** While new lines are on their way, the old ones are still shown, and not added to. */
  const beginning = useRef(false);

  const begin = useCallback(() => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    const { signal } = controller;
    current.current.start = range.start;
    const start = nanos(range.start);
    const end = nanos(range.end);
    setError(null);
    setFirst(true);
    beginning.current = true;
    setLoading(null);
    busy.current = false;
    void (async () => {
      try {
        let next: LogWindow;
        if (from === 'newest') {
          const page = await fetchLines(query, start, end, PAGE, 'backward', signal);
          next = { lines: page.lines, olderDone: !page.full, newerDone: true };
        } else if (from === 'oldest') {
          const page = await fetchLines(query, start, end, PAGE, 'forward', signal);
          next = { lines: page.lines, olderDone: true, newerDone: !page.full };
        } else {
          const after = addNanos(from, 1);
          const [older, newer] = await Promise.all([
            fetchLines(query, start, after, PAGE / 2, 'backward', signal),
            fetchLines(query, after, end > after ? end : addNanos(after, 1), PAGE / 2, 'forward', signal),
          ]);
          next = { lines: [...older.lines, ...newer.lines], olderDone: !older.full, newerDone: !newer.full };
        }
        if (signal.aborted) return;
        setWindow(next);
        setGeneration((before) => before + 1);
      } catch (e) {
        if (signal.aborted) return;
        setWindow(NO_LINES);
        setError(e as Error);
      }
      beginning.current = false;
      setFirst(false);
    })();
    // The range is in the identity; its end moves with every refresh and only brings more lines.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [query, identity, from]);

  useEffect(() => {
    if (enabled) begin();
    return () => running.current?.abort();
  }, [begin, enabled]);

  const load = useCallback(
    (side: 'older' | 'newer') => {
      const signal = running.current?.signal;
      if (!signal || signal.aborted || busy.current || beginning.current) return;
      busy.current = true;
      setLoading(side);
      void (async () => {
        try {
          const known = current.current.window;
          const start = nanos(current.current.start);
          const end = nanos(current.current.end);
          let more: LogLine[];
          let full: boolean;
          if (side === 'older') {
            const page = await fetchLines(query, start, olderEdge(known, end), PAGE, 'backward', signal);
            ({ lines: more, full } = page);
            // More lines of one nanosecond than fit an answer: on beyond it, as nothing else gets further.
            if (full && known.lines.length > 0 && more[0]!.ns === known.lines[0]!.ns) {
              ({ lines: more, full } = await fetchLines(query, start, known.lines[0]!.ns, PAGE, 'backward', signal));
            }
          } else {
            const page = await fetchLines(query, newerEdge(known, start), end, PAGE, 'forward', signal);
            ({ lines: more, full } = page);
            if (full && known.lines.length > 0 && more.at(-1)!.ns === known.lines.at(-1)!.ns) {
              ({ lines: more, full } = await fetchLines(query, addNanos(known.lines.at(-1)!.ns, 1), end, PAGE, 'forward', signal));
            }
          }
          if (signal.aborted) return;
          setError(null);
          setWindow((before) => extend(before, more, side, !full));
        } catch (e) {
          if (!signal.aborted) setError(e as Error);
        }
        if (signal.aborted) return;
        busy.current = false;
        setLoading(null);
      })();
    },
    [query],
  );

  const loadOlder = useCallback(() => load('older'), [load]);
  const loadNewer = useCallback(() => load('newer'), [load]);
  const append = useCallback((lines: LogLine[]) => setWindow((before) => extend(before, lines, 'newer', true)), []);
  const replace = useCallback((lines: LogLine[]) => {
    setWindow({ lines, olderDone: false, newerDone: true });
    setGeneration((before) => before + 1);
  }, []);
  return { window, first, loading, error, generation, loadOlder, loadNewer, retry: begin, append, replace };
}
