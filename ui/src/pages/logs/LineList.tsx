// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Button, Loader } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useImperativeHandle, useLayoutEffect, useMemo, useRef, useState, type ReactNode, type Ref } from 'react';
import type { FoldedLine } from '../../model/logs/fold';
import type { LogLine } from '../../model/logs/line';
import { LineRow, type RowLook } from './LineRow';
import classes from './logs.module.css';

export interface LineListHandle {
  /** To the end at which new lines appear. */
  toNewest: () => void;
  toKey: (key: string) => void;
  /** Takes the keyboard and moves by a line. */
  step: (by: number) => void;
  focus: () => void;
}

interface LineListProps {
  /** Ascending in time. */
  lines: FoldedLine[];
  oldestFirst: boolean;
  look: RowLook;
  olderDone: boolean;
  newerDone: boolean;
  loading: 'older' | 'newer' | null;
  generation: number;
  onOlder: () => void;
  onNewer: () => void;
  /** Beyond the end of what there is. */
  olderNote?: ReactNode;
  newerNote?: ReactNode;
  /** The line that is looked at, marked. */
  marked: string | null;
  opened: ReadonlySet<string>;
  onToggle: (key: string) => void;
  details: (one: FoldedLine) => ReactNode;
  onRemoveColumn?: (name: string) => void;
  onSelect?: (line: LogLine | null) => void;
  /** Whether the newest line is in sight. */
  onFollowing?: (following: boolean) => void;
  /** Stays at the newest line when lines come. */
  follow: boolean;
  name: string;
  height?: string;
  handle?: Ref<LineListHandle>;
}

const ROW = 22;
/** How near to an end more lines are fetched. */
const NEAR = 900;
const LONGEST_WIDE = 1200;

