// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import type uPlot from 'uplot';
import type { SkoposEvent } from '../api/types';
import type { ChartInk } from './palette';

/** When the event began and ended, in seconds; one that goes on has no end. */
export function eventTimes(event: SkoposEvent): { start: number; end: number | null } {
  const start = Date.parse(event.start) / 1000;
  if (event.ongoing) return { start, end: Infinity };
  return { start, end: event.end ? Date.parse(event.end) / 1000 : null };
}

function isTrouble(event: SkoposEvent): boolean {
  return /fault|chaos|incident|outage|alert/.test(event.kind);
}

/** What lasted lies behind the lines. */
export function drawEventBands(plot: uPlot, events: SkoposEvent[], ink: ChartInk): void {
  const { ctx, bbox } = plot;
  ctx.save();
  for (const event of events) {
    const { start, end } = eventTimes(event);
    if (end === null) continue;
    const from = Math.max(bbox.left, plot.valToPos(start, 'x', true));
    const to = Math.min(bbox.left + bbox.width, end === Infinity ? Infinity : plot.valToPos(end, 'x', true));
    if (to <= from) continue;
    ctx.globalAlpha = 0.1;
    ctx.fillStyle = isTrouble(event) ? ink.fault : ink.event;
    ctx.fillRect(from, bbox.top, to - from, bbox.height);
  }
  ctx.restore();
}

/** A dashed line at the start, with a shape on top that tells kinds apart without colour. */
export function drawEventMarks(plot: uPlot, events: SkoposEvent[], ink: ChartInk): void {
  const { ctx, bbox } = plot;
  const pixel = devicePixelRatio;
  ctx.save();
  for (const event of events) {
    const x = Math.round(plot.valToPos(eventTimes(event).start, 'x', true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    const paint = isTrouble(event) ? ink.fault : ink.event;
    ctx.strokeStyle = paint;
    ctx.fillStyle = paint;
    ctx.lineWidth = pixel;
    ctx.setLineDash([3 * pixel, 3 * pixel]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.setLineDash([]);
    drawShape(ctx, event.kind, x, bbox.top - 5 * pixel, 4.5 * pixel);
  }
  ctx.restore();
}

function drawShape(ctx: CanvasRenderingContext2D, kind: string, x: number, y: number, size: number): void {
  ctx.beginPath();
  if (/deploy|release/.test(kind)) {
    ctx.moveTo(x, y - size);
    ctx.lineTo(x + size, y + size);
    ctx.lineTo(x - size, y + size);
  } else if (/fault|chaos|incident|outage|alert/.test(kind)) {
    ctx.moveTo(x - size, y - size);
    ctx.lineTo(x + size, y - size);
    ctx.lineTo(x, y + size);
  } else if (/config|flag/.test(kind)) {
    ctx.moveTo(x, y - size);
    ctx.lineTo(x + size, y);
    ctx.lineTo(x, y + size);
    ctx.lineTo(x - size, y);
  } else {
    ctx.arc(x, y, size * 0.85, 0, 2 * Math.PI);
  }
  ctx.closePath();
  ctx.fill();
}

/** The events whose mark is under the cursor. */
export function eventsNear(plot: uPlot, events: SkoposEvent[], left: number): SkoposEvent[] {
  return events.filter((event) => Math.abs(plot.valToPos(eventTimes(event).start, 'x') - left) < 6).slice(0, 5);
}
