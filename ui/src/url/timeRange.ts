// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0

/** A time range as the URL holds it: `now-1h`, `now`, or milliseconds since 1970. */
export interface RawRange {
  from: string;
  to: string;
}

/** A time range in milliseconds since 1970. */
export interface Range {
  start: number;
  end: number;
}

const UNITS: Record<string, number> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

export const PRESETS: { label: string; from: string }[] = [
  { label: 'Last 2 minutes', from: 'now-2m' },
  { label: 'Last 5 minutes', from: 'now-5m' },
  { label: 'Last 15 minutes', from: 'now-15m' },
  { label: 'Last hour', from: 'now-1h' },
  { label: 'Last 3 hours', from: 'now-3h' },
  { label: 'Last 12 hours', from: 'now-12h' },
  { label: 'Last day', from: 'now-1d' },
  { label: 'Last 2 days', from: 'now-2d' },
  { label: 'Last week', from: 'now-7d' },
  { label: 'Last 30 days', from: 'now-30d' },
];

/** Milliseconds of a duration such as `15m` or `1h30m`; null when it is none. */
export function parseDuration(text: string): number | null {
  if (!/^(\d+(ms|[smhdw]))+$/.test(text)) return null;
  let sum = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+)(ms|[smhdw])/g)) {
    sum += Number(amount) * UNITS[unit!]!;
  }
  return sum;
}

/** The shortest exact text of a duration: 90000 is `1m30s`. */
export function formatDuration(milliseconds: number): string {
  let left = Math.max(0, Math.round(milliseconds));
  if (left === 0) return '0s';
  let text = '';
  for (const unit of ['d', 'h', 'm', 's', 'ms']) {
    const count = Math.floor(left / UNITS[unit]!);
    if (count > 0) {
      text += `${count}${unit}`;
      left -= count * UNITS[unit]!;
    }
  }
  return text;
}

/** One end of a range in milliseconds; null when the text is not a time. */
export function parseTime(text: string, now: number): number | null {
  const trimmed = text.trim();
  if (trimmed === 'now') return now;
  const relative = /^now\s*-\s*(\S+)$/.exec(trimmed);
  if (relative) {
    const back = parseDuration(relative[1]!);
    return back === null ? null : now - back;
  }
  if (/^\d{9,10}(\.\d+)?$/.test(trimmed)) return Math.round(Number(trimmed) * 1000);
  if (/^\d{11,14}$/.test(trimmed)) return Number(trimmed);
  const parsed = /^\d{4}-\d\d-\d\d/.test(trimmed) ? Date.parse(trimmed.replace(' ', 'T')) : NaN;
  return Number.isNaN(parsed) ? null : parsed;
}

/** The range in milliseconds; what cannot be read counts as the last 15 minutes. */
export function resolveRange(raw: RawRange, now: number): Range {
  const end = parseTime(raw.to, now) ?? now;
  const start = parseTime(raw.from, now) ?? end - 900_000;
  return start < end ? { start, end } : { start: end - 60_000, end };
}

/** The range that a server of this age fills, for those who have not chosen one. */
export function fittingRange(ageMs: number): string {
  const minutes = ageMs / 60_000;
  if (minutes < 1.8) return 'now-2m';
  if (minutes < 4.5) return 'now-5m';
  return minutes < 13 ? 'now-15m' : 'now-1h';
}

/** Whether the range moves with the clock. */
export function isLive(raw: RawRange): boolean {
  return raw.to.trim() === 'now';
}

export function rangeLabel(raw: RawRange): string {
  const preset = PRESETS.find((one) => one.from === raw.from && raw.to === 'now');
  if (preset) return preset.label;
  if (raw.to === 'now' && raw.from.startsWith('now-')) return `Last ${raw.from.slice(4)}`;
  const { start, end } = resolveRange(raw, Date.now());
  return `${formatTime(start)} – ${sameDay(start, end) ? clock(end) : formatTime(end)}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

function sameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}

/** 24-hour clock of the browser's zone. */
export function clock(time: number, seconds = true): string {
  const date = new Date(time);
  return `${two(date.getHours())}:${two(date.getMinutes())}${seconds ? `:${two(date.getSeconds())}` : ''}`;
}

export function day(time: number): string {
  const date = new Date(time);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

export function formatTime(time: number): string {
  return `${day(time)} ${clock(time)}`;
}

/** `3 s ago`, `12 min ago`; a future time is `in 3 s`. */
export function ago(time: number, now: number): string {
  const past = now >= time;
  const seconds = Math.abs(now - time) / 1000;
  let text: string;
  if (seconds < 1) return 'just now';
  if (seconds < 90) text = `${Math.round(seconds)} s`;
  else if (seconds < 5400) text = `${Math.round(seconds / 60)} min`;
  else if (seconds < 129_600) text = `${Math.round(seconds / 3600)} h`;
  else text = `${Math.round(seconds / 86_400)} d`;
  return past ? `${text} ago` : `in ${text}`;
}

const STEPS = [
  1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
];

/** Finer steps than samples come in draw stairs. */
export const USUAL_SCRAPE_SECONDS = 15;

/** A step in seconds that gives at most `points` points, not finer than `least`. */
export function niceStep(range: Range, points: number, least = USUAL_SCRAPE_SECONDS): number {
  const wanted = Math.max(least, (range.end - range.start) / 1000 / points);
  return STEPS.find((step) => step >= wanted) ?? Math.ceil(wanted / 604_800) * 604_800;
}

/** The window of a rate that holds enough samples at every step: four scrapes, or the step and one more. */
export function rateWindow(step: number, scrape = USUAL_SCRAPE_SECONDS): string {
  return formatDuration(Math.max(4 * scrape, step + scrape) * 1000);
}
