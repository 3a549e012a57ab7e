// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { useApi } from './queries';

/** One limit of the tenant. */
export interface Limit {
  limit: string;
  value: string;
  source: 'default' | 'override';
  /** The setting that changes it. */
  override: string;
  /** From 0 to 1, where it is counted. */
  usedRatio?: number;
}

export function useLimits() {
  return useApi<{ tenant: string; limits: Limit[] }>('/api/v1/status/limits');
}
