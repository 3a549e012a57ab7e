// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import type { Labels } from '../api/types';

export type Operator = '=' | '!=' | '=~' | '!~';

export interface Matcher {
  name: string;
  operator: Operator;
  value: string;
}

const PLAIN_LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const PLAIN_METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

/** The text of a PromQL string. */
export function quote(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

export function labelName(name: string): string {
  return PLAIN_LABEL.test(name) ? name : quote(name);
}

export function formatMatcher(matcher: Matcher): string {
  return `${labelName(matcher.name)}${matcher.operator}${quote(matcher.value)}`;
}

/** A matcher as the address holds it: `job="api"`, `path!~"/x.*"`. */
export function parseMatcher(text: string): Matcher | null {
  const match = /^\s*(?:"((?:[^"\\]|\\.)+)"|([^\s=!~"]+))\s*(=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"\s*$/s.exec(text);
  if (!match) return null;
  const plain = (value: string) => value.replace(/\\(.)/gs, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
  return { name: match[2] ?? plain(match[1]!), operator: match[3] as Operator, value: plain(match[4]!) };
}

/** The matchers of a text with several of them, between commas. */
export function parseMatchers(text: string): Matcher[] {
  return (text.match(/(?:"(?:[^"\\]|\\.)*"|[^,"])+/gs) ?? [])
    .map(parseMatcher)
    .filter((matcher): matcher is Matcher => matcher !== null);
}

/** `name{a="1"}`; a name that PromQL cannot hold bare goes inside the braces. */
export function selector(metric: string, matchers: Matcher[] = []): string {
  const parts = matchers.map(formatMatcher);
  if (metric === '') return `{${parts.join(', ')}}`;
  if (!PLAIN_METRIC.test(metric)) return `{${[quote(metric), ...parts].join(', ')}}`;
  return parts.length === 0 ? metric : `${metric}{${parts.join(', ')}}`;
}

/** Of metrics of any name. Prometheus takes no selector that would fit series without labels, so one of such matchers alone also says that there is a name. */
export function selectorOfAny(matchers: Matcher[]): string {
  const sure = matchers.some((one) => (one.operator === '=' && one.value !== '') || (one.operator === '!=' && one.value === ''));
  return selector('', sure ? matchers : [{ name: '__name__', operator: '!=', value: '' }, ...matchers]);
}

/** Adds a matcher; one that says the opposite of it or the same goes. */
export function withMatcher(matchers: Matcher[], added: Matcher): Matcher[] {
  const others = matchers.filter((one) => one.name !== added.name || one.value !== added.value);
  // Two different equalities of one label match nothing, so the new one replaces the old.
  const kept = added.operator === '=' ? others.filter((one) => one.name !== added.name || one.operator !== '=') : others;
  return [...kept, added];
}

export function matchersOf(labels: Labels): Matcher[] {
  return Object.entries(labels)
    .filter(([name]) => name !== '__name__')
    .map(([name, value]) => ({ name, operator: '=', value }));
}

/** What can be said of all series of a chart: labels with one value in all of them, and what their queries ask for. */
export function sharedLabels(queries: string[], series: Labels[]): Labels {
  const shared: Labels = {};
  const [first, ...others] = series;
  for (const [name, value] of Object.entries(first ?? {})) {
    if (name !== '__name__' && others.every((labels) => labels[name] === value)) shared[name] = value;
  }
  const asked = new Map<string, Set<string>>();
  for (const [, inner] of queries.join('\n').matchAll(/\{((?:"(?:[^"\\]|\\.)*"|[^{}"])*)\}/g)) {
    for (const { name, operator, value } of parseMatchers(inner!)) {
      if (operator === '=') asked.set(name, (asked.get(name) ?? new Set()).add(value));
    }
  }
  for (const [name, values] of asked) if (values.size === 1) shared[name] ??= [...values][0]!;
  return shared;
}
