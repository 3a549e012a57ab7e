// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { Group, Stack, Text } from '@mantine/core';
import { limitUses, useLimits } from '../../api/limits';
import { formatCount } from '../../model/units';
import { Meter } from '../../parts/Meter';
import { Surface } from '../../parts/Surface';

/** The limits of this tenant that have a use to hold against them. */
export function LimitsPanel() {
  const limits = useLimits();
  const uses = limitUses(limits);
  if (uses.length === 0) return null;
  return (
    <Surface title="Limits" note="Of this tenant. What goes beyond one is refused, and the sender is told which.">
      <Stack gap={12} mt={4}>
        {uses.map((one) => (
          <div key={one.name}>
            <Group justify="space-between" mb={3}>
              <Text size="sm">{one.name}</Text>
              <Text size="xs" className="sk-dim sk-num">
                {formatCount(one.used)} of {one.limit > 0 ? formatCount(one.limit) : 'no limit'}
              </Text>
            </Group>
            {one.limit > 0 && <Meter share={one.used / one.limit} label={one.name} />}
          </div>
        ))}
      </Stack>
    </Surface>
  );
}
