// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Button, Checkbox, Group, Loader, SegmentedControl, Skeleton, Stack, Text, TextInput, Tooltip } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconArrowDown, IconArrowUp, IconChevronDown, IconChevronUp, IconLayoutSidebar, IconSearch, IconX } from '@tabler/icons-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { toMetrics } from '../../api/bridge';
import { levelOf, LEVEL_NAMES, type Level } from '../../model/logs/level';
import { withoutAnsi } from '../../model/logs/ansi';
import { fold, type FoldedLine } from '../../model/logs/fold';
import type { LogLine } from '../../model/logs/line';
import { escapeRegExp, filterPatterns, parseLogql, withField, withLabel, withStage, withText, type Source } from '../../model/logs/logql';
import { formatMatcher } from '../../model/selector';
import { formatCount, formatNumber } from '../../model/units';
import { Empty, ErrorNote } from '../../parts/ErrorNote';
import { PageHead } from '../../parts/PageHead';
import { rememberQuery } from '../../shell/recentQueries';
import { formatTime } from '../../url/timeRange';
import { useTime } from '../../url/TimeContext';
import { useLink } from '../../url/useLink';
import { Compare } from './Compare';
import { ContextDrawer } from './ContextDrawer';
import { FieldsPanel } from './FieldsPanel';
import { LineDetails, type LineActions } from './LineDetails';
import { LineList, type LineListHandle } from './LineList';
import { type RowLook } from './LineRow';
import { LogsMenu } from './LogsMenu';
import { MetricAnswer, useMetricAnswer } from './MetricAnswer';
import { Patterns } from './Patterns';
import { QueryBar } from './QueryBar';
import { Sources, SOURCE_LABELS, useLogLabels } from './Sources';
import { useLines } from './useLines';
import { useLogsState, type LogsState, type LogsView } from './useLogsState';
import { useTail } from './useTail';
import { VolumeChart } from './VolumeChart';
import classes from './logs.module.css';

/** A line is found here: from sources by volume to one line, every step a part of a query that can be read and changed. */
export function LogsPage() {
  const state = useLogsState();
  const time = useTime();
  const { query } = state;
  const parsed = useMemo(() => parseLogql(query), [query]);
  const [error, setError] = useState<string | null>(null);
  const run = useCallback(
    (next: string) => {
      setError(null);
      rememberQuery(next, 'logql');
      if (next === query) time.refresh();
      else state.set({ q: next || null, line: null });
    },
    [query, state, time],
  );
  const live = state.live && parsed.kind === 'logs';
  const setLive = (on: boolean) => {
    // What has been watched is in the range that is shown next.
    if (!on) time.refresh();
    state.set({ live: on ? '1' : null, line: null, ...(on && !time.live ? { from: 'now-15m', to: null } : {}), ...(on ? { view: null } : {}) });
  };
  return (
    <>
      <PageHead title="Logs" note="From who writes what to the one line that tells." />
      <QueryBar query={query} onRun={run} error={error} live={live} onLive={setLive} canLive={parsed.kind === 'logs'} />
      {parsed.kind === 'empty' ? (
        <Sources matchers={parsed.matchers} by={state.by} onBy={(by) => state.set({ by })} onChoose={(matcher) => run(withLabel(query, matcher))} />
      ) : parsed.kind === 'metric' ? (
        <Metric query={query} onError={setError} />
      ) : (
        <LogLines key="lines" state={state} query={query} broken={parsed.kind === 'broken'} live={live} onRun={run} onError={setError} />
      )}
    </>
  );
}

function Metric({ query, onError }: { query: string; onError: (message: string | null) => void }) {
  const result = useMetricAnswer(query);
  const message = result.error?.message ?? null;
  useEffect(() => onError(message), [message, onError]);
  return (
    <Stack gap={12}>
      {result.error && <ErrorNote error={result.error} onRetry={() => void result.refetch()} />}
      <MetricAnswer query={query} />
    </Stack>
  );
}

/** New lines wait here while one reads; more than this, and the oldest of them are fetched again when wanted. */
const MOST_WAITING = 5000;
const LIVE_REFRESH_MS = 5000;

