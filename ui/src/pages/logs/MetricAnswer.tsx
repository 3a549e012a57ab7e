// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Loader, Skeleton, Text, Tooltip } from '@mantine/core';
import { IconFileTypeCsv, IconTerminal2 } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { asCurl } from '../../api/client';
import { useEvents } from '../../api/events';
import { fetchMatrix, LOKI, nanos } from '../../api/logs';
import { align, chartCsv, EMPTY } from '../../chart/chartData';
import { Legend } from '../../chart/Legend';
import { TimeChart } from '../../chart/TimeChart';
import { formatCount, type Quantity } from '../../model/units';
import { copy } from '../../parts/copy';
import { download, fileName } from '../../parts/download';
import { Empty } from '../../parts/ErrorNote';
import { Surface } from '../../parts/Surface';
import { formatDuration, niceStep } from '../../url/timeRange';
import { useTime } from '../../url/TimeContext';
import { withWindows } from './volume';

const POINTS = 200;

function quantityOf(query: string): Quantity {
  if (/\bbytes_rate\b/.test(query)) return { unit: 'bytes', perSecond: true };
  if (/\bbytes_over_time\b/.test(query)) return { unit: 'bytes' };
  return /\brate\b/.test(query) ? { unit: 'number', perSecond: true } : { unit: 'number' };
}

/** A query that counts lines: a chart. */
export function MetricAnswer({ query }: { query: string }) {
  const time = useTime();
  const { events } = useEvents();
  const [shown, setShown] = useState<ReadonlySet<string>>();
  const [highlighted, setHighlighted] = useState<string | null>(null);
  const step = niceStep(time.range, POINTS, 5);
  const start = Math.ceil(time.range.start / 1000 / step) * step;
  const end = Math.floor(time.range.end / 1000 / step) * step;
  const result = useMetricAnswer(query);
  const data = useMemo(() => (result.data ? align(result.data.items, result.data.start, result.data.end, result.data.step) : EMPTY), [result.data]);
  const quantity = quantityOf(query);
  return (
    <Surface
      label="Chart of the query"
      title={result.data ? `${formatCount(data.series.length)} series` : 'Counting'}
      actions={
        <>
          {result.isFetching && <Loader size={14} aria-label="Counting" />}
          <Tooltip label="Save as CSV">
            <ActionIcon size="sm" aria-label="Save as CSV" disabled={data.series.length === 0} onClick={() => download(fileName(query, 'csv'), new Blob([chartCsv(data)], { type: 'text/csv' }))}>
              <IconFileTypeCsv size={16} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label="Copy as curl">
            <ActionIcon
              size="sm"
              aria-label="Copy as curl"
              onClick={() => void copy(asCurl(location.origin, `${LOKI}/query_range`, { query: withWindows(query, step, end - start), start: nanos(start * 1000), end: nanos(end * 1000), step: `${step}s` }), 'The curl command')}
            >
              <IconTerminal2 size={16} />
            </ActionIcon>
          </Tooltip>
        </>
      }
    >
      {result.isPending ? (
        <Skeleton height={320} role="status" aria-label="Loading" />
      ) : data.series.length === 0 ? (
        <Empty title={result.error ? 'No answer' : 'No data in this time'}>{result.error ? 'The error is below the query.' : 'Choose a longer time, or widen the query.'}</Empty>
      ) : (
        <>
          <TimeChart
            data={data}
            start={result.data!.start}
            end={result.data!.end}
            quantity={quantity}
            height={320}
            drawing={data.series.length <= 2 ? 'area' : 'lines'}
            name="Chart of the query"
            events={events}
            highlighted={highlighted}
            onZoom={time.zoom}
            {...(shown ? { shown } : {})}
          />
          <Legend data={data} quantity={quantity} shown={shown} onShown={setShown} onHighlight={setHighlighted} />
        </>
      )}
      <Text size="xs" className="sk-dim" mt={6}>
        One point each {formatDuration(step * 1000)}. $__auto in a query stands for that.
      </Text>
    </Surface>
  );
}

export function useMetricAnswer(query: string, enabled = true) {
  const { range } = useTime();
  const step = niceStep(range, POINTS, 5);
  const start = Math.ceil(range.start / 1000 / step) * step;
  const end = Math.floor(range.end / 1000 / step) * step;
  return useQuery({
    queryKey: ['log-metric', query, start, end, step],
    queryFn: async ({ signal }) => ({ items: await fetchMatrix(withWindows(query, step, end - start), start, end, step, signal), start, end, step }),
    placeholderData: keepPreviousData,
    enabled,
  });
}
