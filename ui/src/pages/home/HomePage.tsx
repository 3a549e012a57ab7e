// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { Anchor, Button, Group, Select, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core';
import { IconArrowRight, IconPlus } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { useEvents } from '../../api/events';
import { useLimits } from '../../api/limits';
import { numberOf, useApi, useGrid, useInstant, useRange } from '../../api/queries';
import type { SkoposStatus, Targets, TsdbStatus } from '../../api/types';
import { ChartPanel } from '../../chart/ChartPanel';
import { attention, type Attention } from '../../model/attention';
import { formatBytes, formatCount, formatNumber } from '../../model/units';
import { Empty, ErrorNote } from '../../parts/ErrorNote';
import { EventForm } from '../../parts/EventForm';
import { Meter } from '../../parts/Meter';
import { PageHead } from '../../parts/PageHead';
import { Sparkline } from '../../parts/Sparkline';
import { Status } from '../../parts/Status';
import { Surface } from '../../parts/Surface';
import { EventList } from '../../parts/EventList';
import { ago, rateWindow } from '../../url/timeRange';
import { useTime } from '../../url/TimeContext';
import { useLink } from '../../url/useLink';
import { FILESYSTEM_FREE, FILESYSTEM_SIZE, hostPanels } from './hostPanels';
import classes from './home.module.css';

