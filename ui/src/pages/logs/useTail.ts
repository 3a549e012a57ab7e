// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, useState } from 'react';
import { encodeParameters, tenantNow } from '../../api/client';
import { fetchLines, LOKI, nanos, type TailFrame } from '../../api/logs';
import { addNanos, compareLines, compareNanos, linesOf, type LogLine } from '../../model/logs/line';

export interface Tail {
  state: 'off' | 'connecting' | 'live' | 'polling' | 'lost';
  /** Entries that the server left out because they came too fast. */
  dropped: number;
  /** Lines per second, lately. */
  rate: number;
  message: string | null;
}

const OFF: Tail = { state: 'off', dropped: 0, rate: 0, message: null };

/** Lines are handed on this often, however fast they come. */
const FLUSH_MS = 250;
const CONNECTING_MS = 15_000;
const POLL_MS = 1500;
const POLL_LINES = 2000;
const RATE_OVER_MS = 5000;
const GIVE_UP_AFTER = 5;

/**
 * New lines as they come, over a WebSocket; asked for again and again where there can be none: a browser cannot name a
 * tenant when it opens one, and some proxies let none through.
 *
 * @param since the newest line that is there already, in nanoseconds, so that none is missed in between
 * @param labelNames names of stream labels, as a tail does not tell them from the rest
 */
export function useTail(query: string, enabled: boolean, since: string | undefined, labelNames: ReadonlySet<string>, onLines: (lines: LogLine[]) => void): Tail {
  const [tail, setTail] = useState<Tail>(OFF);
  const handler = useRef(onLines);
  handler.current = onLines;
  const newest = useRef(since);
  newest.current = since;
  const names = useRef(labelNames);
  names.current = labelNames;

  useEffect(() => {
    if (!enabled || query === '') {
      setTail(OFF);
      return;
    }
    let stopped = false;
    let socket: WebSocket | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const controller = new AbortController();
    let buffer: LogLine[] = [];
    let dropped = 0;
    // Not further back than the connection may have taken.
    let edge = nanos(Date.now() - CONNECTING_MS);
    if (newest.current !== undefined && compareNanos(newest.current, edge) > 0) edge = newest.current;
    let known = new Set<string>();
    const arrivals: { at: number; count: number }[] = [];
    let state: Tail['state'] = 'connecting';
    let message: string | null = null;

    const take = (lines: LogLine[]) => {
      if (lines.length === 0) return;
      buffer.push(...lines);
      arrivals.push({ at: performance.now(), count: lines.length });
      const last = lines.at(-1)!.ns;
      if (compareNanos(last, edge) > 0) edge = last;
    };
    const flush = setInterval(() => {
      const now = performance.now();
      while (arrivals.length > 0 && now - arrivals[0]!.at > RATE_OVER_MS) arrivals.shift();
      const rate = arrivals.reduce((sum, one) => sum + one.count, 0) / (RATE_OVER_MS / 1000);
      setTail((before) =>
        before.state === state && before.dropped === dropped && before.rate === rate && before.message === message ? before : { state, dropped, rate, message },
      );
      if (buffer.length === 0) return;
      const lines = buffer.sort(compareLines);
      buffer = [];
      handler.current(lines);
    }, FLUSH_MS);

    const poll = async () => {
      if (stopped) return;
      let wait = POLL_MS;
      try {
        const end = addNanos(nanos(Date.now()), 1_000_000_000);
        const page = await fetchLines(query, edge, end, POLL_LINES, 'forward', controller.signal);
        const fresh = page.lines.filter((line) => !known.has(line.key));
        take(fresh);
        // More than one answer holds: on at once, and beyond a moment that fills answers by itself.
        if (page.full) wait = 0;
        if (page.full && fresh.length === 0) edge = addNanos(edge, 1);
        known = new Set(page.lines.filter((line) => line.ns === edge).map((line) => line.key));
        state = 'polling';
        message = null;
      } catch (e) {
        if (stopped) return;
        state = 'lost';
        message = (e as Error).message;
      }
      if (!stopped) timer = setTimeout(() => void poll(), wait);
    };

    const connect = (attempt: number) => {
      if (stopped) return;
      const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
      let opened = false;
      socket = new WebSocket(`${scheme}://${location.host}${LOKI}/tail?${encodeParameters({ query, start: edge, limit: 1000 })}`);
      socket.onopen = () => {
        opened = true;
        state = 'live';
        message = null;
      };
      socket.onmessage = (event: MessageEvent<string>) => {
        const frame = JSON.parse(event.data) as TailFrame;
        dropped += frame.dropped_entries?.length ?? 0;
        take(linesOf(frame.streams ?? [], 'forward', names.current));
      };
      socket.onclose = (event) => {
        if (stopped) return;
        if (!opened && attempt === 0) {
          void poll();
          return;
        }
        state = 'lost';
        message = event.reason || 'The connection broke';
        if (attempt >= GIVE_UP_AFTER) void poll();
        else timer = setTimeout(() => connect(opened ? 1 : attempt + 1), 1000 * 2 ** Math.min(attempt, 4));
      };
    };
    setTail({ ...OFF, state });
    if (tenantNow() === '') connect(0);
    else void poll();
    return () => {
      stopped = true;
      controller.abort();
      clearInterval(flush);
      clearTimeout(timer);
      socket?.close();
    };
  }, [query, enabled]);

  return tail;
}
