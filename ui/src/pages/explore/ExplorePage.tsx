// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { ActionIcon } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconArrowLeft } from '@tabler/icons-react';
import { useMetrics } from '../../api/metrics';
import { PageHead } from '../../parts/PageHead';
import { FilterBar } from './FilterBar';
import { MetricDetail } from './MetricDetail';
import { MetricList } from './MetricList';
import { MetricPreviews } from './MetricPreviews';
import { ModeSwitch } from './ModeSwitch';
import { useExploreState } from './useExploreState';
import classes from './explore.module.css';

/** Metrics without a query language: find one, see it, break it down. */
export function ExplorePage() {
  const state = useExploreState();
  const { metrics, loading, error } = useMetrics(state.matchers);
  const metric = metrics.find((one) => one.name === state.metric) ?? metrics.find((one) => `${one.name}_bucket` === state.metric);
  const phone = useMediaQuery('(max-width: 62em)') ?? false;
  const showList = !phone || !state.metric;
  return (
    <>
      <PageHead title="Metrics" note="Find a metric, see it, and take it apart by its labels.">
        <ModeSwitch mode="browse" />
      </PageHead>
      <FilterBar state={state} metric={metric} />
      <div className={classes.columns}>
        {showList && (
          <MetricList
            metrics={metrics}
            loading={loading}
            error={error}
            chosen={state.metric}
            onChoose={(name) => state.set({ metric: name, by: null, agg: null, view: null })}
          />
        )}
        {(!phone || state.metric) && (
          <div style={{ minWidth: 0 }}>
            {phone && (
              <ActionIcon onClick={() => state.set({ metric: null, by: null })} aria-label="Back to the list" mb={6}>
                <IconArrowLeft size={18} />
              </ActionIcon>
            )}
            {state.metric ? (
              <MetricDetail
                key={state.metric}
                state={state}
                known={metric !== undefined}
                metric={metric ?? { name: state.metric, type: 'unknown', help: '', unit: '', series: null }}
                loading={loading}
              />
            ) : (
              <MetricPreviews metrics={metrics} matchers={state.matchers} loading={loading} onChoose={(name) => state.set({ metric: name })} />
            )}
          </div>
        )}
      </div>
    </>
  );
}
