// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Loader, SegmentedControl, Text, TextInput, Tooltip } from '@mantine/core';
import { useThrottledValue } from '@mantine/hooks';
import { IconChevronDown, IconChevronRight, IconColumnInsertRight, IconMinus, IconPlus, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { fetchInstant, loki, nanos, type DetectedField } from '../../api/logs';
import { MOST_READ, statistics, type FieldStatistics } from '../../model/logs/fields';
import type { LogLine } from '../../model/logs/line';
import { numberQuery, streamPart, topValuesQuery, type Source } from '../../model/logs/logql';
import { formatCount, formatNumber } from '../../model/units';
import { formatDuration } from '../../url/timeRange';
import { useTime } from '../../url/TimeContext';
import classes from './logs.module.css';

interface FieldsPanelProps {
  query: string;
  lines: LogLine[];
  columns: string[];
  onInclude: (name: string, source: Source, value: string) => void;
  onExclude: (name: string, source: Source, value: string) => void;
  onColumn: (name: string) => void;
}

const GROUPS: { title: string; sources: Source[] }[] = [
  { title: 'Labels', sources: ['label'] },
  { title: 'Metadata', sources: ['metadata'] },
  { title: 'Fields', sources: ['parsed', 'json', 'logfmt'] },
];

const FEW = 8;

/** Fields that the server saw in the range beside those of the loaded lines. */
function useDetected(query: string) {
  const { range } = useTime();
  const start = nanos(Math.floor(range.start / 60_000) * 60_000);
  const end = nanos(Math.ceil(range.end / 60_000) * 60_000);
  const asked = streamPart(query);
  return useQuery({
    queryKey: ['detected-fields', asked, start, end],
    queryFn: async ({ signal }) => (await loki<{ fields: DetectedField[] | null }>('/detected_fields', { query: asked, start, end, limit: 1000 }, signal)).fields ?? [],
    enabled: asked !== '',
  });
}

/** What lines have by name: how often, which values, and what can be done with them. */
export function FieldsPanel({ query, lines, columns, onInclude, onExclude, onColumn }: FieldsPanelProps) {
  const calm = useThrottledValue(lines, 1500);
  const found = useMemo(() => statistics(calm), [calm]);
  const detected = useDetected(query);
  const [search, setSearch] = useState('');
  const [opened, setOpened] = useState<string | null>(null);
  const read = Math.min(calm.length, MOST_READ);
  const all = useMemo(() => {
    const names = new Set(found.map((one) => one.name));
    const others: FieldStatistics[] = (detected.data ?? [])
      .filter((one) => !names.has(one.label))
      .map((one) => ({ name: one.label, source: sourceOf(one), lines: 0, values: [], distinct: one.cardinality, numbers: null }));
    return [...found, ...others];
  }, [found, detected.data]);
  const wanted = search.trim().toLowerCase();
  const shown = all.filter((one) => one.name.toLowerCase().includes(wanted));
  return (
    <aside className={classes.panel} aria-label="Fields">
      <div className={classes.panelHead}>
        <TextInput aria-label="Search fields" placeholder={`Search ${all.length} fields`} leftSection={<IconSearch size={14} />} value={search} onChange={(event) => setSearch(event.currentTarget.value)} />
      </div>
      <div className={classes.panelBody}>
        {GROUPS.map(({ title, sources }) => {
          const members = shown.filter((one) => sources.includes(one.source)).sort((a, b) => Number(columns.includes(b.name)) - Number(columns.includes(a.name)) || b.lines - a.lines || (a.name < b.name ? -1 : 1));
          if (members.length === 0) return null;
          return (
            <div key={title} role="group" aria-label={title}>
              <div className={classes.groupTitle}>{title}</div>
              {members.map((one) => {
                const key = `${one.source} ${one.name}`;
                const open = opened === key;
                return (
                  <div key={key} className={classes.fieldItem} data-open={open || undefined}>
                    <div className={classes.fieldHead}>
                      <button type="button" className={classes.fieldName} aria-expanded={open} onClick={() => setOpened(open ? null : key)}>
                        {open ? <IconChevronDown size={12} /> : <IconChevronRight size={12} />}
                        <span>{one.name}</span>
                        <span className={classes.fieldShare}>{one.lines === 0 ? 'in range' : read === 0 ? '' : `${Math.round((one.lines / read) * 100)} %`}</span>
                      </button>
                      <Tooltip label={columns.includes(one.name) ? 'No column' : 'As a column'}>
                        <ActionIcon size="xs" aria-label={`Column ${one.name}`} aria-pressed={columns.includes(one.name)} variant={columns.includes(one.name) ? 'light' : 'subtle'} color={columns.includes(one.name) ? 'sea' : 'gray'} onClick={() => onColumn(one.name)}>
                          <IconColumnInsertRight size={13} />
                        </ActionIcon>
                      </Tooltip>
                    </div>
                    {open && <FieldDetail query={query} field={one} read={read} onInclude={onInclude} onExclude={onExclude} />}
                  </div>
                );
              })}
            </div>
          );
        })}
        {shown.length === 0 && (
          <Text size="xs" className="sk-dim" p={12}>
            {wanted ? 'No such field.' : 'Fields appear with the first lines.'}
          </Text>
        )}
      </div>
    </aside>
  );
}

function sourceOf(field: DetectedField): Source {
  const parser = field.parsers?.[0];
  return parser === 'json' || parser === 'logfmt' ? parser : 'metadata';
}

interface FieldDetailProps {
  query: string;
  field: FieldStatistics;
  read: number;
  onInclude: (name: string, source: Source, value: string) => void;
  onExclude: (name: string, source: Source, value: string) => void;
}

function FieldDetail({ query, field, read, onInclude, onExclude }: FieldDetailProps) {
  const [over, setOver] = useState<'loaded' | 'range'>(field.lines === 0 ? 'range' : 'loaded');
  const [all, setAll] = useState(false);
  const { range } = useTime();
  const end = Math.ceil(range.end / 15_000) * 15_000;
  const window = formatDuration(Math.max(1000, Math.round((end - range.start) / 1000) * 1000));
  const inRange = useQuery({
    queryKey: ['field-values', query, field.name, end, window],
    queryFn: async ({ signal }) => {
      const items = await fetchInstant(topValuesQuery(query, field.name, field.source, window), end, signal);
      return items.map((item) => ({ value: item.metric[field.name] ?? '', count: Number(item.value?.[1] ?? 0) })).sort((a, b) => b.count - a.count);
    },
    enabled: over === 'range',
  });
  const numeric = field.numbers !== null || field.lines === 0;
  const numbers = useQuery({
    queryKey: ['field-numbers', query, field.name, end, window],
    queryFn: async ({ signal }) => {
      const [min, avg, max] = await Promise.all(
        (['min', 'avg', 'max'] as const).map(async (how) => {
          const items = await fetchInstant(numberQuery(query, field.name, field.source, how, window), end, signal);
          return items[0]?.value ? Number(items[0].value[1]) : null;
        }),
      );
      return min === null || avg === null || max === null ? null : { min: min!, mean: avg!, max: max! };
    },
    enabled: over === 'range' && numeric && field.source !== 'label',
  });
  const values = over === 'loaded' ? field.values : (inRange.data ?? []);
  const sum = over === 'loaded' ? read : values.reduce((total, one) => total + one.count, 0);
  const most = values[0]?.count ?? 1;
  const shownNumbers = over === 'loaded' ? field.numbers : (numbers.data ?? null);
  return (
    <div className={classes.fieldDetail}>
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label="Counted over"
        value={over}
        data={[
          { value: 'loaded', label: `${formatCount(read)} loaded` },
          { value: 'range', label: 'Whole range' },
        ]}
        onChange={(value) => setOver(value as 'loaded' | 'range')}
      />
      {shownNumbers && (
        <dl className={classes.numbers}>
          {(['min', 'mean', 'max'] as const).map((how) => (
            <div key={how}>
              <dt>{how}</dt>
              <dd>{formatNumber(shownNumbers[how])}</dd>
            </div>
          ))}
        </dl>
      )}
      {over === 'range' && inRange.isPending && <Loader size={14} m={8} aria-label="Counting" />}
      {over === 'range' && inRange.error && (
        <Text size="xs" style={{ color: 'var(--sk-bad)', overflowWrap: 'anywhere' }}>
          {inRange.error.message}
        </Text>
      )}
      {values.slice(0, all ? 200 : FEW).map(({ value, count }) => (
        <div key={value} className={classes.valueRow}>
          <div className={classes.valueBar} aria-hidden="true" style={{ width: `${(count / most) * 100}%` }} />
          <span className={classes.valueText} title={value}>
            {value === '' ? '(empty)' : value}
          </span>
          <span className={classes.valueCount} title={`${count} lines`}>
            {sum > 0 ? `${formatNumber((count / sum) * 100)} %` : count}
          </span>
          <ActionIcon size="xs" aria-label={`Only ${field.name} ${value}`} title="Only lines with this value" onClick={() => onInclude(field.name, field.source, value)}>
            <IconPlus size={12} />
          </ActionIcon>
          <ActionIcon size="xs" aria-label={`Without ${field.name} ${value}`} title="Only lines without it" onClick={() => onExclude(field.name, field.source, value)}>
            <IconMinus size={12} />
          </ActionIcon>
        </div>
      ))}
      <Text size="xs" className="sk-dim" mt={4}>
        {over === 'loaded'
          ? `${formatCount(field.distinct)}${field.distinct >= 1000 ? ' or more' : ''} values in ${formatCount(field.lines)} lines`
          : inRange.data
            ? `The ${Math.min(20, values.length)} most frequent; shares are of these`
            : ''}{' '}
        {over === 'loaded' && values.length > FEW && (
          <button type="button" className={classes.linkButton} onClick={() => setAll(!all)}>
            {all ? 'Show fewer' : 'Show more'}
          </button>
        )}
      </Text>
    </div>
  );
}
