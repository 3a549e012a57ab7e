// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { Button, Code, Group, Modal, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDeviceFloppy, IconReload } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { request } from '../../api/client';
import { useEvents } from '../../api/events';
import { useApi } from '../../api/queries';
import type { BuildInfo, RuntimeInfo, SkoposStatus } from '../../api/types';
import { ChartPanel } from '../../chart/ChartPanel';
import { formatBytes, formatCount, formatNumber, formatSeconds } from '../../model/units';
import { DataTable } from '../../parts/DataTable';
import { Empty, ErrorNote } from '../../parts/ErrorNote';
import { Facts, Tiles } from '../../parts/Facts';
import { Meter } from '../../parts/Meter';
import { PageHead } from '../../parts/PageHead';
import { Status } from '../../parts/Status';
import { Surface } from '../../parts/Surface';
import { ago, formatDuration, formatTime } from '../../url/timeRange';
import { LimitsPanel } from './LimitsPanel';

/** How the server itself is: storage, memory, log, damage, config. */
export function ServerPage() {
  const status = useApi<SkoposStatus>('/api/v1/status/skopos');
  const runtime = useApi<RuntimeInfo>('/api/v1/status/runtimeinfo');
  const build = useApi<BuildInfo>('/api/v1/status/buildinfo', {}, true, false);
  const { events } = useEvents();
  const data = status.data?.data;
  return (
    <>
      <PageHead title="Server" note={build.data ? `Skopos ${build.data.data.applicationVersion ?? ''} (${build.data.data.revision}), Java ${build.data.data.javaVersion ?? ''}` : 'How Skopos itself is.'}>
        <Control />
      </PageHead>
      {status.error && <ErrorNote error={status.error} onRetry={() => void status.refetch()} />}
      {!data ? (
        status.error ? null : <Skeleton height={400} />
      ) : (
        <Stack gap={14}>
          <Tiles
            tiles={[
              {
                label: 'Storage',
                value: data.storage.writable ? <Status state="good" size={20} word="takes writes" /> : <Status state="bad" size={20} word="takes no writes" />,
                note: data.storage.reason || undefined,
              },
              { label: 'Damaged files', value: data.damagedFiles.length === 0 ? <Status state="good" size={20} word="none" /> : <Status state="bad" size={20} word={formatCount(data.damagedFiles.length)} /> },
              { label: 'Up for', value: runtime.data ? age(Date.parse(runtime.data.data.serverTime) - Date.parse(runtime.data.data.startTime)) : '–', note: runtime.data ? `since ${formatTime(Date.parse(runtime.data.data.startTime))}` : '' },
              { label: 'Last flush', value: data.storage.lastFlush ? ago(Date.parse(data.storage.lastFlush), Date.now()) : 'not yet', note: data.storage.lastFlushError || 'memory into parts' },
            ]}
          />
          <SimpleGrid cols={{ base: 1, md: 2 }} spacing={14} verticalSpacing={14}>
            <Surface title="Memory" note="One budget for samples in memory, caches and bodies; outside of the Java heap.">
              <Memory data={data} />
            </Surface>
            <Surface title="Log" note="Everything is in it before it is acknowledged; a segment goes when all its rows are in parts.">
              <Facts
                facts={[
                  ['Kept', `${formatBytes(data.storage.log.keptBytes)} in ${formatCount(data.storage.log.segments)} segments`],
                  ['Written since the start', formatBytes(data.storage.log.appendedBytes)],
                  ['Waits to be written', formatBytes(data.storage.log.queuedBytes)],
                  ['Read at the start', `${formatCount(data.storage.replay.rows)} rows, ${formatBytes(data.storage.replay.bytes)} in ${formatSeconds(data.storage.replay.seconds)}`],
                  [
                    'Broken at the start',
                    data.storage.replay.damagedBytes > 0 ? (
                      <Status key="d" state="bad" word={`${formatBytes(data.storage.replay.damagedBytes)} damaged`} />
                    ) : data.storage.replay.tornBytes > 0 ? (
                      `${formatBytes(data.storage.replay.tornBytes)} torn off at the end, never acknowledged`
                    ) : (
                      'nothing'
                    ),
                  ],
                  ['Frames not applied', data.storage.applyFailures === 0 ? 'none' : <Status key="a" state="bad" word={formatCount(data.storage.applyFailures)} />],
                ]}
              />
            </Surface>
            <ChartPanel
              title="Answers, by status"
              name="HTTP answers per second by status"
              help="Requests that the server answered each second. 4xx are mistakes of clients, 5xx its own."
              queries={[{ query: 'sum by (code) (rate(skopos_web_requests_total[1m]))', name: (labels) => labels.code ?? 'requests' }]}
              quantity={{ unit: 'number', perSecond: true }}
              events={events}
              height={170}
              dropUpTo={0}
            />
            <ChartPanel
              title="How long queries take"
              name="Duration of queries"
              help="Half of the queries, and 95 of 100, were answered faster."
              queries={[
                { query: 'histogram_quantile(0.5, sum by (le) (rate(skopos_metrics_query_duration_seconds_bucket[5m])))', name: 'half', colour: 2 },
                { query: 'histogram_quantile(0.95, sum by (le) (rate(skopos_metrics_query_duration_seconds_bucket[5m])))', name: '95 of 100', colour: 1 },
              ]}
              quantity={{ unit: 'seconds' }}
              events={events}
              height={170}
            />
            <ChartPanel
              title="Its own processor time"
              name="Processor time of Skopos"
              help="1 is one core, all the time."
              queries={[{ query: 'rate(process_cpu_seconds_total{job="skopos"}[1m])', name: 'cores' }]}
              quantity={{ unit: 'number' }}
              drawing="area"
              legend={false}
              height={150}
            />
            <ChartPanel
              title="Its own memory"
              name="Memory of Skopos"
              help="All of the process, and the part of it that the Java heap uses."
              queries={[
                { query: 'process_resident_memory_bytes{job="skopos"}', name: 'process', colour: 0 },
                { query: 'sum(jvm_memory_used_bytes{job="skopos", area="heap"})', name: 'Java heap', colour: 2 },
              ]}
              quantity={{ unit: 'bytes' }}
              height={150}
            />
          </SimpleGrid>
          <LimitsPanel />
          {data.damagedFiles.length > 0 && <Damage files={data.damagedFiles} />}
          {data.storage.backgroundErrors.length > 0 && (
            <Surface title="Failed in the background" note="Tried again by themselves.">
              <Code block>{data.storage.backgroundErrors.map(String).join('\n')}</Code>
            </Surface>
          )}
          <Config status={data} runtime={runtime.data?.data} />
        </Stack>
      )}
    </>
  );
}

