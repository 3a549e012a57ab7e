// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { Button, Stack, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client';
import type { Labels, Target } from '../../api/types';
import { formatBytes, formatCount, formatSeconds } from '../../model/units';
import { ErrorNote } from '../../parts/ErrorNote';
import { Facts } from '../../parts/Facts';
import parts from '../../parts/parts.module.css';
import { Status } from '../../parts/Status';
import { formatTime } from '../../url/timeRange';
import { useTime } from '../../url/TimeContext';
import { ScrapeHistory } from './ScrapeHistory';

interface Scrape {
  time: string;
  durationSeconds: number;
  up: boolean;
  error: string;
  bodyBytes: number;
  samplesScraped: number;
  samplesStored: number;
  seriesAdded: number;
  duplicates: number;
  outOfBounds: number;
}

interface TargetScrapes {
  scrapePool: string;
  labels: Labels;
  scrapeUrl: string;
  scrapes: Scrape[];
}

export function pairs(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(', ');
}

/** All that is known of one target. */
export function TargetDetails({ target }: { target: Target }) {
  return (
    <Stack gap={14} pt={4}>
      <ScrapeHistory labels={target.labels} />
      <LastScrapes target={target} />
      <Facts
        facts={[
          ['Labels', <span key="l" className="sk-mono">{pairs(target.labels)}</span>],
          ['Before relabelling', <span key="d" className="sk-mono">{pairs(target.discoveredLabels)}</span>],
          ['Timeout', target.scrapeTimeout],
        ]}
      />
      <RelabelSteps pool={target.scrapePool} labels={target.discoveredLabels} />
    </Stack>
  );
}

function LastScrapes({ target }: { target: Target }) {
  const { range } = useTime();
  const instance = target.labels.instance ?? '';
  const result = useQuery({
    queryKey: ['scrapes', target.scrapePool, instance, range.end],
    queryFn: async ({ signal }) => (await api<TargetScrapes[]>('/api/v1/status/scrapes', { scrapePool: target.scrapePool, instance }, { signal })).data,
    placeholderData: keepPreviousData,
  });
  if (result.error) return <ErrorNote error={result.error} />;
  const scrapes = result.data?.find((one) => one.scrapeUrl === target.scrapeUrl)?.scrapes ?? [];
  if (scrapes.length === 0) return null;
  return (
    <div className={parts.scroll}>
      <table className={parts.table}>
        <caption style={{ textAlign: 'left', fontWeight: 600, paddingBottom: 4 }}>The last scrapes</caption>
        <thead>
          <tr>
            <th>When</th>
            <th>How</th>
            <th className={parts.right}>Took</th>
            <th className={parts.right}>Samples</th>
            <th className={parts.right}>Stored</th>
            <th className={parts.right}>New series</th>
            <th className={parts.right}>Body</th>
          </tr>
        </thead>
        <tbody>
          {scrapes.slice(0, 8).map((scrape) => (
            <tr key={scrape.time}>
              <td className="sk-num">{formatTime(Date.parse(scrape.time))}</td>
              <td>
                <Status state={scrape.up ? 'good' : 'bad'} word={scrape.up ? 'well' : 'failed'} />
                {scrape.error && (
                  <Text size="xs" style={{ overflowWrap: 'anywhere' }}>
                    {scrape.error}
                  </Text>
                )}
                {scrape.duplicates + scrape.outOfBounds > 0 && (
                  <Text size="xs" className="sk-dim">
                    {scrape.duplicates > 0 ? `${formatCount(scrape.duplicates)} duplicates ` : ''}
                    {scrape.outOfBounds > 0 ? `${formatCount(scrape.outOfBounds)} out of bounds` : ''}
                  </Text>
                )}
              </td>
              <td className={parts.right}>{formatSeconds(scrape.durationSeconds)}</td>
              <td className={parts.right}>{formatCount(scrape.samplesScraped)}</td>
              <td className={parts.right}>{formatCount(scrape.samplesStored)}</td>
              <td className={parts.right}>{formatCount(scrape.seriesAdded)}</td>
              <td className={parts.right}>{formatBytes(scrape.bodyBytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface Step {
  rule: Record<string, unknown>;
  output: Labels;
  keep: boolean;
}

/** What each rule made of the target's labels. */
export function RelabelSteps({ pool, labels }: { pool: string; labels: Labels }) {
  const [asked, setAsked] = useState(false);
  const result = useQuery({
    queryKey: ['relabel-steps', pool, labels],
    queryFn: async ({ signal }) => (await api<{ steps: Step[] }>('/api/v1/targets/relabel_steps', { scrapePool: pool, labels: JSON.stringify(labels) }, { signal })).data.steps,
    enabled: asked,
  });
  if (!asked) {
    return (
      <Button variant="default" w="fit-content" onClick={() => setAsked(true)}>
        Show what relabelling did
      </Button>
    );
  }
  if (result.error) return <ErrorNote error={result.error} />;
  if (!result.data) return null;
  if (result.data.length === 0) {
    return (
      <Text size="sm" className="sk-dim">
        This job has no relabelling rules.
      </Text>
    );
  }
  return (
    <div className={parts.scroll}>
      <table className={parts.table}>
        <caption style={{ textAlign: 'left', fontWeight: 600, paddingBottom: 4 }}>Relabelling, rule by rule</caption>
        <thead>
          <tr>
            <th>Rule</th>
            <th>Labels after it</th>
          </tr>
        </thead>
        <tbody>
          {result.data.map((step, index) => (
            <tr key={index}>
              <td className="sk-mono">
                {Object.entries(step.rule)
                  .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
                  .join(', ')}
              </td>
              <td className="sk-mono" style={{ overflowWrap: 'anywhere' }}>
                {step.keep ? pairs(step.output) : <Status state="warn" word="dropped here" />}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
