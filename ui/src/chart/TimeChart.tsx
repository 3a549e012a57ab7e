// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { useMantineColorScheme, useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useMemo, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { SkoposEvent } from '../api/types';
import { axisSteps, formatQuantity, type Quantity } from '../model/units';
import { clock, day, formatTime } from '../url/timeRange';
import { assignColours, rank, stack, summarize, type ChartData } from './chartData';
import { drawEventBands, drawEventMarks, eventsNear } from './eventMarks';
import { drawExemplars, exemplarNear, type ExemplarDot } from './exemplarDots';
import { colour, COLOURED, grey, ink, type ChartInk } from './palette';
import classes from './chart.module.css';

/** Bars count what lies before their time, as a window of a query does. */
export type Drawing = 'lines' | 'area' | 'points' | 'bars';

export interface TimeChartProps {
  data: ChartData;
  /** Seconds since 1970. */
  start: number;
  end: number;
  quantity: Quantity;
  drawing?: Drawing;
  stacked?: boolean;
  height?: number;
  yMax?: number;
  events?: SkoposEvent[];
  exemplars?: ExemplarDot[];
  /** Series drawn; all when not given. */
  shown?: ReadonlySet<string>;
  /** The series pointed at elsewhere, such as in the legend. */
  highlighted?: string | null;
  /** Says what the chart shows to those who cannot see it. */
  name: string;
  onZoom?: (start: number, end: number) => void;
  onPick?: (time: number, x: number, y: number) => void;
  onExemplar?: (dot: ExemplarDot) => void;
  onReady?: (plot: uPlot | null) => void;
  /** Without marks on the axes' every step: for many small charts. */
  bare?: boolean;
}

const TOOLTIP_ROWS = 9;
const SYNC = uPlot.sync('time');
const BARS = uPlot.paths.bars!({ size: [0.9, 60], align: -1 });

/** The colours of a chart's series, the same in the plot and in its legend. */
export function useColours(data: ChartData): { colours: string[]; coloured: boolean[] } {
  const dark = useComputedColorScheme() === 'dark';
  return useMemo(() => {
    const assigned = assignColours(data.series, COLOURED);
    return {
      coloured: data.series.map((one, index) => one.colour !== undefined || assigned[index] !== null),
      colours: data.series.map((one, index) => {
        if (typeof one.colour === 'string') return one.colour;
        const chosen = one.colour ?? assigned[index];
        return chosen === null || chosen === undefined ? grey(dark) : colour(chosen, dark);
      }),
    };
  }, [data, dark]);
}

