// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { labelName, selector, type Matcher } from './selector';
import { unitOf, type Quantity } from './units';

export type MetricType = 'counter' | 'gauge' | 'histogram' | 'native histogram' | 'summary' | 'info' | 'unknown';

/** A metric as people see it: a classic histogram is one, not three names. */
export interface Metric {
  name: string;
  type: MetricType;
  help: string;
  unit: string;
  series: number | null;
}

export interface NamedMetadata {
  type: string;
  help: string;
  unit: string;
}

/**
 * The metrics behind a list of names. `x_bucket`, `x_sum` and `x_count` are one histogram when metadata or a bucket
 * say so.
 */
export function metricsOf(names: string[], metadata: Record<string, NamedMetadata[]>, counts: Map<string, number>): Metric[] {
  const present = new Set(names);
  const metrics = new Map<string, Metric>();
  for (const name of names) {
    const base = /^(.*)_(bucket|sum|count)$/.exec(name)?.[1];
    const family = base !== undefined ? metadata[base]?.[0] : undefined;
    const isClassic = base !== undefined && present.has(`${base}_bucket`) && (family === undefined || family.type === 'histogram');
    const isSummary = base !== undefined && family?.type === 'summary';
    const shown = isClassic || isSummary ? base! : name;
    const own = metadata[shown]?.[0] ?? metadata[shown.replace(/_total$/, '')]?.[0];
    const known = metrics.get(shown);
    const count = counts.get(name) ?? null;
    if (known) {
      known.series = known.series === null ? count : known.series + (count ?? 0);
      continue;
    }
    metrics.set(shown, {
      name: shown,
      type: isClassic ? 'histogram' : isSummary ? 'summary' : typeOf(shown, own, present),
      help: own?.help ?? '',
      unit: own?.unit || wordOf(unitOf(shown)),
      series: count,
    });
  }
  return [...metrics.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function wordOf(unit: string): string {
  return unit === 'number' ? '' : unit;
}

function typeOf(name: string, own: NamedMetadata | undefined, present: Set<string>): MetricType {
  if (own?.type === 'histogram' || own?.type === 'gaugehistogram') {
    return present.has(`${name}_bucket`) ? 'histogram' : 'native histogram';
  }
  if (own?.type === 'counter' || own?.type === 'gauge' || own?.type === 'summary' || own?.type === 'info') {
    return own.type === 'gauge' && name.endsWith('_info') ? 'info' : own.type;
  }
  if (name.endsWith('_total')) return 'counter';
  if (name.endsWith('_info')) return 'info';
  return 'unknown';
}

export type View = 'graph' | 'heatmap' | 'table';

/** How a metric is asked for, when nobody says otherwise. */
export interface Proposal {
  /** In words, for those who do not read PromQL. */
  words: string;
  query: string;
  quantity: Quantity;
  view: View;
  /** The heatmap's own query, for histograms. */
  heatmap?: string;
}

export type Summing = 'sum' | 'avg' | 'max' | 'min';

/**
 * The query for a metric, after its type: counters as rates, gauges as they are, histograms by the quantile most
 * people can stand.
 */
export function propose(metric: Metric, matchers: Matcher[], by: string | null, window: string, summing?: Summing): Proposal {
  const group = by === null ? '' : ` by (${labelName(by)})`;
  const each = by === null ? '' : ` for each ${by}`;
  const unit = unitOf(metric.name, metric.unit);
  switch (metric.type) {
    case 'counter': {
      const how = summing ?? 'sum';
      return {
        words: `How fast it grows per second, ${WORDS[how]}${each}`,
        query: `${how}${group} (rate(${selector(metric.name, matchers)}[${window}]))`,
        quantity: unit === 'seconds' ? { unit: 'number' } : { unit, perSecond: true },
        view: 'graph',
      };
    }
    case 'histogram': {
      const inner = `rate(${selector(`${metric.name}_bucket`, matchers)}[${window}])`;
      const groups = by === null ? 'le' : `le, ${labelName(by)}`;
      return {
        words: `What 95 of 100 stay below${each}`,
        query: `histogram_quantile(0.95, sum by (${groups}) (${inner}))`,
        quantity: { unit },
        view: by === null ? 'heatmap' : 'graph',
        heatmap: `sum by (le) (${inner})`,
      };
    }
    case 'native histogram': {
      const inner = `rate(${selector(metric.name, matchers)}[${window}])`;
      return {
        words: `What 95 of 100 stay below${each}`,
        query: `histogram_quantile(0.95, sum${group} (${inner}))`,
        quantity: { unit },
        view: by === null ? 'heatmap' : 'graph',
        heatmap: `sum (${inner})`,
      };
    }
    case 'summary': {
      const rate = (part: string) => `sum${group} (rate(${selector(`${metric.name}_${part}`, matchers)}[${window}]))`;
      return {
        words: `The mean${each}`,
        query: `${rate('sum')} / ${rate('count')}`,
        quantity: { unit },
        view: 'graph',
      };
    }
    case 'info':
      return {
        words: 'What is written in its labels',
        query: by === null ? selector(metric.name, matchers) : `count${group} (${selector(metric.name, matchers)})`,
        quantity: { unit: 'number' },
        view: 'table',
      };
    case 'gauge':
    case 'unknown': {
      const how = summing ?? 'avg';
      const plain = selector(metric.name, matchers);
      return {
        words: by === null && !summing ? 'Each series as it is' : `The value, ${WORDS[how]}${each}`,
        query: by === null && !summing ? plain : `${how}${group} (${plain})`,
        quantity: { unit },
        view: 'graph',
      };
    }
  }
}

const WORDS: Record<Summing, string> = {
  sum: 'added up',
  avg: 'on average',
  max: 'the greatest',
  min: 'the least',
};

/** The quantity of an arbitrary query, guessed from the names in it. */
export function quantityOf(query: string): Quantity {
  const names = query.match(/[a-zA-Z_:][a-zA-Z0-9_:]*(?=\s*(\{|\[|\)|$|\s|,|[-+*/]))/g) ?? [];
  const metric = names.find((name) => name.includes('_') && !FUNCTIONS.has(name));
  if (!metric) return { unit: 'number' };
  if (/^\s*(count|count_values|group|absent|changes|resets|scalar\(count)/.test(query)) return { unit: 'number' };
  const unit = unitOf(metric);
  const bare = query.replace(/"(?:[^"\\]|\\.)*"/g, '""').replace(/\{[^}]*\}/g, '');
  const operands = bare.split('/');
  if (operands.length === 2 && operands.every((one) => /[a-z]+_[a-z]+/.test(one)) && unit === unitOf(names.filter((n) => n.includes('_') && !FUNCTIONS.has(n)).at(-1) ?? '')) {
    return { unit: 'ratio' };
  }
  const isRate = /\b(rate|irate|deriv)\s*\(/.test(bare);
  if (/histogram_quantile|histogram_avg/.test(bare)) return { unit };
  if (isRate && /_bucket\b/.test(bare)) return { unit: 'number', perSecond: true };
  if (isRate && unit === 'seconds') return { unit: 'number' };
  return isRate ? { unit, perSecond: true } : { unit };
}

const FUNCTIONS = new Set(
  ('avg_over_time min_over_time max_over_time sum_over_time count_over_time quantile_over_time stddev_over_time last_over_time ' +
    'present_over_time absent_over_time histogram_quantile histogram_avg histogram_sum histogram_count histogram_fraction label_replace label_join predict_linear ' +
    'group_left group_right clamp_max clamp_min days_in_month day_of_month day_of_week count_values sort_desc holt_winters double_exponential_smoothing').split(' '),
);
