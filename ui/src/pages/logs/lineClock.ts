// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import type { LogLine } from '../../model/logs/line';

const two = (value: number) => String(value).padStart(2, '0');

/** `12:03:04.123`, with the day before it when lines are of several. */
export function lineClock(line: LogLine, utc: boolean, withDay: boolean): string {
  const date = new Date(Math.floor(line.time));
  if (utc) {
    const iso = date.toISOString();
    return `${withDay ? `${iso.slice(5, 10)} ` : ''}${iso.slice(11, 23)}`;
  }
  const day = withDay ? `${two(date.getMonth() + 1)}-${two(date.getDate())} ` : '';
  return `${day}${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** All that is known of the time, exact to the nanosecond. */
export function exactTime(line: LogLine, utc: boolean): string {
  const date = new Date(Math.floor(line.time));
  const fraction = line.ns.slice(-9);
  if (utc) return `${date.toISOString().slice(0, 19).replace('T', ' ')}.${fraction} UTC`;
  const zone = -date.getTimezoneOffset();
  const sign = zone < 0 ? '-' : '+';
  const offset = `${sign}${two(Math.floor(Math.abs(zone) / 60))}:${two(Math.abs(zone) % 60)}`;
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${fraction} ${offset}`;
}
