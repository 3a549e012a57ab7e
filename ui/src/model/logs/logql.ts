// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { parser } from '@grafana/lezer-logql';
import type { SyntaxNode } from '@lezer/common';
import type { Labels } from '../../api/types';
import { formatMatcher, quote, withMatcher, type Matcher, type Operator } from '../selector';

/** A stage of a pipeline as it is written. */
export interface Stage {
  text: string;
  from: number;
  to: number;
  /** The name of the grammar's rule, such as LineFilter, LabelParser, LabelFilter. */
  kind: string;
}

/** What a page needs to know of a query to change it. */
export interface Parsed {
  kind: 'empty' | 'logs' | 'metric' | 'broken';
  /** Of the first selection of lines. */
  matchers: Matcher[];
  selector: { from: number; to: number } | null;
  stages: Stage[];
  /** Where stages end, and so where another one goes. */
  end: number;
}

const NOTHING: Parsed = { kind: 'empty', matchers: [], selector: null, stages: [], end: 0 };

/** The value of a LogQL string, between quotes or backticks. */
export function unquote(text: string): string {
  if (text.startsWith('`')) return text.slice(1, -1);
  return text.slice(1, -1).replace(/\\(.)/gs, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped === 't' ? '\t' : escaped));
}

/** Readable: backticks where quotes would need escapes. */
export function logqlString(value: string): string {
  return /["\\]/.test(value) && !/[`\n\r]/.test(value) ? `\`${value}\`` : quote(value);
}

/** With durations in place of `$__auto` and its like, which the grammar does not know; as long as it was, so that places stay. */
export function withoutVariables(query: string): string {
  return query.replaceAll(/\$__\w+/g, (name) => `${'0'.repeat(name.length - 2)}1s`);
}

export function parseLogql(query: string): Parsed {
  if (query.trim() === '') return NOTHING;
  let broken = false;
  let metric = false;
  let selector: SyntaxNode | null = null;
  let pipeline: SyntaxNode | null = null;
  parser.parse(withoutVariables(query)).iterate({
    enter: (node) => {
      if (node.type.isError) broken = true;
      if (node.name === 'MetricExpr') metric = true;
      if (node.name === 'Selector' && selector === null) selector = node.node;
      if (node.name === 'PipelineExpr' && pipeline === null && selector !== null && node.node.parent?.name !== 'PipelineExpr') pipeline = node.node;
    },
  });
  const found = selector as SyntaxNode | null;
  const stages = pipeline ? stagesOf(pipeline, query) : [];
  // An empty selector is an error of the grammar, and where every query begins.
  const onlyEmpty = found !== null && /^\{\s*\}$/.test(query.trim());
  return {
    kind: onlyEmpty ? 'empty' : broken ? 'broken' : metric ? 'metric' : 'logs',
    matchers: found ? matchersIn(found, query) : [],
    selector: found ? { from: found.from, to: found.to } : null,
    stages,
    end: stages.at(-1)?.to ?? found?.to ?? 0,
  };
}

function stagesOf(node: SyntaxNode, query: string): Stage[] {
  const stages: Stage[] = [];
  const visit = (one: SyntaxNode) => {
    for (let child = one.firstChild; child; child = child.nextSibling) {
      if (child.name === 'PipelineExpr' || child.name === 'PipelineStage' || child.name === 'LineFilters') visit(child);
      else if (child.name !== 'Pipe') {
        const start = child.prevSibling?.name === 'Pipe' ? child.prevSibling.from : child.from;
        stages.push({ text: query.slice(start, child.to), from: start, to: child.to, kind: child.name });
      }
    }
  };
  visit(node);
  return stages;
}

function matchersIn(node: SyntaxNode, query: string): Matcher[] {
  const matchers: Matcher[] = [];
  const visit = (one: SyntaxNode) => {
    if (one.name === 'Matcher') {
      const name = one.getChild('Identifier');
      const value = one.getChild('String');
      if (name && value) {
        matchers.push({
          name: query.slice(name.from, name.to),
          operator: query.slice(name.to, value.from).trim() as Operator,
          value: unquote(query.slice(value.from, value.to)),
        });
      }
      return;
    }
    for (let child = one.firstChild; child; child = child.nextSibling) visit(child);
  };
  visit(node);
  return matchers;
}

export function selectorText(matchers: Matcher[]): string {
  return `{${matchers.map(formatMatcher).join(', ')}}`;
}

/** The same query over other streams. */
export function withMatchers(query: string, matchers: Matcher[]): string {
  const { selector } = parseLogql(query);
  const text = selectorText(matchers);
  return selector ? query.slice(0, selector.from) + text + query.slice(selector.to) : text;
}

export function withLabel(query: string, matcher: Matcher): string {
  return withMatchers(query, withMatcher(parseLogql(query).matchers, matcher));
}

/** With a stage at the end of the pipeline, unless it is there already. */
export function withStage(query: string, stage: string): string {
  const parsed = parseLogql(query);
  if (parsed.stages.some((one) => one.text === stage)) return query;
  return `${query.slice(0, parsed.end)} ${stage}${query.slice(parsed.end)}`;
}

export function withoutStage(query: string, stage: Stage): string {
  const before = query.slice(0, stage.from).trimEnd();
  const after = query.slice(stage.to);
  return /^[\s)[]/.test(after) || after === '' ? before + after : `${before} ${after}`;
}

/** Where a field's value comes from. */
export type Source = 'label' | 'metadata' | 'json' | 'logfmt' | 'parsed';

const PLAIN_FIELD = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** The name by which LogQL's parsers call a nested JSON field: `a.b` is `a_b`. */
export function fieldName(path: string): string {
  const name = path.replace(/[^a-zA-Z0-9_]/g, '_');
  return PLAIN_FIELD.test(name) ? name : `_${name}`;
}

function parses(stage: Stage, how: 'json' | 'logfmt'): boolean {
  return stage.text.replace(/^\|\s*/, '').split(/\s/)[0] === how;
}

/** The query with the parser before it that a field needs. */
export function withParser(query: string, source: Source): string {
  if (source !== 'json' && source !== 'logfmt') return query;
  return parseLogql(query).stages.some((stage) => parses(stage, source)) ? query : withStage(query, `| ${source}`);
}

/** Only lines in which a field has a value, or has it not. */
export function withField(query: string, name: string, source: Source, value: string, exclude: boolean): string {
  if (source === 'label') return withLabel(query, { name, operator: exclude ? '!=' : '=', value });
  const opposite = `| ${name} ${exclude ? '=' : '!='} ${logqlString(value)}`;
  let next = query;
  const contrary = parseLogql(next).stages.find((stage) => stage.text === opposite);
  if (contrary) next = withoutStage(next, contrary);
  return withStage(withParser(next, source), `| ${name} ${exclude ? '!=' : '='} ${logqlString(value)}`);
}

export function withText(query: string, operator: '|=' | '!=' | '|>' | '!>' | '|~' | '!~', text: string): string {
  const parsed = parseLogql(query);
  const stage = `${operator} ${logqlString(text)}`;
  if (parsed.stages.some((one) => one.text === stage)) return query;
  // Filters of the text come before parsers, where they are cheap, and after the filters that are there.
  const reshaping = parsed.stages.find((one) => one.kind === 'LineFormatExpr' || one.kind === 'DecolorizeExpr');
  if (reshaping) return withStage(query, stage);
  const lastFilter = parsed.stages.filter((one) => one.kind === 'LineFilter').at(-1);
  const at = lastFilter?.to ?? parsed.selector?.to ?? 0;
  return `${query.slice(0, at)} ${stage}${query.slice(at)}`;
}

/** The selection of lines inside a query: the query itself, or what a metric counts. */
export function logPart(query: string): string {
  const { selector, end } = parseLogql(query);
  return selector ? query.slice(selector.from, end) : '';
}

/** The selector alone. */
export function streamPart(query: string): string {
  const { selector } = parseLogql(query);
  return selector ? query.slice(selector.from, selector.to) : '';
}

/** The selection for counting: entries that a parser did not understand count as well instead of failing the query. */
function countable(query: string): string {
  const part = logPart(query);
  const mayFail = parseLogql(query).stages.some((stage) => /^\|\s*(json|logfmt|unpack|label_format|line_format)\b/.test(stage.text) || stage.kind === 'LabelFilter');
  return mayFail ? `${part} | drop __error__, __error_details__` : part;
}

export function countQuery(query: string, by: string[], window: string): string {
  const groups = by.length > 0 ? ` by (${by.join(', ')})` : '';
  return `sum${groups} (count_over_time(${countable(query)} [${window}]))`;
}

/** The most frequent values of a field in a range. */
export function topValuesQuery(query: string, name: string, source: Source, window: string, most = 20): string {
  const parsed = withParser(logPart(query), source);
  const present = source === 'label' ? parsed : withStage(parsed, `| ${name} != ""`);
  return `topk(${most}, ${countQuery(present, [name], window)})`;
}

/** The least, mean or greatest number in a field. */
export function numberQuery(query: string, name: string, source: Source, how: 'min' | 'avg' | 'max', window: string): string {
  const parsed = withParser(logPart(query), source);
  return `${how}_over_time(${parsed} | unwrap ${name} | __error__ = "" [${window}]) by ()`;
}

/** What the line filters of a query look for, to be marked in the lines. */
export function filterPatterns(query: string): RegExp[] {
  const patterns: RegExp[] = [];
  for (const stage of parseLogql(query).stages) {
    if (stage.kind !== 'LineFilter') continue;
    const positive = /^\|(=|~|>)/.exec(stage.text);
    if (!positive) continue;
    for (const [text] of stage.text.matchAll(/"(?:[^"\\]|\\.)*"|`[^`]*`/gs)) {
      const value = unquote(text);
      if (value === '') continue;
      if (positive[1] === '=') patterns.push(new RegExp(escapeRegExp(value), 'g'));
      else if (positive[1] === '~') {
        const expression = regExpOf(value);
        if (expression) patterns.push(expression);
      } else {
        for (const piece of value.split('<_>')) if (piece.trim().length > 3) patterns.push(new RegExp(escapeRegExp(piece.trim()), 'g'));
      }
    }
  }
  return patterns;
}

export function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** The browser's expression for one of the server's; null for what the browser cannot read. */
function regExpOf(text: string): RegExp | null {
  const flags = /^\(\?i\)/.test(text) ? 'gi' : 'g';
  try {
    return new RegExp(text.replace(/^\(\?[a-z]+\)/, ''), flags);
  } catch {
    return null;
  }
}

export function matchersOfStream(stream: Labels): Matcher[] {
  return Object.entries(stream)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => ({ name, operator: '=', value }));
}
