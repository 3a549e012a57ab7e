// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { Loader, Select, Text, TextInput, Tooltip } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import type { Metric, MetricType } from '../../model/metric';
import { formatCount } from '../../model/units';
import { Empty, ErrorNote } from '../../parts/ErrorNote';
import classes from './explore.module.css';

interface MetricListProps {
  metrics: Metric[];
  loading: boolean;
  error: Error | null;
  chosen: string;
  onChoose: (name: string) => void;
}

const TYPES: { value: MetricType | ''; label: string }[] = [
  { value: '', label: 'All types' },
  { value: 'counter', label: 'Counters' },
  { value: 'gauge', label: 'Gauges' },
  { value: 'histogram', label: 'Histograms' },
  { value: 'native histogram', label: 'Native histograms' },
  { value: 'summary', label: 'Summaries' },
  { value: 'info', label: 'Infos' },
  { value: 'unknown', label: 'Of no known type' },
];

type Order = 'name' | 'series';

/** Words of the search must all be in the name or its help; names that begin with it come first. */
export function findMetrics(metrics: Metric[], search: string, type: MetricType | '', order: Order): Metric[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = metrics.filter(
    (metric) => (type === '' || metric.type === type) && words.every((word) => metric.name.toLowerCase().includes(word) || metric.help.toLowerCase().includes(word)),
  );
  if (order === 'series') return found.sort((a, b) => (b.series ?? 0) - (a.series ?? 0));
  if (words.length === 0) return found;
  const weight = (metric: Metric) => (metric.name.startsWith(words[0]!) ? 0 : words.every((word) => metric.name.toLowerCase().includes(word)) ? 1 : 2);
  return found.sort((a, b) => weight(a) - weight(b) || (a.name < b.name ? -1 : 1));
}

const ROW = 52;

export function MetricList(props: MetricListProps) {
  const [search, setSearch] = useState('');
  const [type, setType] = useState<MetricType | ''>('');
  const [order, setOrder] = useState<Order>('name');
  const found = useMemo(() => findMetrics(props.metrics, search, type, order), [props.metrics, search, type, order]);
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({ count: found.length, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 8 });

  return (
    <section className={classes.list} aria-label="All metrics">
      <div className={classes.listHead}>
        <TextInput
          placeholder="Search names and help"
          aria-label="Search metrics"
          leftSection={<IconSearch size={14} />}
          rightSection={props.loading ? <Loader size={12} /> : null}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <div style={{ display: 'flex', gap: 6 }}>
          <Select aria-label="Type" data={TYPES} value={type} onChange={(value) => setType((value ?? '') as MetricType | '')} allowDeselect={false} flex={1} comboboxProps={{ width: 190, position: 'bottom-start' }} />
          <Select
            aria-label="Order"
            data={[
              { value: 'name', label: 'By name' },
              { value: 'series', label: 'Most series first' },
            ]}
            value={order}
            onChange={(value) => setOrder(value as Order)}
            allowDeselect={false}
            flex={1}
          />
        </div>
        <Text size="xs" className="sk-dim" role="status">
          {formatCount(found.length)} {found.length === 1 ? 'metric' : 'metrics'}
        </Text>
      </div>
      {props.error && (
        <div style={{ padding: 10 }}>
          <ErrorNote error={props.error} />
        </div>
      )}
      <div ref={scroller} className={classes.listBody}>
        {!props.loading && !props.error && found.length === 0 && (
          <Empty title="No such metric">{search || type ? 'Try fewer words, or another type.' : 'Nothing has come in within this time.'}</Empty>
        )}
        <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {rows.getVirtualItems().map((row) => {
            const metric = found[row.index]!;
            return (
              <button
                key={metric.name}
                type="button"
                className={classes.listRow}
                style={{ transform: `translateY(${row.start}px)`, height: ROW }}
                aria-current={metric.name === props.chosen}
                onClick={() => props.onChoose(metric.name)}
                title={metric.help || metric.name}
              >
                <span className={classes.listName}>{metric.name}</span>
                <span className={classes.listNote}>
                  <span className={classes.listHelp}>{metric.help || (metric.type === 'unknown' ? 'no help known' : metric.type)}</span>
                  {metric.series !== null && (
                    <Tooltip label={`${formatCount(metric.series)} series now; a ${metric.type}`}>
                      <span className="sk-num">{formatCount(metric.series)}</span>
                    </Tooltip>
                  )}
                </span>
              </button>
            );
          })}
        </div>
      </div>
    </section>
  );
}
