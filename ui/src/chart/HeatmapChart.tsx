// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { Text, useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useMemo, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { SkoposEvent } from '../api/types';
import { heatShare, mostIn, type HeatData } from '../model/histogram';
import { formatNumber, formatQuantity, type Quantity } from '../model/units';
import { formatTime } from '../url/timeRange';
import { drawEventBands, drawEventMarks } from './eventMarks';
import { drawExemplars, exemplarNear, type ExemplarDot } from './exemplarDots';
import { heat, heatColours, ink } from './palette';
import { timeAxis } from './TimeChart';
import classes from './chart.module.css';

interface HeatmapProps {
  data: HeatData;
  start: number;
  end: number;
  step: number;
  quantity: Quantity;
  height?: number;
  name: string;
  events?: SkoposEvent[];
  exemplars?: ExemplarDot[];
  onZoom?: (start: number, end: number) => void;
  onExemplar?: (dot: ExemplarDot) => void;
  onReady?: (plot: uPlot | null) => void;
}

/** Where a value lies on rows of equal height. */
function rowPosition(data: HeatData, value: number): number {
  const at = data.rows.findIndex((row) => value <= row.high);
  if (at < 0) return data.rows.length;
  const row = data.rows[at]!;
  const span = row.high - row.low;
  return Number.isFinite(span) && span > 0 ? at + (value - row.low) / span : at + 0.5;
}

