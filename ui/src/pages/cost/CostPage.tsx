// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { Anchor, Button, SegmentedControl, SimpleGrid, Skeleton, Tabs, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { api, ApiError } from '../../api/client';
import { useEvents } from '../../api/events';
import { numberOf, useApi, useInstant } from '../../api/queries';
import type { NamedCount, TsdbStatus } from '../../api/types';
import { ChartPanel } from '../../chart/ChartPanel';
import type { Drop } from '../../model/relabel';
import { quote, selector } from '../../model/selector';
import { formatBytes, formatCount, formatNumber } from '../../model/units';
import { DataTable, type Column } from '../../parts/DataTable';
import { ErrorNote } from '../../parts/ErrorNote';
import { Tiles } from '../../parts/Facts';
import { PageHead } from '../../parts/PageHead';
import { Surface } from '../../parts/Surface';
import { useLink } from '../../url/useLink';
import { RuleModal } from './RuleModal';
import { TenantCosts } from './TenantCosts';
import classes from './cost.module.css';

interface Usage {
  since: string;
  unusedMetrics: number;
  metrics: { name: string; series: number }[];
}

type Rule = { drop: Drop; series: number };

const TOP = 10_000;
/** The samples per second are counted for these; counting them for all would cost what it measures. */
const COUNTED = 40;

