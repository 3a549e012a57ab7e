// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Badge, Skeleton, Stack, Text, Tooltip } from '@mantine/core';
import { IconMinus, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { loki, nanos, type ServerPattern } from '../../api/logs';
import { levelOf } from '../../model/logs/level';
import type { LogLine } from '../../model/logs/line';
import { parseLogql, streamPart } from '../../model/logs/logql';
import { minePatterns, patternRows, type PatternRow } from '../../model/logs/patterns';
import { formatCount } from '../../model/units';
import { DataTable, type Column } from '../../parts/DataTable';
import { Empty } from '../../parts/ErrorNote';
import { Sparkline } from '../../parts/Sparkline';
import { Surface } from '../../parts/Surface';
import { niceStep } from '../../url/timeRange';
import { useTime } from '../../url/TimeContext';
import { LevelMark } from './LevelMark';
import classes from './logs.module.css';

interface PatternsProps {
  query: string;
  /** The loaded lines: their patterns stand in where the server has none. */
  lines: LogLine[];
  onFilter: (pattern: string, exclude: boolean) => void;
}

const STATES: Record<PatternRow['state'], { word: string; colour: string } | null> = {
  new: { word: 'new', colour: 'red' },
  vanished: { word: 'vanished', colour: 'grape' },
  more: { word: 'more', colour: 'sea' },
  less: { word: 'less', colour: 'blue' },
  steady: null,
};

/** Lines by what they have in common; what is new or gone comes first. */
export function Patterns({ query, lines, onFilter }: PatternsProps) {
  const { range } = useTime();
  const selector = streamPart(query);
  const filtered = parseLogql(query).stages.length > 0;
  const step = niceStep(range, 60, 10);
  const start = Math.floor(range.start / 1000 / step) * step;
  const end = Math.ceil(range.end / 1000 / step) * step;
  const server = useQuery({
    queryKey: ['log-patterns', selector, start, end, step],
    queryFn: async ({ signal }) => {
      const found = await loki<ServerPattern[]>('/patterns', { query: selector, start: nanos(start * 1000), end: nanos(end * 1000), step: `${step}s` }, signal);
      return Array.isArray(found) ? found : [];
    },
    // With filters, the server's patterns would be of lines that are not shown.
    enabled: !filtered && selector !== '',
    retry: false,
  });
  const fromServer = !filtered && (server.data?.length ?? 0) > 0;
  const rows = useMemo(() => {
    if (fromServer) return patternRows(server.data ?? [], start, end);
    const first = (lines[0]?.time ?? 0) / 1000;
    const last = (lines.at(-1)?.time ?? 0) / 1000;
    return patternRows(minePatterns(lines), first, last + 1);
  }, [fromServer, server.data, lines, start, end]);
  const total = rows.reduce((sum, row) => sum + row.count, 0);
  if (!filtered && server.isPending) {
    return (
      <Surface label="Patterns">
        <Stack gap={8} role="status" aria-label="Loading">
          {Array.from({ length: 6 }, (_, index) => (
            <Skeleton key={index} height={30} />
          ))}
        </Stack>
      </Surface>
    );
  }
  const columns: Column<PatternRow>[] = [
    {
      key: 'state',
      title: 'Trend',
      width: '96px',
      order: (row) => row.state,
      render: (row) => {
        const state = STATES[row.state];
        return state ? <Badge color={state.colour}>{state.word}</Badge> : null;
      },
    },
    { key: 'spark', title: '', width: '104px', render: (row) => <Sparkline values={row.series} /> },
    { key: 'count', title: 'Lines', width: '74px', right: true, order: (row) => row.count, render: (row) => formatCount(row.count) },
    { key: 'share', title: 'Share', width: '64px', right: true, order: (row) => row.count, render: (row) => (row.count < total / 1000 ? '<0.1 %' : `${((row.count / total) * 100).toFixed(1)} %`) },
    { key: 'level', title: 'Level', width: '74px', order: (row) => row.level, render: (row) => <LevelMark level={levelOf(row.level)} /> },
    {
      key: 'pattern',
      title: 'Pattern',
      width: 'minmax(190px, 1fr)',
      order: (row) => row.pattern,
      render: (row) => (
        <button type="button" className={classes.pattern} title="Only lines of this pattern" onClick={() => onFilter(row.pattern, false)}>
          {row.pattern.split('\n')[0]!.split('<_>').map((piece, index) => (
            <span key={index}>
              {index > 0 && <span className={classes.blank}>…</span>}
              {piece}
            </span>
          ))}
          {row.pattern.includes('\n') && <span className={classes.more}>+{row.pattern.split('\n').length - 1} lines</span>}
        </button>
      ),
    },
    {
      key: 'tools',
      title: '',
      width: '52px',
      render: (row) => (
        <>
          <Tooltip label="Only lines of this pattern">
            <ActionIcon size="xs" aria-label={`Only ${row.pattern}`} onClick={() => onFilter(row.pattern, false)}>
              <IconPlus size={13} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label="Without lines of this pattern">
            <ActionIcon size="xs" aria-label={`Without ${row.pattern}`} onClick={() => onFilter(row.pattern, true)}>
              <IconMinus size={13} />
            </ActionIcon>
          </Tooltip>
        </>
      ),
    },
  ];
  return (
    <Surface
      title="Patterns"
      note={
        fromServer
          ? 'Of all lines of these sources. New: only in the second half of the time; vanished: only in the first.'
          : `Of the ${formatCount(lines.length)} loaded lines${filtered ? ', as the query filters them' : ''}. New: only in the second half of their time; vanished: only in the first.`
      }
      flush
    >
      <DataTable
        name="patterns"
        rows={rows}
        columns={columns}
        rowKey={(row) => `${row.level} ${row.pattern}`}
        searchText={(row) => row.pattern}
        searchHint="Search patterns"
        minWidth={690}
        empty={<Empty title="No patterns">There are no lines to find any in.</Empty>}
      />
      {server.error && !filtered && (
        <Text size="xs" className="sk-dim" p={12}>
          The server gives no patterns ({server.error.message}); these are found in the browser.
        </Text>
      )}
    </Surface>
  );
}
