// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Badge, Group, Progress, SegmentedControl, Select, Text } from '@mantine/core';
import { IconMinus, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { fetchInstant, fetchLines, loki, nanos } from '../../api/logs';
import { differences, type Difference } from '../../model/logs/compare';
import type { LogLine } from '../../model/logs/line';
import { countQuery, withLabel, type Source } from '../../model/logs/logql';
import { formatCount } from '../../model/units';
import { Empty, ErrorNote } from '../../parts/ErrorNote';
import { Surface } from '../../parts/Surface';
import { clock, formatDuration, formatTime, type Range } from '../../url/timeRange';
import { useTime } from '../../url/TimeContext';
import { useLogLabels } from './Sources';
import classes from './logs.module.css';

interface CompareProps {
  query: string;
  /** `before`, `halves`, `day`, `week`, or `label=a=b`. */
  how: string;
  onHow: (how: string) => void;
  onFilter: (pattern: string, exclude: boolean) => void;
  onField: (name: string, source: Source, value: string, exclude: boolean) => void;
}

interface Side {
  words: string;
  /** How the side is called in a word. */
  name: string;
  query: string;
  range: Range;
}

/** The time is cut into as many pieces, so that a burst does not fill the sample. */
const PIECES = 10;
const PER_PIECE = 150;

interface Sample {
  lines: LogLine[];
  total: number;
}

async function sample(side: Side, signal: AbortSignal): Promise<Sample> {
  const length = (side.range.end - side.range.start) / PIECES;
  const pages = await Promise.all(
    Array.from({ length: PIECES }, (_, index) =>
      fetchLines(side.query, nanos(side.range.start + index * length), nanos(side.range.start + (index + 1) * length), PER_PIECE, 'backward', signal),
    ),
  );
  const window = formatDuration(Math.max(1000, Math.round((side.range.end - side.range.start) / 1000) * 1000));
  const [count] = await fetchInstant(countQuery(side.query, [], window), side.range.end, signal);
  const lines = pages.flatMap((page) => page.lines);
  return { lines, total: Math.max(lines.length, Number(count?.value?.[1] ?? 0)) };
}

function sidesOf(query: string, how: string, range: Range): [Side, Side] | null {
  const length = range.end - range.start;
  const at = (one: Range) => `${formatTime(one.start)} – ${clock(one.end)}`;
  const windows = (before: Range, after: Range): [Side, Side] => [
    { words: at(before), name: 'Before', query, range: before },
    { words: at(after), name: 'Now', query, range: after },
  ];
  switch (how) {
    case 'before':
      return windows({ start: range.start - length, end: range.start }, range);
    case 'halves':
      return windows({ start: range.start, end: range.start + length / 2 }, { start: range.start + length / 2, end: range.end });
    case 'day':
    case 'week': {
      const shift = how === 'day' ? 86_400_000 : 604_800_000;
      return windows({ start: range.start - shift, end: range.end - shift }, range);
    }
    default: {
      const [label, a, b] = how.split('=');
      if (!label || !a || !b) return null;
      const side = (value: string): Side => ({ words: `${label}=${value}`, name: value, query: withLabel(query, { name: label, operator: '=', value }), range });
      return [side(a), side(b)];
    }
  }
}

/** What is different between two windows or two sources: patterns and values by how much their share changed. */
export function Compare({ query, how, onHow, onFilter, onField }: CompareProps) {
  const time = useTime();
  const rounded = Math.floor(time.range.end / 15_000) * 15_000;
  const range = { start: rounded - (time.range.end - time.range.start), end: rounded };
  const byLabel = how.includes('=') || how === 'label';
  const sides = sidesOf(query, how, range);
  const result = useQuery({
    queryKey: ['log-compare', query, how, range.start, range.end],
    queryFn: async ({ signal }) => {
      const [before, after] = await Promise.all(sides!.map((side) => sample(side, signal)));
      return { before: before!, after: after!, found: differences(before!.lines, after!.lines).filter((one) => !byLabel || one.name !== how.split('=')[0]) };
    },
    enabled: sides !== null,
    staleTime: 300_000,
  });
  return (
    <Surface
      title="What is different"
      note="Patterns and values whose share of the lines changed, the greatest change first; what chance would bring about is left out."
    >
      <div className={classes.choice}>
        <SegmentedControl
          size="xs"
          aria-label="Compare with"
          value={byLabel ? 'label' : how}
          data={[
            { value: 'before', label: 'The time before' },
            { value: 'halves', label: 'Both halves' },
            { value: 'day', label: 'A day ago' },
            { value: 'week', label: 'A week ago' },
            { value: 'label', label: 'Two sources' },
          ]}
          onChange={onHow}
        />
      </div>
      {byLabel && <LabelChoice how={how} query={query} onHow={onHow} />}
      {sides === null ? (
        <Empty title="Choose two values of a label">Their lines in this time are compared.</Empty>
      ) : result.error ? (
        <ErrorNote error={result.error} onRetry={() => void result.refetch()} />
      ) : result.isPending ? (
        <div role="status" aria-label="Loading">
          <Text size="sm" className="sk-dim" mb={6}>
            Reading lines of both sides …
          </Text>
          <Progress value={100} animated size="xs" aria-label="Reading" />
        </div>
      ) : (
        <>
          <Text size="xs" className="sk-dim" mb={8} role="status">
            {[sides[0].words, sides[1].words].map((words, index) => {
              const side = index === 0 ? result.data.before : result.data.after;
              return `${byLabel ? '' : `${sides[index]!.name}: `}${words}, ${side.total > side.lines.length ? `${formatCount(side.lines.length)} lines read of ${formatCount(side.total)}` : `all ${formatCount(side.lines.length)} lines read`}. `;
            })}
            {(result.data.before.total > result.data.before.lines.length || result.data.after.total > result.data.after.lines.length) &&
              `The newest ${PER_PIECE} lines of each tenth of the time are read.`}
          </Text>
          {result.data.found.length === 0 ? (
            <Empty title="No difference that chance would not bring about">
              {result.data.before.lines.length === 0 || result.data.after.lines.length === 0 ? 'One side has no lines.' : 'Compare with another time, or widen the query.'}
            </Empty>
          ) : (
            <ul className={classes.differences} aria-label="Differences">
              {result.data.found.map((one) => (
                <DifferenceRow key={`${one.kind} ${one.name} ${one.text}`} one={one} names={byLabel ? [sides[0].name, sides[1].name] : null} onFilter={onFilter} onField={onField} />
              ))}
            </ul>
          )}
        </>
      )}
    </Surface>
  );
}

function percent(share: number): string {
  return share === 0 ? '0 %' : share < 0.001 ? '<0.1 %' : `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
}

function DifferenceRow({ one, names, onFilter, onField }: { one: Difference; names: [string, string] | null; onFilter: CompareProps['onFilter']; onField: CompareProps['onField'] }) {
  const more = one.after > one.before;
  const word = one.countBefore === 0 ? 'new' : one.countAfter === 0 ? 'gone' : more ? 'more' : 'less';
  const [first, second] = names ?? ['before', 'now'];
  const shown = names === null ? word : word === 'new' ? `only ${second}` : word === 'gone' ? `only ${first}` : word;
  const act = (exclude: boolean) => (one.kind === 'pattern' ? onFilter(one.text, exclude) : onField(one.name, one.source!, one.text, exclude));
  return (
    <li className={classes.difference}>
      <Badge color={word === 'new' ? 'red' : word === 'gone' ? 'grape' : more ? 'sea' : 'blue'} maw="100%" title={shown}>
        {shown}
      </Badge>
      <div className={classes.differenceBars} aria-hidden="true">
        <span style={{ width: `${Math.max(1, one.before * 100)}%` }} data-side="before" />
        <span style={{ width: `${Math.max(1, one.after * 100)}%` }} data-side="after" />
      </div>
      <span className={classes.differenceShares}>
        {percent(one.before)} → {percent(one.after)}
      </span>
      <button type="button" className={classes.pattern} onClick={() => act(false)} title={`Only these lines (${one.countBefore} of ${first}, ${one.countAfter} of ${second})`}>
        {one.kind === 'field' && <strong>{one.name} = </strong>}
        {one.text === '' ? '(empty)' : one.text}
      </button>
      <Group gap={2} wrap="nowrap">
        <ActionIcon size="xs" aria-label={`Only ${one.name} ${one.text}`} onClick={() => act(false)}>
          <IconPlus size={13} />
        </ActionIcon>
        <ActionIcon size="xs" aria-label={`Without ${one.name} ${one.text}`} onClick={() => act(true)}>
          <IconMinus size={13} />
        </ActionIcon>
      </Group>
    </li>
  );
}

function LabelChoice({ how, query, onHow }: { how: string; query: string; onHow: (how: string) => void }) {
  const [label, a, b] = how === 'label' ? ['', '', ''] : how.split('=');
  const labels = useLogLabels();
  const { range } = useTime();
  const [draft, setDraft] = useState({ label: label ?? '', a: a ?? '', b: b ?? '' });
  const values = useQuery({
    queryKey: ['log-label-values', draft.label, query, Math.floor(range.start / 60_000)],
    queryFn: ({ signal }) => loki<string[]>(`/label/${encodeURIComponent(draft.label)}/values`, { start: nanos(range.start), end: nanos(range.end) }, signal),
    enabled: draft.label !== '',
  });
  const change = (next: typeof draft) => {
    setDraft(next);
    if (next.label && next.a && next.b) onHow(`${next.label}=${next.a}=${next.b}`);
  };
  const known = Array.isArray(values.data) ? values.data : [];
  return (
    <Group gap={6} mb={10}>
      <Select aria-label="Label" placeholder="Label" data={(labels.data ?? []).map((one) => one.label)} value={draft.label || null} onChange={(value) => change({ label: value ?? '', a: '', b: '' })} searchable w={160} />
      <Select aria-label="First value" placeholder="One value" data={known} value={draft.a || null} onChange={(value) => change({ ...draft, a: value ?? '' })} searchable w={170} disabled={!draft.label} />
      <Text size="xs">against</Text>
      <Select aria-label="Second value" placeholder="Another one" data={known} value={draft.b || null} onChange={(value) => change({ ...draft, b: value ?? '' })} searchable w={170} disabled={!draft.label} />
    </Group>
  );
}
