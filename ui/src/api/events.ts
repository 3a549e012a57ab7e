// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { useTime } from '../url/TimeContext';
import { api } from './client';
import type { SkoposEvent } from './types';

/** Events that overlap the time range, newest first. */
export function useEvents(limit = 200): { events: SkoposEvent[]; error: Error | null; loading: boolean } {
  const { range } = useTime();
  const result = useQuery({
    queryKey: ['events', Math.floor(range.start / 1000), Math.ceil(range.end / 1000), limit],
    queryFn: ({ signal }) =>
      api<{ events: SkoposEvent[] }>('/api/v1/events', { start: range.start / 1000, end: range.end / 1000, limit }, { signal }),
    placeholderData: keepPreviousData,
  });
  const events = useMemo(() => result.data?.data.events ?? [], [result.data]);
  return { events, error: result.error, loading: result.isPending };
}

export interface NewEvent {
  kind: string;
  title: string;
  text?: string;
  entities?: string[];
  start?: string;
  end?: string;
  ongoing?: boolean;
  link?: string;
}

export function useAddEvent(): (event: NewEvent) => Promise<void> {
  const client = useQueryClient();
  return useCallback(
    async (event) => {
      await api('/api/v1/events', {}, { method: 'POST', json: event });
      await client.invalidateQueries({ queryKey: ['events'] });
    },
    [client],
  );
}
