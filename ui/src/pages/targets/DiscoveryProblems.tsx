// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { Text } from '@mantine/core';
import { useApi } from '../../api/queries';
import { Status } from '../../parts/Status';
import { Surface } from '../../parts/Surface';

interface DiscoveryState {
  kind: string;
  targets: number;
  problem: string;
}

/** Discoveries that cannot find what they are to find. */
export function DiscoveryProblems() {
  const result = useApi<DiscoveryState[]>('/api/v1/status/discoveries');
  const failing = (result.data?.data ?? []).filter((one) => one.problem !== '');
  if (failing.length === 0) return null;
  return (
    <Surface title="Discoveries with problems" note="The targets they found last stay in use.">
      {failing.map((one, index) => (
        <div key={index} style={{ display: 'flex', gap: 12, padding: '4px 0' }}>
          <Status state="bad" word={one.kind} />
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {one.problem}
          </Text>
        </div>
      ))}
    </Surface>
  );
}
