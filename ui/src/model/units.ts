// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0

/** What a number counts; decides how it is written. */
export type Unit = 'number' | 'bytes' | 'seconds' | 'ratio' | 'percent' | 'time' | 'celsius' | 'volts' | 'joules';

export interface Quantity {
  unit: Unit;
  /** Per second, as rates are. */
  perSecond?: boolean;
}

const SI = ['', 'k', 'M', 'G', 'T', 'P', 'E'];
const IEC = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];

/** The unit that a metric's declared unit or, by convention, its name tells. */
export function unitOf(name: string, declared = ''): Unit {
  if (/timestamp_seconds$|boot_time_seconds$|start_time_seconds$|^node_time_seconds$/.test(name)) return 'time';
  const bare = name.replace(/_(total|sum|count|bucket|created|info)$/, '');
  const word = declared || bare.slice(bare.lastIndexOf('_') + 1);
  if (/_count$|_info$/.test(name)) return 'number';
  switch (word) {
    case 'bytes':
      return 'bytes';
    case 'seconds':
      return 'seconds';
    case 'ratio':
      return 'ratio';
    case 'percent':
      return 'percent';
    case 'celsius':
      return 'celsius';
    case 'volts':
      return 'volts';
    case 'joules':
      return 'joules';
    default:
      return 'number';
  }
}

function digits(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return '0';
  const fraction = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  return trimZeros(value.toFixed(fraction));
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  const size = Math.abs(value);
  if (size !== 0 && size < 0.001) return trimZeros(value.toPrecision(3));
  let power = 0;
  let scaled = value;
  while (Math.abs(scaled) >= (power === 0 ? 10_000 : 999.5) && power < SI.length - 1) {
    scaled /= 1000;
    power++;
  }
  return digits(scaled) + (power > 0 ? ` ${SI[power]}` : '');
}

/** With thousands apart: 12 345. */
export function formatCount(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+(?!\d))/g, '\u202f');
}

export function formatBytes(value: number): string {
  if (!Number.isFinite(value)) return formatNumber(value);
  let power = 0;
  let scaled = value;
  while (Math.abs(scaled) >= 1000 && power < IEC.length - 1) {
    scaled /= 1024;
    power++;
  }
  return `${digits(scaled)} ${IEC[power]}`;
}

export function formatSeconds(value: number): string {
  if (!Number.isFinite(value)) return formatNumber(value);
  const size = Math.abs(value);
  if (size === 0) return '0 s';
  if (size < 1e-6) return `${digits(value * 1e9)} ns`;
  if (size < 1e-3) return `${digits(value * 1e6)} µs`;
  if (size < 1) return `${digits(value * 1e3)} ms`;
  if (size < 120) return `${digits(value)} s`;
  if (size < 7200) return `${digits(value / 60)} min`;
  if (size < 172_800) return `${digits(value / 3600)} h`;
  return `${digits(value / 86_400)} d`;
}

export function formatQuantity(value: number | null | undefined, quantity: Quantity): string {
  if (value === null || value === undefined) return '–';
  if (!Number.isFinite(value)) return formatNumber(value);
  const rate = quantity.perSecond ? '/s' : '';
  switch (quantity.unit) {
    case 'bytes':
      return formatBytes(value) + rate;
    case 'seconds':
      // Seconds per second are a share of time.
      return quantity.perSecond ? `${formatNumber(value)} s/s` : formatSeconds(value);
    case 'ratio':
      return `${formatNumber(value * 100)} %${rate}`;
    case 'percent':
      return `${formatNumber(value)} %${rate}`;
    case 'celsius':
      return `${formatNumber(value)} °C${rate}`;
    case 'volts':
      return `${formatNumber(value)} V${rate}`;
    case 'joules':
      return quantity.perSecond ? `${formatNumber(value)} W` : `${formatNumber(value)} J`;
    case 'time':
      return quantity.perSecond
        ? `${formatNumber(value)} s/s`
        : new Date(value * 1000).toISOString().slice(0, 19).replace('T', ' ') + ' UTC';
    case 'number':
      return formatNumber(value) + rate;
  }
}

/** Steps between the marks of an axis that read well in the unit. */
export function axisSteps(unit: Unit): number[] | undefined {
  if (unit !== 'bytes') return undefined;
  const steps: number[] = [];
  for (let power = 0; power < 60; power++) steps.push(2 ** power);
  return steps;
}
