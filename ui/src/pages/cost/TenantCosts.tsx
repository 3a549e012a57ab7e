// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { Text } from '@mantine/core';
import { useMemo } from 'react';
import { numberOf, useInstant } from '../../api/queries';
import { formatCount, formatNumber } from '../../model/units';
import { DataTable, type Column } from '../../parts/DataTable';
import { ErrorNote } from '../../parts/ErrorNote';
import { Surface } from '../../parts/Surface';

interface TenantCost {
  tenant: string;
  perSecond: number | null;
  rows: number | null;
}

/** What each tenant brings, from the server's own metrics, where they are told by tenant. */
export function TenantCosts() {
  const perSecond = useInstant('sum by (tenant) (rate(skopos_ingest_rows_total{tenant!=""}[5m]))');
  const rows = useInstant('sum by (tenant) (skopos_ingest_rows_total{tenant!=""})');
  const found = useMemo(() => {
    const all = new Map<string, TenantCost>();
    const entry = (tenant: string) => {
      let one = all.get(tenant);
      if (!one) all.set(tenant, (one = { tenant, perSecond: null, rows: null }));
      return one;
    };
    for (const item of perSecond.data?.data ?? []) entry(item.metric.tenant ?? '').perSecond = numberOf(item);
    for (const item of rows.data?.data ?? []) entry(item.metric.tenant ?? '').rows = numberOf(item);
    return [...all.values()];
  }, [perSecond.data, rows.data]);
  const columns: Column<TenantCost>[] = [
    { key: 'tenant', title: 'Tenant', width: 'minmax(150px, 2fr)', order: (row) => row.tenant, render: (row) => row.tenant },
    { key: 'rate', title: 'Rows/s', width: '120px', right: true, order: (row) => row.perSecond ?? -1, render: (row) => (row.perSecond === null ? '–' : formatNumber(Math.round(row.perSecond * 10) / 10)) },
    { key: 'rows', title: 'Rows since the start', width: '160px', right: true, order: (row) => row.rows ?? -1, render: (row) => (row.rows === null ? '–' : formatCount(row.rows)) },
  ];
  return (
    <Surface title="Tenants" note="What each one sends. A tenant’s series are in the other tables once it is chosen." flush>
      {rows.error ? (
        <ErrorNote error={rows.error} />
      ) : found.length === 0 ? (
        <Text size="sm" className="sk-dim" p={16}>
          The server’s own metrics do not tell tenants apart here; choose the tenant that holds them, or look at one tenant at a time.
        </Text>
      ) : (
        <DataTable rows={found} columns={columns} rowKey={(row) => row.tenant} name="tenants" searchText={(row) => row.tenant} initialOrder={{ key: 'rows', up: false }} />
      )}
    </Surface>
  );
}