/** How many observations fell into each bucket at each time: darker (lighter on dark ground) is more. */
export function HeatmapChart(props: HeatmapProps) {
  const { data, height = 280 } = props;
  const dark = useComputedColorScheme() === 'dark';
  const { ref, width } = useElementSize<HTMLDivElement>();
  const host = useRef<HTMLDivElement>(null);
  const tip = useRef<HTMLDivElement>(null);
  const plotRef = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const most = useMemo(() => mostIn(data), [data]);
  const mostRef = useRef(most);
  mostRef.current = most;
  const dots = useMemo(
    () => (props.exemplars ?? []).map((dot) => ({ ...dot, value: rowPosition(data, dot.value), original: dot })),
    [props.exemplars, data],
  );
  const dotsRef = useRef(dots);
  dotsRef.current = dots;

  useEffect(() => {
    if (!host.current || width === 0) return;
    const colors = ink(dark);
    const options: uPlot.Options = {
      width,
      height,
      padding: [14, 20, 0, 0],
      legend: { show: false },
      cursor: {
        sync: { key: 'time', setSeries: false },
        drag: { x: true, y: false, setScale: false, dist: 6 },
        points: { show: false },
      },
      scales: {
        x: { time: true, range: () => [latest.current.start, latest.current.end] },
        y: { range: () => [0, Math.max(1, latest.current.data.rows.length)] },
      },
      axes: [
        timeAxis(colors),
        {
          stroke: colors.text,
          grid: { show: false },
          ticks: { show: false },
          font: '11px "Inter Variable", system-ui, sans-serif',
          size: 66,
          gap: 6,
          splits: () => {
            const rows = latest.current.data.rows.length;
            const every = Math.max(1, Math.ceil((rows * 22) / height));
            return Array.from({ length: Math.floor(rows / every) + 1 }, (_, index) => index * every);
          },
          values: (_self, splits) =>
            splits.map((at) => {
              const row = latest.current.data.rows[at];
              const value = row ? row.low : latest.current.data.rows.at(-1)?.high;
              return value === undefined || !Number.isFinite(value) ? (value === undefined ? '' : '∞') : formatQuantity(value, latest.current.quantity);
            }),
        },
      ],
      series: [{}, { points: { show: false }, stroke: 'transparent' }],
      hooks: {
        drawClear: [(self) => drawEventBands(self, latest.current.events ?? [], colors)],
        draw: [
          (self) => drawCells(self, latest.current.data, latest.current.step, mostRef.current, dark),
          (self) => drawExemplars(self, dotsRef.current, dark),
          (self) => drawEventMarks(self, latest.current.events ?? [], colors),
        ],
        setCursor: [(self) => showCell(self, tip.current!, latest.current, dotsRef.current)],
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
    const plot = new uPlot(options, [data.times, data.times.map(() => null)] as uPlot.AlignedData, host.current);
    plot.over.addEventListener('click', () => {
      const dot = exemplarNear(plot, dotsRef.current);
      if (dot) latest.current.onExemplar?.((dot as (typeof dotsRef.current)[number]).original);
    });
    plotRef.current = plot;
    latest.current.onReady?.(plot);
    return () => {
      latest.current.onReady?.(null);
      plotRef.current = null;
      plot.destroy();
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [width > 0, dark, height, JSON.stringify(props.quantity)]);

  useEffect(() => {
    if (width > 0) plotRef.current?.setSize({ width, height });
  }, [width, height]);
  useEffect(() => {
    plotRef.current?.setData([data.times, data.times.map(() => null)] as uPlot.AlignedData);
  }, [data, props.start, props.end]);
  useEffect(() => {
    plotRef.current?.redraw(false);
  }, [props.events, dots]);

  return (
    <div>
      <div ref={ref} className={classes.frame} style={{ minHeight: height }}>
        <div ref={host} className={classes.plot} role="img" aria-label={`${props.name}: heatmap of ${data.rows.length} buckets, at most ${formatNumber(most)} per second in one`} />
        <div ref={tip} className={classes.tooltip} aria-hidden="true" />
      </div>
      <div className={classes.scale}>
        <Text size="xs" className="sk-dim">
          0
        </Text>
        {heatColours(dark).map((one) => (
          <span key={one} style={{ background: one }} />
        ))}
        <Text size="xs" className="sk-dim sk-num">
          {formatNumber(most)} per second in a bucket
        </Text>
      </div>
    </div>
  );
}

function drawCells(plot: uPlot, data: HeatData, step: number, most: number, dark: boolean): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  data.rows.forEach((row, index) => {
    const top = Math.round(plot.valToPos(index + 1, 'y', true));
    const bottom = Math.round(plot.valToPos(index, 'y', true));
    row.counts.forEach((count, at) => {
      if (count === null || count <= 0) return;
      const left = Math.round(plot.valToPos(data.times[at]! - step / 2, 'x', true));
      const right = Math.round(plot.valToPos(data.times[at]! + step / 2, 'x', true));
      ctx.fillStyle = heat(heatShare(count, most), dark);
      ctx.fillRect(left, top, Math.max(1, right - left), Math.max(1, bottom - top - 1));
    });
  });
  ctx.restore();
}

function showCell(plot: uPlot, box: HTMLDivElement, props: HeatmapProps, dots: ExemplarDot[]): void {
  const { left = -1, top = -1, idx } = plot.cursor;
  if (left < 0 || idx === null || idx === undefined || !plot.over.matches(':hover')) {
    box.style.display = 'none';
    return;
  }
  const row = props.data.rows[Math.floor(plot.posToVal(top, 'y'))];
  box.replaceChildren();
  const line = (text: string, className: string) => {
    const element = document.createElement('div');
    element.className = className;
    element.textContent = text;
    box.append(element);
  };
  line(formatTime((props.data.times[idx] ?? 0) * 1000), classes.tooltipTime!);
  if (row) {
    line(`${formatQuantity(row.low, props.quantity)} – ${Number.isFinite(row.high) ? formatQuantity(row.high, props.quantity) : '∞'}`, classes.nearest!);
    line(`${formatNumber(row.counts[idx] ?? 0)} per second`, classes.tooltipRow!);
  }
  const dot = exemplarNear(plot, dots);
  if (dot) line(`exemplar ${Object.entries(dot.labels).map(([key, value]) => `${key}=${value}`).join(' ')}`, classes.tooltipEvent!);
  box.style.display = 'block';
  const offset = plot.over.offsetLeft + left;
  box.style.left = `${offset + 16 + box.offsetWidth > box.parentElement!.clientWidth ? offset - box.offsetWidth - 16 : offset + 16}px`;
  box.style.top = `${Math.max(4, Math.min(top, plot.over.clientHeight - 40))}px`;
}
