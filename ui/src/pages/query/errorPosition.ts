// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0

export interface Place {
  from: number;
  to: number;
  message: string;
}

/** Where in the text an error of the form `2:8: parse error: …` points to; null for errors without a place. */
export function errorPosition(error: string, text: string): Place | null {
  const match = /(\d+):(\d+): (?:parse error: )?(.*)$/s.exec(error);
  if (!match) return null;
  const lines = text.split('\n');
  const line = Math.min(Number(match[1]), lines.length) - 1;
  const before = lines.slice(0, line).reduce((sum, one) => sum + one.length + 1, 0);
  // Columns count bytes.
  const bytes = new TextEncoder().encode(lines[line] ?? '');
  const column = new TextDecoder().decode(bytes.slice(0, Math.max(0, Number(match[2]) - 1))).length;
  const from = Math.min(before + column, text.length);
  const word = /^[\w:]+/.exec(text.slice(from))?.[0].length ?? 1;
  return { from: Math.min(from, Math.max(0, text.length - 1)), to: Math.min(text.length, from + word), message: match[3]! };
}
