// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { Anchor, Button, Select, SimpleGrid, Skeleton, Tabs, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { useCost } from '../../api/cardinality';
import { api } from '../../api/client';
import { useEvents } from '../../api/events';
import { numberOf, useInstant } from '../../api/queries';
import { ChartPanel } from '../../chart/ChartPanel';
import { formatBytes, formatCount, formatNumber } from '../../model/units';
import { DataTable, type Column } from '../../parts/DataTable';
import { ErrorNote } from '../../parts/ErrorNote';
import { Tiles } from '../../parts/Facts';
import { PageHead } from '../../parts/PageHead';
import { Surface } from '../../parts/Surface';
import { formatTime } from '../../url/timeRange';
import { useLink } from '../../url/useLink';
import { CostTable, Growth, Share, type Rule } from './CostTable';
import { RuleModal } from './RuleModal';
import { TenantCosts } from './TenantCosts';

interface Usage {
  since: string;
  unusedMetrics: number;
  metrics: { name: string; series: number }[];
}

const MOST_UNUSED = 10_000;

/** Where the series come from, what nobody asks for, and how to be rid of it. */
export function CostPage() {
  const [parameters, setParameters] = useSearchParams();
  const { events } = useEvents();
  const [rule, setRule] = useState<Rule | null>(null);
  const tab = parameters.get('by') ?? 'metric';
  const label = parameters.get('label') ?? '';
  const metrics = useCost('metric');
  const parts = useInstant('sum(skopos_storage_parts_bytes) + sum(skopos_storage_log_kept_bytes)');
  const unused = useQuery({
    queryKey: ['unused'],
    queryFn: async ({ signal }) => (await api<Usage>('/api/v1/status/metric_usage', { unused: true, limit: MOST_UNUSED }, { signal })).data,
  });
  const set = (by: string, ofLabel = '') =>
    setParameters((before) => {
      const after = new URLSearchParams(before);
      after.set('by', by);
      if (ofLabel) after.set('label', ofLabel);
      else after.delete('label');
      return after;
    });
  const report = metrics.data?.report;
  const total = report?.total;
  const onDisk = numberOf(parts.data?.data[0]);
  const unusedSeries = unused.data?.metrics.reduce((sum, one) => sum + one.series, 0) ?? null;

  return (
    <>
      <PageHead title="Cost" note="Where series come from, what nobody asks for, and the rule that would spare it." />
      <Tiles
        tiles={[
          { label: report?.day ? `Series on ${report.day}` : 'Series', value: total ? formatCount(total.series) : '–', note: total ? <Growth now={total.series} before={total.seriesDayBefore} /> : '' },
          { label: 'Metrics', value: report ? formatCount(report.groupCount) : '–' },
          { label: 'Samples per second', value: total ? formatNumber(Math.round(total.samplesPerSecond * 10) / 10) : '–', note: 'estimated' },
          { label: 'On disk', value: onDisk === null ? '–' : formatBytes(onDisk), note: 'parts and log, of all tenants' },
          {
            label: 'Never asked for',
            value: unused.data ? formatCount(unused.data.unusedMetrics) : '–',
            note: unusedSeries !== null && total && total.series > 0 ? `metrics; ${Math.min(100, Math.round((100 * unusedSeries) / total.series))} % of series` : 'metrics',
          },
        ]}
      />
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing={14} my={14}>
        <ChartPanel
          title="Series over time"
          name="Series over time"
          help="Series with samples in memory, of all tenants. A step up after a deploy is a new label or a new metric."
          queries={[{ query: 'sum(skopos_metrics_head_series)', name: 'series' }]}
          quantity={{ unit: 'number' }}
          drawing="area"
          height={150}
          events={events}
          legend={false}
        />
        <ChartPanel
          title="Samples per second"
          name="Samples per second over time"
          help="What all sources send together."
          queries={[{ query: 'sum(rate(skopos_ingest_rows_total[1m]))', name: 'samples' }]}
          quantity={{ unit: 'number', perSecond: true }}
          drawing="area"
          height={150}
          events={events}
          legend={false}
        />
      </SimpleGrid>
      <Tabs value={tab} onChange={(value) => set(value ?? 'metric')} keepMounted={false}>
        <Tabs.List mb={12}>
          <Tabs.Tab value="metric">By metric</Tabs.Tab>
          <Tabs.Tab value="label">By label</Tabs.Tab>
          <Tabs.Tab value="value">By value</Tabs.Tab>
          <Tabs.Tab value="target">By target</Tabs.Tab>
          <Tabs.Tab value="tenant">By tenant</Tabs.Tab>
          <Tabs.Tab value="unused">Never asked for</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="metric">
          <Costs kind="metric" title="Metrics with the most series" onRule={setRule} />
        </Tabs.Panel>
        <Tabs.Panel value="label">
          <Costs
            kind="label"
            title="Labels with the most values"
            note="Each new value of a label makes new series; ids, addresses and paths with numbers are the usual suspects. A click lists a label’s values."
            onRule={setRule}
            onLabel={(name) => set('value', name)}
          />
        </Tabs.Panel>
        <Tabs.Panel value="value">
          <ValueCosts label={label} onLabel={(name) => set('value', name)} onRule={setRule} />
        </Tabs.Panel>
        <Tabs.Panel value="target">
          <Costs kind="target" title="What each target brings" onRule={setRule} />
        </Tabs.Panel>
        <Tabs.Panel value="tenant">
          <TenantCosts />
        </Tabs.Panel>
        <Tabs.Panel value="unused">
          {unused.isPending ? (
            <Skeleton height={240} />
          ) : unused.error ? (
            <ErrorNote error={unused.error} />
          ) : (
            <Unused usage={unused.data} total={total?.series ?? 0} onRule={setRule} />
          )}
        </Tabs.Panel>
      </Tabs>
      {rule && <RuleModal drop={rule.drop} series={rule.series} onClose={() => setRule(null)} />}
    </>
  );
}

