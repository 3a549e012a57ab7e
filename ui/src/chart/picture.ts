// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import type uPlot from 'uplot';
import type { ChartData } from './chartData';

/** The chart as an image, with its title and the names of its series. */
export function picture(plot: uPlot, title: string, data: ChartData, colours: string[], dark: boolean): Promise<Blob> {
  const source = plot.ctx.canvas;
  const pixel = devicePixelRatio;
  const rows = data.series.slice(0, 12);
  const columns = Math.max(1, Math.floor(source.width / (260 * pixel)));
  const legend = Math.ceil(rows.length / columns) * 18 * pixel + 14 * pixel;
  const head = 34 * pixel;
  const canvas = document.createElement('canvas');
  canvas.width = source.width;
  canvas.height = source.height + head + legend;
  const paint = canvas.getContext('2d')!;
  paint.fillStyle = dark ? '#161d24' : '#ffffff';
  paint.fillRect(0, 0, canvas.width, canvas.height);
  paint.fillStyle = dark ? '#dde5ec' : '#1b2733';
  paint.font = `600 ${14 * pixel}px "Inter Variable", sans-serif`;
  paint.fillText(title, 14 * pixel, 22 * pixel, canvas.width - 28 * pixel);
  paint.drawImage(source, 0, head);
  paint.font = `${11 * pixel}px "Inter Variable", sans-serif`;
  rows.forEach((series, index) => {
    const x = 14 * pixel + (index % columns) * (canvas.width / columns);
    const y = head + source.height + 14 * pixel + Math.floor(index / columns) * 18 * pixel;
    paint.fillStyle = colours[index]!;
    paint.fillRect(x, y - 8 * pixel, 9 * pixel, 9 * pixel);
    paint.fillStyle = dark ? '#dde5ec' : '#1b2733';
    paint.fillText(series.label, x + 14 * pixel, y, canvas.width / columns - 26 * pixel);
  });
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the browser made no image'))), 'image/png'),
  );
}