interface LogLinesProps {
  state: LogsState;
  query: string;
  broken: boolean;
  live: boolean;
  onRun: (query: string) => void;
  onError: (message: string | null) => void;
}

function LogLines({ state, query, broken, live, onRun, onError }: LogLinesProps) {
  const time = useTime();
  const link = useLink();
  const navigate = useNavigate();
  const narrow = useMediaQuery('(max-width: 75em)') ?? false;
  const [panel, setPanel] = useState<boolean | null>(null);
  const panelShown = panel ?? !narrow;
  // Whoever comes by a link to a line begins there; whoever clicks on one stays where he is.
  const anchor = useRef(state.line);
  const from = live ? 'newest' : anchor.current ? (anchor.current.split('-')[0] ?? 'newest') : state.oldestFirst ? 'oldest' : 'newest';
  const lines = useLines({ query, identity: JSON.stringify([time.raw, live]), range: time.range, from, enabled: true });
  const { window } = lines;
  const handle = useRef<LineListHandle>(null);
  const findField = useRef<HTMLInputElement>(null);
  const [following, setFollowing] = useState(true);
  const [paused, setPaused] = useState(false);
  const [opened, setOpened] = useState<ReadonlySet<string>>(() => new Set(state.line ? [state.line] : []));
  const [context, setContext] = useState<LogLine | null>(null);
  const message = lines.error?.message ?? null;
  useEffect(() => onError(message), [message, onError]);

  // A range that moves brings its new lines.
  const { loadNewer } = lines;
  const settled = window.newerDone && !lines.first && !live && time.live && !lines.error;
  const end = useRef(time.range.end);
  useEffect(() => {
    if (settled && time.range.end !== end.current) loadNewer();
    end.current = time.range.end;
  }, [time.range.end, settled, loadNewer]);

  // The bars keep up with what one watches.
  const { refresh, refreshEvery } = time;
  useEffect(() => {
    if (!live || (refreshEvery > 0 && refreshEvery <= LIVE_REFRESH_MS)) return;
    const timer = setInterval(refresh, LIVE_REFRESH_MS);
    return () => clearInterval(timer);
  }, [live, refresh, refreshEvery]);

  // Live: lines go into the list while one watches, and wait while one reads.
  const labels = useLogLabels();
  const labelNames = useMemo(() => new Set([...(labels.data ?? []).map((one) => one.label), ...window.lines.slice(-50).flatMap((line) => Object.keys(line.stream))]), [labels.data, window.lines]);
  const waiting = useRef<{ lines: LogLine[]; more: number }>({ lines: [], more: 0 });
  const [waitingCount, setWaitingCount] = useState(0);
  const holding = paused || !following;
  const arrive = (more: LogLine[]) => {
    if (!holding && waiting.current.lines.length === 0) {
      lines.append(more);
      return;
    }
    const kept = waiting.current;
    kept.lines.push(...more);
    if (kept.lines.length > MOST_WAITING) kept.more += kept.lines.splice(0, kept.lines.length - MOST_WAITING).length;
    setWaitingCount(kept.lines.length + kept.more);
  };
  const tail = useTail(query, live && !broken && !lines.first, window.lines.at(-1)?.ns, labelNames, arrive);
  const resume = () => {
    const kept = waiting.current;
    // With a gap the list begins anew; what lies before is fetched when one scrolls there.
    if (kept.more > 0) lines.replace(kept.lines);
    else if (kept.lines.length > 0) lines.append(kept.lines);
    waiting.current = { lines: [], more: 0 };
    setWaitingCount(0);
    setPaused(false);
    requestAnimationFrame(() => handle.current?.toNewest());
  };
  useEffect(() => {
    waiting.current = { lines: [], more: 0 };
    setWaitingCount(0);
    setPaused(false);
  }, [query, live]);

  const folded = useMemo(() => fold(window.lines), [window.lines]);

  // Search among what is loaded.
  const [find, setFind] = useState(state.find);
  const [wanted, setWanted] = useState(state.find);
  useEffect(() => {
    const timer = setTimeout(() => setWanted(find), 200);
    return () => clearTimeout(timer);
  }, [find]);
  const { set } = state;
  useEffect(() => {
    set({ find: wanted || null }, true);
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [wanted]);
  const findPattern = useMemo(() => (wanted.trim() === '' ? null : new RegExp(escapeRegExp(wanted.trim()), 'gi')), [wanted]);
  const hits = useMemo(() => {
    if (!findPattern) return [];
    const found: string[] = [];
    for (const one of folded) {
      findPattern.lastIndex = 0;
      const texts = [one.line.text, ...one.tail.map((line) => line.text)];
      if (texts.some((text) => withoutAnsi(text).search(findPattern) >= 0)) found.push(one.line.key);
    }
    return state.oldestFirst ? found : found.reverse();
  }, [folded, findPattern, state.oldestFirst]);
  const [hit, setHit] = useState(-1);
  const step = (by: number) => {
    if (hits.length === 0) return;
    const next = (Math.max(hit, by < 0 ? 0 : -1) + by + hits.length) % hits.length;
    setHit(next);
    handle.current?.toKey(hits[next]!);
  };
  // Whoever presses Enter at once need not wait to be taken there.
  const eager = useRef(0);
  useEffect(() => {
    setHit(-1);
    if (eager.current === 0 || hits.length === 0) return;
    const at = eager.current > 0 ? 0 : hits.length - 1;
    eager.current = 0;
    setHit(at);
    handle.current?.toKey(hits[at]!);
    // Lines that come later do not move the reader.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [findPattern]);

  const look = useLook(state, query, window.lines, findPattern, narrow);

  const toggle = useCallback(
    (key: string) => {
      setOpened((before) => {
        const next = new Set(before);
        if (!next.delete(key)) next.add(key);
        return next;
      });
    },
    [],
  );

  const include = (name: string, source: Source, value: string) => onRun(withField(query, name, source, value, false));
  const exclude = (name: string, source: Source, value: string) => onRun(withField(query, name, source, value, true));
  const toggleColumn = (name: string) => set({ col: state.columns.includes(name) ? state.columns.filter((one) => one !== name) : [...state.columns, name] }, true);
  const filterPattern = (pattern: string, without: boolean) => {
    const next = withText(query, without ? '!>' : '|>', pattern);
    if (state.view === 'lines') onRun(next);
    else set({ q: next, view: null, line: null });
  };
  const actions: LineActions = {
    include,
    exclude,
    toggleColumn,
    filterPattern,
    context: setContext,
    permalink: (line) => {
      const url = new URL(location.href);
      const range = { start: Math.min(time.range.start, line.time - 60_000), end: Math.max(line.time + 60_000, time.range.end) };
      url.searchParams.set('from', String(Math.floor(range.start)));
      url.searchParams.set('to', String(Math.ceil(range.end)));
      url.searchParams.set('line', line.key);
      url.searchParams.delete('live');
      return url.toString();
    },
    metrics: (line) => void showMetrics(line),
  };

  const showMetrics = async (line: LogLine) => {
    const around = { start: line.time - 900_000, end: line.time + 900_000 };
    try {
      const { matchers } = await toMetrics(line.stream, around);
      if (matchers.length === 0) {
        notifications.show({ title: 'No metrics of this', message: 'No label of the line has a value that metrics of this time know.', color: 'yellow' });
        return;
      }
      void navigate(link('/explore', { filter: matchers.map(formatMatcher), from: String(Math.floor(around.start)), to: String(Math.ceil(around.end)) }));
    } catch (e) {
      notifications.show({ title: 'The metrics could not be asked for', message: (e as Error).message, color: 'red' });
    }
  };

  // The keys of the page; in a field they are letters.
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || target.closest('input, textarea, select, [contenteditable="true"], [role="dialog"], [role="menu"]')) return;
      if (event.key === '/') {
        findField.current?.focus();
        findField.current?.select();
      } else if (event.key === 'j' || event.key === 'k') {
        if (target.closest('[role="grid"]')) return;
        handle.current?.step(event.key === 'j' ? 1 : -1);
      } else return;
      event.preventDefault();
      event.stopPropagation();
    };
    // Before the shell, for which / means something else.
    globalThis.addEventListener('keydown', onKey, true);
    return () => globalThis.removeEventListener('keydown', onKey, true);
  }, []);

  const shownLines = window.lines;
  const rangeNote = time.live ? '' : ' of this time';
  return (
    <>
      {!broken && <VolumeChart query={query} onLevel={(level) => onRun(withLevel(query, level, window.lines))} />}
      <div className={classes.tools}>
        <Tooltip label={panelShown ? 'Hide the fields' : 'Show the fields'}>
          <ActionIcon aria-label={panelShown ? 'Hide the fields' : 'Show the fields'} aria-pressed={panelShown} onClick={() => setPanel(!panelShown)}>
            <IconLayoutSidebar size={17} />
          </ActionIcon>
        </Tooltip>
        <SegmentedControl
          size="xs"
          aria-label="View"
          value={state.view}
          data={[
            { value: 'lines', label: 'Lines' },
            { value: 'sources', label: 'Sources' },
            { value: 'patterns', label: 'Patterns' },
            { value: 'compare', label: 'Compare' },
          ]}
          onChange={(view) => set({ view: view === 'lines' ? null : (view as LogsView), live: null })}
        />
        {state.view === 'lines' && (
          <>
            <TextInput
              ref={findField}
              aria-label="Find in the loaded lines"
              placeholder="Find ( / )"
              leftSection={<IconSearch size={14} />}
              value={find}
              onChange={(event) => setFind(event.currentTarget.value)}
              onKeyDown={(event) => {
                if (event.key === 'Enter') {
                  event.preventDefault();
                  const by = event.shiftKey ? -1 : 1;
                  if (find === wanted) step(by);
                  else {
                    eager.current = by;
                    setWanted(find);
                  }
                } else if (event.key === 'Escape') {
                  setFind('');
                  handle.current?.focus();
                }
              }}
              rightSection={
                find ? (
                  <ActionIcon size="xs" aria-label="Clear the search" onClick={() => setFind('')}>
                    <IconX size={12} />
                  </ActionIcon>
                ) : null
              }
              w={200}
            />
            {findPattern && (
              <Group gap={2} wrap="nowrap">
                <Text size="xs" className="sk-dim sk-num" role="status">
                  {hits.length === 0 ? 'none' : hit >= 0 ? `${hit + 1} of ${formatCount(hits.length)}` : `${formatCount(hits.length)} lines`}
                </Text>
                <ActionIcon size="sm" aria-label="Previous find" onClick={() => step(-1)} disabled={hits.length === 0}>
                  <IconChevronUp size={14} />
                </ActionIcon>
                <ActionIcon size="sm" aria-label="Next find" onClick={() => step(1)} disabled={hits.length === 0}>
                  <IconChevronDown size={14} />
                </ActionIcon>
                <Button variant="subtle" size="compact-xs" onClick={() => onRun(withText(query, '|=', wanted.trim()))}>
                  Search all lines
                </Button>
              </Group>
            )}
          </>
        )}
        <div className={classes.spring} />
        {state.view === 'lines' && (
          <>
            <Checkbox size="xs" label="Wrap" checked={state.wrap} onChange={(event) => set({ wrap: event.currentTarget.checked ? '1' : null }, true)} />
            <Checkbox size="xs" label="UTC" checked={state.utc} onChange={(event) => set({ utc: event.currentTarget.checked ? '1' : null }, true)} />
            <Button
              variant="default"
              size="compact-sm"
              leftSection={state.oldestFirst ? <IconArrowDown size={13} /> : <IconArrowUp size={13} />}
              onClick={() => {
                anchor.current = null;
                set({ order: state.oldestFirst ? null : 'old', line: null });
              }}
            >
              {state.oldestFirst ? 'Oldest first' : 'Newest first'}
            </Button>
          </>
        )}
        <LogsMenu query={query} range={time.range} lines={shownLines} columns={state.columns} oldestFirst={state.oldestFirst} />
      </div>
      <div className={classes.columns} data-panel={panelShown || undefined}>
        {panelShown && <FieldsPanel query={query} lines={shownLines} columns={state.columns} onInclude={include} onExclude={exclude} onColumn={toggleColumn} />}
        <div className={classes.mainColumn}>
          {lines.error && shownLines.length === 0 ? (
            <ErrorNote error={lines.error} onRetry={lines.retry} />
          ) : state.view === 'sources' ? (
            <Sources matchers={parseLogql(query).matchers} by={state.by} onBy={(by) => set({ by })} onChoose={(matcher) => set({ q: withLabel(query, matcher), view: null, line: null })} />
          ) : state.view === 'patterns' ? (
            <Patterns query={query} lines={shownLines} onFilter={filterPattern} />
          ) : state.view === 'compare' ? (
            <Compare
              query={query}
              how={state.compare}
              onHow={(compare) => set({ compare })}
              onFilter={filterPattern}
              onField={(name, source, value, without) => set({ q: withField(query, name, source, value, without), view: null, line: null })}
            />
          ) : lines.first && shownLines.length === 0 ? (
            <Stack gap={6} role="status" aria-label="Loading">
              {Array.from({ length: 12 }, (_, index) => (
                <Skeleton key={index} height={16} width={`${92 - ((index * 37) % 50)}%`} />
              ))}
            </Stack>
          ) : shownLines.length === 0 && !live ? (
            <div className={classes.nothing}>
              <Empty title="No lines in this time">
                Choose a longer time, or take away a part of the query above.
              </Empty>
              <Group justify="center" gap="xs">
                <Button variant="default" onClick={time.widen}>
                  Twice the time
                </Button>
                <Button variant="default" onClick={() => onRun('')}>
                  All sources
                </Button>
              </Group>
            </div>
          ) : (
            <div className={classes.listFrame} data-stale={lines.first || undefined} aria-busy={lines.first}>
              <LineList
                name="Lines"
                handle={handle}
                lines={folded}
                oldestFirst={state.oldestFirst}
                look={look}
                olderDone={window.olderDone}
                newerDone={window.newerDone}
                loading={lines.loading}
                generation={lines.generation}
                onOlder={lines.loadOlder}
                onNewer={lines.loadNewer}
                olderNote={`No older lines since ${formatTime(time.range.start)}`}
                newerNote={live ? (tail.state === 'connecting' ? 'Connecting …' : 'New lines appear here') : `No newer lines${rangeNote}`}
                marked={state.line}
                opened={opened}
                onToggle={toggle}
                details={(one: FoldedLine) => <LineDetails one={one} look={look} actions={actions} />}
                onRemoveColumn={toggleColumn}
                onFollowing={setFollowing}
                follow={live ? !paused : time.live && !state.line && !state.oldestFirst}
              />
              <div className={classes.status}>
                {live ? (
                  <LiveStatus tail={tail} holding={holding} waiting={waitingCount} onPause={() => setPaused(true)} onResume={resume} />
                ) : (
                  <Text size="xs" className="sk-dim sk-num" role="status">
                    {formatCount(shownLines.length)} lines loaded
                    {shownLines.length > 0 && `, ${formatTime(shownLines[0]!.time)} – ${formatTime(shownLines.at(-1)!.time)}`}
                  </Text>
                )}
                {lines.error && shownLines.length > 0 && (
                  <Text size="xs" style={{ color: 'var(--sk-bad)' }} role="alert">
                    {lines.error.message}
                  </Text>
                )}
                <Text size="xs" className={`sk-dim ${classes.keys}`}>
                  <kbd>j</kbd> <kbd>k</kbd> move <kbd>Enter</kbd> open <kbd>/</kbd> find <kbd>Esc</kbd> close
                </Text>
              </div>
            </div>
          )}
        </div>
      </div>
      {context && (
        <ContextDrawer
          line={context}
          look={look}
          actions={actions}
          onClose={() => setContext(null)}
          onOpen={(next, line) => {
            setContext(null);
            void navigate(link('/logs', { q: next, line: line.key, order: 'old', from: String(Math.floor(line.time - 900_000)), to: String(Math.ceil(line.time + 900_000)) }));
          }}
        />
      )}
    </>
  );
}

