// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import { api, ApiError, setTenant } from '../api/client';
import type { RuntimeInfo } from '../api/types';
import { TimeProvider } from '../url/TimeContext';
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
  const [started, setStarted] = useState<number | null>(null);
  // By this browser's clock, which need not be the server's.
  if (started === null && !info.isPending) {
    setStarted(info.data ? Date.now() - (Date.parse(info.data.data.serverTime) - Date.parse(info.data.data.startTime)) : 0);
  }
  if (started === null) return null;
  return (
    <TimeProvider started={started}>
      <Shell />
    </TimeProvider>
  );
}
