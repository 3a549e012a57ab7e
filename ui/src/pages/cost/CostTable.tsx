// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { Anchor, Button, Text } from '@mantine/core';
import { IconMinus, IconTrendingDown, IconTrendingUp } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { CostGroup, CostReport } from '../../api/cardinality';
import type { Drop } from '../../model/relabel';
import { growth } from '../../model/growth';
import { quote } from '../../model/selector';
import { formatBytes, formatCount, formatNumber } from '../../model/units';
import { DataTable, type Column } from '../../parts/DataTable';
import { Empty } from '../../parts/ErrorNote';
import { useLink } from '../../url/useLink';
import classes from './cost.module.css';

export interface Rule {
  drop: Drop;
  series: number;
}

interface CostTableProps {
  report: CostReport;
  kind: 'metric' | 'label' | 'value' | 'target';
  /** The label whose values are listed. */
  label?: string;
  onRule: (rule: Rule) => void;
  onLabel?: (label: string) => void;
  tools?: ReactNode;
}

/** Who has how many series, bytes and samples per second, with the rule that would spare them. */
export function CostTable({ report, kind, label = '', onRule, onLabel, tools }: CostTableProps) {
  const link = useLink();
  const total = report.total.series;
  const nameOf = (row: CostGroup) => (kind === 'target' ? `${row.job ?? ''} ${row.instance ?? ''}` : (row.name ?? ''));
  const first: Column<CostGroup>[] =
    kind === 'target'
      ? [
          { key: 'job', title: 'Job', width: 'minmax(100px, 0.7fr)', order: (row) => row.job ?? '', render: (row) => row.job || <span className="sk-dim">(none)</span> },
          {
            key: 'instance',
            title: 'Instance',
            width: 'minmax(150px, 1.3fr)',
            order: (row) => row.instance ?? '',
            render: (row) => (
              <Anchor component={Link} to={link('/explore', { filter: `instance=${quote(row.instance ?? '')}` })} size="sm" c="inherit" style={{ overflowWrap: 'anywhere' }}>
                {row.instance || '(none)'}
              </Anchor>
            ),
          },
        ]
      : [
          {
            key: 'name',
            title: kind === 'metric' ? 'Metric' : kind === 'label' ? 'Label' : `Value of ${label}`,
            width: 'minmax(240px, 2.6fr)',
            order: (row) => row.name ?? '',
            render: (row) =>
              kind === 'label' ? (
                <Anchor component="button" type="button" size="sm" c="inherit" onClick={() => onLabel?.(row.name ?? '')} style={{ overflowWrap: 'anywhere', textAlign: 'left' }}>
                  {row.name}
                </Anchor>
              ) : (
                <Anchor
                  component={Link}
                  to={link('/explore', kind === 'metric' ? { metric: row.name ?? '' } : { filter: `${label}=${quote(row.name ?? '')}` })}
                  size="sm"
                  c="inherit"
                  style={{ overflowWrap: 'anywhere' }}
                >
                  {row.name || '(empty)'}
                </Anchor>
              ),
          },
        ];
  const columns: Column<CostGroup>[] = [
    ...first,
    ...(kind === 'label'
      ? [{ key: 'values', title: 'Values', width: '80px', right: true, order: (row: CostGroup) => row.values ?? 0, render: (row: CostGroup) => formatCount(row.values ?? 0) }]
      : []),
    { key: 'series', title: 'Series', width: '80px', right: true, order: (row) => row.series, render: (row) => formatCount(row.series) },
    { key: 'share', title: 'Share of series', width: 'minmax(116px, 0.6fr)', render: (row) => <Share value={row.series} total={total} /> },
    { key: 'growth', title: 'In a day', width: '92px', right: true, order: (row) => row.series - row.seriesDayBefore, render: (row) => <Growth now={row.series} before={row.seriesDayBefore} /> },
    { key: 'rate', title: 'Samples/s', width: '84px', right: true, order: (row) => row.samplesPerSecond, render: (row) => formatNumber(Math.round(row.samplesPerSecond * 100) / 100) },
    { key: 'disk', title: 'Disk', width: '84px', right: true, order: (row) => row.diskBytes, render: (row) => formatBytes(row.diskBytes) },
    { key: 'memory', title: 'Memory', width: '84px', right: true, order: (row) => row.memoryBytes, render: (row) => formatBytes(row.memoryBytes) },
    ...(kind === 'target'
      ? []
      : [
          {
            key: 'rule',
            title: '',
            width: '82px',
            right: true,
            render: (row: CostGroup) =>
              row.name === '__name__' ? null : (
                <Button
                  variant="subtle"
                  size="compact-xs"
                  aria-label={`Rule that drops ${row.name}`}
                  onClick={() => onRule({ drop: dropOf(kind, label, row.name ?? ''), series: row.series })}
                >
                  Drop rule
                </Button>
              ),
          },
        ]),
  ];
  return (
    <>
      <DataTable
        rows={report.groups}
        columns={columns}
        rowKey={nameOf}
        name={{ metric: 'metrics', label: 'labels', value: 'values', target: 'targets' }[kind]}
        searchText={nameOf}
        initialOrder={{ key: kind === 'label' ? 'values' : 'series', up: false }}
        minWidth={900}
        empty={<Empty title="No series on this day" />}
        {...(tools ? { tools } : {})}
      />
      {report.groupCount > report.groups.length && (
        <Text size="xs" className="sk-dim" p={12}>
          The first {formatCount(report.groups.length)} of {formatCount(report.groupCount)}.
        </Text>
      )}
    </>
  );
}

function dropOf(kind: 'metric' | 'label' | 'value', label: string, name: string): Drop {
  switch (kind) {
    case 'metric':
      return { kind: 'metric', metric: name };
    case 'label':
      return { kind: 'label', label: name };
    case 'value':
      return { kind: 'pair', label, value: name };
  }
}

export function Share({ value, total }: { value: number; total: number }) {
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

/** How the number of series changed since the day before: by arrow and by words. */
export function Growth({ now, before }: { now: number; before: number }) {
  const { direction, text } = growth(now, before);
  const Icon = direction === 'up' ? IconTrendingUp : direction === 'down' ? IconTrendingDown : IconMinus;
  return (
    <span className={classes.growth} title={`${formatCount(before)} the day before`}>
      <Icon size={14} aria-label={direction === 'up' ? 'more' : direction === 'down' ? 'fewer' : 'as before'} />
      {text}
    </span>
  );
}
