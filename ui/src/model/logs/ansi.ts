// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0

/** A piece of a line that looks alike. */
export interface Segment {
  text: string;
  /** Of the classes `ansi-…`; empty for plain text. */
  style: string;
  /** Found by the search, or by a line filter. */
  mark?: 'found' | 'filter';
}

// eslint-disable-next-line no-control-regex
const ESCAPE = /\u001b(?:\[([0-9;:]*)([A-Za-z])|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\^_])/g;

export function hasAnsi(text: string): boolean {
  return text.includes('\u001b');
}

/** The text as people read it. */
export function withoutAnsi(text: string): string {
  return hasAnsi(text) ? text.replace(ESCAPE, '') : text;
}

const COLOURS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

interface Pen {
  colour: string;
  ground: string;
  bold: boolean;
  dim: boolean;
  italic: boolean;
  underline: boolean;
}

const PLAIN: Pen = { colour: '', ground: '', bold: false, dim: false, italic: false, underline: false };

function apply(pen: Pen, codes: number[]): Pen {
  let next = { ...pen };
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at]!;
    if (code === 0) next = { ...PLAIN };
    else if (code === 1) next.bold = true;
    else if (code === 2) next.dim = true;
    else if (code === 3) next.italic = true;
    else if (code === 4) next.underline = true;
    else if (code === 22) next.bold = next.dim = false;
    else if (code === 23) next.italic = false;
    else if (code === 24) next.underline = false;
    else if (code >= 30 && code <= 37) next.colour = COLOURS[code - 30]!;
    else if (code >= 90 && code <= 97) next.colour = COLOURS[code - 90]!;
    else if (code === 39) next.colour = '';
    else if (code >= 40 && code <= 47) next.ground = COLOURS[code - 40]!;
    else if (code >= 100 && code <= 107) next.ground = COLOURS[code - 100]!;
    else if (code === 49) next.ground = '';
    else if (code === 38 || code === 48) {
      // Of 256 or of all colours: the nearest of the eight, as those are readable in both schemes.
      const named = codes[at + 1] === 5 ? nearest256(codes[at + 2] ?? 0) : nearest(codes[at + 2] ?? 0, codes[at + 3] ?? 0, codes[at + 4] ?? 0);
      if (code === 38) next.colour = named;
      else next.ground = named;
      at += codes[at + 1] === 5 ? 2 : 4;
    }
  }
  return next;
}

function nearest256(index: number): string {
  if (index < 16) return COLOURS[index % 8]!;
  if (index >= 232) return index < 244 ? 'black' : 'white';
  const cube = index - 16;
  return nearest(Math.floor(cube / 36) * 51, (Math.floor(cube / 6) % 6) * 51, (cube % 6) * 51);
}

function nearest(red: number, green: number, blue: number): string {
  const most = Math.max(red, green, blue);
  if (most < 60) return 'black';
  return COLOURS[Number(red > most * 0.6) + 2 * Number(green > most * 0.6) + 4 * Number(blue > most * 0.6)]!;
}

function classOf(pen: Pen): string {
  const names: string[] = [];
  if (pen.colour) names.push(`ansi-${pen.colour}`);
  if (pen.ground) names.push(`ansi-on-${pen.ground}`);
  if (pen.bold) names.push('ansi-bold');
  if (pen.dim) names.push('ansi-dim');
  if (pen.italic) names.push('ansi-italic');
  if (pen.underline) names.push('ansi-underline');
  return names.join(' ');
}

/** The pieces of a text by its terminal colours. */
export function ansiSegments(text: string): Segment[] {
  if (!hasAnsi(text)) return [{ text, style: '' }];
  const segments: Segment[] = [];
  let pen = PLAIN;
  let from = 0;
  const push = (piece: string) => {
    if (piece) segments.push({ text: piece, style: classOf(pen) });
  };
  for (const match of text.matchAll(ESCAPE)) {
    push(text.slice(from, match.index));
    from = match.index + match[0].length;
    if (match[2] === 'm') pen = apply(pen, (match[1] ?? '').split(/[;:]/).map(Number));
  }
  push(text.slice(from));
  return segments;
}

/** Marks what the expressions find; earlier marks win. */
export function mark(segments: Segment[], found: { pattern: RegExp; kind: 'found' | 'filter' }[]): Segment[] {
  if (found.length === 0) return segments;
  const whole = segments.map((one) => one.text).join('');
  const spans: { from: number; to: number; kind: 'found' | 'filter' }[] = [];
  for (const { pattern, kind } of found) {
    let count = 0;
    for (const match of whole.matchAll(pattern)) {
      if (match[0].length === 0 || ++count > 200) break;
      const from = match.index;
      const to = from + match[0].length;
      if (!spans.some((span) => from < span.to && to > span.from)) spans.push({ from, to, kind });
    }
  }
  if (spans.length === 0) return segments;
  spans.sort((a, b) => a.from - b.from);
  const marked: Segment[] = [];
  let offset = 0;
  let next = 0;
  for (const segment of segments) {
    const end = offset + segment.text.length;
    let at = offset;
    while (at < end) {
      while (next < spans.length && spans[next]!.to <= at) next++;
      const span = spans[next];
      const inside = span !== undefined && span.from <= at;
      const until = Math.min(end, inside ? span.to : (span?.from ?? end));
      const piece: Segment = { text: segment.text.slice(at - offset, until - offset), style: segment.style };
      marked.push(inside ? { ...piece, mark: span.kind } : piece);
      at = until;
    }
    offset = end;
  }
  return marked;
}
