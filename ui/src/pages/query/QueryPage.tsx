// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Button, Checkbox, Group, SegmentedControl, Select, Skeleton, Text, TextInput, Tooltip } from '@mantine/core';
import { IconClock, IconIndentIncrease, IconPlayerPlay, IconPlus, IconTrash, IconX } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { Menu } from '@mantine/core';
import { api, ApiError } from '../../api/client';
import { useEvents } from '../../api/events';
import { useExemplars } from '../../api/exemplars';
import { gridOf, useInstant, useRange, type Grid, type RangeAnswer, type RangeQuery } from '../../api/queries';
import { AnswerPanel } from '../../chart/ChartPanel';
import type { ExemplarDot } from '../../chart/exemplarDots';
import { HeatmapAnswer } from '../../chart/HeatmapPanel';
import type { Drawing } from '../../chart/TimeChart';
import { quantityOf } from '../../model/metric';
import { formatCount, formatNumber, type Quantity } from '../../model/units';
import { Empty, ErrorNote } from '../../parts/ErrorNote';
import { ExemplarBox } from '../../parts/ExemplarBox';
import { PageHead } from '../../parts/PageHead';
import { Surface } from '../../parts/Surface';
import { VectorTable } from '../../parts/VectorTable';
import { recentQueries, rememberQuery } from '../../shell/recentQueries';
import { formatTime } from '../../url/timeRange';
import { useTime } from '../../url/TimeContext';
import { ModeSwitch } from '../explore/ModeSwitch';
import { BEFORE_SECONDS, BEFORE_WORDS, parseBefore } from '../explore/useExploreState';
import { ExplainTree } from './ExplainTree';
import { UNITS, useQueryState, type QueryState, type QueryView } from './useQueryState';
import classes from './query.module.css';

const PromqlEditor = lazy(async () => ({ default: (await import('./PromqlEditor')).PromqlEditor }));

const EXAMPLES = [
  { words: 'What the processors do', query: 'sum by (mode) (rate(node_cpu_seconds_total{mode!="idle"}[1m]))' },
  { words: 'Free memory', query: 'node_memory_MemAvailable_bytes' },
  { words: 'How long requests to Skopos take', query: 'histogram_quantile(0.95, sum by (le) (rate(skopos_web_request_duration_seconds_bucket[1m])))' },
  { words: 'Which metrics have most series', query: 'topk(10, count by (__name__) ({__name__=~".+"}))' },
];

const MOST_POINTS = 11_000;

