// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Group, Text, TextInput } from '@mantine/core';
import { IconChevronDown, IconChevronRight, IconChevronUp, IconSearch } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useDeferredValue, useMemo, useRef, useState, type ReactNode } from 'react';
import { formatCount } from '../model/units';
import { Empty } from './ErrorNote';
import classes from './table.module.css';

export interface Column<T> {
  key: string;
  title: string;
  /** A CSS grid track. */
  width: string;
  render: (row: T) => ReactNode;
  /** What it is ordered by; a column without cannot be. */
  order?: (row: T) => string | number;
  right?: boolean;
}

interface DataTableProps<T> {
  rows: T[];
  columns: Column<T>[];
  rowKey: (row: T) => string;
  name: string;
  /** What a search looks into; without it there is no search. */
  searchText?: (row: T) => string;
  searchHint?: string;
  initialOrder?: { key: string; up: boolean };
  expand?: (row: T) => ReactNode;
  empty?: ReactNode;
  tools?: ReactNode;
  maxHeight?: number;
  minWidth?: number;
}

const ROW = 38;

/** A table of any length: only the rows in sight exist. */
export function DataTable<T>(props: DataTableProps<T>) {
  const { rows, columns, searchText, expand } = props;
  const [search, setSearch] = useState('');
  const wanted = useDeferredValue(search.trim().toLowerCase());
  const [order, setOrder] = useState(props.initialOrder ?? null);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const shown = useMemo(() => {
    const words = wanted.split(/\s+/).filter(Boolean);
    const found =
      searchText && words.length > 0
        ? rows.filter((row) => {
            const text = searchText(row).toLowerCase();
            return words.every((word) => text.includes(word));
          })
        : [...rows];
    const by = columns.find((column) => column.key === order?.key)?.order;
    if (by && order) {
      const direction = order.up ? 1 : -1;
      found.sort((a, b) => {
        const x = by(a);
        const y = by(b);
        return (typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y), undefined, { numeric: true })) * direction;
      });
    }
    return found;
  }, [rows, columns, searchText, wanted, order]);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 10,
    getItemKey: (index) => props.rowKey(shown[index]!),
  });
  const template = `${expand ? '26px ' : ''}${columns.map((column) => column.width).join(' ')}`;
  const toggle = (key: string) => {
    const next = new Set(opened);
    if (!next.delete(key)) next.add(key);
    setOpened(next);
  };

  return (
    <div>
      {(searchText || props.tools) && (
        <Group px={16} pb={8} gap="xs">
          {searchText && (
            <TextInput
              value={search}
              onChange={(event) => setSearch(event.currentTarget.value)}
              placeholder={props.searchHint ?? 'Search'}
              aria-label={`Search ${props.name}`}
              leftSection={<IconSearch size={14} />}
              w={230}
            />
          )}
          {props.tools}
          <Text size="xs" className="sk-dim" role="status" ml="auto">
            {shown.length === rows.length ? formatCount(rows.length) : `${formatCount(shown.length)} of ${formatCount(rows.length)}`}
          </Text>
        </Group>
      )}
      {shown.length === 0 ? (
        (rows.length === 0 && props.empty) || <Empty title="Nothing here">{wanted ? 'Nothing matches the search.' : undefined}</Empty>
      ) : (
        <div ref={scroller} className={classes.body} style={{ maxHeight: props.maxHeight ?? 620 }} role="table" aria-rowcount={shown.length + 1} aria-label={props.name} tabIndex={0}>
          <div className={classes.inner} style={{ minWidth: props.minWidth ?? 640 }}>
            <div className={classes.head} role="row" style={{ gridTemplateColumns: template }}>
              {expand && <div role="columnheader" aria-label="Details" />}
              {columns.map((column) => (
                <div
                  key={column.key}
                  role="columnheader"
                  className={column.right ? classes.headRight : undefined}
                  aria-sort={order?.key === column.key ? (order.up ? 'ascending' : 'descending') : 'none'}
                >
                  {column.order ? (
                    <button
                      type="button"
                      className={classes.sort}
                      onClick={() => setOrder({ key: column.key, up: order?.key === column.key ? !order.up : column.right !== true })}
                    >
                      {column.title}
                      {order?.key === column.key && (order.up ? <IconChevronUp size={13} /> : <IconChevronDown size={13} />)}
                    </button>
                  ) : (
                    <span className={classes.plainHead}>{column.title}</span>
                  )}
                </div>
              ))}
            </div>
            <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
              {virtual.getVirtualItems().map((item) => {
                const row = shown[item.index]!;
                const key = props.rowKey(row);
                const open = opened.has(key);
                return (
                  <div key={key} ref={virtual.measureElement} data-index={item.index} className={classes.flexRow} style={{ transform: `translateY(${item.start}px)` }}>
                    <div role="row" aria-rowindex={item.index + 2} className={classes.cells} style={{ gridTemplateColumns: template }}>
                      {expand && (
                        <div role="cell">
                          <ActionIcon size="xs" onClick={() => toggle(key)} aria-expanded={open} aria-label={open ? 'Hide details' : 'Show details'}>
                            {open ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
                          </ActionIcon>
                        </div>
                      )}
                      {columns.map((column) => (
                        <div key={column.key} role="cell" className={column.right ? classes.cellRight : classes.cell}>
                          {column.render(row)}
                        </div>
                      ))}
                    </div>
                    {open && expand && <div className={classes.expanded}>{expand(row)}</div>}
                  </div>
                );
              })}
            </div>
          </div>
        </div>
      )}
    </div>
  );
}
