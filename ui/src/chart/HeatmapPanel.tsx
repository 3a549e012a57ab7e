// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Loader, Menu, Skeleton, useComputedColorScheme } from '@mantine/core';
import { IconChartDots3, IconDots, IconFileTypeCsv, IconPhoto, IconTerminal2 } from '@tabler/icons-react';
import { useMemo, useRef } from 'react';
import { Link } from 'react-router';
import type uPlot from 'uplot';
import { asCurl } from '../api/client';
import { rangeParameters, useRange, type RangeAnswer } from '../api/queries';
import type { SkoposEvent } from '../api/types';
import { classicHeat, nativeHeat } from '../model/histogram';
import { formatQuantity, type Quantity } from '../model/units';
import { copy } from '../parts/copy';
import { download, fileName } from '../parts/download';
import { Empty, ErrorNote } from '../parts/ErrorNote';
import { Surface } from '../parts/Surface';
import { useTime } from '../url/TimeContext';
import { useLink } from '../url/useLink';
import { EMPTY, toCsv } from './chartData';
import type { ExemplarDot } from './exemplarDots';
import { HeatmapChart } from './HeatmapChart';
import { picture } from './picture';

interface HeatmapPanelProps {
  title: string;
  name: string;
  query: string;
  quantity: Quantity;
  events?: SkoposEvent[];
  exemplars?: ExemplarDot[];
  onExemplar?: (dot: ExemplarDot) => void;
  height?: number;
}

/** A heatmap that asks for its own data: of classic buckets when there are any with `le`, else of native histograms. */
export function HeatmapPanel(props: HeatmapPanelProps) {
  const answer = useRange(useMemo(() => [{ query: props.query }], [props.query]), { points: 120 });
  return <HeatmapAnswer {...props} answer={answer} />;
}

export function HeatmapAnswer({ answer, ...props }: HeatmapPanelProps & { answer: RangeAnswer }) {
  const { grid, raw, error, first, fetching } = answer;
  const time = useTime();
  const link = useLink();
  const dark = useComputedColorScheme() === 'dark';
  const plot = useRef<uPlot | null>(null);
  const data = useMemo(() => {
    const native = raw.some((item) => (item.histograms?.length ?? 0) > 0);
    return native ? nativeHeat(raw, grid.start, grid.end, grid.step) : classicHeat(raw, grid.start, grid.end, grid.step);
  }, [raw, grid]);
  const edge = (value: number) => (Number.isFinite(value) ? formatQuantity(value, props.quantity) : '∞');
  return (
    <Surface
      title={props.title}
      label={props.name}
      actions={
        <>
          {fetching && !first && <Loader size={14} aria-label="Loading" />}
          <Menu position="bottom-end" withinPortal>
            <Menu.Target>
              <ActionIcon size="sm" aria-label={`More about ${props.name}`}>
                <IconDots size={16} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconChartDots3 size={15} />} component={Link} to={link('/promql', { q: props.query, view: 'heatmap' })}>
                Open as a query
              </Menu.Item>
              <Menu.Item
                leftSection={<IconPhoto size={15} />}
                onClick={async () => {
                  if (plot.current) download(fileName(props.name, 'png'), await picture(plot.current, props.name, EMPTY, [], dark));
                }}
              >
                Save as PNG
              </Menu.Item>
              <Menu.Item
                leftSection={<IconFileTypeCsv size={15} />}
                onClick={() =>
                  download(
                    fileName(props.name, 'csv'),
                    new Blob(
                      [
                        toCsv(
                          ['time', ...data.rows.map((row) => `${row.low} to ${row.high}`)],
                          data.times.map((at, index) => [new Date(at * 1000).toISOString(), ...data.rows.map((row) => row.counts[index] ?? null)]),
                        ),
                      ],
                      { type: 'text/csv' },
                    ),
                  )
                }
              >
                Save as CSV
              </Menu.Item>
              <Menu.Item
                leftSection={<IconTerminal2 size={15} />}
                onClick={() => void copy(asCurl(location.origin, '/api/v1/query_range', rangeParameters(props.query, grid)), 'The curl command')}
              >
                Copy as curl
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </>
      }
    >
      {error ? (
        <ErrorNote error={error} onRetry={time.refresh} />
      ) : first && raw.length === 0 ? (
        <Skeleton height={props.height ?? 280} role="status" aria-label="Loading" />
      ) : raw.length === 0 ? (
        <Empty title="No observations in this time">Choose a longer time, or wait for the next samples.</Empty>
      ) : data.rows.length === 0 ? (
        <Empty title="No histogram in this answer">A heatmap wants buckets with the label le, or native histograms.</Empty>
      ) : (
        <HeatmapChart
          data={data}
          start={grid.start}
          end={grid.end}
          step={grid.step}
          quantity={props.quantity}
          name={`${props.name}, ${edge(data.rows[0]!.low)} to ${edge(data.rows.at(-1)!.high)}`}
          onZoom={time.zoom}
          onReady={(ready) => {
            plot.current = ready;
          }}
          {...(props.height ? { height: props.height } : {})}
          {...(props.events ? { events: props.events } : {})}
          {...(props.exemplars ? { exemplars: props.exemplars } : {})}
          {...(props.onExemplar ? { onExemplar: props.onExemplar } : {})}
        />
      )}
    </Surface>
  );
}