/** Whole minutes once there are some. */
function age(milliseconds: number): string {
  const unit = milliseconds < 60_000 ? 1000 : 60_000;
  return formatDuration(Math.floor(milliseconds / unit) * unit);
}

const OWNERS: Record<string, string> = { 'metrics.heads': 'samples in memory', 'page cache': 'pages of parts' };

function Memory({ data }: { data: SkoposStatus }) {
  const owners = Object.entries(data.memory.byOwner).sort((a, b) => b[1] - a[1]);
  const line = (label: string, used: number, limit: number) => (
    <div>
      <Group justify="space-between" mb={3}>
        <Text size="sm">{label}</Text>
        <Text size="xs" className="sk-dim sk-num">
          {formatBytes(used)} of {formatBytes(limit)} ({formatNumber(Math.round((100 * used) / Math.max(1, limit)))} %)
        </Text>
      </Group>
      <Meter share={used / Math.max(1, limit)} label={label} />
    </div>
  );
  return (
    <Stack gap={12} mt={4}>
      {line('All of the budget', data.memory.usedBytes, data.memory.limitBytes)}
      {line('Recent rows', data.storage.headBytes, data.storage.headLimitBytes)}
      <Facts facts={owners.map(([owner, bytes]) => [OWNERS[owner] ?? owner, formatBytes(bytes)])} />
    </Stack>
  );
}

interface Damaged {
  kind?: string;
  file?: string;
  what?: string;
  bytes?: number;
  from?: string;
  to?: string;
  found?: string;
}

