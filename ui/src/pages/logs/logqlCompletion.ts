// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { startCompletion, type Completion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { loki, nanos, type DetectedField } from '../../api/logs';
import { selectorText, streamPart } from '../../model/logs/logql';
import { parseMatchers } from '../../model/selector';
import { selectorBefore } from './logqlSelector';
import { AGGREGATIONS, DURATIONS, LINE_FILTERS, RANGE_FUNCTIONS, STAGES, type Word } from './logqlWords';

const FRESH_MS = 60_000;

/** What the editor offers; labels, values and fields are asked once a minute at most, for the page's time range. */
export class LogqlCompletions {
  range = { start: 0, end: 0 };
  private readonly answers = new Map<string, { at: number; answer: Promise<unknown> }>();

  labels(selector: string): Promise<string[]> {
    return this.ask('/labels', selector === '' || selector === '{}' ? {} : { query: selector });
  }

  values(name: string, selector: string): Promise<string[]> {
    return this.ask(`/label/${encodeURIComponent(name)}/values`, selector === '' || selector === '{}' ? {} : { query: selector });
  }

  async fields(selector: string): Promise<DetectedField[]> {
    return (await this.ask<{ fields: DetectedField[] | null }>('/detected_fields', { query: selector, limit: 500 })).fields ?? [];
  }

  async fieldValues(name: string, selector: string): Promise<string[]> {
    return (await this.ask<{ values: string[] | null }>(`/detected_field/${encodeURIComponent(name)}/values`, { query: selector, limit: 200 })).values ?? [];
  }

  private ask<T>(path: string, parameters: Record<string, string | number>): Promise<T> {
    const key = JSON.stringify([path, parameters]);
    const known = this.answers.get(key);
    if (known && Date.now() - known.at < FRESH_MS) return known.answer as Promise<T>;
    const answer = loki<T>(path, { ...parameters, start: nanos(this.range.start), end: nanos(this.range.end) });
    // Completion has nothing better to offer than nothing when the server refuses.
    answer.catch(() => this.answers.delete(key));
    this.answers.set(key, { at: Date.now(), answer });
    return answer;
  }
}

function words(all: Word[], type: string, suffix = ''): Completion[] {
  return all.map((one) => ({ label: one.label, apply: (one.insert ?? one.label) + suffix, type, detail: one.help, ...(one.label === 'json' || one.label === 'logfmt' ? { boost: 5 } : {}) }));
}

/** With empty quotes after it, the cursor between them, and the values offered at once. */
function beforeValue(label: string, text: string): Completion {
  return {
    label,
    type: 'property',
    apply: (view, _completion, from, to) => {
      const insert = `${text}""`;
      view.dispatch({ changes: { from, to, insert }, selection: { anchor: from + insert.length - 1 } });
      startCompletion(view);
    },
  };
}

/** A value, and the cursor behind its closing quote. */
function valueOption(label: string): Completion {
  return {
    label,
    type: 'text',
    apply: (view, _completion, from, to) => {
      const closed = view.state.sliceDoc(to, to + 1) === '"';
      const escaped = label.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
      view.dispatch({ changes: { from, to: closed ? to + 1 : to, insert: `${escaped}"` }, selection: { anchor: from + escaped.length + 1 } });
    },
  };
}

const OPERATORS: Completion[] = ['=', '!=', '=~', '!~'].map((label) => ({ ...beforeValue(label, label), type: 'operator' }));