/** PromQL, for those who speak it. */
export function QueryPage() {
  const state = useQueryState();
  const [drafts, setDrafts] = useState<string[]>(state.queries.length > 0 ? state.queries : ['']);
  const joined = JSON.stringify(state.queries);
  useEffect(() => {
    const asked = JSON.parse(joined) as string[];
    if (asked.length > 0) setDrafts(asked);
  }, [joined]);
  const asked = useMemo(() => state.queries.map((one) => one.trim()).filter(Boolean), [state.queries]);
  const time = useTime();
  const client = useQueryClient();
  const [cancelled, setCancelled] = useState(false);

  const run = (texts: string[] = drafts) => {
    const wanted = texts.map((one) => one.trim()).filter(Boolean);
    wanted.forEach((one) => rememberQuery(one));
    setCancelled(false);
    if (JSON.stringify(wanted) === JSON.stringify(asked)) time.refresh();
    else state.set({ q: wanted });
  };

  const grid = useMemo<Grid>(() => {
    const points = state.view === 'heatmap' ? 120 : 300;
    if (state.step === null) return gridOf(time.range, points);
    const least = Math.max(state.step, Math.ceil((time.range.end - time.range.start) / 1000 / MOST_POINTS));
    const end = Math.floor(time.range.end / 1000 / least) * least;
    return { start: Math.ceil(time.range.start / 1000 / least) * least, end, step: least };
  }, [time.range, state.step, state.view]);
  const queries = useMemo<RangeQuery[]>(() => {
    const before = state.view === 'graph' ? state.before : '';
    return asked.flatMap((query) => [
      { query },
      ...(before ? [{ query, earlier: BEFORE_SECONDS[before], beforeNote: BEFORE_WORDS[before] }] : []),
    ]);
  }, [asked, state.before, state.view]);
  const ranged = state.view === 'graph' || state.view === 'heatmap';
  const answer = useRange(queries, { grid, enabled: ranged && !cancelled });
  const instant = useInstant(asked[0] ?? '', state.view === 'table' && !cancelled);
  const error = ranged ? answer.error : state.view === 'table' ? instant.error : null;
  const fetching = ranged ? answer.fetching : state.view === 'table' && instant.isFetching;
  const quantity: Quantity = state.unit === 'auto' ? quantityOf(asked[0] ?? '') : { unit: state.unit };

  const cancel = () => {
    setCancelled(true);
    void client.cancelQueries({ queryKey: ['range'] });
    void client.cancelQueries({ queryKey: ['instant'] });
  };

  return (
    <>
      <PageHead title="Query" note="PromQL over the metrics of this tenant.">
        <ModeSwitch mode="query" />
      </PageHead>
      <div className={classes.editors}>
        {drafts.map((draft, index) => (
          <div key={index} className={classes.editorRow}>
            {drafts.length > 1 && <span className={classes.letter}>{String.fromCharCode(65 + index)}</span>}
            <Suspense fallback={<Skeleton height={40} style={{ flex: 1 }} />}>
              <PromqlEditor
                value={draft}
                label={`Query ${drafts.length > 1 ? String.fromCharCode(65 + index) : ''}`}
                error={asked[index] === draft.trim() ? messageOf(error) : null}
                onChange={(value) => setDrafts((before) => before.map((one, at) => (at === index ? value : one)))}
                onRun={(value) => run(drafts.map((one, at) => (at === index ? value : one)))}
              />
            </Suspense>
            {drafts.length > 1 && (
              <Tooltip label="Remove this query">
                <ActionIcon
                  size="lg"
                  aria-label={`Remove query ${String.fromCharCode(65 + index)}`}
                  onClick={() => {
                    const rest = drafts.filter((_, at) => at !== index);
                    setDrafts(rest);
                    run(rest);
                  }}
                >
                  <IconTrash size={16} />
                </ActionIcon>
              </Tooltip>
            )}
            {index === 0 && (
              <Button size="sm" leftSection={<IconPlayerPlay size={15} />} onClick={() => run()} h={40}>
                Run
              </Button>
            )}
          </div>
        ))}
      </div>
      <Tools
        state={state}
        drafts={drafts}
        onFormat={(index, text) => setDrafts((before) => before.map((one, at) => (at === index ? text : one)))}
        onAdd={() => setDrafts([...drafts, ''])}
        onRecent={(query) => {
          setDrafts([query]);
          run([query]);
        }}
      >
        <RunState answer={answer} ranged={ranged} fetching={fetching} cancelled={cancelled} rows={instant.data?.data.length ?? null} onCancel={cancel} />
      </Tools>
      {asked.length === 0 ? (
        <Surface title="Some to begin with">
          {EXAMPLES.map((example) => (
            <Group key={example.query} gap="sm" py={5} wrap="nowrap">
              <Button variant="default" onClick={() => run([example.query])} style={{ flex: 'none' }}>
                {example.words}
              </Button>
              <Text className="sk-mono sk-dim" truncate>
                {example.query}
              </Text>
            </Group>
          ))}
        </Surface>
      ) : cancelled ? (
        <Surface>
          <Empty title="Cancelled">The server was told to stop. Run it again when you like.</Empty>
        </Surface>
      ) : error && state.view !== 'explain' ? (
        <ErrorNote error={error} onRetry={time.refresh} />
      ) : (
        <Result state={state} asked={asked} answer={answer} instant={instant.data?.data} instantLoading={instant.isPending} quantity={quantity} queries={queries} />
      )}
    </>
  );
}

function messageOf(error: Error | null): string | null {
  return error instanceof ApiError && error.status === 400 ? error.message : null;
}

interface ResultProps {
  state: QueryState;
  asked: string[];
  answer: RangeAnswer;
  queries: RangeQuery[];
  instant: Parameters<typeof VectorTable>[0]['items'] | undefined;
  instantLoading: boolean;
  quantity: Quantity;
}

