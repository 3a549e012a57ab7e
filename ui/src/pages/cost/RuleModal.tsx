// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { Button, Code, Group, Modal, Stack, Text } from '@mantine/core';
import { IconCopy } from '@tabler/icons-react';
import { relabelRule, type Drop } from '../../model/relabel';
import { formatCount } from '../../model/units';
import { copy } from '../../parts/copy';

/** The rule that keeps something from being stored, and what it would spare. */
export function RuleModal({ drop, series, onClose }: { drop: Drop; series: number; onClose: () => void }) {
  const rule = relabelRule(drop);
  const what = drop.kind === 'metric' ? drop.metric : drop.kind === 'label' ? `the label ${drop.label}` : `${drop.label}="${drop.value}"`;
  return (
    <Modal opened onClose={onClose} title={`Stop storing ${what}`} centered size="lg">
      <Stack gap="sm">
        <Text size="sm">
          {drop.kind === 'label'
            ? 'Series that differ only in this label become one; then the last of them wins at each scrape. Drop a label only if it tells nothing apart.'
            : `It would spare ${formatCount(series)} series from the next scrape on. What is stored already stays until its retention ends.`}
        </Text>
        <Text size="sm">Put it into the scrape job that brings it, and reload the config:</Text>
        <Code block>{rule}</Code>
        <Group justify="flex-end">
          <Button leftSection={<IconCopy size={15} />} onClick={() => void copy(rule, 'The rule')}>
            Copy
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
