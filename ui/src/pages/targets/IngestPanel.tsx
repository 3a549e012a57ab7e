// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { SimpleGrid, Stack, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, ApiError } from '../../api/client';
import { useEvents } from '../../api/events';
import { ChartPanel } from '../../chart/ChartPanel';
import { formatCount, formatNumber } from '../../model/units';
import { DataTable } from '../../parts/DataTable';
import { Empty, ErrorNote } from '../../parts/ErrorNote';
import { Surface } from '../../parts/Surface';
import { ago, formatTime } from '../../url/timeRange';
import { useTime } from '../../url/TimeContext';

interface Protocol {
  protocol: string;
  rows: number;
  rejectedRows: number;
  rowsPerSecond: number;
  rejectedRowsPerSecond: number;
  last: string;
}

interface Rejected {
  time: string;
  protocol: string;
  reason: string;
  rows: number;
  detail: string;
}

interface IngestStatus {
  protocols: Protocol[];
  rejected: Rejected[];
}

/** What each protocol brings, and samples of what was refused and why. */
export function IngestPanel() {
  const { range } = useTime();
  const { events } = useEvents();
  const status = useQuery({
    queryKey: ['ingest', range.end],
    queryFn: async ({ signal }): Promise<IngestStatus | null> => {
      try {
        return (await api<IngestStatus>('/api/v1/status/ingest', {}, { signal })).data;
      } catch (e) {
        if (e instanceof ApiError && e.status === 404) return null;
        throw e;
      }
    },
    placeholderData: keepPreviousData,
  });
  const now = Date.now();
  return (
    <Stack gap={14}>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing={14}>
        <ChartPanel
          title="Taken in, rows per second"
          name="Rows taken in per second"
          help="Samples, and rows of other signals, of all tenants."
          queries={[{ query: 'sum by (signal, tenant) (rate(skopos_ingest_rows_total[1m]))', name: (labels) => `${labels.signal}${labels.tenant ? ` of ${labels.tenant}` : ''}` }]}
          quantity={{ unit: 'number', perSecond: true }}
          drawing="area"
          events={events}
          height={170}
        />
        <ChartPanel
          title="Refused, rows per second"
          name="Rows refused per second"
          help="What senders were told is wrong with it is in the table below."
          queries={[
            { query: 'sum by (protocol, reason) (rate(skopos_receive_rejected_rows_total[1m]))', name: (labels) => `${labels.protocol}: ${labels.reason}` },
            { query: 'sum(rate(skopos_ingest_scrape_failures_total[1m]))', name: 'failed scrapes' },
          ]}
          quantity={{ unit: 'number', perSecond: true }}
          events={events}
          height={170}
          dropUpTo={0}
          emptyNote="Nothing was refused, and no scrape failed."
        />
      </SimpleGrid>
      {status.error && <ErrorNote error={status.error} />}
      {status.data && (
        <>
          <Surface title="Pushed, by protocol" note="Since the start of the server; rates over the last minute." flush>
            <DataTable
              rows={status.data.protocols}
              rowKey={(row) => row.protocol}
              name="protocols"
              empty={<Empty title="Nothing was pushed yet">Remote write, imports and other protocols show up here with their first message.</Empty>}
              columns={[
                { key: 'protocol', title: 'Protocol', width: 'minmax(150px, 2fr)', order: (row) => row.protocol, render: (row) => row.protocol },
                { key: 'rate', title: 'Rows/s', width: '100px', right: true, order: (row) => row.rowsPerSecond, render: (row) => formatNumber(Math.round(row.rowsPerSecond * 10) / 10) },
                { key: 'rows', title: 'Rows', width: '110px', right: true, order: (row) => row.rows, render: (row) => formatCount(row.rows) },
                {
                  key: 'rejected',
                  title: 'Refused',
                  width: '110px',
                  right: true,
                  order: (row) => row.rejectedRows,
                  render: (row) => <span style={row.rejectedRows > 0 ? { color: 'var(--sk-bad)', fontWeight: 600 } : undefined}>{formatCount(row.rejectedRows)}</span>,
                },
                { key: 'last', title: 'Last', width: '110px', right: true, order: (row) => Date.parse(row.last), render: (row) => ago(Date.parse(row.last), now) },
              ]}
              minWidth={560}
            />
          </Surface>
          <Surface title="Refused lately" note="Samples of what was not kept, and why; the sender was told the same." flush>
            <DataTable
              rows={status.data.rejected.map((row, index) => ({ ...row, index }))}
              rowKey={(row) => String(row.index)}
              name="refused rows"
              searchText={(row) => `${row.protocol} ${row.reason} ${row.detail}`}
              empty={<Empty title="Nothing was refused" />}
              columns={[
                { key: 'time', title: 'When', width: '150px', order: (row) => row.time, render: (row) => <span className="sk-num">{formatTime(Date.parse(row.time))}</span> },
                { key: 'protocol', title: 'Protocol', width: 'minmax(100px, 0.7fr)', order: (row) => row.protocol, render: (row) => row.protocol },
                { key: 'reason', title: 'Reason', width: 'minmax(110px, 0.8fr)', order: (row) => row.reason, render: (row) => row.reason },
                { key: 'rows', title: 'Rows', width: '70px', right: true, order: (row) => row.rows, render: (row) => formatCount(row.rows) },
                { key: 'detail', title: 'What', width: 'minmax(220px, 3fr)', render: (row) => <Text size="xs" style={{ overflowWrap: 'anywhere' }}>{row.detail}</Text> },
              ]}
              minWidth={760}
            />
          </Surface>
        </>
      )}
    </Stack>
  );
}
