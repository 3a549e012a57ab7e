// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { Button, Group, Modal, Stack, Table, Text } from '@mantine/core';
import type { ExemplarDot } from '../chart/exemplarDots';
import { formatLabels } from '../chart/chartData';
import { formatQuantity, type Quantity } from '../model/units';
import { formatTime } from '../url/timeRange';
import { copy } from './copy';

/** What one exemplar tells. */
export function ExemplarBox({ dot, quantity, onClose }: { dot: ExemplarDot; quantity: Quantity; onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title="Exemplar" centered>
      <Stack gap="sm">
        <Text size="sm">
          {formatQuantity(dot.value, quantity)} at {formatTime(dot.time * 1000)}
        </Text>
        <Table fz="sm" layout="fixed">
          <Table.Tbody>
            {Object.entries(dot.labels).map(([name, value]) => (
              <Table.Tr key={name}>
                <Table.Td w={110}>{name}</Table.Td>
                <Table.Td style={{ overflowWrap: 'anywhere' }} className="sk-mono">
                  {value}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <Text size="xs" className="sk-dim" style={{ overflowWrap: 'anywhere' }}>
          of {formatLabels(dot.series)}
        </Text>
        <Group justify="flex-end">
          {Object.entries(dot.labels)
            .filter(([name]) => /trace/i.test(name))
            .map(([name, value]) => (
              <Button key={name} variant="default" onClick={() => void copy(value, `The ${name}`)}>
                Copy {name}
              </Button>
            ))}
        </Group>
      </Stack>
    </Modal>
  );
}