/** What is watched, whether it is well, and what to look at next. */
export function HomePage() {
  const time = useTime();
  const grid = useGrid();
  const { events, error: eventsError } = useEvents();
  const [parameters, setParameters] = useSearchParams();
  const [adding, setAdding] = useState(false);
  const link = useLink();

  const up = useInstant('up');
  const hostInfo = useInstant('node_uname_info');
  const free = useInstant(FILESYSTEM_FREE);
  const size = useInstant(FILESYSTEM_SIZE);
  const cpu = useInstant('1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[5m]))');
  const memory = useInstant('1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes');
  const status = useApi<SkoposStatus>('/api/v1/status/skopos');
  const tsdb = useApi<TsdbStatus>('/api/v1/status/tsdb');
  const limits = useLimits();
  const targets = useApi<Targets>('/api/v1/targets', { state: 'active' });

  const hosts = (hostInfo.data?.data ?? []).map((item) => item.metric.instance ?? '').filter(Boolean).sort();
  const host = hosts.includes(parameters.get('host') ?? '') ? parameters.get('host')! : hosts[0];
  const window = rateWindow(grid.step);
  const panels = useMemo(() => (host ? hostPanels(host, window) : []), [host, window]);

  const filesystems = useMemo(() => {
    const sizes = new Map((size.data?.data ?? []).map((item) => [`${item.metric.instance}\n${item.metric.mountpoint}`, numberOf(item) ?? 0]));
    return (free.data?.data ?? [])
      .map((item) => {
        const total = sizes.get(`${item.metric.instance}\n${item.metric.mountpoint}`) ?? 0;
        const available = numberOf(item) ?? 0;
        return {
          instance: item.metric.instance ?? '',
          mountpoint: item.metric.mountpoint ?? '',
          device: item.metric.device ?? '',
          total,
          available,
          used: total > 0 ? 1 - available / total : 0,
        };
      })
      .filter((one) => one.total > 0)
      .sort((a, b) => b.used - a.used);
  }, [free.data, size.data]);

  const now = time.live ? Date.now() : time.range.end;
  const head = tsdb.data?.data.headStats;
  const newest = head && head.maxTime > 0 ? head.maxTime : null;
  const found = attention({
    ...(status.data ? { status: status.data.data } : {}),
    ...(targets.data ? { targets: targets.data.data.activeTargets } : {}),
    down: (up.data?.data ?? [])
      .filter((item) => numberOf(item) === 0)
      .map((item) => ({ job: item.metric.job ?? '', instance: item.metric.instance ?? '' })),
    filesystems,
    hosts: (cpu.data?.data ?? []).map((item) => ({
      instance: item.metric.instance ?? '',
      cpu: numberOf(item),
      memory: numberOf(memory.data?.data.find((one) => one.metric.instance === item.metric.instance)),
    })),
    newestSample: time.live ? newest : null,
    limits: (limits.data?.data.limits ?? []).map((one) => ({ name: one.limit, value: one.value, used: one.usedRatio ?? 0 })),
    now: Date.now(),
  });
  const loading = status.isPending || up.isPending;
  const shownDisks = filesystems.filter((one) => one.instance === host);

  return (
    <>
      <PageHead title="Home" note="What is watched, how it is, and what wants a look.">
        <Group gap="xs">
          {hosts.length > 1 && host && (
            <Select
              aria-label="Host"
              data={hosts}
              value={host}
              searchable
              allowDeselect={false}
              onChange={(value) =>
                setParameters((before) => {
                  const after = new URLSearchParams(before);
                  if (value) after.set('host', value);
                  return after;
                })
              }
            />
          )}
          <Button variant="default" leftSection={<IconPlus size={14} />} onClick={() => setAdding(true)}>
            Add an event
          </Button>
        </Group>
      </PageHead>

      <Tiles status={status.data?.data} tsdb={tsdb.data?.data} up={up.data?.data.map((item) => numberOf(item) === 1) ?? []} newest={newest} now={now} found={found} loading={loading} />

      <div className={classes.columns}>
        <Stack gap={14} miw={0}>
          {status.error && <ErrorNote error={status.error} />}
          {found.length > 0 && (
            <Surface title="Wants a look" flush>
              {found.map((one) => (
                <AttentionRow key={one.id} one={one} />
              ))}
            </Surface>
          )}
          {host ? (
              <SimpleGrid cols={{ base: 1, md: 2 }} spacing={14} verticalSpacing={14}>
                {panels.map((panel) => (
                  <ChartPanel key={panel.title} {...panel} name={`${panel.title} of ${host}`} events={events} fixedOrder points={200} height={186} />
                ))}
              </SimpleGrid>
          ) : hostInfo.isPending ? (
            <Skeleton height={400} radius="md" />
          ) : (
            <Surface>
              <Empty title="No host in this tenant’s data">
                On Linux, Skopos watches the machine it runs on by itself. Elsewhere, scrape a node_exporter or push metrics; they appear here.
              </Empty>
            </Surface>
          )}
        </Stack>
        <Stack gap={14} miw={0}>
          <Sources />
          {host && (
            <Surface title="Disk space" note={`Fullest first, on ${host}`}>
              {shownDisks.length === 0 ? (
                <Empty title="No file systems seen yet" />
              ) : (
                <Stack gap={12} mt={4}>
                  {shownDisks.slice(0, 6).map((disk) => (
                    <div key={disk.mountpoint}>
                      <Group justify="space-between" gap="xs" wrap="nowrap" mb={4}>
                        <Anchor
                          component={Link}
                          to={link('/promql', { q: `node_filesystem_avail_bytes{instance=${JSON.stringify(disk.instance)}, mountpoint=${JSON.stringify(disk.mountpoint)}}` })}
                          size="sm"
                          truncate
                          c="inherit"
                        >
                          {disk.mountpoint}
                        </Anchor>
                        <Text size="xs" className="sk-dim sk-num" style={{ whiteSpace: 'nowrap' }}>
                          {formatNumber(Math.round(disk.used * 100))} % · {formatBytes(disk.available)} of {formatBytes(disk.total)} free
                        </Text>
                      </Group>
                      <Meter share={disk.used} label={`${disk.mountpoint} used`} />
                    </div>
                  ))}
                </Stack>
              )}
            </Surface>
          )}
          <Surface
            title="What changed"
            note="Deploys, faults, configs: drawn on every chart"
            actions={
              <Button variant="subtle" size="compact-xs" onClick={() => setAdding(true)}>
                Add
              </Button>
            }
          >
            {eventsError ? (
              <ErrorNote error={eventsError} />
            ) : (
              <EventList
                events={events.slice(0, 8)}
                empty={
                  <>
                    Nothing in this time. A deploy script can tell: <span className="sk-mono">./skopos event add 'deployed shop 1.4' --kind deploy</span>
                  </>
                }
              />
            )}
          </Surface>
        </Stack>
      </div>
      {adding && <EventForm start={Math.min(Date.now(), time.range.end) / 1000} onClose={() => setAdding(false)} />}
    </>
  );
}

function AttentionRow({ one }: { one: Attention }) {
  const link = useLink();
  const word = { bad: 'Problem', warn: 'Warning', info: 'Note' }[one.severity];
  return (
    <div className={classes.attention}>
      <div className={classes.attentionState}>
        <Status state={one.severity} word={word} />
      </div>
      <div style={{ flex: 1, minWidth: 0 }}>
        <Text size="sm" fw={600}>
          {one.title}
        </Text>
        <Text size="xs" className="sk-dim" style={{ overflowWrap: 'anywhere' }}>
          {one.detail}
        </Text>
      </div>
      <Button variant="default" component={Link} to={link(one.path, one.parameters)} rightSection={<IconArrowRight size={14} />}>
        {one.action}
      </Button>
    </div>
  );
}

interface TilesProps {
  status: SkoposStatus | undefined;
  tsdb: TsdbStatus | undefined;
  up: boolean[];
  newest: number | null;
  now: number;
  found: Attention[];
  loading: boolean;
}

