// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import { api, ApiError, setTenant } from '../api/client';
import type { RuntimeInfo } from '../api/types';
import { TimeProvider } from '../url/TimeContext';
import { parseDuration } from '../url/timeRange';
import { SessionGate } from './SessionGate';
import { Shell } from './Shell';

function newClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // What the client did wrong does not get better by asking again.
        retry: (count, error) => count < 1 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
        refetchOnWindowFocus: false,
        staleTime: 60_000,
        gcTime: 120_000,
      },
    },
  });
}

/** Everything below sees one tenant, whose answers are kept apart from other tenants'. */
export function Root() {
  const [parameters] = useSearchParams();
  const tenant = parameters.get('tenant') ?? '';
  setTenant(tenant);
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const client = useMemo(newClient, [tenant]);
  return (
    <QueryClientProvider client={client} key={tenant}>
      <SessionGate>
        <WithTime />
      </SessionGate>
    </QueryClientProvider>
  );
}

function WithTime() {
  const info = useQuery({
    queryKey: ['runtimeinfo'],
    queryFn: ({ signal }) => api<RuntimeInfo>('/api/v1/status/runtimeinfo', {}, { signal }),
    staleTime: Infinity,
  });
  const [initial, setInitial] = useState<string | null>(null);
  if (initial === null && !info.isPending) setInitial(info.data ? firstRange(info.data.data) : 'now-15m');
  if (initial === null) return null;
  return (
    <TimeProvider initialFrom={initial}>
      <Shell />
    </TimeProvider>
  );
}

/** A server that has just begun fills a short range better. */
function firstRange(info: RuntimeInfo): string {
  const age = Date.parse(info.serverTime) - Date.parse(info.startTime);
  const fitting = ['now-5m', 'now-15m', 'now-1h'].find((from) => age < parseDuration(from.slice(4))! * 1.3);
  return fitting ?? 'now-1h';
}