interface CostsProps {
  kind: 'metric' | 'label' | 'target';
  title: string;
  note?: string;
  onRule: (rule: Rule) => void;
  onLabel?: (label: string) => void;
}

const ESTIMATE = 'Bytes and samples per second are estimates, from page sizes and counts.';

function Costs({ kind, title, note, onRule, onLabel }: CostsProps) {
  const result = useCost(kind);
  if (result.isPending) return <Skeleton height={300} />;
  if (result.error) return <ErrorNote error={result.error} onRetry={() => void result.refetch()} />;
  return (
    <Surface title={title} note={note ?? ESTIMATE} flush>
      <CostTable report={result.data.report} kind={kind} onRule={onRule} {...(onLabel ? { onLabel } : {})} />
      {result.data.warnings.map((warning) => (
        <Text key={warning} size="xs" p={12} style={{ color: 'var(--sk-warn)' }}>
          {warning}
        </Text>
      ))}
    </Surface>
  );
}

function ValueCosts({ label, onLabel, onRule }: { label: string; onLabel: (label: string) => void; onRule: (rule: Rule) => void }) {
  const labels = useCost('label');
  const names = (labels.data?.report.groups ?? []).map((one) => one.name ?? '').filter((name) => name && name !== '__name__');
  const chosen = label || names[0] || '';
  const values = useCost('value', chosen, chosen !== '');
  const picker = <Select aria-label="Label" data={names} value={chosen || null} searchable allowDeselect={false} onChange={(value) => value && onLabel(value)} w={190} />;
  if (values.error) return <ErrorNote error={values.error} onRetry={() => void values.refetch()} />;
  if (!values.data) return <Skeleton height={300} />;
  return (
    <Surface title={`Values of ${chosen}`} note={ESTIMATE} flush>
      <CostTable report={values.data.report} kind="value" label={chosen} onRule={onRule} tools={picker} />
    </Surface>
  );
}

function Unused({ usage, total, onRule }: { usage: Usage; total: number; onRule: (rule: Rule) => void }) {
  const link = useLink();
  const columns: Column<{ name: string; series: number }>[] = [
    {
      key: 'name',
      title: 'Metric',
      width: 'minmax(200px, 2fr)',
      order: (row) => row.name,
      render: (row) => (
        <Anchor component={Link} to={link('/explore', { metric: row.name })} size="sm" c="inherit" style={{ overflowWrap: 'anywhere' }}>
          {row.name}
        </Anchor>
      ),
    },
    { key: 'series', title: 'Series', width: '110px', right: true, order: (row) => row.series, render: (row) => formatCount(row.series) },
    { key: 'share', title: 'Share of series', width: 'minmax(150px, 1fr)', render: (row) => <Share value={row.series} total={total} /> },
    {
      key: 'rule',
      title: '',
      width: '84px',
      right: true,
      render: (row) => (
        <Button variant="subtle" size="compact-xs" aria-label={`Rule that drops ${row.name}`} onClick={() => onRule({ drop: { kind: 'metric', metric: row.name }, series: row.series })}>
          Drop rule
        </Button>
      ),
    },
  ];
  return (
    <Surface
      title="Stored and never asked for"
      note={`By name, over the HTTP API, since ${formatTime(Date.parse(usage.since))}. A dashboard that nobody has opened since then counts as never.`}
      flush
    >
      <DataTable rows={usage.metrics} columns={columns} rowKey={(row) => row.name} name="unused metrics" searchText={(row) => row.name} initialOrder={{ key: 'series', up: false }} />
    </Surface>
  );
}
