// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { parser } from '@grafana/lezer-logql';
import { withoutVariables } from '../../model/logs/logql';
import type { Place } from '../query/errorPosition';

/** Where in the text an error of the form `parse error at line 1, col 5: …` points to; null for errors without a place. */
export function logqlErrorPosition(error: string, text: string): Place | null {
  const match = /(?:at )?line (\d+), col(?:umn)? (\d+): (.*)$/s.exec(error) ?? /^(?:.*?\b)?(\d+):(\d+): (.*)$/s.exec(error);
  if (!match) return null;
  const lines = text.split('\n');
  const line = Math.max(1, Math.min(Number(match[1]), lines.length)) - 1;
  const before = lines.slice(0, line).reduce((sum, one) => sum + one.length + 1, 0);
  const from = Math.min(before + Math.max(0, Number(match[2]) - 1), text.length);
  const word = /^[\w:]+/.exec(text.slice(from))?.[0].length ?? 1;
  return { from: Math.min(from, Math.max(0, text.length - 1)), to: Math.min(text.length, from + word), message: match[3]! };
}

/** The first place at which a finished text is not LogQL. */
export function syntaxError(text: string): Place | null {
  if (text.trim() === '' || /^\{\s*\}$/.test(text.trim())) return null;
  let place: Place | null = null;
  parser.parse(withoutVariables(text)).iterate({
    enter: (node) => {
      if (node.type.isError && place === null) {
        const from = Math.min(node.from, Math.max(0, text.length - 1));
        place = { from, to: Math.max(from + 1, Math.min(node.to, text.length)), message: node.from >= text.trimEnd().length ? 'The query ends too early' : `${JSON.stringify(text.slice(node.from, Math.max(node.to, node.from + 1)).slice(0, 30))} is not expected here` };
      }
    },
  });
  return place;
}
