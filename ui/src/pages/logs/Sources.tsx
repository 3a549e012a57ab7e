// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Anchor, Code, Group, Select, Skeleton, Stack, Text, TextInput, Tooltip } from '@mantine/core';
import { IconMinus, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { TENANT_HEADER, tenantNow } from '../../api/client';
import { loki, nanos, type DetectedLabel, type LogData } from '../../api/logs';
import type { MatrixItem } from '../../api/types';
import { align } from '../../chart/chartData';
import type { Matcher } from '../../model/selector';
import { formatBytes, formatNumber } from '../../model/units';
import { selectorText } from '../../model/logs/logql';
import { Empty, ErrorNote } from '../../parts/ErrorNote';
import { Sparkline } from '../../parts/Sparkline';
import { Surface } from '../../parts/Surface';
import { niceStep } from '../../url/timeRange';
import { useTime } from '../../url/TimeContext';
import classes from './logs.module.css';

/** Labels that usually say what a line's source is, the most telling first. */
export const SOURCE_LABELS = ['service_name', 'service', 'app', 'application', 'job', 'container', 'namespace', 'host', 'hostname', 'filename'];

const BINS = 60;
const MOST_SOURCES = 200;

/** Label names of the time range, with how many values each has where the server tells. */
export function useLogLabels(matchers: Matcher[] = []) {
  const { range } = useTime();
  const start = nanos(Math.floor(range.start / 60_000) * 60_000);
  const end = nanos(Math.ceil(range.end / 60_000) * 60_000);
  const query = matchers.length > 0 ? selectorText(matchers) : undefined;
  return useQuery({
    queryKey: ['log-labels', query, start, end],
    queryFn: async ({ signal }): Promise<DetectedLabel[]> => {
      try {
        const { detectedLabels } = await loki<{ detectedLabels: DetectedLabel[] | null }>('/detected_labels', { query, start, end }, signal);
        if (detectedLabels && detectedLabels.length > 0) return detectedLabels;
      } catch (e) {
        if (signal.aborted) throw e;
      }
      const names = await loki<string[]>('/labels', { query, start, end }, signal);
      return (Array.isArray(names) ? names : []).map((label) => ({ label, cardinality: 0 }));
    },
  });
}

interface Source {
  value: string;
  bytes: number;
  series: (number | null)[];
}

function useSources(label: string, matchers: Matcher[]) {
  const { range } = useTime();
  const step = niceStep(range, BINS, 1);
  const query = selectorText(matchers);
  const start = Math.floor(range.start / 1000 / step) * step;
  const end = Math.ceil(range.end / 1000 / step) * step;
  const volume = useQuery({
    queryKey: ['log-sources', label, query, start, end],
    queryFn: async ({ signal }) => {
      const parameters = { query, start: nanos(range.start), end: nanos(range.end), limit: MOST_SOURCES, targetLabels: label };
      const data = await loki<LogData>('/index/volume', parameters, signal);
      return data.resultType === 'vector' ? data.result : [];
    },
    enabled: label !== '',
  });
  const trend = useQuery({
    queryKey: ['log-source-trend', label, query, start, end, step],
    queryFn: async ({ signal }): Promise<MatrixItem[]> => {
      const parameters = { query, start: nanos(start * 1000), end: nanos(end * 1000), limit: MOST_SOURCES, targetLabels: label, step: `${step}s` };
      const data = await loki<LogData>('/index/volume_range', parameters, signal);
      return data.resultType === 'matrix' ? data.result : [];
    },
    enabled: label !== '',
  });
  const sources = useMemo<Source[]>(() => {
    const shapes = new Map(align(trend.data ?? [], start, end, step).series.map((one) => [one.labels[label] ?? '', // The last step has only begun.
        one.values.slice(0, -1).map((value) => value ?? 0),
      ]));
    return (volume.data ?? [])
      .map((item) => ({ value: item.metric[label] ?? '', bytes: Number(item.value?.[1] ?? 0), series: shapes.get(item.metric[label] ?? '') ?? [] }))
      .filter((one) => one.value !== '')
      .sort((a, b) => b.bytes - a.bytes);
  }, [volume.data, trend.data, label, start, end, step]);
  return { sources, error: volume.error, loading: volume.isPending };
}

interface SourcesProps {
  matchers: Matcher[];
  by: string | null;
  onBy: (label: string) => void;
  onChoose: (matcher: Matcher) => void;
}

/** Who writes logs, by volume: the first step to a line without a query. */
export function Sources({ matchers, by, onBy, onChoose }: SourcesProps) {
  const labels = useLogLabels(matchers);
  const names = labels.data?.map((one) => one.label) ?? [];
  const label = by && (names.includes(by) || labels.isPending) ? by : (SOURCE_LABELS.find((one) => names.includes(one)) ?? names[0] ?? '');
  const { sources, error, loading } = useSources(label, matchers);
  const [search, setSearch] = useState('');
  const time = useTime();
  const wanted = search.trim().toLowerCase();
  const shown = sources.filter((one) => one.value.toLowerCase().includes(wanted));
  const total = sources.reduce((sum, one) => sum + one.bytes, 0);
  if (labels.error) return <ErrorNote error={labels.error} onRetry={() => void labels.refetch()} />;
  if (labels.data && names.length === 0) return <NoLogs />;
  return (
    <Surface
      title="Sources"
      note="Most text first. Choose one to see its lines; every choice becomes part of the query above."
      flush
    >
      <Group gap="xs" px={16} pb={10}>
          <TextInput aria-label="Search sources" placeholder="Search" leftSection={<IconSearch size={14} />} value={search} onChange={(event) => setSearch(event.currentTarget.value)} w={150} />
          <Select
            aria-label="List sources by"
            data={(labels.data ?? []).map((one) => ({ value: one.label, label: one.cardinality > 0 ? `${one.label} (${one.cardinality})` : one.label }))}
            value={label || null}
            onChange={(value) => value && onBy(value)}
            allowDeselect={false}
            searchable
            w={170}
          />
        </Group>
      {error ? (
        <Stack p={16}>
          <ErrorNote error={error} onRetry={time.refresh} />
        </Stack>
      ) : loading || labels.isPending ? (
        <Stack p={16} gap={8} role="status" aria-label="Loading">
          {Array.from({ length: 6 }, (_, index) => (
            <Skeleton key={index} height={34} />
          ))}
        </Stack>
      ) : shown.length === 0 ? (
        <Empty title={wanted ? 'No such source' : 'No logs in this time'}>{wanted ? 'Nothing matches the search.' : 'Choose a longer time at the top.'}</Empty>
      ) : (
        <ul className={classes.sources}>
          {shown.map((one) => (
            <li key={one.value} className={classes.sourceRow}>
              <button type="button" className={classes.sourceMain} onClick={() => onChoose({ name: label, operator: '=', value: one.value })} aria-label={`Lines of ${one.value}`}>
                <span className={classes.sourceName}>{one.value}</span>
                <span className={classes.sourceBar} aria-hidden="true">
                  <span style={{ width: `${total > 0 ? Math.max(0.5, (one.bytes / (sources[0]?.bytes || 1)) * 100) : 0}%` }} />
                </span>
                <span className={classes.sourceSpark}>
                  <Sparkline values={one.series} width={150} height={26} />
                </span>
                <span className={classes.sourceBytes}>{formatBytes(one.bytes)}</span>
                <span className={classes.sourceShare}>{total > 0 ? `${formatNumber((one.bytes / total) * 100)} %` : ''}</span>
              </button>
              <Tooltip label={`Everything but ${one.value}`}>
                <ActionIcon size="sm" aria-label={`Without ${one.value}`} onClick={() => onChoose({ name: label, operator: '!=', value: one.value })}>
                  <IconMinus size={14} />
                </ActionIcon>
              </Tooltip>
            </li>
          ))}
        </ul>
      )}
    </Surface>
  );
}

/** Says how to begin, in commands that work as they stand. */
function NoLogs() {
  const time = useTime();
  const address = location.origin;
  const tenant = tenantNow();
  const ever = useQuery({
    queryKey: ['logs-ever'],
    queryFn: async ({ signal }) => {
      const names = await loki<string[]>('/labels', { start: nanos(Date.now() - 30 * 86_400_000), end: nanos(Date.now()) }, signal);
      return Array.isArray(names) ? names.length : 0;
    },
  });
  if ((ever.data ?? 0) > 0) {
    return (
      <Empty title="No logs in this time">
        There are some in the last 30 days.{' '}
        <Anchor component="button" type="button" size="sm" onClick={() => time.setRaw({ from: 'now-30d', to: 'now' })}>
          Look there
        </Anchor>
      </Empty>
    );
  }
  return (
    <Surface title="No logs yet">
      <Stack gap={10}>
        <Text size="sm">Send some. Promtail, Alloy, Fluent Bit, Vector and Docker’s Loki driver speak Loki’s protocol; OpenTelemetry collectors and SDKs send OTLP:</Text>
        <Group gap={6}>
          <Code>{`${address}/loki/api/v1/push`}</Code>
          <Text size="sm">for Loki’s protocol,</Text>
          <Code>{`${address}/v1/logs`}</Code>
          <Text size="sm">for OTLP over HTTP.</Text>
        </Group>
        <Text size="sm">Or try one line:</Text>
        <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{`curl${tenant ? ` -H '${TENANT_HEADER}: ${tenant}'` : ''} -H 'Content-Type: application/json' ${address}/loki/api/v1/push --data '{"streams":[{"stream":{"service_name":"hello"},"values":[["'$(date +%s%N)'","first line"]]}]}'`}</Code>
        <Text size="sm" className="sk-dim">
          It is here a moment later. The guide docs/guide/find-the-line.md tells the rest.
        </Text>
      </Stack>
    </Surface>
  );
}
