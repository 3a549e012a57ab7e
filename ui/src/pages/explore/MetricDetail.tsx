// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Badge, Button, Checkbox, Group, SegmentedControl, Select, Stack, Text, TextInput, Tooltip } from '@mantine/core';
import { IconCopy, IconPlayerPlay } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import { useEvents } from '../../api/events';
import { useExemplars } from '../../api/exemplars';
import { useLabels } from '../../api/metrics';
import { useGrid, useRange, type RangeQuery } from '../../api/queries';
import { AnswerPanel } from '../../chart/ChartPanel';
import type { ExemplarDot } from '../../chart/exemplarDots';
import { HeatmapPanel } from '../../chart/HeatmapPanel';
import { propose, type Metric, type Summing } from '../../model/metric';
import { formatCount } from '../../model/units';
import { copy } from '../../parts/copy';
import { Empty } from '../../parts/ErrorNote';
import { ExemplarBox } from '../../parts/ExemplarBox';
import { rateWindow } from '../../url/timeRange';
import { useLink } from '../../url/useLink';
import { Breakdown } from './Breakdown';
import { InfoTable } from './InfoTable';
import { LabelTable } from './LabelTable';
import { BEFORE_SECONDS, BEFORE_WORDS, parseBefore, type ExploreState } from './useExploreState';
import classes from './explore.module.css';

interface MetricDetailProps {
  state: ExploreState;
  metric: Metric;
  known: boolean;
  loading: boolean;
}

