// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { Loader } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { createSpotlight, Spotlight } from '@mantine/spotlight';
import { IconChartAreaLine, IconFileText, IconHistory, IconSearch, IconTag } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { api, request } from '../api/client';
import type { MetadataEntry } from '../api/types';
import { selector } from '../model/selector';
import { useLink } from '../url/useLink';
import { PAGES } from './pages';
import { recentQueries } from './recentQueries';

const [store, spotlight] = createSpotlight();

export function openPalette(): void {
  spotlight.open();
}

const PER_GROUP = 7;
/** Values of these are worth finding by name. */
const VALUE_LABELS = ['job', 'instance', 'service', 'namespace', 'pod', 'device', 'mountpoint'];

/** Goes anywhere by name. */
export function Palette() {
  const [query, setQuery] = useState('');
  const [text] = useDebouncedValue(query.trim().toLowerCase(), 80);
  const navigate = useNavigate();
  const link = useLink();

  const names = useQuery({
    queryKey: ['palette', 'names'],
    queryFn: ({ signal }) => api<string[]>('/api/v1/label/__name__/values', { limit: 20_000 }, { signal }),
    enabled: query !== '',
  });
  const metadata = useQuery({
    queryKey: ['palette', 'metadata'],
    queryFn: ({ signal }) => api<Record<string, MetadataEntry[]>>('/api/v1/metadata', { limit_per_metric: 1 }, { signal }),
    enabled: query !== '',
  });
  const values = useQuery({
    queryKey: ['palette', 'values'],
    queryFn: async ({ signal }) => {
      const known = (await api<string[]>('/api/v1/labels', {}, { signal })).data;
      const wanted = VALUE_LABELS.filter((label) => known.includes(label));
      const answers = await Promise.all(
        wanted.map((label) => api<string[]>(`/api/v1/label/${label}/values`, { limit: 1000 }, { signal })),
      );
      return wanted.flatMap((label, index) => answers[index]!.data.map((value) => ({ label, value })));
    },
    enabled: query !== '',
  });

  const sources = useQuery({
    queryKey: ['palette', 'log-sources'],
    queryFn: async ({ signal }) => {
      const response = await request('/loki/api/v1/label/service_name/values', {}, { signal });
      return ((await response.json()) as { data?: string[] }).data ?? [];
    },
    enabled: query !== '',
    retry: false,
  });

  const has = (words: string) => text.split(/\s+/).every((word) => words.toLowerCase().includes(word));
  const pages = PAGES.filter((page) => has(`${page.title} ${page.what}`));
  const metrics = text
    ? (names.data?.data ?? [])
        .filter((name) => has(`${name} ${metadata.data?.data[name]?.[0]?.help ?? ''}`))
        .sort((a, b) => Number(!a.includes(text)) - Number(!b.includes(text)) || a.length - b.length)
        .slice(0, PER_GROUP)
    : [];
  const labelValues = text ? (values.data ?? []).filter((one) => has(`${one.label}=${one.value}`)).slice(0, PER_GROUP) : [];
  const logs = text ? (sources.data ?? []).filter((one) => has(`logs of ${one}`)).slice(0, PER_GROUP) : [];
  const recent = recentQueries().filter((one) => has(one)).slice(0, text ? PER_GROUP : 5);
  const go = (address: string) => {
    setQuery('');
    spotlight.close();
    void navigate(address);
  };

  return (
    <Spotlight.Root store={store} query={query} onQueryChange={setQuery} shortcut={null} size={620} radius="md">
      <Spotlight.Search
        placeholder="Pages, metrics, label values, recent queries"
        aria-label="Search"
        leftSection={names.isFetching ? <Loader size={16} /> : <IconSearch size={18} />}
      />
      <Spotlight.ActionsList mah="60vh" style={{ overflowY: 'auto' }}>
        {pages.length > 0 && (
          <Spotlight.ActionsGroup label="Pages">
            {pages.map((page) => (
              <Spotlight.Action
                key={page.path}
                label={page.title}
                description={page.what}
                leftSection={<page.icon size={19} stroke={1.7} />}
                onClick={() => go(link(page.path))}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {metrics.length > 0 && (
          <Spotlight.ActionsGroup label="Metrics">
            {metrics.map((name) => (
              <Spotlight.Action
                key={name}
                label={name}
                {...(metadata.data?.data[name]?.[0]?.help ? { description: metadata.data.data[name]![0]!.help } : {})}
                leftSection={<IconChartAreaLine size={19} stroke={1.7} />}
                onClick={() => go(link('/explore', { metric: name }))}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {labelValues.length > 0 && (
          <Spotlight.ActionsGroup label="Label values">
            {labelValues.map(({ label, value }) => (
              <Spotlight.Action
                key={`${label}=${value}`}
                label={`${label} = ${value}`}
                description="Metrics with this label"
                leftSection={<IconTag size={19} stroke={1.7} />}
                onClick={() => go(link('/explore', { filter: `${label}=${JSON.stringify(value)}` }))}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {logs.length > 0 && (
          <Spotlight.ActionsGroup label="Logs">
            {logs.map((source) => (
              <Spotlight.Action
                key={source}
                label={`Logs of ${source}`}
                leftSection={<IconFileText size={19} stroke={1.7} />}
                onClick={() => go(link('/logs', { q: selector('', [{ name: 'service_name', operator: '=', value: source }]) }))}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {recent.length > 0 && (
          <Spotlight.ActionsGroup label="Recent queries">
            {recent.map((one) => (
              <Spotlight.Action
                key={one}
                label={one}
                leftSection={<IconHistory size={19} stroke={1.7} />}
                onClick={() => go(link('/promql', { q: one }))}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {pages.length + metrics.length + labelValues.length + logs.length + recent.length === 0 && (
          <Spotlight.Empty>{names.isFetching ? 'Looking …' : 'Nothing by that name'}</Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