function Result({ state, asked, answer, queries, instant, instantLoading, quantity }: ResultProps) {
  const time = useTime();
  const { events } = useEvents();
  const [exemplar, setExemplar] = useState<ExemplarDot | null>(null);
  const wanted = state.exemplars && (state.view === 'graph' || state.view === 'heatmap');
  const exemplars = useExemplars(asked[0] ?? '', wanted);
  const name = asked.join('; ');
  let body;
  switch (state.view) {
    case 'graph':
      body = (
        <AnswerPanel
          title={asked.length === 1 ? 'Over time' : `${asked.length} queries over time`}
          name={name}
          queries={queries}
          answer={answer}
          quantity={quantity}
          drawing={state.drawing}
          stacked={state.stacked && !state.before}
          height={380}
          events={events}
          exemplars={exemplars.dots}
          onExemplar={setExemplar}
        />
      );
      break;
    case 'heatmap':
      body = <HeatmapAnswer title="How values are spread" name={name} query={asked[0] ?? ''} quantity={quantityOf((asked[0] ?? '').replace(/_bucket\b/g, '').replace(/\brate\b/g, ''))} answer={answer} height={380} events={events} exemplars={exemplars.dots} onExemplar={setExemplar} />;
      break;
    case 'table':
      body = (
        <Surface title={`At ${formatTime(time.range.end)}`} {...(asked.length > 1 ? { note: 'of the first query' } : {})} flush>
          {instantLoading && !instant ? <Skeleton height={200} m={16} /> : <VectorTable items={instant ?? []} quantity={quantity} name={asked[0] ?? ''} />}
        </Surface>
      );
      break;
    case 'explain':
      body = (
        <>
          {asked.map((query) => (
            <ExplainTree key={query} query={query} />
          ))}
        </>
      );
      break;
  }
  return (
    <>
      {body}
      {exemplar && <ExemplarBox dot={exemplar} quantity={quantity} onClose={() => setExemplar(null)} />}
    </>
  );
}

interface ToolsProps {
  state: QueryState;
  drafts: string[];
  onFormat: (index: number, text: string) => void;
  onAdd: () => void;
  onRecent: (query: string) => void;
  children: React.ReactNode;
}