/** How rows look; the same object as long as nothing of it changes, so that rows are not drawn anew. */
function useLook(state: LogsState, query: string, lines: LogLine[], findPattern: RegExp | null, narrow: boolean): RowLook {
  const { wrap, utc, columns } = state;
  const source = useMemo(() => sourceLabel(lines), [lines]);
  const withDay = lines.length > 0 && new Date(lines[0]!.time).toDateString() !== new Date(lines.at(-1)!.time).toDateString();
  return useMemo<RowLook>(() => {
    const marks: RowLook['marks'] = [];
    if (findPattern) marks.push({ pattern: findPattern, kind: 'found' });
    for (const pattern of filterPatterns(query)) marks.push({ pattern, kind: 'filter' });
    return { wrap: wrap || narrow, utc, columns, source: columns.length > 0 ? null : source, withDay, marks, before: (withDay ? 148 : 104) + 62 + 44 + (source ? 120 : 0) + columns.length * 150 };
  }, [wrap, narrow, utc, columns, source, withDay, query, findPattern]);
}

/** The label that tells the lines' sources apart; null when they are all of one. */
function sourceLabel(lines: LogLine[]): string | null {
  const seen = new Map<string, LogLine>();
  for (const line of lines) if (!seen.has(line.streamKey)) seen.set(line.streamKey, line);
  if (seen.size < 2) return null;
  const streams = [...seen.values()].map((line) => line.stream);
  const names = [...SOURCE_LABELS, 'pod', 'instance', ...Object.keys(streams[0]!)];
  return names.find((name) => new Set(streams.map((stream) => stream[name] ?? '')).size > 1) ?? null;
}

