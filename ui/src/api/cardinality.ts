// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useTime } from '../url/TimeContext';
import { api } from './client';

export type CostBy = 'metric' | 'label' | 'value' | 'target';

export interface Figures {
  series: number;
  seriesDayBefore: number;
  diskBytes: number;
  memoryBytes: number;
  samplesPerSecond: number;
  /** Of a label. */
  values?: number;
}

export interface CostGroup extends Figures {
  name?: string;
  job?: string;
  instance?: string;
}

export interface CostReport {
  by: string;
  day?: string;
  /** Which of the figures are estimates. */
  estimated: string[];
  total: Figures;
  groupCount: number;
  groups: CostGroup[];
}

export const MOST_GROUPS = 10_000;

/** What the tenant's series are made of, on the day at the end of the time range. */
export function useCost(by: CostBy, label = '', enabled = true): UseQueryResult<{ report: CostReport; warnings: string[] }> {
  const { range } = useTime();
  const end = Math.ceil(range.end / 60_000) * 60;
  return useQuery({
    queryKey: ['cost', by, label, end],
    queryFn: async ({ signal }) => {
      const answer = await api<CostReport>('/api/v1/status/cardinality', { by, label, limit: MOST_GROUPS, end }, { signal });
      return { report: answer.data, warnings: answer.warnings };
    },
    placeholderData: keepPreviousData,
    enabled,
  });
}