/** One metric: its chart, the query behind it, and its labels to take it apart. */
export function MetricDetail({ state, metric, known, loading }: MetricDetailProps) {
  const grid = useGrid();
  const { events } = useEvents();
  const link = useLink();
  const navigate = useNavigate();
  const { labels, series, cut } = useLabels(known ? metric : undefined, state.matchers);
  const [stacked, setStacked] = useState(false);
  const [exemplar, setExemplar] = useState<ExemplarDot | null>(null);
  const by = state.by && labels.some((one) => one.name === state.by) ? state.by : null;
  const proposal = useMemo(
    () => propose(metric, state.matchers, by, rateWindow(grid.step), state.summing),
    [metric, state.matchers, by, grid.step, state.summing],
  );
  const isHistogram = metric.type === 'histogram' || metric.type === 'native histogram';
  const view = isHistogram && by === null && state.view !== 'graph' ? 'heatmap' : proposal.view === 'table' ? 'table' : 'graph';
  const sums = metric.type === 'counter' || metric.type === 'gauge' || metric.type === 'unknown';

  const queries = useMemo<RangeQuery[]>(() => {
    const before = state.before;
    return before
      ? [{ query: proposal.query }, { query: proposal.query, earlier: BEFORE_SECONDS[before], beforeNote: BEFORE_WORDS[before] }]
      : [{ query: proposal.query }];
  }, [proposal.query, state.before]);
  const answer = useRange(queries, { enabled: known && view === 'graph' });
  const exemplars = useExemplars(proposal.heatmap ?? proposal.query, known && (isHistogram || metric.type === 'counter'));
  const shownQuery = view === 'heatmap' ? proposal.heatmap! : proposal.query;

  if (!known && !loading) {
    return <Empty title={`${metric.name} has no samples here`}>Choose a longer time, remove a filter, or choose another metric.</Empty>;
  }
  return (
    <Stack gap={14}>
      <div>
        <div className={classes.facts}>
          <Text fw={650} size="lg" style={{ overflowWrap: 'anywhere' }}>
            {metric.name}
          </Text>
          <Badge>{metric.type}</Badge>
          {metric.unit && (
            <Badge color="gray">
              {metric.unit}
            </Badge>
          )}
          <Text size="xs" className="sk-dim">
            {cut ? 'more than ' : ''}
            {formatCount(series)} series
          </Text>
        </div>
        {metric.help && (
          <Text size="sm" className="sk-dim">
            {metric.help}
          </Text>
        )}
        <QueryBar query={shownQuery} onRun={(query) => void navigate(link('/promql', { q: query }))} />
        <Group gap="xs" align="center">
          <Select
            aria-label="Break down by"
            placeholder="Break down by …"
            clearable
            searchable
            data={labels.map((one) => ({ value: one.name, label: `${one.name} (${one.values.length})` }))}
            value={by}
            onChange={(value) => state.set({ by: value })}
            w={190}
          />
          {sums && (
            <SegmentedControl
              size="xs"
              aria-label="How series are put together"
              value={state.summing ?? (metric.type === 'counter' ? 'sum' : by ? 'avg' : 'each')}
              data={[
                ...(metric.type === 'counter' || by ? [] : [{ value: 'each', label: 'each' }]),
                ...(['sum', 'avg', 'max', 'min'] as Summing[]).map((value) => ({ value, label: value })),
              ]}
              onChange={(value) => state.set({ agg: value === 'each' ? null : value })}
            />
          )}
          {isHistogram && by === null && (
            <SegmentedControl
              size="xs"
              aria-label="View"
              value={view}
              data={[
                { value: 'heatmap', label: 'Heatmap' },
                { value: 'graph', label: '95th percentile' },
              ]}
              onChange={(value) => state.set({ view: value === 'graph' ? 'graph' : null })}
            />
          )}
          {view === 'graph' && (
            <>
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
              <Checkbox size="xs" label="Stacked" checked={stacked} onChange={(event) => setStacked(event.currentTarget.checked)} />
            </>
          )}
        </Group>
      </div>

      {view === 'heatmap' ? (
        <HeatmapPanel title={proposal.heatmap ? 'How values are spread' : metric.name} name={metric.name} query={proposal.heatmap!} quantity={proposal.quantity} events={events} exemplars={exemplars.dots} onExemplar={setExemplar} />
      ) : view === 'table' ? (
        <InfoTable query={proposal.query} title={proposal.words} />
      ) : (
        <AnswerPanel
          title={proposal.words}
          name={metric.name}
          queries={queries}
          answer={answer}
          quantity={proposal.quantity}
          height={270}
          events={events}
          stacked={stacked && !state.before}
          exemplars={exemplars.dots}
          onExemplar={setExemplar}
          drawing={answer.data.series.length <= 2 ? 'area' : 'lines'}
        />
      )}
      {by !== null && answer.data.series.length > 0 && (
        <Breakdown
          answer={answer}
          by={by}
          quantity={proposal.quantity}
          onInclude={(value) => state.addMatcher({ name: by, operator: '=', value })}
          onExclude={(value) => state.addMatcher({ name: by, operator: '!=', value })}
        />
      )}
      <LabelTable labels={labels} by={by} onBreakDown={(name) => state.set({ by: name })} onAdd={state.addMatcher} />
      {exemplar && <ExemplarBox dot={exemplar} quantity={proposal.quantity} onClose={() => setExemplar(null)} />}
    </Stack>
  );
}

/** The query that was made, to read, change and take along. */
function QueryBar({ query, onRun }: { query: string; onRun: (query: string) => void }) {
  const [text, setText] = useState(query);
  useEffect(() => setText(query), [query]);
  return (
    <form
      className={classes.queryBar}
      onSubmit={(event) => {
        event.preventDefault();
        onRun(text);
      }}
    >
      <TextInput
        aria-label="The query, in PromQL"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        flex={1}
        size="sm"
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12.5 } }}
        spellCheck={false}
      />
      <Tooltip label="Copy the query">
        <ActionIcon size="lg" onClick={() => void copy(query, 'The query')} aria-label="Copy the query">
          <IconCopy size={16} />
        </ActionIcon>
      </Tooltip>
      <Button type="submit" variant="default" size="sm" leftSection={<IconPlayerPlay size={14} />}>
        {text === query ? 'As a query' : 'Run'}
      </Button>
    </form>
  );
}