export function TimeChart(props: TimeChartProps) {
  const { data, drawing = 'lines', stacked = false, height = 220, shown } = props;
  const { colorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme() === 'dark';
  const { ref: sizeRef, width } = useElementSize<HTMLDivElement>();
  const hostRef = useRef<HTMLDivElement>(null);
  const tipRef = useRef<HTMLDivElement>(null);
  const plotRef = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const { colours, coloured } = useColours(data);

  // Grey series first, so that the coloured ones lie above them; stacks keep their order, and are piled anew without
  // what is hidden. Lines are only switched off, which is faster.
  const piled = stacked ? shown : undefined;
  const order = useMemo(() => {
    const all = data.series.map((_, index) => index);
    if (stacked) return all.filter((index) => !piled || piled.has(data.series[index]!.key));
    return all.sort((a, b) => Number(coloured[a]) - Number(coloured[b]));
  }, [data, piled, stacked, coloured]);

  const columns = useMemo(() => {
    const raw = order.map((index) => data.series[index]!.values);
    return stacked ? stack(raw) : raw;
  }, [data, order, stacked]);

  const structure = JSON.stringify([
    order.map((index) => [data.series[index]!.key, colours[index], data.series[index]!.before ?? false]),
    drawing,
    stacked,
    props.quantity,
    dark,
    colorScheme,
    height,
    props.yMax ?? null,
  ]);
  const state = useRef({ order, colours, columns });
  state.current = { order, colours, columns };

  useEffect(() => {
    const host = hostRef.current;
    if (!host || width === 0) return;
    const tooltip = tooltipOf(tipRef.current!, latest, state);
    const colors = ink(dark);
    const many = order.length > COLOURED;
    const options: uPlot.Options = {
      width,
      height,
      padding: props.bare ? (props.events ? [13, 20, 0, 0] : [6, 8, 0, 0]) : [14, 20, 0, 0],
      legend: { show: false },
      focus: { alpha: 0.25 },
      cursor: {
        sync: { key: SYNC.key, setSeries: false },
        drag: { x: true, y: false, setScale: false, dist: 6 },
        points: { size: 7, width: 2 },
        focus: { prox: -1 },
      },
      scales: {
        x: { time: true, range: () => [latest.current.start, latest.current.end] },
        y: { range: (_self, min, max) => yRange(min, max, stacked || drawing === 'area' || drawing === 'bars', props.yMax) },
      },
      axes: [
        { ...timeAxis(colors), ...(props.bare ? { size: 20, gap: 3 } : {}) },
        {
          stroke: colors.text,
          grid: { stroke: colors.grid, width: 1 },
          ticks: { show: false },
          font: '11px "Inter Variable", system-ui, sans-serif',
          size: props.bare ? 54 : 66,
          space: props.bare ? 28 : 34,
          gap: 6,
          ...(axisSteps(props.quantity.unit) ? { incrs: axisSteps(props.quantity.unit)! } : {}),
          values: (_self, splits) => splits.map((value) => formatQuantity(value, props.quantity)),
        },
      ],
      series: [
        {},
        ...order.map((index): uPlot.Series => {
          const series = data.series[index]!;
          const stroke = colours[index]!;
          const isGrey = !coloured[index];
          const filled = stacked || (drawing === 'area' && !series.before);
          return {
            label: series.label,
            show: !latest.current.shown || latest.current.shown.has(series.key),
            stroke,
            width: drawing === 'points' ? 0 : isGrey ? 1 : 1.6,
            alpha: series.before ? 0.65 : 1,
            ...(series.before ? { dash: [5, 4] } : {}),
            ...(drawing === 'bars'
              ? { fill: stroke, width: 0, paths: BARS }
              : filled
                ? { fill: translucent(stroke, stacked ? (dark ? 0.55 : 0.6) : 0.14) }
                : {}),
            points:
              drawing === 'bars'
                ? { show: false }
                : drawing === 'points'
                ? { show: true, size: many ? 3 : 4, stroke, fill: stroke }
                : { show: (self, seriesIndex) => lonely(self, seriesIndex), size: 4, stroke, fill: stroke },
          };
        }),
      ],
      bands: stacked
        ? order.slice(1).map((_, index) => ({ series: [index + 2, index + 1] as [number, number] }))
        : [],
      hooks: {
        drawClear: [(self) => drawEventBands(self, latest.current.events ?? [], colors)],
        draw: [
          (self) => drawExemplars(self, latest.current.exemplars ?? [], dark),
          (self) => drawEventMarks(self, latest.current.events ?? [], colors),
        ],
        setCursor: [tooltip],
        setSelect: [
          (self) => {
            const { left, width: wide } = self.select;
            if (wide < 4) return;
            const from = self.posToVal(left, 'x');
            const to = self.posToVal(left + wide, 'x');
            self.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            latest.current.onZoom?.(from, to);
          },
        ],
      },
    };
    const plot = new uPlot(options, [latest.current.data.times, ...state.current.columns] as uPlot.AlignedData, host);
    plot.over.addEventListener('click', (event) => pick(plot, event, latest));
    plotRef.current = plot;
    latest.current.onReady?.(plot);
    return () => {
      latest.current.onReady?.(null);
      plotRef.current = null;
      plot.destroy();
    };
    // Drawn anew only when its structure changes; new values go in below.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [structure, width > 0]);

  useEffect(() => {
    if (width > 0) plotRef.current?.setSize({ width, height });
  }, [width, height]);

  useEffect(() => {
    plotRef.current?.setData([data.times, ...columns] as uPlot.AlignedData);
  }, [data, columns, props.start, props.end]);

  useEffect(() => {
    const plot = plotRef.current;
    plot?.batch(() => {
      order.forEach((index, column) => {
        const show = !shown || shown.has(data.series[index]!.key);
        if (plot.series[column + 1] && plot.series[column + 1]!.show !== show) plot.setSeries(column + 1, { show }, false);
      });
    });
    // Structure and data set it themselves.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [shown]);

  useEffect(() => {
    plotRef.current?.redraw(false);
  }, [props.events, props.exemplars]);

  useEffect(() => {
    const plot = plotRef.current;
    if (!plot) return;
    const at = order.findIndex((index) => data.series[index]!.key === props.highlighted);
    plot.setSeries(at < 0 ? null : at + 1, { focus: at >= 0 });
  }, [props.highlighted, order, data]);

  return (
    <div ref={sizeRef} className={classes.frame} style={{ minHeight: height }}>
      <div
        ref={hostRef}
        className={classes.plot}
        role="img"
        tabIndex={0}
        aria-label={describe(props)}
        onKeyDown={(event) => walk(event, plotRef.current, data)}
        onBlur={() => plotRef.current?.setCursor({ left: -10, top: -10 })}
      />
      <div ref={tipRef} className={classes.tooltip} aria-hidden="true" />
    </div>
  );
}

/** The arrows move the cursor along the steps, as the pointer does. */
function walk(event: React.KeyboardEvent, plot: uPlot | null, data: ChartData): void {
  if (!plot || (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight')) return;
  event.preventDefault();
  const now = plot.cursor.idx ?? data.times.length - 1;
  const next = Math.min(data.times.length - 1, Math.max(0, now + (event.key === 'ArrowLeft' ? -1 : 1)));
  plot.setCursor({ left: plot.valToPos(data.times[next]!, 'x'), top: plot.over.clientHeight / 3 });
}

function pick(self: uPlot, event: MouseEvent, latest: React.RefObject<TimeChartProps>): void {
  if (self.cursor.left === undefined || self.cursor.left < 0) return;
  const dot = exemplarNear(self, latest.current.exemplars ?? []);
  if (dot) latest.current.onExemplar?.(dot);
  else latest.current.onPick?.(self.posToVal(self.cursor.left, 'x'), event.clientX, event.clientY);
}

function describe(props: TimeChartProps): string {
  const parts = rank(props.data.series)
    .slice(0, 5)
    .map((index) => {
      const series = props.data.series[index]!;
      return `${series.label} ${formatQuantity(summarize(series.values).last, props.quantity)}`;
    });
  const more = props.data.series.length > 5 ? `, and ${props.data.series.length - 5} more` : '';
  return parts.length === 0
    ? `${props.name}: no data`
    : `${props.name}, from ${formatTime(props.start * 1000)} to ${formatTime(props.end * 1000)}. Last: ${parts.join(', ')}${more}`;
}

function translucent(colorText: string, alpha: number): string {
  if (!colorText.startsWith('#')) return colorText;
  const value = parseInt(colorText.slice(1), 16);
  return `rgba(${value >> 16},${(value >> 8) & 255},${value & 255},${alpha})`;
}

/** A sample with gaps on both sides has no line, so it is drawn as a point. */
function lonely(self: uPlot, seriesIndex: number): boolean {
  const values = self.data[seriesIndex]!;
  let samples = 0;
  for (const value of values) if (value !== null && value !== undefined) samples++;
  return samples > 0 && samples < 4;
}

function yRange(min: number | null, max: number | null, fromZero: boolean, fixedMax?: number): [number, number] {
  if (min === null || max === null) return [0, fixedMax ?? 1];
  let low = min;
  let high = Math.max(max, fixedMax ?? -Infinity);
  if (fromZero || (low >= 0 && low < high * 0.6)) low = Math.min(0, low);
  if (low === high) {
    if (low === 0) return [0, 1];
    const pad = Math.abs(low) * 0.1;
    return [low > 0 && fromZero ? 0 : low - pad, high + pad];
  }
  const span = high - low;
  return [low === 0 ? 0 : low - span * 0.08, fixedMax !== undefined && high === fixedMax ? high : high + span * 0.08];
}

/** The axis below every chart over time. */
export function timeAxis(colors: ChartInk): uPlot.Axis {
  return {
    stroke: colors.text,
    grid: { stroke: colors.grid, width: 1 },
    ticks: { show: false },
    font: '11px "Inter Variable", system-ui, sans-serif',
    size: 26,
    space: 74,
    values: (_self, splits, _axis, _space, step) => timeTicks(splits, step),
  };
}

function timeTicks(splits: number[], step: number): string[] {
  let dayBefore = '';
  return splits.map((time) => {
    const date = new Date(time * 1000);
    const today = day(time * 1000);
    const text =
      step >= 86_400
        ? today.slice(5)
        : date.getHours() === 0 && date.getMinutes() === 0 && today !== dayBefore
          ? today.slice(5)
          : clock(time * 1000, step < 60);
    dayBefore = today;
    return text;
  });
}

/** Fills and places the box beside the cursor. Works on the page directly: it runs with every move of the mouse. */
function tooltipOf(
  box: HTMLDivElement,
  latest: React.RefObject<TimeChartProps>,
  state: React.RefObject<{ order: number[]; colours: string[]; columns: (number | null)[][] }>,
): (self: uPlot) => void {
  return (self) => {
    const { left, top, idx } = self.cursor;
    if (idx === null || idx === undefined || left === undefined || left < 0) {
      box.style.display = 'none';
      return;
    }
    const props = latest.current;
    const near = top === undefined ? null : self.posToVal(top, 'y');
    const rows = state.current.order
      .map((index, column) => ({
        index,
        value: props.data.series[index]!.values[idx] ?? null,
        drawn: state.current.columns[column]?.[idx] ?? null,
      }))
      .filter((row) => row.value !== null && (!props.shown || props.shown.has(props.data.series[row.index]!.key)));
    const nearest =
      near === null || rows.length === 0
        ? -1
        : rows.reduce((best, row) => (Math.abs(row.drawn! - near) < Math.abs(best.drawn! - near) ? row : best)).index;
    rows.sort((a, b) => b.value! - a.value!);
    let first = 0;
    if (rows.length > TOOLTIP_ROWS) {
      const at = rows.findIndex((row) => row.index === nearest);
      first = Math.min(Math.max(0, at - 4), rows.length - TOOLTIP_ROWS);
    }
    box.replaceChildren();
    // Only the chart under the pointer shows the box; synced ones show their crosshair.
    if (!self.over.matches(':hover') && document.activeElement?.contains(self.over) !== true) {
      box.style.display = 'none';
      return;
    }
    const head = document.createElement('div');
    head.className = classes.tooltipTime!;
    head.textContent = formatTime(props.data.times[idx]! * 1000);
    box.append(head);
    for (const event of eventsNear(self, props.events ?? [], left)) {
      const line = document.createElement('div');
      line.className = classes.tooltipEvent!;
      line.textContent = `${event.kind}: ${event.title}`;
      box.append(line);
    }
    const dot = exemplarNear(self, props.exemplars ?? []);
    if (dot) {
      const line = document.createElement('div');
      line.className = classes.tooltipEvent!;
      line.textContent = `exemplar ${formatQuantity(dot.value, props.quantity)} ${Object.entries(dot.labels)
        .map(([key, value]) => `${key}=${value}`)
        .join(' ')}`;
      box.append(line);
    }
    for (const row of rows.slice(first, first + TOOLTIP_ROWS)) {
      const line = document.createElement('div');
      line.className = row.index === nearest ? `${classes.tooltipRow} ${classes.nearest}` : classes.tooltipRow!;
      const swatch = document.createElement('span');
      swatch.className = classes.swatch!;
      swatch.style.background = state.current.colours[row.index]!;
      const label = document.createElement('span');
      label.className = classes.tooltipLabel!;
      label.textContent = props.data.series[row.index]!.label;
      const value = document.createElement('span');
      value.className = classes.tooltipValue!;
      value.textContent = formatQuantity(row.value, props.quantity);
      line.append(swatch, label, value);
      box.append(line);
    }
    if (rows.length > TOOLTIP_ROWS) {
      const more = document.createElement('div');
      more.className = classes.tooltipTime!;
      more.textContent = `${rows.length - TOOLTIP_ROWS} more`;
      box.append(more);
    }
    box.style.display = 'block';
    const offset = self.over.offsetLeft + left;
    const space = box.parentElement!.clientWidth;
    const wide = box.offsetWidth;
    box.style.left = `${offset + 16 + wide > space ? Math.max(0, offset - wide - 16) : offset + 16}px`;
    box.style.top = `${Math.max(4, Math.min(top ?? 0, self.over.clientHeight - 40))}px`;
  };
}