function Tiles({ status, tsdb, up, newest, now, found, loading }: TilesProps) {
  const rows = useRange([{ query: 'sum(rate(skopos_ingest_rows_total[1m]))' }], { points: 60 });
  const rate = rows.data.series[0]?.values ?? [];
  const lastRate = rate.findLast((value) => value !== null) ?? null;
  const disk = useInstant('sum(skopos_storage_parts_bytes) + sum(skopos_storage_log_kept_bytes)');
  const bad = found.filter((one) => one.severity === 'bad').length;
  const warn = found.filter((one) => one.severity === 'warn').length;
  const down = up.filter((one) => !one).length;
  const onDisk = numberOf(disk.data?.data[0]) ?? status?.storage.log.keptBytes ?? null;
  return (
    <div className={classes.tiles}>
      <Tile label="Health">
        {loading ? (
          <Skeleton height={24} width={110} />
        ) : bad > 0 ? (
          <Status state="bad" size={22} word={bad === 1 ? 'One problem' : `${bad} problems`} />
        ) : warn > 0 ? (
          <Status state="warn" size={22} word={warn === 1 ? 'One warning' : `${warn} warnings`} />
        ) : (
          <Status state="good" size={22} word="All is well" />
        )}
      </Tile>
      <Tile label="Sources" note={down === 0 ? 'all answer' : `${down} down`}>
        {up.length}
      </Tile>
      <Tile label="Newest sample" note={newest && now - newest > 120_000 ? 'nothing comes in' : 'data is fresh'}>
        {newest ? ago(newest, Math.max(now, newest)) : 'none yet'}
      </Tile>
      <Tile label="Series now" note={tsdb ? `${formatCount(tsdb.headStats.numLabelPairs)} label pairs` : ''}>
        {tsdb ? formatCount(tsdb.headStats.numSeries) : '–'}
      </Tile>
      <Tile label="Samples per second" side={<Sparkline values={rate} />}>
        {lastRate === null ? '–' : formatNumber(Math.round(lastRate * 10) / 10)}
      </Tile>
      <Tile label="Kept on disk" note={status ? (status.storage.writable ? 'log takes writes' : 'log takes no writes') : ''}>
        {onDisk === null ? '–' : formatBytes(onDisk)}
      </Tile>
    </div>
  );
}

function Tile({ label, note, side, children }: { label: string; note?: string; side?: React.ReactNode; children: React.ReactNode }) {
  return (
    <div className={classes.tile}>
      <div className={classes.tileLabel}>{label}</div>
      <div className={classes.tileRow}>
        <div className={classes.tileValue}>{children}</div>
        {side}
      </div>
      {note && <div className={classes.tileNote}>{note}</div>}
    </div>
  );
}

/** Who sends, by job. */
function Sources() {
  const link = useLink();
  const up = useInstant('up');
  const age = useInstant('time() - timestamp(up)');
  const jobs = new Map<string, { up: number; all: number; age: number }>();
  for (const item of up.data?.data ?? []) {
    const job = item.metric.job ?? '(none)';
    const entry = jobs.get(job) ?? { up: 0, all: 0, age: Infinity };
    entry.all++;
    if (numberOf(item) === 1) entry.up++;
    const seconds = numberOf(age.data?.data.find((one) => one.metric.job === item.metric.job && one.metric.instance === item.metric.instance));
    entry.age = Math.min(entry.age, seconds ?? Infinity);
    jobs.set(job, entry);
  }
  const known: Record<string, string> = { node: 'this and other hosts', skopos: 'Skopos itself' };
  return (
    <Surface
      title="What is watched"
      actions={
        <Button variant="subtle" size="compact-xs" component={Link} to={link('/targets')}>
          Targets
        </Button>
      }
    >
      {up.error ? (
        <ErrorNote error={up.error} />
      ) : jobs.size === 0 ? (
        <Empty title="Nothing yet">The first samples come within 15 seconds.</Empty>
      ) : (
        <Stack gap={10}>
          {[...jobs.entries()].map(([job, entry]) => (
            <Group key={job} justify="space-between" wrap="nowrap" gap="xs">
              <div style={{ minWidth: 0 }}>
                <Anchor component={Link} to={link('/explore', { filter: `job=${JSON.stringify(job)}` })} size="sm" fw={600} c="inherit">
                  {job}
                </Anchor>
                <Text size="xs" className="sk-dim">
                  {known[job] ? `${known[job]} · ` : ''}
                  {Number.isFinite(entry.age) ? `${Math.max(0, Math.round(entry.age))} s ago` : ''}
                </Text>
              </div>
              <Text size="xs">
                <Status state={entry.up === entry.all ? 'good' : 'bad'} word={entry.up === entry.all ? `${entry.all} up` : `${entry.up} of ${entry.all} up`} size={15} />
              </Text>
            </Group>
          ))}
        </Stack>
      )}
    </Surface>
  );
}
