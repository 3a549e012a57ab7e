// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { Anchor, Code, SegmentedControl, Select, Skeleton, Stack, Tabs, Text } from '@mantine/core';
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { numberOf, useApi, useInstant } from '../../api/queries';
import type { Labels, Target, Targets } from '../../api/types';
import { formatCount, formatSeconds } from '../../model/units';
import { DataTable, type Column } from '../../parts/DataTable';
import { Empty, ErrorNote } from '../../parts/ErrorNote';
import { Tiles } from '../../parts/Facts';
import { PageHead } from '../../parts/PageHead';
import { Status, type State } from '../../parts/Status';
import { Surface } from '../../parts/Surface';
import table from '../../parts/table.module.css';
import { ago } from '../../url/timeRange';
import { IngestPanel } from './IngestPanel';
import { DiscoveryProblems } from './DiscoveryProblems';
import { ScrapeHistory } from './ScrapeHistory';
import { pairs, RelabelSteps, TargetDetails } from './TargetDetails';

const STATES: Record<Target['health'], { state: State; word: string }> = {
  up: { state: 'good', word: 'up' },
  down: { state: 'bad', word: 'down' },
  unknown: { state: 'unknown', word: 'not yet' },
};

/** What is scraped and how it went; what is pushed and what of it was refused. */
export function TargetsPage() {
  const [parameters, setParameters] = useSearchParams();
  const set = (name: string, value: string) =>
    setParameters((before) => {
      const after = new URLSearchParams(before);
      if (value) after.set(name, value);
      else after.delete(name);
      return after;
    });
  return (
    <>
      <PageHead title="Targets and ingest" note="What is scraped and how it went; what is pushed and what of it was refused." />
      <Tabs value={parameters.get('tab') ?? 'targets'} onChange={(value) => set('tab', value === 'targets' ? '' : (value ?? ''))} keepMounted={false}>
        <Tabs.List mb={12}>
          <Tabs.Tab value="targets">Targets</Tabs.Tab>
          <Tabs.Tab value="ingest">What comes in</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="targets">
          <TargetTable health={parameters.get('health') ?? ''} pool={parameters.get('pool') ?? ''} set={set} />
        </Tabs.Panel>
        <Tabs.Panel value="ingest">
          <IngestPanel />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function describe(labels: Labels): string {
  return Object.entries(labels)
    .filter(([name]) => name !== 'job' && name !== 'instance')
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

function TargetTable({ health, pool, set }: { health: string; pool: string; set: (name: string, value: string) => void }) {
  const result = useApi<Targets>('/api/v1/targets', {});
  const all = useMemo(() => result.data?.data.activeTargets ?? [], [result.data]);
  const pools = useMemo(() => [...new Set(all.map((one) => one.scrapePool))].sort(), [all]);
  const rows = useMemo(() => all.filter((one) => (health === '' || one.health === health) && (pool === '' || one.scrapePool === pool)), [all, health, pool]);
  const count = (state: Target['health']) => all.filter((one) => one.health === state).length;
  const dropped = Object.values(result.data?.data.droppedTargetCounts ?? {}).reduce((sum, one) => sum + one, 0);
  const now = Date.now();

  const columns: Column<Target>[] = [
    { key: 'health', title: 'State', width: '92px', order: (row) => row.health, render: (row) => <Status {...STATES[row.health]} /> },
    { key: 'pool', title: 'Job', width: 'minmax(90px, 0.8fr)', order: (row) => row.scrapePool, render: (row) => <span className={table.clip}>{row.scrapePool}</span> },
    {
      key: 'url',
      title: 'Address',
      width: 'minmax(200px, 2fr)',
      order: (row) => row.scrapeUrl,
      render: (row) => (
        <div>
          <Anchor href={row.globalUrl || row.scrapeUrl} target="_blank" rel="noreferrer noopener" size="sm" c="inherit" style={{ overflowWrap: 'anywhere' }}>
            {row.scrapeUrl}
          </Anchor>
          {row.lastError ? (
            <Text size="xs" style={{ color: 'var(--sk-bad)', overflowWrap: 'anywhere' }}>
              {row.lastError}
            </Text>
          ) : (
            <Text size="xs" className={`sk-dim ${table.clip}`} title={describe(row.labels)}>
              {describe(row.labels)}
            </Text>
          )}
        </div>
      ),
    },
    {
      key: 'last',
      title: 'Last scrape',
      width: '100px',
      right: true,
      order: (row) => Date.parse(row.lastScrape) || 0,
      render: (row) => (Date.parse(row.lastScrape) > 0 ? ago(Date.parse(row.lastScrape), now) : 'never'),
    },
    { key: 'took', title: 'Took', width: '80px', right: true, order: (row) => row.lastScrapeDuration, render: (row) => (row.lastScrapeDuration > 0 ? formatSeconds(row.lastScrapeDuration) : '–') },
    { key: 'every', title: 'Every', width: '64px', right: true, render: (row) => row.scrapeInterval },
  ];

  if (result.isPending) return <Skeleton height={300} />;
  if (result.error) return <ErrorNote error={result.error} onRetry={() => void result.refetch()} />;
  return (
    <Stack gap={14}>
      {all.length > 0 && (
        <Tiles
          tiles={[
            { label: 'Up', value: <Status state="good" size={20} word={formatCount(count('up'))} /> },
            { label: 'Down', value: count('down') > 0 ? <Status state="bad" size={20} word={formatCount(count('down'))} /> : '0' },
            { label: 'Not scraped yet', value: formatCount(count('unknown')) },
            { label: 'Dropped by relabelling', value: formatCount(dropped) },
          ]}
        />
      )}
      {all.length > 0 ? (
        <Surface title="Scraped" flush>
          <DataTable
            rows={rows}
            columns={columns}
            rowKey={(row) => `${row.scrapePool}\n${row.scrapeUrl}\n${JSON.stringify(row.labels)}`}
            name="targets"
            searchText={(row) => `${row.scrapeUrl} ${row.lastError} ${Object.entries(row.labels).map(([name, value]) => `${name}=${value}`).join(' ')}`}
            searchHint="Search addresses, labels, errors"
            initialOrder={{ key: 'health', up: true }}
            minWidth={760}
            tools={
              <>
                <SegmentedControl
                  size="xs"
                  aria-label="State"
                  value={health}
                  onChange={(value) => set('health', value)}
                  data={[
                    { value: '', label: 'All' },
                    { value: 'down', label: `Down ${count('down')}` },
                    { value: 'up', label: `Up ${count('up')}` },
                  ]}
                />
                {pools.length > 1 && (
                  <Select aria-label="Job" placeholder="All jobs" clearable searchable data={pools} value={pool || null} onChange={(value) => set('pool', value ?? '')} w={150} />
                )}
              </>
            }
            expand={(row) => <TargetDetails target={row} />}
          />
        </Surface>
      ) : (
        <Surface>
          <Empty title="Nothing is scraped yet">
            Give the server a prometheus.yml, or a file with this in it, as <span className="sk-mono">--config</span>:
          </Empty>
          <Code block maw={520} mx="auto" mb={8}>
            {'scrape_configs:\n  - job_name: api\n    static_configs:\n      - targets: ["127.0.0.1:8080"]\n'}
          </Code>
        </Surface>
      )}
      <DiscoveryProblems />
      {result.data && result.data.data.droppedTargets.length > 0 && <Dropped dropped={result.data.data.droppedTargets} />}
      <BuiltIn scraped={all} />
    </Stack>
  );
}

/** What relabelling took out, and by which rule. */
function Dropped({ dropped }: { dropped: Targets['droppedTargets'] }) {
  return (
    <Surface title="Dropped by relabelling" flush>
      <DataTable
        rows={dropped.map((one, index) => ({ ...one, index }))}
        rowKey={(row) => String(row.index)}
        name="dropped targets"
        searchText={(row) => pairs(row.discoveredLabels)}
        maxHeight={360}
        minWidth={480}
        columns={[
          { key: 'pool', title: 'Job', width: 'minmax(90px, 0.5fr)', order: (row) => row.scrapePool ?? '', render: (row) => row.scrapePool ?? row.discoveredLabels.job },
          { key: 'labels', title: 'Before relabelling', width: 'minmax(240px, 3fr)', render: (row) => <span className={`sk-mono ${table.clamp}`}>{pairs(row.discoveredLabels)}</span> },
        ]}
        expand={(row) => <RelabelSteps pool={row.scrapePool ?? row.discoveredLabels.job ?? ''} labels={row.discoveredLabels} />}
      />
    </Surface>
  );
}

interface Source {
  job: string;
  instance: string;
  up: boolean;
  age: number | null;
}

/** Who has an `up` and is not scraped from a config: this host, Skopos itself, senders of remote write. */
function BuiltIn({ scraped }: { scraped: Target[] }) {
  const up = useInstant('up');
  const age = useInstant('time() - timestamp(up)');
  const rows = useMemo(() => {
    const known = new Set(scraped.map((one) => `${one.labels.job}\n${one.labels.instance}`));
    const ages = new Map((age.data?.data ?? []).map((item) => [`${item.metric.job}\n${item.metric.instance}`, numberOf(item)]));
    return (up.data?.data ?? [])
      .map((item): Source => {
        const key = `${item.metric.job}\n${item.metric.instance}`;
        return { job: item.metric.job ?? '', instance: item.metric.instance ?? '', up: numberOf(item) === 1, age: ages.get(key) ?? null };
      })
      .filter((one) => !known.has(`${one.job}\n${one.instance}`));
  }, [up.data, age.data, scraped]);
  if (rows.length === 0) return null;
  return (
    <Surface title="Comes by itself" note="This host, Skopos itself, and others that tell how they are without being scraped from here." flush>
      <DataTable
        rows={rows}
        rowKey={(row) => `${row.job}\n${row.instance}`}
        name="other sources"
        columns={[
          { key: 'state', title: 'State', width: '92px', render: (row) => <Status state={row.up ? 'good' : 'bad'} word={row.up ? 'up' : 'down'} /> },
          { key: 'job', title: 'Job', width: 'minmax(90px, 1fr)', order: (row) => row.job, render: (row) => row.job },
          { key: 'instance', title: 'Instance', width: 'minmax(150px, 2fr)', order: (row) => row.instance, render: (row) => row.instance },
          { key: 'age', title: 'Last', width: '110px', right: true, render: (row) => (row.age === null ? '–' : `${Math.max(0, Math.round(row.age))} s ago`) },
        ]}
        minWidth={440}
        expand={(row) => <ScrapeHistory labels={{ job: row.job, instance: row.instance }} />}
      />
    </Surface>
  );
}
