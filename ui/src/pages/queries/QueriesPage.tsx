// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { Anchor, Button, SegmentedControl, Skeleton, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconPlayerStop } from '@tabler/icons-react';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { api, ApiError } from '../../api/client';
import { formatBytes, formatCount, formatNumber, formatSeconds } from '../../model/units';
import { DataTable, type Column } from '../../parts/DataTable';
import { Empty, ErrorNote } from '../../parts/ErrorNote';
import { Tiles } from '../../parts/Facts';
import { PageHead } from '../../parts/PageHead';
import { Status } from '../../parts/Status';
import { Surface } from '../../parts/Surface';
import table from '../../parts/table.module.css';
import { ago, formatDuration } from '../../url/timeRange';
import { useLink } from '../../url/useLink';

interface QueryBase {
  id: string;
  signal?: string;
  kind: string;
  query: string;
  start?: number;
  end?: number;
  step?: number;
  client: string;
  user?: string;
  arrived: string;
  elapsedSeconds: number;
  waitedSeconds: number;
  samplesRead: number;
  seriesSelected: number;
  peakSamples: number;
}

interface RunningQuery extends QueryBase {
  state: 'waiting' | 'running' | 'cancelling';
  bytes: number;
}

interface EndedQuery extends QueryBase {
  outcome: string;
  error?: string;
}

/** What is asked of the server now and lately, and how to stop it. */
export function QueriesPage() {
  const client = useQueryClient();
  const running = useQuery({
    queryKey: ['running-queries'],
    queryFn: async ({ signal }) => {
      try {
        return (await api<{ queries: RunningQuery[]; concurrency: number; queueLimit: number }>('/api/v1/queries', {}, { signal })).data;
      } catch (e) {
        if (e instanceof ApiError && e.status === 404) return null;
        throw e;
      }
    },
    refetchInterval: 2000,
    staleTime: 0,
    placeholderData: keepPreviousData,
  });
  const stop = async (query: RunningQuery) => {
    try {
      await api(`/api/v1/queries/${encodeURIComponent(query.id)}`, {}, { method: 'DELETE' });
      notifications.show({ message: 'The query is told to stop', autoClose: 2500 });
    } catch (e) {
      notifications.show({ title: 'Not stopped', message: (e as Error).message, color: 'red' });
    }
    await client.invalidateQueries({ queryKey: ['running-queries'] });
  };
  const rows = running.data?.queries ?? [];
  const active = rows.filter((row) => row.state === 'running').length;
  const columns: Column<RunningQuery>[] = [
    {
      key: 'state',
      title: 'State',
      width: '104px',
      order: (row) => row.state,
      render: (row) => <Status state={row.state === 'running' ? 'good' : row.state === 'waiting' ? 'unknown' : 'warn'} word={row.state} />,
    },
    ...shared<RunningQuery>(),
    { key: 'bytes', title: 'Memory', width: '86px', right: true, order: (row) => row.bytes, render: (row) => formatBytes(row.bytes) },
    {
      key: 'stop',
      title: '',
      width: '74px',
      right: true,
      render: (row) => (
        <Button variant="default" size="compact-xs" leftSection={<IconPlayerStop size={13} />} disabled={row.state === 'cancelling'} onClick={() => void stop(row)} aria-label={`Stop ${row.query}`}>
          Stop
        </Button>
      ),
    },
  ];
  return (
    <>
      <PageHead title="Running queries" note="What is asked of the server now and lately, and what it costs." />
      {running.isPending ? (
        <Skeleton height={200} />
      ) : running.error ? (
        <ErrorNote error={running.error} />
      ) : running.data === null ? (
        <Empty title="This server does not list its queries" />
      ) : (
        <Stack gap={14}>
          <Tiles
            tiles={[
              { label: 'Running', value: `${active} of ${running.data?.concurrency ?? 0}`, note: 'at the same time' },
              { label: 'Waiting', value: `${rows.length - active} of ${running.data?.queueLimit ?? 0}`, note: 'the next one is refused' },
            ]}
          />
          <Surface title="Now" note="Looked at every 2 seconds; most queries are gone before they are seen." flush>
            <DataTable rows={rows} columns={columns} rowKey={(row) => row.id} name="running queries" minWidth={860} empty={<Empty title="No query runs right now" />} maxHeight={420} />
          </Surface>
          <Ended />
        </Stack>
      )}
    </>
  );
}