function Tools({ state, drafts, onFormat, onAdd, onRecent, children }: ToolsProps) {
  const [step, setStep] = useState(state.stepText);
  useEffect(() => setStep(state.stepText), [state.stepText]);
  const format = async () => {
    await Promise.all(
      drafts.map(async (draft, index) => {
        if (!draft.trim()) return;
        try {
          onFormat(index, (await api<string>('/api/v1/format_query', { query: draft })).data);
        } catch {
          // The editor marks what does not parse; there is nothing to format.
        }
      }),
    );
  };
  const graph = state.view === 'graph';
  return (
    <div className={classes.tools}>
      <SegmentedControl
        size="xs"
        aria-label="View"
        value={state.view}
        data={[
          { value: 'graph', label: 'Graph' },
          { value: 'table', label: 'Table' },
          { value: 'heatmap', label: 'Heatmap' },
          { value: 'explain', label: 'Explain' },
        ]}
        onChange={(value) => state.set({ view: value === 'graph' ? null : (value as QueryView) })}
      />
      {graph && (
        <>
          <Select
            aria-label="Drawn as"
            data={[
              { value: 'lines', label: 'Lines' },
              { value: 'area', label: 'Areas' },
              { value: 'points', label: 'Points' },
            ]}
            value={state.drawing}
            onChange={(value) => state.set({ draw: value === 'lines' ? null : (value as Drawing) })}
            allowDeselect={false}
            w={92}
          />
          <Checkbox size="xs" label="Stacked" checked={state.stacked} onChange={(event) => state.set({ stack: event.currentTarget.checked ? '1' : null })} />
          <Select
            aria-label="Compare with"
            data={[
              { value: '', label: 'Compare with …' },
              { value: '1h', label: 'an hour before' },
              { value: '1d', label: 'a day before' },
              { value: '1w', label: 'a week before' },
            ]}
            value={state.before}
            onChange={(value) => state.set({ before: parseBefore(value) || null })}
            allowDeselect={false}
            w={150}
          />
        </>
      )}
      {(graph || state.view === 'heatmap') && (
        <>
          <Checkbox size="xs" label="Exemplars" checked={state.exemplars} onChange={(event) => state.set({ exemplars: event.currentTarget.checked ? null : '0' })} />
          <TextInput
            aria-label="Step"
            placeholder="Step: auto"
            value={step}
            onChange={(event) => setStep(event.currentTarget.value)}
            onBlur={() => state.set({ step: step || null })}
            onKeyDown={(event) => event.key === 'Enter' && state.set({ step: step || null })}
            error={step !== '' && state.stepText === step && state.step === null}
            w={92}
          />
        </>
      )}
      {state.view !== 'explain' && (
        <Select
          aria-label="Unit"
          data={UNITS.map((unit) => ({ value: unit, label: unit === 'auto' ? 'Unit: auto' : unit }))}
          value={state.unit}
          onChange={(value) => state.set({ unit: value === 'auto' ? null : value })}
          allowDeselect={false}
          w={108}
        />
      )}
      <Group gap={2}>
        <Tooltip label="Format">
          <ActionIcon aria-label="Format the query" onClick={() => void format()} size="lg">
            <IconIndentIncrease size={17} />
          </ActionIcon>
        </Tooltip>
        <Menu position="bottom-start" width={520}>
          <Menu.Target>
            <Tooltip label="Recent queries">
              <ActionIcon aria-label="Recent queries" size="lg">
                <IconClock size={17} />
              </ActionIcon>
            </Tooltip>
          </Menu.Target>
          <Menu.Dropdown mah={360} style={{ overflowY: 'auto' }}>
            {recentQueries().length === 0 && <Menu.Label>None yet</Menu.Label>}
            {recentQueries()
              .slice(0, 20)
              .map((query) => (
                <Menu.Item key={query} onClick={() => onRecent(query)}>
                  <Text className="sk-mono" truncate>
                    {query}
                  </Text>
                </Menu.Item>
              ))}
          </Menu.Dropdown>
        </Menu>
        <Tooltip label="Add a query">
          <ActionIcon aria-label="Add a query" onClick={onAdd} size="lg">
            <IconPlus size={17} />
          </ActionIcon>
        </Tooltip>
      </Group>
      {children}
    </div>
  );
}

interface RunStateProps {
  answer: RangeAnswer;
  ranged: boolean;
  fetching: boolean;
  cancelled: boolean;
  rows: number | null;
  onCancel: () => void;
}

/** What the query does now, or what it took. */
function RunState({ answer, ranged, fetching, cancelled, rows, onCancel }: RunStateProps) {
  const [began, setBegan] = useState<number | null>(null);
  const [now, setNow] = useState(0);
  useEffect(() => {
    if (!fetching) {
      setBegan(null);
      return;
    }
    const start = Date.now();
    setBegan(start);
    setNow(start);
    const timer = setInterval(() => setNow(Date.now()), 100);
    return () => clearInterval(timer);
  }, [fetching]);
  if (cancelled) return null;
  // What is done within a moment needs no word about it.
  if (began !== null && now - began > 300) {
    return (
      <div className={classes.state} role="status">
        Running, {((now - began) / 1000).toFixed(1)} s
        <Button variant="default" size="compact-xs" leftSection={<IconX size={13} />} onClick={onCancel}>
          Cancel
        </Button>
      </div>
    );
  }
  if (ranged) {
    if (answer.data.series.length === 0) return <div className={classes.state} />;
    return (
      <div className={classes.state} role="status">
        <span>
          {formatCount(answer.data.series.length)} series · {Math.round(answer.milliseconds)} ms
          {answer.samples !== null ? ` · ${formatNumber(answer.samples)} samples` : ''} · step {answer.grid.step} s
        </span>
      </div>
    );
  }
  return <div className={classes.state}>{rows === null ? '' : `${formatCount(rows)} series`}</div>;
}
