// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { Loader, Text } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api } from '../../api/client';
import type { Labels, QueryData } from '../../api/types';
import { formatCount, formatSeconds } from '../../model/units';
import { Empty } from '../../parts/ErrorNote';
import { Surface } from '../../parts/Surface';
import { useTime } from '../../url/TimeContext';
import { countLabels, explain, flatten } from './explain';
import classes from './query.module.css';

const MOST_PARTS = 40;

interface Part {
  series: number;
  seconds: number | null;
  samples: number | null;
  labels: { name: string; values: number }[];
  truncated: boolean;
}

function metricsOf(data: QueryData): Labels[] {
  return data.resultType === 'vector' || data.resultType === 'matrix' ? data.result.map((item) => item.metric) : [{}];
}

/** Each part of a query asked by itself: where the time goes, and where series appear or vanish. */
export function ExplainTree({ query }: { query: string }) {
  const { range } = useTime();
  const time = Math.floor(range.end / 1000);
  const tree = useMemo(() => explain(query), [query]);
  const parts = useMemo(() => (tree ? flatten(tree).slice(0, MOST_PARTS) : []), [tree]);
  const results = useQueries({
    queries: parts.map(({ node }) => ({
      queryKey: ['explain', node.text, time],
      queryFn: async ({ signal }: { signal: AbortSignal }): Promise<Part> => {
        const { data } = await api<QueryData>('/api/v1/query', { query: node.text, time, stats: 'all' }, { signal });
        const labels = metricsOf(data);
        return {
          series: labels.length,
          seconds: data.stats?.timings.evalTotalTime ?? null,
          samples: data.stats?.samples.totalQueryableSamples ?? null,
          labels: countLabels(labels),
          truncated: false,
        };
      },
    })),
  });
  if (!tree) return <Empty title="The query does not parse">Mend it in the editor; the place is marked there.</Empty>;
  const slowest = Math.max(...results.map((result) => result.data?.seconds ?? 0), 1e-9);
  return (
    <Surface title="How the query is put together" note="Each part asked by itself at the end of the time; a part’s time holds the time of the parts below it." flush>
      <div className={classes.treeScroll}>
        <div role="tree" aria-label="Parts of the query" className={classes.tree}>
          {parts.map(({ node, depth }, index) => {
            const result = results[index]!;
            const part = result.data;
            const empty = part !== undefined && part.series === 0;
            return (
              <div key={`${node.from}-${node.to}-${depth}`} role="treeitem" aria-level={depth + 1} className={classes.part}>
                <div className={classes.partText} style={{ paddingLeft: depth * 20 }}>
                  {depth > 0 && <span className={classes.branch} aria-hidden />}
                  <div style={{ minWidth: 0 }}>
                    <div className="sk-mono" style={{ overflowWrap: 'anywhere' }}>
                      {node.text}
                    </div>
                    <Text size="xs" className="sk-dim">
                      {node.kind}
                      {part && part.labels.length > 0 && ` · ${part.labels.slice(0, 6).map((label) => `${label.name} ${label.values}`).join(', ')}`}
                    </Text>
                    {result.error && (
                      <Text size="xs" style={{ color: 'var(--sk-bad)' }}>
                        {result.error.message}
                      </Text>
                    )}
                  </div>
                </div>
                <div className={classes.partNumber}>
                  {result.isPending ? (
                    <Loader size={12} />
                  ) : part ? (
                    <>
                      <strong style={empty ? { color: 'var(--sk-warn)' } : undefined}>{empty ? 'no series' : `${formatCount(part.series)} series`}</strong>
                      <span className="sk-dim">{part.samples === null ? '' : `${formatCount(part.samples)} samples`}</span>
                    </>
                  ) : null}
                </div>
                <div className={classes.partTime}>
                  {part?.seconds !== null && part?.seconds !== undefined && (
                    <>
                      <span>{formatSeconds(part.seconds)}</span>
                      <span className={classes.timeBar}>
                        <span style={{ width: `${Math.max(2, (part.seconds / slowest) * 100)}%` }} />
                      </span>
                    </>
                  )}
                </div>
              </div>
            );
          })}
        </div>
      </div>
      {flatten(tree).length > MOST_PARTS && (
        <Text size="xs" className="sk-dim" p={12}>
          The query has more parts than are shown.
        </Text>
      )}
    </Surface>
  );
}