function shared<T extends QueryBase>(): Column<T>[] {
  return [
    { key: 'query', title: 'Query', width: 'minmax(240px, 3fr)', render: (row) => <QueryText row={row} /> },
    { key: 'elapsed', title: 'Took', width: '80px', right: true, order: (row) => row.elapsedSeconds, render: (row) => formatSeconds(row.elapsedSeconds) },
    { key: 'waited', title: 'Waited', width: '80px', right: true, order: (row) => row.waitedSeconds, render: (row) => formatSeconds(row.waitedSeconds) },
    { key: 'samples', title: 'Samples', width: '86px', right: true, order: (row) => row.samplesRead, render: (row) => formatNumber(row.samplesRead) },
    { key: 'series', title: 'Series', width: '74px', right: true, order: (row) => row.seriesSelected, render: (row) => formatCount(row.seriesSelected) },
  ];
}

function QueryText({ row }: { row: QueryBase }) {
  const link = useLink();
  const isQuery = row.kind === 'range' || row.kind === 'instant';
  const span = row.start !== undefined && row.end !== undefined && row.end > row.start ? `${formatDuration((row.end - row.start) * 1000)}${row.step ? `, step ${formatDuration(row.step * 1000)}` : ''}` : '';
  return (
    <div style={{ minWidth: 0 }}>
      {isQuery ? (
        <Anchor component={Link} to={link(row.signal === 'logs' ? '/logs' : '/promql', { q: row.query })} c="inherit" className={`sk-mono ${table.clamp}`}>
          {row.query}
        </Anchor>
      ) : (
        <span className={`sk-mono ${table.clamp}`}>{row.query}</span>
      )}
      <Text size="xs" className="sk-dim">
        {[row.signal ?? '', row.kind, span, row.user ?? '', row.client].filter(Boolean).join(' · ')}
      </Text>
    </div>
  );
}

const OUTCOMES: Record<string, 'good' | 'bad' | 'warn'> = { answered: 'good', canceled: 'warn', cancelled: 'warn' };

function Ended() {
  const [parameters, setParameters] = useSearchParams();
  const log = parameters.get('log') === 'slow' ? 'slow' : 'recent';
  const result = useQuery({
    queryKey: ['ended-queries', log],
    queryFn: async ({ signal }) => (await api<{ queries: EndedQuery[]; slowFromSeconds: number }>('/api/v1/queries/recent', { log, limit: 200 }, { signal })).data,
    refetchInterval: 5000,
    staleTime: 0,
    placeholderData: keepPreviousData,
  });
  const now = Date.now();
  const columns: Column<EndedQuery>[] = [
    {
      key: 'outcome',
      title: 'Ended',
      width: '112px',
      order: (row) => row.outcome,
      render: (row) => (
        <div title={row.error}>
          <Status state={OUTCOMES[row.outcome] ?? 'bad'} word={row.outcome} />
        </div>
      ),
    },
    ...shared<EndedQuery>(),
    { key: 'when', title: 'When', width: '92px', right: true, order: (row) => Date.parse(row.arrived), render: (row) => ago(Date.parse(row.arrived), now) },
  ];
  return (
    <Surface title="Lately" note={log === 'slow' ? `Those that took ${result.data?.slowFromSeconds ?? 1} s or more.` : 'The last 200 of this tenant.'} flush>
      {result.error ? (
        <ErrorNote error={result.error} />
      ) : (
        <DataTable
          rows={result.data?.queries ?? []}
          columns={columns}
          rowKey={(row) => row.id}
          name="ended queries"
          searchText={(row) => `${row.query} ${row.outcome} ${row.client} ${row.user ?? ''}`}
          initialOrder={{ key: 'when', up: false }}
          minWidth={860}
          empty={<Empty title={log === 'slow' ? 'No query was slow' : 'No query has ended yet'} />}
          expand={(row) => (
            <Text size="xs" className="sk-mono" style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
              {row.error ? `${row.error}\n` : ''}
              {row.query}
              {`\npeak of ${formatCount(row.peakSamples)} samples in memory`}
            </Text>
          )}
          tools={
            <SegmentedControl
              size="xs"
              aria-label="Which"
              value={log}
              data={[
                { value: 'recent', label: 'All' },
                { value: 'slow', label: 'Slow' },
              ]}
              onChange={(value) =>
                setParameters((before) => {
                  const after = new URLSearchParams(before);
                  if (value === 'slow') after.set('log', 'slow');
                  else after.delete('log');
                  return after;
                })
              }
            />
          }
        />
      )}
    </Surface>
  );
}
