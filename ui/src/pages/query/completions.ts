// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import type { PrometheusClient } from '@prometheus-io/codemirror-promql';
import { api } from '../../api/client';
import type { Labels } from '../../api/types';
import { selector, type Operator } from '../../model/selector';

interface PromMatcher {
  name: string;
  value: string;
  type: number;
}

/** What the editor offers: asked once a minute at most, through the same calls as everything else. */
export class Completions implements PrometheusClient {
  private readonly answers = new Map<string, { at: number; answer: Promise<unknown> }>();

  labelNames(metricName?: string): Promise<string[]> {
    return this.ask('/api/v1/labels', { 'match[]': metricName || undefined });
  }

  labelValues(labelName: string, metricName?: string, matchers?: PromMatcher[]): Promise<string[]> {
    return this.ask(`/api/v1/label/${encodeURIComponent(labelName)}/values`, {
      'match[]': metricName ? selector(metricName, (matchers ?? []).filter((one) => one.value !== '').map(matcherOf)) : undefined,
      limit: 10_000,
    });
  }

  metricMetadata(): Promise<Record<string, { type: string; help: string }[]>> {
    return this.ask('/api/v1/metadata', { limit_per_metric: 1 });
  }

  async series(metricName: string): Promise<Map<string, string>[]> {
    const found = await this.ask<Labels[]>('/api/v1/series', { 'match[]': metricName, limit: 2000 });
    return found.map((labels) => new Map(Object.entries(labels)));
  }

  metricNames(): Promise<string[]> {
    return this.ask('/api/v1/label/__name__/values', { limit: 50_000 });
  }

  flags(): Promise<Record<string, string>> {
    return this.ask('/api/v1/status/flags', {});
  }

  private ask<T>(path: string, parameters: Record<string, string | number | undefined>): Promise<T> {
    const key = JSON.stringify([path, parameters]);
    const known = this.answers.get(key);
    if (known && Date.now() - known.at < 60_000) return known.answer as Promise<T>;
    const answer = api<T>(path, parameters).then((one) => one.data);
    // Completion has nothing better to offer than nothing when the server refuses.
    answer.catch(() => this.answers.delete(key));
    this.answers.set(key, { at: Date.now(), answer });
    return answer;
  }
}

/** The library numbers the operators in this order. */
const OPERATORS: Record<number, Operator> = { 54: '=', 56: '!=', 55: '=~', 57: '!~' };

function matcherOf(one: PromMatcher): { name: string; operator: Operator; value: string } {
  return { name: one.name, operator: OPERATORS[one.type] ?? '=', value: one.value };
}