/** Where the series come from, what nobody asks for, and how to be rid of it. */
export function CostPage() {
  const [parameters, setParameters] = useSearchParams();
  const { events } = useEvents();
  const tsdb = useApi<TsdbStatus>('/api/v1/status/tsdb', { limit: TOP });
  const unused = useQuery({
    queryKey: ['unused'],
    queryFn: async ({ signal }): Promise<Usage | null> => {
      try {
        return (await api<Usage>('/api/v1/status/metric_usage', { unused: true, limit: TOP }, { signal })).data;
      } catch (e) {
        if (e instanceof ApiError && e.status === 404) return null;
        throw e;
      }
    },
  });
  const [rule, setRule] = useState<Rule | null>(null);
  const rate = useInstant('sum(rate(skopos_ingest_rows_total[5m]))');
  const parts = useInstant('sum(skopos_storage_parts_bytes)');
  const data = tsdb.data?.data;
  const tab = parameters.get('by') ?? 'metric';
  const setTab = (next: string) =>
    setParameters((before) => {
      const after = new URLSearchParams(before);
      after.set('by', next);
      return after;
    });
  const total = data?.headStats.numSeries ?? 0;
  const samples = numberOf(rate.data?.data[0]);
  const onDisk = numberOf(parts.data?.data[0]);
  const unusedSeries = unused.data?.metrics.reduce((sum, one) => sum + one.series, 0) ?? null;

  return (
    <>
      <PageHead title="Cost" note="Where series come from, what nobody asks for, and the rule that would spare it." />
      {tsdb.error && <ErrorNote error={tsdb.error} />}
      <Tiles
        tiles={[
          { label: 'Series now', value: data ? formatCount(total) : '–', note: 'with samples today' },
          { label: 'Metrics', value: data ? formatCount(data.seriesCountByMetricName.length) : '–' },
          { label: 'Samples per second', value: samples === null ? '–' : formatNumber(Math.round(samples * 10) / 10), note: 'all tenants' },
          { label: 'Parts on disk', value: onDisk === null ? '–' : formatBytes(onDisk), note: 'all tenants, all signals' },
          {
            label: 'Never asked for',
            value: unused.data ? formatCount(unused.data.unusedMetrics) : '–',
            note: unusedSeries !== null && total > 0 ? `${Math.round((100 * unusedSeries) / total)} % of series, since the start` : 'metrics',
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
      <Tabs value={tab} onChange={(value) => setTab(value ?? 'metric')} keepMounted={false}>
        <Tabs.List mb={12}>
          <Tabs.Tab value="metric">By metric</Tabs.Tab>
          <Tabs.Tab value="label">By label</Tabs.Tab>
          <Tabs.Tab value="pair">By label and value</Tabs.Tab>
          <Tabs.Tab value="target">By target</Tabs.Tab>
          <Tabs.Tab value="tenant">By tenant</Tabs.Tab>
          <Tabs.Tab value="unused">Never asked for</Tabs.Tab>
        </Tabs.List>
        {!data ? (
          <Skeleton height={300} />
        ) : (
          <>
            <Tabs.Panel value="metric">
              <MetricCosts metrics={data.seriesCountByMetricName} total={total} onRule={setRule} />
            </Tabs.Panel>
            <Tabs.Panel value="label">
              <LabelCosts values={data.labelValueCountByLabelName} memory={data.memoryInBytesByLabelName} onRule={setRule} total={total} />
            </Tabs.Panel>
            <Tabs.Panel value="pair">
              <PairCosts pairs={data.seriesCountByLabelValuePair} total={total} onRule={setRule} />
            </Tabs.Panel>
            <Tabs.Panel value="target">
              <TargetCosts />
            </Tabs.Panel>
            <Tabs.Panel value="tenant">
              <TenantCosts />
            </Tabs.Panel>
            <Tabs.Panel value="unused">
              <Unused usage={unused.data ?? null} loading={unused.isPending} error={unused.error} total={total} onRule={setRule} />
            </Tabs.Panel>
          </>
        )}
      </Tabs>
      {rule && <RuleModal drop={rule.drop} series={rule.series} onClose={() => setRule(null)} />}
    </>
  );
}

function Share({ value, total }: { value: number; total: number }) {
  const share = total > 0 ? value / total : 0;
  return (
    <span className={classes.share}>
      <span className={classes.bar} aria-hidden>
        <span style={{ width: `${Math.min(100, Math.max(share * 100, 0.6))}%` }} />
      </span>
      <span className="sk-num">{share >= 0.001 ? `${formatNumber(Math.round(share * 1000) / 10)} %` : '< 0.1 %'}</span>
    </span>
  );
}

function RuleButton({ onClick, label }: { onClick: () => void; label: string }) {
  return (
    <Button variant="subtle" size="compact-xs" onClick={onClick} aria-label={label}>
      Drop rule
    </Button>
  );
}

function MetricCosts({ metrics, total, onRule }: { metrics: NamedCount[]; total: number; onRule: (rule: Rule) => void }) {
  const link = useLink();
  // Functions over windows lose the name of the metric, so each one is counted by itself and given its name back.
  const parts = metrics
    .slice(0, COUNTED)
    .map((one) => `label_replace(sum(count_over_time(${selector(one.name)}[5m])) / 300, "metric", ${quote(one.name.replaceAll('$', '$$$$'))}, "", "")`);
  const counted = useInstant(parts.join(' or '));
  const rates = useMemo(() => new Map((counted.data?.data ?? []).map((item) => [item.metric.metric ?? '', numberOf(item)])), [counted.data]);
  const columns: Column<NamedCount>[] = [
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
    { key: 'series', title: 'Series', width: '90px', right: true, order: (row) => row.value, render: (row) => formatCount(row.value) },
    { key: 'share', title: 'Share of all', width: 'minmax(150px, 1fr)', render: (row) => <Share value={row.value} total={total} /> },
    {
      key: 'rate',
      title: 'Samples/s',
      width: '90px',
      right: true,
      order: (row) => rates.get(row.name) ?? -1,
      render: (row) => {
        const value = rates.get(row.name);
        return value === undefined || value === null ? <span className="sk-dim">–</span> : formatNumber(Math.round(value * 100) / 100);
      },
    },
    {
      key: 'rule',
      title: '',
      width: '84px',
      right: true,
      render: (row) => <RuleButton label={`Rule that drops ${row.name}`} onClick={() => onRule({ drop: { kind: 'metric', metric: row.name }, series: row.value })} />,
    },
  ];
  return (
    <Surface title="Metrics with the most series" note={`Samples per second are counted for the first ${COUNTED}.`} flush>
      <DataTable rows={metrics} columns={columns} rowKey={(row) => row.name} name="metrics" searchText={(row) => row.name} initialOrder={{ key: 'series', up: false }} />
    </Surface>
  );
}

function LabelCosts(props: { values: NamedCount[]; memory: NamedCount[]; total: number; onRule: (rule: Rule) => void }) {
  const memory = useMemo(() => new Map(props.memory.map((one) => [one.name, one.value])), [props.memory]);
  const columns: Column<NamedCount>[] = [
    { key: 'name', title: 'Label', width: 'minmax(160px, 2fr)', order: (row) => row.name, render: (row) => <span style={{ overflowWrap: 'anywhere' }}>{row.name}</span> },
    { key: 'values', title: 'Values', width: '110px', right: true, order: (row) => row.value, render: (row) => formatCount(row.value) },
    {
      key: 'memory',
      title: 'Bytes in label sets',
      width: '150px',
      right: true,
      order: (row) => memory.get(row.name) ?? -1,
      render: (row) => {
        const bytes = memory.get(row.name);
        return bytes === undefined ? '–' : formatBytes(bytes);
      },
    },
    {
      key: 'rule',
      title: '',
      width: '84px',
      right: true,
      render: (row) =>
        row.name === '__name__' ? null : <RuleButton label={`Rule that drops the label ${row.name}`} onClick={() => props.onRule({ drop: { kind: 'label', label: row.name }, series: 0 })} />,
    },
  ];
  return (
    <Surface title="Labels with the most values" note="Each new value of a label makes new series. Ids, addresses and paths with numbers are the usual suspects." flush>
      <DataTable rows={props.values} columns={columns} rowKey={(row) => row.name} name="labels" searchText={(row) => row.name} initialOrder={{ key: 'values', up: false }} />
    </Surface>
  );
}

function PairCosts({ pairs, total, onRule }: { pairs: NamedCount[]; total: number; onRule: (rule: Rule) => void }) {
  const link = useLink();
  const split = (name: string): [string, string] => {
    const at = name.indexOf('=');
    return [name.slice(0, at), name.slice(at + 1)];
  };
  const columns: Column<NamedCount>[] = [
    {
      key: 'name',
      title: 'Label and value',
      width: 'minmax(200px, 2fr)',
      order: (row) => row.name,
      render: (row) => {
        const [label, value] = split(row.name);
        return (
          <Anchor component={Link} to={link('/explore', { filter: `${label}=${quote(value)}` })} size="sm" c="inherit" style={{ overflowWrap: 'anywhere' }}>
            {row.name}
          </Anchor>
        );
      },
    },
    { key: 'series', title: 'Series', width: '110px', right: true, order: (row) => row.value, render: (row) => formatCount(row.value) },
    { key: 'share', title: 'Share of all', width: 'minmax(150px, 1fr)', render: (row) => <Share value={row.value} total={total} /> },
    {
      key: 'rule',
      title: '',
      width: '84px',
      right: true,
      render: (row) => {
        const [label, value] = split(row.name);
        return <RuleButton label={`Rule that drops ${row.name}`} onClick={() => onRule({ drop: { kind: 'pair', label, value }, series: row.value })} />;
      },
    },
  ];
  return (
    <Surface title="What most series have in common" flush>
      <DataTable rows={pairs} columns={columns} rowKey={(row) => row.name} name="labels and values" searchText={(row) => row.name} initialOrder={{ key: 'series', up: false }} />
    </Surface>
  );
}

interface TargetCost {
  job: string;
  instance: string;
  samples: number;
  perSecond: number | null;
  added: number | null;
}

function TargetCosts() {
  const link = useLink();
  const [scope, setScope] = useState('instance');
  const scraped = useInstant('scrape_samples_scraped');
  const added = useInstant('sum by (job, instance) (sum_over_time(scrape_series_added[1h]))');
  const perSecond = useInstant('scrape_samples_scraped * count_over_time(up[5m]) / 300');
  const rows = useMemo(() => {
    const key = (job = '', instance = '') => (scope === 'job' ? job : `${job}\n${instance}`);
    const found = new Map<string, TargetCost>();
    const entry = (job = '', instance = '') => {
      let one = found.get(key(job, instance));
      if (!one) found.set(key(job, instance), (one = { job, instance: scope === 'job' ? '' : instance, samples: 0, perSecond: null, added: null }));
      return one;
    };
    for (const item of scraped.data?.data ?? []) entry(item.metric.job, item.metric.instance).samples += numberOf(item) ?? 0;
    for (const item of perSecond.data?.data ?? []) {
      const one = entry(item.metric.job, item.metric.instance);
      one.perSecond = (one.perSecond ?? 0) + (numberOf(item) ?? 0);
    }
    for (const item of added.data?.data ?? []) {
      const one = entry(item.metric.job, item.metric.instance);
      one.added = (one.added ?? 0) + (numberOf(item) ?? 0);
    }
    return [...found.values()];
  }, [scraped.data, perSecond.data, added.data, scope]);
  const total = rows.reduce((sum, row) => sum + row.samples, 0);
  const columns: Column<TargetCost>[] = [
    { key: 'job', title: 'Job', width: 'minmax(110px, 1fr)', order: (row) => row.job, render: (row) => row.job },
    ...(scope === 'job'
      ? []
      : [
          {
            key: 'instance',
            title: 'Instance',
            width: 'minmax(150px, 1.5fr)',
            order: (row: TargetCost) => row.instance,
            render: (row: TargetCost) => (
              <Anchor component={Link} to={link('/explore', { filter: `instance=${quote(row.instance)}` })} size="sm" c="inherit">
                {row.instance}
              </Anchor>
            ),
          },
        ]),
    { key: 'samples', title: 'Samples per scrape', width: '140px', right: true, order: (row) => row.samples, render: (row) => formatCount(row.samples) },
    { key: 'share', title: 'Share', width: 'minmax(130px, 1fr)', render: (row) => <Share value={row.samples} total={total} /> },
    { key: 'rate', title: 'Samples/s', width: '90px', right: true, order: (row) => row.perSecond ?? -1, render: (row) => (row.perSecond === null ? '–' : formatNumber(Math.round(row.perSecond * 10) / 10)) },
    { key: 'added', title: 'New series, 1 h', width: '120px', right: true, order: (row) => row.added ?? -1, render: (row) => (row.added === null ? '–' : formatCount(row.added)) },
  ];
  return (
    <Surface title="What each target brings" note="Of everything that is scraped; what is pushed has no target." flush>
      {scraped.error ? (
        <ErrorNote error={scraped.error} />
      ) : (
        <DataTable
          rows={rows}
          columns={columns}
          rowKey={(row) => `${row.job}\n${row.instance}`}
          name="targets"
          searchText={(row) => `${row.job} ${row.instance}`}
          initialOrder={{ key: 'samples', up: false }}
          tools={
            <SegmentedControl
              size="xs"
              aria-label="Put together by"
              value={scope}
              onChange={setScope}
              data={[
                { value: 'instance', label: 'Each target' },
                { value: 'job', label: 'By job' },
              ]}
            />
          }
        />
      )}
    </Surface>
  );
}

function Unused(props: { usage: Usage | null; loading: boolean; error: Error | null; total: number; onRule: (rule: Rule) => void }) {
  const link = useLink();
  if (props.loading) return <Skeleton height={240} />;
  if (props.error) return <ErrorNote error={props.error} />;
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
    { key: 'share', title: 'Share of all', width: 'minmax(150px, 1fr)', render: (row) => <Share value={row.series} total={props.total} /> },
    {
      key: 'rule',
      title: '',
      width: '84px',
      right: true,
      render: (row) => <RuleButton label={`Rule that drops ${row.name}`} onClick={() => props.onRule({ drop: { kind: 'metric', metric: row.name }, series: row.series })} />,
    },
  ];
  return (
    <Surface
      title="Stored and never asked for"
      note={props.usage ? `By name, over the HTTP API, since ${new Date(props.usage.since).toLocaleString('sv-SE')}. A dashboard that nobody has opened since then counts as never.` : undefined}
      flush
    >
      {props.usage ? (
        <DataTable rows={props.usage.metrics} columns={columns} rowKey={(row) => row.name} name="unused metrics" searchText={(row) => row.name} initialOrder={{ key: 'series', up: false }} />
      ) : (
        <Text size="sm" className="sk-dim" p={16}>
          This server does not count which metrics are asked for.
        </Text>
      )}
    </Surface>
  );
}
