// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Button, Divider, Group, NativeSelect, Popover, SimpleGrid, Stack, Text, TextInput, Tooltip } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconClock, IconRefresh, IconZoomOut } from '@tabler/icons-react';
import { useState } from 'react';
import { REFRESHES, useTime } from '../url/TimeContext';
import { formatTime, parseDuration, parseTime, PRESETS, rangeLabel } from '../url/timeRange';

/** One time range for everything. */
export function TimePicker({ compact }: { compact: boolean }) {
  const time = useTime();
  const [opened, setOpened] = useState(false);
  return (
    <Group gap={2} wrap="nowrap">
      {!compact && (
        <Tooltip label="Earlier (Shift ←)">
          <ActionIcon onClick={() => time.shift(-0.5)} aria-label="Earlier" size="lg">
            <IconChevronLeft size={17} />
          </ActionIcon>
        </Tooltip>
      )}
      <Popover opened={opened} onChange={setOpened} position="bottom-end" width={320} withArrow trapFocus>
        <Popover.Target>
          <Button
            variant="default"
            leftSection={<IconClock size={15} />}
            onClick={() => setOpened(!opened)}
            aria-label={`Time range: ${rangeLabel(time.raw)}`}
            styles={{ label: { maxWidth: compact ? 92 : undefined } }}
            px={10}
          >
            {compact ? shortLabel(time.raw.from, time.live, time.raw) : rangeLabel(time.raw)}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <Choices onDone={() => setOpened(false)} />
        </Popover.Dropdown>
      </Popover>
      {!compact && (
        <>
          <Tooltip label="Later (Shift →)">
            <ActionIcon onClick={() => time.shift(0.5)} aria-label="Later" size="lg">
              <IconChevronRight size={17} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label="Widen (−)">
            <ActionIcon onClick={time.widen} aria-label="Widen the time" size="lg">
              <IconZoomOut size={17} />
            </ActionIcon>
          </Tooltip>
        </>
      )}
      <Tooltip label={time.refreshEvery > 0 ? `Refresh (R); every ${time.refreshEvery / 1000} s by itself` : 'Refresh (R)'}>
        <ActionIcon onClick={time.refresh} aria-label="Refresh" size="lg">
          <IconRefresh size={17} />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}

function shortLabel(from: string, live: boolean, raw: { from: string; to: string }): string {
  return live && from.startsWith('now-') ? from.slice(4) : rangeLabel(raw).slice(5, 16);
}

function Choices({ onDone }: { onDone: () => void }) {
  const time = useTime();
  const [from, setFrom] = useState(time.live ? time.raw.from : formatTime(time.range.start));
  const [to, setTo] = useState(time.live ? 'now' : formatTime(time.range.end));
  const now = Date.now();
  const start = parseTime(from, now);
  const end = parseTime(to, now);
  const backwards = start !== null && end !== null && start >= end;
  const keep = (text: string, value: number) => (text.trim().startsWith('now') ? text.trim() : String(value));
  return (
    <Stack gap="sm">
      <SimpleGrid cols={2} spacing={4} verticalSpacing={4}>
        {PRESETS.map((preset) => (
          <Button
            key={preset.from}
            variant={time.raw.from === preset.from && time.live ? 'light' : 'subtle'}
            color={time.raw.from === preset.from && time.live ? undefined : 'gray'}
            justify="flex-start"
            onClick={() => {
              time.setRaw({ from: preset.from, to: 'now' });
              onDone();
            }}
          >
            {preset.label}
          </Button>
        ))}
      </SimpleGrid>
      <Divider />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (start === null || end === null || backwards) return;
          time.setRaw({ from: keep(from, start), to: keep(to, end) });
          onDone();
        }}
      >
        <Stack gap="xs">
          <TextInput label="From" value={from} onChange={(e) => setFrom(e.currentTarget.value)} error={start === null && 'such as now-1h or 2026-01-31 14:05'} />
          <TextInput
            label="To"
            value={to}
            onChange={(e) => setTo(e.currentTarget.value)}
            error={end === null ? 'such as now or 2026-01-31 14:05' : backwards ? 'must be after the start' : undefined}
          />
          <Group justify="space-between" align="flex-end">
            <NativeSelect
              size="xs"
              label="Refresh"
              data={REFRESHES}
              value={REFRESHES.find((one) => parseDuration(one.value) === time.refreshEvery)?.value ?? '15s'}
              onChange={(event) => time.setRefresh(parseDuration(event.currentTarget.value) ?? 0)}
              disabled={!time.live}
            />
            <Button type="submit" disabled={start === null || end === null || backwards}>
              Show
            </Button>
          </Group>
        </Stack>
      </form>
      <Text size="xs" className="sk-dim">
        Times are of this browser’s zone ({Intl.DateTimeFormat().resolvedOptions().timeZone}). Drag over a chart to zoom.
      </Text>
    </Stack>
  );
}