/** Lines of any number: only those in sight exist, and what is in sight stays there when more come at either end. */
export function LineList(props: LineListProps) {
  const { lines, oldestFirst, look, marked, opened, generation, follow } = props;
  const shown = useMemo(() => (oldestFirst ? lines : [...lines].reverse()), [lines, oldestFirst]);
  const scroller = useRef<HTMLDivElement>(null);
  const [selected, setSelected] = useState<string | null>(marked);
  const indexes = useMemo(() => new Map(shown.map((one, index) => [one.line.key, index + 1])), [shown]);
  const keyOf = useCallback((index: number) => (index === 0 ? 'top' : index === shown.length + 1 ? 'bottom' : shown[index - 1]!.line.key), [shown]);
  // The first and the last row tell of the ends.
  const virtual = useVirtualizer({
    count: shown.length + 2,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 24,
    getItemKey: keyOf,
  });

  /** The first line in sight, and how far below the upper edge it lies. */
  const anchor = useRef<{ key: string; offset: number } | null>(null);
  const following = useRef(true);
  /** Where the list scrolled to by itself, to stay at the newest line. */
  const wentTo = useRef(0);
  /** Whether the list reached up to now before its latest lines came. */
  const wasComplete = useRef(props.newerDone);
  const latest = useRef(props);
  latest.current = props;

  const head = useRef<HTMLDivElement>(null);
  const bring = useCallback(
    (index: number, align: 'center' | 'near') => {
      const element = scroller.current;
      const item = virtual.measurementsCache[index];
      if (!element || !item) return;
      const [top, height] = [element.scrollTop, element.clientHeight];
      if (align === 'center') element.scrollTop = item.start - height / 2 + ROW;
      else if (item.start < top + ROW) element.scrollTop = item.start - ROW;
      else if (item.start + 2 * ROW > top + height) element.scrollTop = item.start + 2 * ROW - height;
    },
    [virtual],
  );

  const remember = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    if (head.current) head.current.style.transform = `translateX(${-element.scrollLeft}px)`;
    const top = element.scrollTop;
    const item = virtual.getVirtualItems().find((one) => one.end > top && one.index > 0 && one.index <= shown.length);
    anchor.current = item ? { key: String(item.key), offset: item.start - top } : null;
    const toEnd = element.scrollHeight - top - element.clientHeight;
    // More may have come since the list went to its end by itself; that is no scrolling away.
    const untouched = following.current && Math.abs(top - wentTo.current) < 2;
    const atNewest = oldestFirst ? toEnd < 30 || untouched : top < 30;
    if (following.current !== atNewest) {
      following.current = atNewest;
      latest.current.onFollowing?.(atNewest);
    }
    const { olderDone, newerDone, loading, onOlder, onNewer } = latest.current;
    if (loading || shown.length === 0) return;
    const [nearTop, nearBottom] = [top < NEAR, toEnd < NEAR];
    if (!olderDone && (oldestFirst ? nearTop : nearBottom)) onOlder();
    else if (!newerDone && (oldestFirst ? nearBottom : nearTop)) onNewer();
  }, [virtual, shown, oldestFirst]);

  // New lines at either end: the line in sight stays where it is, or the newest stays in sight.
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const complete = wasComplete.current;
    wasComplete.current = latest.current.newerDone;
    if (follow && complete && following.current) {
      element.scrollTop = oldestFirst ? element.scrollHeight : 0;
      wentTo.current = element.scrollTop;
      return;
    }
    const place = anchor.current;
    const index = place ? indexes.get(place.key) : undefined;
    const item = index === undefined ? undefined : virtual.measurementsCache[index];
    if (place && item) element.scrollTop = item.start - place.offset;
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [shown]);

  // A list that began anew begins at the marked line, or where reading begins.
  const markedNow = useRef(marked);
  markedNow.current = marked;
  const started = useRef(-1);
  useLayoutEffect(() => {
    if (started.current === generation || shown.length === 0) return;
    started.current = generation;
    anchor.current = null;
    const index = markedNow.current ? indexes.get(markedNow.current) : undefined;
    if (index !== undefined) {
      bring(index, 'center');
      setSelected(markedNow.current);
    } else if (scroller.current) {
      scroller.current.scrollTop = follow && oldestFirst ? scroller.current.scrollHeight : 0;
      wentTo.current = scroller.current.scrollTop;
    }
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [generation, shown.length]);

  useEffect(() => {
    const timer = setTimeout(remember, 50);
    return () => clearTimeout(timer);
  }, [remember, props.loading]);

  const go = useCallback(
    (key: string) => {
      const index = indexes.get(key);
      if (index === undefined) return;
      setSelected(key);
      bring(index, 'near');
      latest.current.onSelect?.(shown[index - 1]!.line);
    },
    [indexes, shown, bring],
  );

  const move = (by: number) => {
    const now = selected ? indexes.get(selected) : undefined;
    const first = virtual.getVirtualItems().find((item) => item.index > 0 && item.start >= (scroller.current?.scrollTop ?? 0))?.index ?? 1;
    const next = now === undefined ? first : Math.min(shown.length, Math.max(1, now + by));
    if (shown[next - 1]) go(shown[next - 1]!.line.key);
  };
  const moveNow = useRef(move);
  moveNow.current = move;

  useImperativeHandle(
    props.handle,
    () => ({
      toNewest: () => {
        following.current = true;
        latest.current.onFollowing?.(true);
        if (!scroller.current) return;
        scroller.current.scrollTop = oldestFirst ? scroller.current.scrollHeight : 0;
        wentTo.current = scroller.current.scrollTop;
      },
      toKey: (key) => {
        const index = indexes.get(key);
        if (index === undefined) return;
        setSelected(key);
        bring(index, 'center');
      },
      step: (by) => {
        scroller.current?.focus();
        moveNow.current(by);
      },
      focus: () => scroller.current?.focus(),
    }),
    [bring, indexes, oldestFirst],
  );

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || (event.target as HTMLElement).closest('input, textarea, [contenteditable]')) return;
    const inRow = event.target !== scroller.current;
    switch (event.key) {
      case 'j':
        move(1);
        break;
      case 'k':
        move(-1);
        break;
      case 'ArrowDown':
      case 'ArrowUp':
        if (inRow) return;
        move(event.key === 'ArrowDown' ? 1 : -1);
        break;
      case 'Enter':
        if (inRow || !selected) return;
        props.onToggle(selected);
        break;
      case 'Escape':
        if (selected && opened.has(selected)) props.onToggle(selected);
        else setSelected(null);
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  // As wide as the longest line, so that one scrolls sideways once and not row by row.
  const widest = useMemo(() => {
    if (look.wrap) return 0;
    let most = 0;
    for (const { line } of lines) most = Math.max(most, line.text.indexOf('\n') >= 0 ? line.text.indexOf('\n') + 24 : line.text.length);
    return Math.min(most, LONGEST_WIDE);
  }, [lines, look.wrap]);

  const end = (side: 'older' | 'newer') => {
    const done = side === 'older' ? props.olderDone : props.newerDone;
    if (props.loading === side) {
      return (
        <>
          <Loader size={12} /> Loading {side === 'older' ? 'older' : 'newer'} lines
        </>
      );
    }
    if (done) return (side === 'older' ? props.olderNote : props.newerNote) ?? null;
    return (
      <Button variant="subtle" size="compact-xs" onClick={side === 'older' ? props.onOlder : props.onNewer}>
        Load {side === 'older' ? 'older' : 'newer'} lines
      </Button>
    );
  };

  return (
    <>
    {look.columns.length > 0 && (
      <div className={classes.columnHead} aria-label="Columns" role="group">
        <div ref={head} className={classes.columnTitles} data-day={look.withDay || undefined}>
          <span className={classes.time}>Time</span>
          <span className={classes.levelCell}>Level</span>
          {look.columns.map((column) => (
            <span key={column} className={classes.columnTitle}>
              <span title={column}>{column}</span>
              {props.onRemoveColumn && (
                <ActionIcon size={14} aria-label={`No column ${column}`} onClick={() => props.onRemoveColumn?.(column)}>
                  <IconX size={11} />
                </ActionIcon>
              )}
            </span>
          ))}
          <span>Line</span>
        </div>
      </div>
    )}
    <div
      ref={scroller}
      className={classes.list}
      data-day={look.withDay || undefined}
      style={props.height ? { height: props.height } : undefined}
      role="grid"
      aria-label={props.name}
      aria-rowcount={shown.length}
      aria-activedescendant={selected && indexes.has(selected) ? `line-${selected}` : undefined}
      tabIndex={0}
      onScroll={remember}
      onKeyDown={onKeyDown}
    >
      <div style={{ height: virtual.getTotalSize(), position: 'relative', minWidth: '100%', width: look.wrap ? '100%' : `calc(${widest}ch + ${look.before}px)` }}>
        {virtual.getVirtualItems().map((item) => {
          if (item.index === 0 || item.index === shown.length + 1) {
            return (
              <div key={item.key} ref={virtual.measureElement} data-index={item.index} className={classes.end} style={{ transform: `translateY(${item.start}px)` }} role="row">
                <div role="gridcell" className={classes.endInner}>
                  {end((item.index === 0) === oldestFirst ? 'older' : 'newer')}
                </div>
              </div>
            );
          }
          const one = shown[item.index - 1]!;
          const { key } = one.line;
          const open = opened.has(key);
          return (
            <div key={key} ref={virtual.measureElement} data-index={item.index} className={classes.item} style={{ transform: `translateY(${item.start}px)` }}>
              <LineRow
                one={one}
                look={look}
                index={item.index}
                selected={key === selected}
                marked={key === marked}
                open={open}
                onClick={() => {
                  setSelected(key);
                  props.onSelect?.(one.line);
                  props.onToggle(key);
                }}
              />
              {open && (
                <div className={classes.details} role="row">
                  <div role="gridcell">{props.details(one)}</div>
                </div>
              )}
            </div>
          );
        })}
      </div>
    </div>
    </>
  );
}