/** What may stand at the cursor; decided by the text before it, as that need not parse yet. */
export async function complete(context: CompletionContext, completions: LogqlCompletions): Promise<CompletionResult | null> {
  const before = context.state.sliceDoc(0, context.pos);
  const whole = context.state.doc.toString();
  const inside = selectorBefore(before);
  try {
    if (inside !== null) return await inSelector(context, completions, inside);
    const value = /\|\s*(\w+)\s*(?:=~|!~|!=|=)\s*"([^"]*)$/.exec(before);
    if (value) {
      const found = await completions.fieldValues(value[1]!, streamPart(whole));
      return { from: context.pos - value[2]!.length, options: found.map(valueOption), validFor: /^[^"]*$/ };
    }
    if (/["`][^"`]*$/.test(before) && insideString(before)) return null;
    const stage = /\|\s*(\w*)$/.exec(before);
    if (stage) {
      const fields = await completions.fields(streamPart(whole)).catch(() => []);
      return {
        from: context.pos - stage[1]!.length,
        options: [
          ...words(STAGES, 'keyword'),
          ...fields.map((one) => ({ label: one.label, type: 'property', detail: `${one.type}, ${one.cardinality} values` })),
        ],
        validFor: /^\w*$/,
      };
    }
    const grouping = /\b(?:by|without|unwrap|drop|keep)\s*\(?[\w\s,]*?(\w*)$/.exec(before);
    if (grouping) {
      const selector = streamPart(whole);
      const [labels, fields] = await Promise.all([completions.labels(selector), completions.fields(selector).catch(() => [])]);
      return {
        from: context.pos - grouping[1]!.length,
        options: [...labels.map((label) => ({ label, type: 'property' })), ...fields.map((one) => ({ label: one.label, type: 'property', detail: one.type }))],
        validFor: /^\w*$/,
      };
    }
    if (/\[[\w$]*$/.test(before)) {
      const typed = /\[([\w$]*)$/.exec(before)![1]!;
      return { from: context.pos - typed.length, options: DURATIONS.map((label) => ({ label, type: 'constant' })), validFor: /^[\w$]*$/ };
    }
    if (/\}\s*$/.test(before) || /["`]\s+$/.test(before)) {
      return context.explicit || /\s$/.test(before) ? { from: context.pos, options: [...LINE_FILTERS.map(lineFilter), ...words(STAGES, 'keyword').map((one) => ({ ...one, label: `| ${one.label}`, apply: `| ${String(one.apply)}` }))] } : null;
    }
    const word = /(\w*)$/.exec(before)![1]!;
    if (word === '' && !context.explicit && before.trim() !== '') return null;
    return {
      from: context.pos - word.length,
      options: [{ label: '{', type: 'text', detail: 'choose sources', boost: 50 }, ...words(RANGE_FUNCTIONS, 'function', '('), ...words(AGGREGATIONS, 'function')],
      validFor: /^\w*$/,
    };
  } catch {
    return null;
  }
}

/** Puts the cursor between the quotes. */
function lineFilter(one: Word): Completion {
  return {
    label: one.label,
    detail: one.help,
    type: 'operator',
    apply: (view, _completion, from, to) => view.dispatch({ changes: { from, to, insert: one.label }, selection: { anchor: from + one.label.length - 1 } }),
  };
}

function insideString(text: string): boolean {
  const last = [...text.matchAll(/"(?:[^"\\]|\\.)*("|$)|`[^`]*(`|$)/gs)].at(-1);
  return last !== undefined && (last[1] ?? last[2]) === '';
}

async function inSelector(context: CompletionContext, completions: LogqlCompletions, inside: string): Promise<CompletionResult | null> {
  const value = /(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)$/.exec(inside);
  const others = parseMatchers(value ? inside.slice(0, value.index) : inside).filter((one) => one.value !== '');
  const selector = others.length > 0 ? selectorText(others) : '';
  if (value) {
    const found = await completions.values(value[1]!, selector);
    // An expression may name several values.
    const typed = value[3]!.slice(value[2]!.endsWith('~') ? value[3]!.lastIndexOf('|') + 1 : 0);
    return { from: context.pos - typed.length, options: found.map(valueOption), validFor: /^[^"|]*$/ };
  }
  const operator = /(\w+)\s*([=!~]*)$/.exec(inside);
  const names = await completions.labels(selector);
  if (operator && names.includes(operator[1]!) && !/[,{]\s*\w*$/.test(inside.slice(0, operator.index + 1).replace(/\w$/, ''))) {
    return { from: context.pos - operator[2]!.length, options: OPERATORS };
  }
  const name = /(?:^|,)\s*(\w*)$/.exec(inside);
  if (!name) return null;
  return { from: context.pos - name[1]!.length, options: names.map((label) => beforeValue(label, `${label}=`)), validFor: /^\w*$/ };
}