interface LiveStatusProps {
  tail: ReturnType<typeof useTail>;
  holding: boolean;
  waiting: number;
  onPause: () => void;
  onResume: () => void;
}

function LiveStatus({ tail, holding, waiting, onPause, onResume }: LiveStatusProps) {
  return (
    <Group gap={8} wrap="nowrap" className={classes.live} data-holding={holding || undefined}>
      {tail.state === 'connecting' ? <Loader size={12} aria-label="Connecting" /> : <span className={classes.pulse} data-state={holding ? 'held' : tail.state} aria-hidden="true" />}
      <Text size="xs" fw={600} role="status" className="sk-num">
        {tail.state === 'lost'
          ? `Lost: ${tail.message ?? 'no connection'}`
          : holding
            ? `Paused · ${formatCount(waiting)} new ${waiting === 1 ? 'line' : 'lines'}`
            : tail.state === 'connecting'
              ? 'Connecting'
              : `Live · ${formatNumber(tail.rate)} lines/s${tail.state === 'polling' ? ' · asked every 1.5 s' : ''}`}
      </Text>
      {holding ? (
        <Button size="compact-xs" onClick={onResume}>
          Resume
        </Button>
      ) : (
        <Button size="compact-xs" variant="default" onClick={onPause}>
          Pause
        </Button>
      )}
      {tail.dropped > 0 && (
        <Tooltip label="They came faster than the server hands on. They are stored: stop, and they are in the list.">
          <Text size="xs" style={{ color: 'var(--sk-warn)' }}>
            {formatCount(tail.dropped)} left out by the server
          </Text>
        </Tooltip>
      )}
    </Group>
  );
}

/** Only lines of a level, by whatever name the lines say it. */
function withLevel(query: string, level: Level, lines: LogLine[]): string {
  const says = (value: string | undefined): value is string => value !== undefined && levelOf(value) === level;
  const one = lines.find((line) => LEVEL_NAMES.some((name) => says(line.stream[name] ?? line.metadata[name] ?? line.parsed[name])));
  for (const name of LEVEL_NAMES) {
    if (says(one?.stream[name])) return withLabel(query, { name, operator: '=', value: one!.stream[name]! });
  }
  for (const name of LEVEL_NAMES) {
    const value = one?.metadata[name] ?? one?.parsed[name];
    if (says(value)) return withStage(query, `| ${name} = "${value}"`);
  }
  return withStage(query, `| detected_level = "${level}"`);
}
