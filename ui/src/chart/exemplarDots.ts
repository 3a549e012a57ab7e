// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import type uPlot from 'uplot';
import type { Labels } from '../api/types';

/** One measured value with what led to it, such as a trace id. */
export interface ExemplarDot {
  /** Seconds since 1970. */
  time: number;
  value: number;
  labels: Labels;
  series: Labels;
}

const NEAR = 7;

export function drawExemplars(plot: uPlot, dots: ExemplarDot[], dark: boolean): void {
  const { ctx, bbox } = plot;
  const size = 3 * devicePixelRatio;
  ctx.save();
  ctx.fillStyle = dark ? '#f8f1c8' : '#1b2530';
  ctx.strokeStyle = dark ? '#161d24' : '#ffffff';
  ctx.lineWidth = devicePixelRatio;
  for (const dot of dots) {
    const x = plot.valToPos(dot.time, 'x', true);
    const y = plot.valToPos(dot.value, 'y', true);
    if (x < bbox.left || x > bbox.left + bbox.width || y < bbox.top || y > bbox.top + bbox.height) continue;
    ctx.beginPath();
    ctx.moveTo(x, y - size);
    ctx.lineTo(x + size, y);
    ctx.lineTo(x, y + size);
    ctx.lineTo(x - size, y);
    ctx.closePath();
    ctx.fill();
    ctx.stroke();
  }
  ctx.restore();
}

/** The exemplar under the cursor. */
export function exemplarNear(plot: uPlot, dots: ExemplarDot[]): ExemplarDot | null {
  const { left = -1, top = -1 } = plot.cursor;
  if (left < 0) return null;
  let best: ExemplarDot | null = null;
  let least = NEAR * NEAR;
  for (const dot of dots) {
    const dx = plot.valToPos(dot.time, 'x') - left;
    const dy = plot.valToPos(dot.value, 'y') - top;
    const distance = dx * dx + dy * dy;
    if (distance < least) {
      least = distance;
      best = dot;
    }
  }
  return best;
}
