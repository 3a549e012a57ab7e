// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { useLimits, type Limit } from '../../api/limits';
import { DataTable } from '../../parts/DataTable';
import { ErrorNote } from '../../parts/ErrorNote';
import { Meter } from '../../parts/Meter';
import { Surface } from '../../parts/Surface';
import classes from '../cost/cost.module.css';

/** The limits of the chosen tenant, those that are used most first. */
export function LimitsPanel() {
  const result = useLimits();
  const limits = useMemo(() => result.data?.data.limits ?? [], [result.data]);
  if (result.error) return <ErrorNote error={result.error} onRetry={() => void result.refetch()} />;
  if (limits.length === 0) return null;
  return (
    <Surface title={`Limits of ${result.data?.data.tenant ?? 'this tenant'}`} note="What goes beyond one is refused, and the sender is told which. The setting in the last column changes it for this tenant." flush>
      <DataTable<Limit>
        rows={limits}
        rowKey={(row) => row.limit}
        name="limits"
        searchText={(row) => row.limit}
        initialOrder={{ key: 'used', up: false }}
        maxHeight={360}
        minWidth={640}
        columns={[
          { key: 'limit', title: 'Limit', width: 'minmax(180px, 1.6fr)', order: (row) => row.limit, render: (row) => row.limit },
          { key: 'value', title: 'Value', width: 'minmax(90px, 0.7fr)', render: (row) => row.value || <span className="sk-dim">none</span> },
          {
            key: 'used',
            title: 'Used',
            width: '150px',
            order: (row) => row.usedRatio ?? -1,
            render: (row) =>
              row.usedRatio === undefined ? (
                <span className="sk-dim">–</span>
              ) : (
                <span className={classes.share}>
                  <Meter share={row.usedRatio} label={`${row.limit} used`} />
                  <span className="sk-num">{Math.round(row.usedRatio * 1000) / 10} %</span>
                </span>
              ),
          },
          { key: 'source', title: 'From', width: '84px', order: (row) => row.source, render: (row) => row.source },
          { key: 'override', title: 'Setting', width: 'minmax(200px, 1.6fr)', render: (row) => <span className="sk-mono" style={{ overflowWrap: 'anywhere' }}>{row.override}</span> },
        ]}
      />
    </Surface>
  );
}
