// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { Button, Group, Text, TextInput } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconFileTypeCsv, IconSearch } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useDeferredValue, useMemo, useRef, useState } from 'react';
import type { VectorItem } from '../api/types';
import { toCsv } from '../chart/chartData';
import { formatCount, formatQuantity, type Quantity } from '../model/units';
import { download, fileName } from './download';
import { Empty } from './ErrorNote';
import classes from './table.module.css';

interface VectorTableProps {
  items: VectorItem[];
  quantity: Quantity;
  name: string;
}

const ROW = 33;

function textOf(item: VectorItem): string {
  if (item.histogram) return `${item.histogram[1].count} observations, sum ${item.histogram[1].sum}`;
  return item.value?.[1] ?? '';
}

/** Any number of series with one value each: a column for each label, found and ordered at once. */
export function VectorTable({ items, quantity, name }: VectorTableProps) {
  const [search, setSearch] = useState('');
  const wanted = useDeferredValue(search.trim().toLowerCase());
  const [order, setOrder] = useState<{ column: string; up: boolean }>({ column: '', up: false });
  const columns = useMemo(() => {
    const names = new Set<string>();
    for (const item of items) for (const label of Object.keys(item.metric)) names.add(label);
    return [...names].sort((a, b) => (a === '__name__' ? -1 : b === '__name__' ? 1 : a < b ? -1 : 1));
  }, [items]);
  const rows = useMemo(() => {
    const found = wanted ? items.filter((item) => Object.entries(item.metric).some(([label, value]) => `${label}=${value}`.toLowerCase().includes(wanted))) : [...items];
    const direction = order.up ? 1 : -1;
    if (order.column === '') {
      const number = (item: VectorItem) => Number(item.value?.[1] ?? item.histogram?.[1].count ?? NaN);
      // What is no number stands at the end either way.
      found.sort((a, b) => {
        const x = number(a);
        const y = number(b);
        return Number.isNaN(x) ? 1 : Number.isNaN(y) ? -1 : (x - y) * direction;
      });
    } else {
      found.sort((a, b) => (a.metric[order.column] ?? '').localeCompare(b.metric[order.column] ?? '', undefined, { numeric: true }) * direction);
    }
    return found;
  }, [items, wanted, order]);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 12 });
  const template = `${columns.map((column) => (column === '__name__' ? 'minmax(150px, 2fr)' : 'minmax(96px, 1fr)')).join(' ')} minmax(130px, 1fr)`;

  if (items.length === 0) return <Empty title="No series">The answer is empty at this time.</Empty>;
  const head = (column: string, label: string) => (
    <div key={column} role="columnheader" aria-sort={order.column === column ? (order.up ? 'ascending' : 'descending') : 'none'} className={column === '' ? classes.right : undefined}>
      <button type="button" className={classes.sort} onClick={() => setOrder({ column, up: order.column === column ? !order.up : column !== '' })}>
        {label}
        {order.column === column && (order.up ? <IconChevronUp size={13} /> : <IconChevronDown size={13} />)}
      </button>
    </div>
  );
  return (
    <div>
      <Group px={16} pb={8} gap="xs">
        <TextInput
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          placeholder="Search label values"
          aria-label="Search the table"
          leftSection={<IconSearch size={14} />}
          w={240}
        />
        <Text size="xs" className="sk-dim" role="status">
          {formatCount(rows.length)} series
        </Text>
        <Button
          variant="default"
          ml="auto"
          leftSection={<IconFileTypeCsv size={15} />}
          onClick={() =>
            download(
              fileName(name, 'csv'),
              new Blob([toCsv([...columns, 'value'], rows.map((item) => [...columns.map((column) => item.metric[column] ?? ''), textOf(item)]))], { type: 'text/csv' }),
            )
          }
        >
          CSV
        </Button>
      </Group>
      <div ref={scroller} className={classes.body} style={{ height: Math.min(560, rows.length * ROW + 40) }} role="table" aria-rowcount={rows.length + 1} aria-label={name} tabIndex={0}>
        <div className={classes.inner} style={{ minWidth: columns.length * 112 + 140 }}>
          <div className={classes.head} role="row" style={{ gridTemplateColumns: template }}>
            {columns.map((column) => head(column, column === '__name__' ? 'name' : column))}
            {head('', 'value')}
          </div>
          <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
            {virtual.getVirtualItems().map((row) => {
              const item = rows[row.index]!;
              return (
                <div
                  key={row.key}
                  role="row"
                  aria-rowindex={row.index + 2}
                  className={classes.row}
                  style={{ gridTemplateColumns: template, transform: `translateY(${row.start}px)`, height: ROW }}
                >
                  {columns.map((column) => (
                    <div key={column} role="cell" title={item.metric[column]}>
                      {item.metric[column] ?? ''}
                    </div>
                  ))}
                  <div role="cell" className={classes.right} title={textOf(item)}>
                    {item.histogram ? `${item.histogram[1].count} obs.` : formatQuantity(Number(item.value?.[1] ?? NaN), quantity)}
                  </div>
                </div>
              );
            })}
          </div>
        </div>
      </div>
    </div>
  );
}
