// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { Button, SimpleGrid, Skeleton, Text } from '@mantine/core';
import { useMemo } from 'react';
import { ChartPanel } from '../../chart/ChartPanel';
import { propose, type Metric } from '../../model/metric';
import type { Matcher } from '../../model/selector';
import { Empty } from '../../parts/ErrorNote';
import { useGrid } from '../../api/queries';
import { rateWindow } from '../../url/timeRange';

/** Whose sum says nothing: the parts do. */
const APART: Record<string, string> = { node_cpu_seconds_total: 'mode', node_disk_io_time_seconds_total: 'device' };

/** What one most often looks at first, wherever it exists. */
const FIRST = [
  'node_load1',
  'node_memory_MemAvailable_bytes',
  'node_network_receive_bytes_total',
  'node_disk_written_bytes_total',
  'node_cpu_seconds_total',
  'skopos_web_request_duration_seconds',
  'http_requests_total',
  'http_request_duration_seconds',
  'http_server_request_duration_seconds',
  'process_cpu_seconds_total',
  'process_resident_memory_bytes',
  'jvm_memory_used_bytes',
  'go_goroutines',
];

const SHOWN = 9;

/** Before a metric is chosen: some of them, alive. */
export function MetricPreviews(props: { metrics: Metric[]; matchers: Matcher[]; loading: boolean; onChoose: (name: string) => void }) {
  const { metrics, matchers, loading, onChoose } = props;
  const grid = useGrid(90);
  const window = rateWindow(grid.step);
  const chosen = useMemo(() => {
    const first = FIRST.map((name) => metrics.find((one) => one.name === name)).filter((one): one is Metric => one !== undefined);
    const others = metrics.filter((one) => !first.includes(one) && (one.type === 'counter' || one.type === 'gauge' || one.type === 'histogram'));
    return [...first, ...others].slice(0, SHOWN);
  }, [metrics]);
  if (loading) return <Skeleton height={420} radius="md" />;
  if (chosen.length === 0) return <Empty title="No metrics in this time">Choose a longer time, or remove a filter.</Empty>;
  return (
    <>
      <Text size="sm" className="sk-dim" mb={8}>
        A few to begin with; the list has all {metrics.length}.
      </Text>
      <SimpleGrid cols={{ base: 1, md: 2, xl: 3 }} spacing={12} verticalSpacing={12}>
        {chosen.map((metric) => {
          const proposal = propose(metric, matchers, APART[metric.name] ?? null, window);
          return (
            <ChartPanel
              key={metric.name}
              title={
                <Button variant="transparent" p={0} h="auto" styles={{ label: { whiteSpace: 'normal', textAlign: 'left', overflowWrap: 'anywhere', lineHeight: 1.3 } }} onClick={() => onChoose(metric.name)}>
                  {metric.name}
                </Button>
              }
              name={metric.name}
              {...(metric.help ? { help: metric.help } : {})}
              queries={[{ query: proposal.query }]}
              quantity={proposal.quantity}
              drawing="area"
              legend={false}
              height={120}
              points={90}
            />
          );
        })}
      </SimpleGrid>
    </>
  );
}