function Damage({ files }: { files: Damaged[] }) {
  return (
    <Surface title="Damaged files" note="Answers about their time are incomplete; everything else is read around them." flush>
      <DataTable
        rows={files}
        rowKey={(row) => `${row.file}\n${row.what}`}
        name="damaged files"
        searchText={(row) => `${row.file} ${row.what}`}
        columns={[
          { key: 'kind', title: 'Kind', width: '90px', order: (row) => row.kind ?? '', render: (row) => row.kind },
          { key: 'file', title: 'File', width: 'minmax(200px, 2fr)', order: (row) => row.file ?? '', render: (row) => <span className="sk-mono" style={{ overflowWrap: 'anywhere' }}>{row.file}</span> },
          { key: 'what', title: 'What', width: 'minmax(200px, 2fr)', render: (row) => row.what },
          { key: 'bytes', title: 'Bytes', width: '90px', right: true, order: (row) => row.bytes ?? 0, render: (row) => formatBytes(row.bytes ?? 0) },
          { key: 'time', title: 'Time', width: '160px', render: (row) => (row.from && row.to ? `${formatTime(Date.parse(row.from))} – ${formatTime(Date.parse(row.to))}` : '–') },
        ]}
        minWidth={800}
      />
    </Surface>
  );
}

function Config({ status, runtime }: { status: SkoposStatus; runtime: RuntimeInfo | undefined }) {
  const yaml = useApi<{ yaml: string }>('/api/v1/status/config');
  const flags = useApi<Record<string, string>>('/api/v1/status/flags', {}, true, false);
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing={14} verticalSpacing={14}>
      <Surface title="Config">
        <Facts
          facts={[
            ['File', status.config.file],
            ['Read', formatTime(Date.parse(status.config.readAt))],
            ['Last reload', status.config.lastReloadSucceeded ? <Status key="r" state="good" word="went well" /> : <Status key="r" state="bad" word="failed; the old config is in force" />],
            ...(runtime ? ([['Host', runtime.hostname], ['Folder', runtime.CWD]] as [string, string][]) : []),
            ...Object.entries(flags.data?.data ?? {})
              .filter(([, value]) => value !== '')
              .map(([name, value]): [string, string] => [`--${name}`, value]),
          ]}
        />
        {status.config.notices.length > 0 && (
          <Stack gap={6} mt={12}>
            {status.config.notices.map((notice) => (
              <Text key={notice} size="sm">
                <Status state="warn" word="Remark" /> {notice}
              </Text>
            ))}
          </Stack>
        )}
      </Surface>
      <Surface title="As it is in force" note="Secrets are masked.">
        {yaml.error ? (
          <ErrorNote error={yaml.error} />
        ) : yaml.data?.data.yaml.trim() ? (
          <Code block mah={420} style={{ overflow: 'auto' }} tabIndex={0} aria-label="The config in force">
            {yaml.data.data.yaml}
          </Code>
        ) : (
          <Empty title="All defaults">No config file, no settings.</Empty>
        )}
      </Surface>
    </SimpleGrid>
  );
}

function Control() {
  const client = useQueryClient();
  const [asking, setAsking] = useState<'reload' | 'flush' | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    setError(null);
    try {
      await request(`/-/${asking}`, {}, { method: 'POST' });
      notifications.show({ message: asking === 'reload' ? 'The config is reloaded' : 'Memory is flushed into parts', autoClose: 2500 });
      setAsking(null);
      await client.invalidateQueries();
    } catch (e) {
      setError(e as Error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Group gap="xs">
      <Button variant="default" leftSection={<IconDeviceFloppy size={15} />} onClick={() => setAsking('flush')}>
        Flush
      </Button>
      <Button variant="default" leftSection={<IconReload size={15} />} onClick={() => setAsking('reload')}>
        Reload config
      </Button>
      <Modal
        opened={asking !== null}
        onClose={() => {
          setAsking(null);
          setError(null);
        }}
        title={asking === 'reload' ? 'Reload the config?' : 'Flush memory into parts?'}
        centered
      >
        <Stack>
          <Text size="sm">
            {asking === 'reload'
              ? 'The file is read again. What is scraped changes at once; other sections that changed need a restart. A file with mistakes changes nothing.'
              : 'Everything that is in memory is written as parts now. It happens by itself; by hand before taking a copy of the data, for example.'}
          </Text>
          {error && <ErrorNote error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setAsking(null)}>
              Cancel
            </Button>
            <Button loading={busy} onClick={() => void run()}>
              {asking === 'reload' ? 'Reload' : 'Flush'}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Group>
  );
}
