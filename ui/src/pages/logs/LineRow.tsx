// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { memo } from 'react';
import { ansiSegments, mark, type Segment } from '../../model/logs/ansi';
import { fieldsOf } from '../../model/logs/fields';
import { summarizeTrace, type FoldedLine } from '../../model/logs/fold';
import { valueOf, type LogLine } from '../../model/logs/line';
import { LevelMark } from './LevelMark';
import { lineClock } from './lineClock';
import classes from './logs.module.css';

/** How rows are drawn; changes seldom, so that rows need not be drawn anew. */
export interface RowLook {
  wrap: boolean;
  utc: boolean;
  /** Lines of several days need the day. */
  withDay: boolean;
  columns: string[];
  /** The label that tells sources apart; none when there is but one. */
  source: string | null;
  marks: { pattern: RegExp; kind: 'found' | 'filter' }[];
  /** The width of what stands before the text, in pixels. */
  before: number;
}

/** Of very long lines the list shows the beginning; all of it is in the details. */
const LONGEST = 3000;

interface LineRowProps {
  one: FoldedLine;
  look: RowLook;
  index: number;
  selected: boolean;
  marked: boolean;
  open: boolean;
  onClick: () => void;
}

export const LineRow = memo(
  function LineRow({ one, look, index, selected, marked, open, onClick }: LineRowProps) {
    const { line, tail } = one;
    const trace = tail.length > 0 || line.text.includes('\n') ? summarizeTrace(line.text, tail) : null;
    const text = trace ? trace.first : line.text;
    const cut = text.length > LONGEST;
    return (
      <div
        id={`line-${line.key}`}
        role="row"
        aria-rowindex={index}
        aria-selected={selected}
        aria-current={marked || undefined}
        className={classes.row}
        data-level={line.level}
        data-marked={marked || undefined}
        data-wrap={look.wrap || undefined}
        onClick={() => {
          // Text that was just selected is to be copied.
          if (window.getSelection()?.isCollapsed !== false) onClick();
        }}
      >
        <span role="gridcell" className={classes.time} title={`${new Date(Math.floor(line.time)).toISOString().slice(0, 19)}.${line.ns.slice(-9)}Z`}>
          {lineClock(line, look.utc, look.withDay)}
        </span>
        <span role="gridcell" className={classes.levelCell}>
          <LevelMark level={line.level} />
        </span>
        {look.source && (
          <span role="gridcell" className={classes.source} data-path={line.stream[look.source]?.startsWith('/') || undefined} title={`${look.source}=${line.stream[look.source] ?? ''}`}>
            <bdi>{line.stream[look.source] ?? ''}</bdi>
          </span>
        )}
        {look.columns.map((column) => (
          <span key={column} role="gridcell" className={classes.column} title={`${column}=${columnValue(line, column)}`}>
            {columnValue(line, column)}
          </span>
        ))}
        <span role="gridcell" className={classes.text}>
          <button type="button" className={classes.opener} aria-expanded={open} aria-label={open ? 'Hide details' : 'Show details'} tabIndex={-1}>
            {open ? <IconChevronDown size={12} /> : <IconChevronRight size={12} />}
          </button>
          <Pieces segments={mark(ansiSegments(cut ? text.slice(0, LONGEST) : text), look.marks)} />
          {cut && <span className={classes.more}>… {Math.round(text.length / 1000)} kB</span>}
          {trace && trace.more > 0 && (
            <span className={classes.more}>
              +{trace.more} lines{trace.cause && ` · caused by ${trace.cause}`}
            </span>
          )}
        </span>
      </div>
    );
  },
  (a, b) => a.one.line === b.one.line && a.one.tail.length === b.one.tail.length && a.look === b.look && a.index === b.index && a.selected === b.selected && a.marked === b.marked && a.open === b.open,
);

export function columnValue(line: LogLine, name: string): string {
  return valueOf(line, name) ?? fieldsOf(line).find((field) => field.name === name)?.value ?? '';
}

export function Pieces({ segments }: { segments: Segment[] }) {
  return segments.map((segment, index) =>
    segment.mark ? (
      <mark key={index} className={`${segment.style} ${segment.mark === 'found' ? classes.found : classes.filtered}`}>
        {segment.text}
      </mark>
    ) : segment.style ? (
      <span key={index} className={segment.style}>
        {segment.text}
      </span>
    ) : (
      segment.text
    ),
  );
}
