// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { Anchor, Loader, Text, useComputedColorScheme } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Link } from 'react-router';
import { fetchMatrix } from '../../api/logs';
import { useEvents } from '../../api/events';
import type { ChartData } from '../../chart/chartData';
import { TimeChart } from '../../chart/TimeChart';
import type { Level } from '../../model/logs/level';
import { countQuery } from '../../model/logs/logql';
import { ratesQuery } from '../../model/logs/rates';
import { formatCount } from '../../model/units';
import { ErrorNote } from '../../parts/ErrorNote';
import { formatDuration, niceStep } from '../../url/timeRange';
import { useTime } from '../../url/TimeContext';
import { useLink } from '../../url/useLink';
import { LevelMark } from './LevelMark';
import { levelWord, volumeOf } from './volume';
import classes from './logs.module.css';

const LIGHT: Record<Level, string> = { critical: '#8b1fa8', error: '#d03434', warn: '#d98a00', info: '#2f7fb8', debug: '#7f93a6', trace: '#b3c0cc', unknown: '#93a1ae' };
const DARK: Record<Level, string> = { critical: '#d58cf0', error: '#ff7b7b', warn: '#f0b548', info: '#5aa9dd', debug: '#7d8f9f', trace: '#53626f', unknown: '#6f7f8d' };

const BARS = 100;

/** How many lines there are over time, by level. */
export function useVolume(query: string, enabled: boolean) {
  const { range } = useTime();
  const step = niceStep(range, BARS, 1);
  const end = Math.ceil(range.end / 1000 / step) * step;
  const start = Math.floor(range.start / 1000 / step) * step + step;
  const result = useQuery({
    queryKey: ['log-volume', query, start, end, step],
    queryFn: async ({ signal }) => {
      const window = formatDuration(step * 1000);
      try {
        return { items: await fetchMatrix(countQuery(query, ['level', 'detected_level'], window), start, end, step, signal), start, end, step };
      } catch (e) {
        // Where levels cannot be told apart, at least how many.
        if (signal.aborted) throw e;
        return { items: await fetchMatrix(countQuery(query, [], window), start, end, step, signal), start, end, step };
      }
    },
    enabled,
    placeholderData: keepPreviousData,
  });
  return { ...result, start: result.data?.start ?? start, end: result.data?.end ?? end, step: result.data?.step ?? step };
}

interface VolumeChartProps {
  query: string;
  onLevel: (level: Level) => void;
}

export function VolumeChart({ query, onLevel }: VolumeChartProps) {
  const time = useTime();
  const { events } = useEvents();
  const dark = useComputedColorScheme() === 'dark';
  const link = useLink();
  const rates = useMemo(() => ratesQuery(query), [query]);
  const result = useVolume(query, true);
  const { start, end, step } = result;
  const volume = useMemo(() => (result.data ? volumeOf(result.data.items, start, end, step) : null), [result.data, start, end, step]);
  const data = useMemo<ChartData>(
    () => (volume ? { ...volume.data, series: volume.data.series.map((one) => ({ ...one, colour: (dark ? DARK : LIGHT)[one.key as Level] })) } : { times: [], series: [] }),
    [volume, dark],
  );
  if (result.error && !volume) return <ErrorNote error={result.error} />;
  return (
    <section aria-label="Lines over time" className={classes.volume}>
      <div className={classes.volumeHead}>
        <Text size="sm" fw={600} role="status">
          {volume ? `${formatCount(volume.total)} lines` : 'Counting …'}
        </Text>
        <Text size="xs" className="sk-dim">
          one bar {formatDuration(step * 1000)}
        </Text>
        {rates !== null && (
          <Anchor component={Link} to={link('/promql', { q: rates })} size="xs" title="The rate of these sources' lines by level, as series for dashboards and alerts">
            As PromQL
          </Anchor>
        )}
        {result.isFetching && <Loader size={12} aria-label="Counting" />}
        <div className={classes.levels} role="group" aria-label="Levels">
          {volume?.byLevel.map(({ level, count }) => (
            <button key={level} type="button" className={classes.levelButton} title={`Only ${levelWord(level)}`} onClick={() => onLevel(level)}>
              <LevelMark level={level} word={false} />
              <span>{levelWord(level)}</span>
              <strong>{formatCount(count)}</strong>
            </button>
          ))}
        </div>
      </div>
      <TimeChart
        data={data}
        start={time.range.start / 1000}
        end={Math.max(end, time.range.end / 1000)}
        quantity={{ unit: 'number' }}
        drawing="bars"
        stacked
        height={104}
        bare
        name="Lines over time"
        events={events}
        onZoom={time.zoom}
      />
    </section>
  );
}
