// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Loader, Menu, Skeleton, Text, Tooltip, useComputedColorScheme } from '@mantine/core';
import {
  IconCalendarPlus, IconChartDots3, IconDots, IconFileText, IconFileTypeCsv, IconInfoCircle, IconPhoto, IconTerminal2, IconZoomIn,
} from '@tabler/icons-react';
import { useRef, useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import type uPlot from 'uplot';
import { asCurl } from '../api/client';
import { rangeParameters, useRange, type RangeAnswer, type RangeQuery } from '../api/queries';
import type { SkoposEvent } from '../api/types';
import { sharedLabels } from '../model/selector';
import type { Quantity } from '../model/units';
import { copy } from '../parts/copy';
import { download, fileName } from '../parts/download';
import { Empty, ErrorNote } from '../parts/ErrorNote';
import { EventForm } from '../parts/EventForm';
import { Surface } from '../parts/Surface';
import { useShowLogs } from '../parts/useShowLogs';
import { useTime } from '../url/TimeContext';
import { useLink } from '../url/useLink';
import { chartCsv } from './chartData';
import type { ExemplarDot } from './exemplarDots';
import { Legend } from './Legend';
import { picture } from './picture';
import { TimeChart, useColours, type Drawing } from './TimeChart';

export interface ChartPanelProps {
  title: ReactNode;
  /** In words, for file names and for those who cannot see the chart. */
  name: string;
  /** What the chart tells, for those who see it for the first time. */
  help?: string;
  queries: RangeQuery[];
  quantity: Quantity;
  drawing?: Drawing;
  stacked?: boolean;
  height?: number;
  yMax?: number;
  events?: SkoposEvent[];
  fixedOrder?: boolean;
  legend?: boolean;
  actions?: ReactNode;
  points?: number;
  /** Leaves out series that are never further from 0. */
  dropUpTo?: number;
  emptyNote?: string;
}

/** A chart that asks for its own data. */
export function ChartPanel(props: ChartPanelProps) {
  const answer = useRange(props.queries, {
    ...(props.points ? { points: props.points } : {}),
    ...(props.dropUpTo !== undefined ? { dropUpTo: props.dropUpTo } : {}),
  });
  return <AnswerPanel {...props} answer={answer} />;
}

export interface AnswerPanelProps extends ChartPanelProps {
  answer: RangeAnswer;
  exemplars?: ExemplarDot[];
  onExemplar?: (dot: ExemplarDot) => void;
  below?: ReactNode;
}

/** A chart of an answer that is there already, with all that can be done to it. */
export function AnswerPanel(props: AnswerPanelProps) {
  const { answer, quantity, name, queries } = props;
  const { data, grid, error, first, fetching } = answer;
  const time = useTime();
  const link = useLink();
  const dark = useComputedColorScheme() === 'dark';
  const plot = useRef<uPlot | null>(null);
  const [shown, setShown] = useState<ReadonlySet<string>>();
  const [highlighted, setHighlighted] = useState<string | null>(null);
  const [picked, setPicked] = useState<{ time: number; x: number; y: number } | null>(null);
  const [adding, setAdding] = useState<number | null>(null);
  const { colours } = useColours(data);
  const height = props.height ?? 210;

  const savePicture = async () => {
    if (plot.current) download(fileName(name, 'png'), await picture(plot.current, name, data, colours, dark));
  };
  const showLogs = useShowLogs();
  const logsOf = (start: number, end: number) => {
    const series = data.series.filter((one) => !shown || shown.has(one.key)).map((one) => one.labels);
    void showLogs(sharedLabels(queries.map((one) => one.query), series), { start: start * 1000, end: end * 1000 });
  };
  const queryPage = link('/promql', { q: queries.map((one) => one.query) });

  return (
    <Surface
      label={name}
      title={
        <>
          {props.title}
          {props.help && (
            <Tooltip label={props.help}>
              <IconInfoCircle size={14} aria-label={props.help} style={{ marginLeft: 6, verticalAlign: -2, color: 'var(--sk-dim)' }} />
            </Tooltip>
          )}
        </>
      }
      actions={
        <>
          {fetching && !first && <Loader size={14} aria-label="Loading" />}
          {props.actions}
          <Menu position="bottom-end" withinPortal>
            <Menu.Target>
              <ActionIcon size="sm" aria-label={`More about ${name}`}>
                <IconDots size={16} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconChartDots3 size={15} />} component={Link} to={queryPage}>
                Open as a query
              </Menu.Item>
              <Menu.Item leftSection={<IconFileText size={15} />} onClick={() => logsOf(time.range.start / 1000, time.range.end / 1000)}>
                Logs of this time
              </Menu.Item>
              <Menu.Item leftSection={<IconCalendarPlus size={15} />} onClick={() => setAdding(time.range.end / 1000)}>
                Add an event
              </Menu.Item>
              <Menu.Divider />
              <Menu.Item leftSection={<IconPhoto size={15} />} onClick={savePicture} disabled={data.series.length === 0}>
                Save as PNG
              </Menu.Item>
              <Menu.Item
                leftSection={<IconFileTypeCsv size={15} />}
                disabled={data.series.length === 0}
                onClick={() => download(fileName(name, 'csv'), new Blob([chartCsv(data)], { type: 'text/csv' }))}
              >
                Save as CSV
              </Menu.Item>
              <Menu.Item
                leftSection={<IconTerminal2 size={15} />}
                onClick={() =>
                  copy(
                    queries
                      .map((one) => asCurl(location.origin, '/api/v1/query_range', rangeParameters(one.query, grid, one.earlier)))
                      .join('\n'),
                    'The curl command',
                  )
                }
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
      ) : first && data.series.length === 0 ? (
        <Skeleton height={height} radius="sm" role="status" aria-label="Loading" />
      ) : data.series.length === 0 ? (
        <div style={{ minHeight: height, display: 'grid', placeItems: 'center' }}>
          <Empty title="No data in this time">{props.emptyNote ?? 'Choose a longer time, or wait for the next samples.'}</Empty>
        </div>
      ) : (
        <>
          <TimeChart
            data={data}
            start={Math.max(grid.start, Math.floor(time.range.start / 1000))}
            end={grid.end}
            quantity={quantity}
            name={name}
            height={height}
            highlighted={highlighted}
            onZoom={time.zoom}
            onPick={(at, x, y) => setPicked({ time: at, x, y })}
            onReady={(ready) => {
              plot.current = ready;
            }}
            {...(props.drawing ? { drawing: props.drawing } : {})}
            {...(props.stacked ? { stacked: true } : {})}
            {...(props.yMax !== undefined ? { yMax: props.yMax } : {})}
            {...(props.events ? { events: props.events } : {})}
            {...(props.exemplars ? { exemplars: props.exemplars } : {})}
            {...(props.onExemplar ? { onExemplar: props.onExemplar } : {})}
            {...(shown ? { shown } : {})}
          />
          {props.legend !== false && (
            <Legend
              data={data}
              quantity={quantity}
              shown={shown}
              onShown={setShown}
              onHighlight={setHighlighted}
              {...(props.fixedOrder ? { fixedOrder: true } : {})}
            />
          )}
        </>
      )}
      {answer.warnings.length > 0 && (
        <Text size="xs" mt={6} role="status" style={{ color: 'var(--sk-warn)' }}>
          {[...new Set(answer.warnings)].slice(0, 3).join(' · ')}
        </Text>
      )}
      {props.below}
      {picked && (
        <Menu opened onChange={(open) => !open && setPicked(null)} withinPortal position="bottom-start" trapFocus>
          <Menu.Target>
            <div style={{ position: 'fixed', left: picked.x, top: picked.y, width: 1, height: 1 }} />
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>{new Date(picked.time * 1000).toLocaleString('sv-SE')}</Menu.Label>
            <Menu.Item leftSection={<IconCalendarPlus size={15} />} onClick={() => setAdding(picked.time)}>
              Add an event here
            </Menu.Item>
            <Menu.Item
              leftSection={<IconFileText size={15} />}
              onClick={() => {
                const reach = Math.max(30, (grid.end - grid.start) / 40);
                logsOf(picked.time - reach, picked.time + reach);
              }}
            >
              Logs around here
            </Menu.Item>
            <Menu.Item
              leftSection={<IconZoomIn size={15} />}
              onClick={() => {
                const length = (grid.end - grid.start) / 5;
                time.zoom(picked.time - length / 2, picked.time + length / 2);
              }}
            >
              Zoom in here
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      {adding !== null && <EventForm start={adding} onClose={() => setAdding(null)} />}
    </Surface>
  );
}
