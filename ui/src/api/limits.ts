// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useTime } from '../url/TimeContext';
import { api, ApiError } from './client';

export interface LimitUse {
  name: string;
  used: number;
  /** 0 for none. */
  limit: number;
}

export type LimitsAnswer = Record<string, unknown>;

/** What the server tells of the tenant's limits; null where it tells nothing. */
export function useLimits(): LimitsAnswer | null {
  const { range } = useTime();
  const result = useQuery({
    queryKey: ['limits', range.end],
    queryFn: async ({ signal }) => {
      try {
        return (await api<LimitsAnswer>('/api/v1/status/limits', {}, { signal })).data;
      } catch (e) {
        if (e instanceof ApiError && (e.status === 404 || e.status === 403)) return null;
        throw e;
      }
    },
  });
  return result.data ?? null;
}

/** Every limit with a use, wherever it stands in the answer. */
export function limitUses(answer: LimitsAnswer | null, path = ''): LimitUse[] {
  if (answer === null) return [];
  const found: LimitUse[] = [];
  for (const [name, value] of Object.entries(answer)) {
    if (typeof value !== 'object' || value === null) continue;
    const words = path ? `${path}.${name}` : name;
    const { used, limit } = value as { used?: unknown; limit?: unknown };
    if (typeof used === 'number' && typeof limit === 'number') {
      const own = (value as { name?: unknown }).name;
      found.push({ name: typeof own === 'string' ? own : words, used, limit });
    } else {
      found.push(...limitUses(value as LimitsAnswer, Array.isArray(answer) ? path : words));
    }
  }
  return found;
}
