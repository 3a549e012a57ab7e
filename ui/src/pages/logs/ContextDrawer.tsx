// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { Button, Drawer, Group, Skeleton, Text } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { fold } from '../../model/logs/fold';
import type { LogLine } from '../../model/logs/line';
import { matchersOfStream, selectorText } from '../../model/logs/logql';
import { ErrorNote } from '../../parts/ErrorNote';
import { LineDetails, type LineActions } from './LineDetails';
import { LineList } from './LineList';
import type { RowLook } from './LineRow';
import { useLines } from './useLines';

interface ContextDrawerProps {
  line: LogLine;
  look: RowLook;
  actions: LineActions;
  onClose: () => void;
  onOpen: (query: string, line: LogLine) => void;
}

/** How far one can go back and forth from a line. */
const REACH_MS = 6 * 3_600_000;

/** What the same source wrote before and after a line, without filters; the list behind it stays where it is. */
export function ContextDrawer({ line, look, actions, onClose, onOpen }: ContextDrawerProps) {
  const query = useMemo(() => selectorText(matchersOfStream(line.stream)), [line]);
  const range = useMemo(() => ({ start: line.time - REACH_MS, end: Math.min(Date.now() + 60_000, line.time + REACH_MS) }), [line]);
  const lines = useLines({ query, identity: line.key, range, from: line.ns, enabled: true });
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const folded = useMemo(() => fold(lines.window.lines), [lines.window]);
  const marked = useMemo(() => folded.find((one) => one.line.key === line.key || one.tail.some((other) => other.key === line.key))?.line.key ?? line.key, [folded, line]);
  const own = useMemo<RowLook>(() => ({ ...look, columns: [], source: null }), [look]);
  const toggle = (key: string) => {
    const next = new Set(opened);
    if (!next.delete(key)) next.add(key);
    setOpened(next);
  };
  return (
    <Drawer
      opened
      onClose={onClose}
      position="bottom"
      size="72%"
      title={
        <div>
          <Text fw={650}>Around the line</Text>
          <Text size="xs" className="sk-mono sk-dim">
            {query}
          </Text>
        </div>
      }
      closeButtonProps={{ 'aria-label': 'Close the context' }}
    >
      {lines.error ? (
        <ErrorNote error={lines.error} onRetry={lines.retry} />
      ) : lines.first ? (
        <Skeleton height={300} role="status" aria-label="Loading" />
      ) : (
        <LineList
          name="Context"
          lines={folded}
          oldestFirst
          look={own}
          olderDone={lines.window.olderDone}
          newerDone={lines.window.newerDone}
          loading={lines.loading}
          generation={lines.generation}
          onOlder={lines.loadOlder}
          onNewer={lines.loadNewer}
          olderNote="No older lines within six hours"
          newerNote="No newer lines"
          marked={marked}
          opened={opened}
          onToggle={toggle}
          details={(one) => <LineDetails one={one} look={own} actions={actions} />}
          follow={false}
          height="calc(72vh - 150px)"
        />
      )}
      <Group mt={8} gap="xs">
        <Button variant="default" leftSection={<IconExternalLink size={14} />} onClick={() => onOpen(query, line)}>
          Go on here with this source alone
        </Button>
        <Text size="xs" className="sk-dim">
          The same source, oldest first, without the filters of your query.
        </Text>
      </Group>
    </Drawer>
  );
}
