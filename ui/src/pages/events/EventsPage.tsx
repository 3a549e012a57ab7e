// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { Button, Group, MultiSelect, Stack, TextInput } from '@mantine/core';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useDebouncedValue } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import { api } from '../../api/client';
import type { SkoposEvent } from '../../api/types';
import { ErrorNote } from '../../parts/ErrorNote';
import { EventForm } from '../../parts/EventForm';
import { EventList } from '../../parts/EventList';
import { PageHead } from '../../parts/PageHead';
import { Surface } from '../../parts/Surface';
import { useTime } from '../../url/TimeContext';

const KINDS = ['deploy', 'config', 'flag', 'fault', 'incident', 'silence', 'probe', 'note'];

/** What changed, and when. */
export function EventsPage() {
  const { range } = useTime();
  const [parameters, setParameters] = useSearchParams();
  const kinds = parameters.getAll('kind');
  const [search, setSearch] = useState(parameters.get('search') ?? '');
  const [wanted] = useDebouncedValue(search.trim(), 250);
  const [adding, setAdding] = useState(false);
  const start = Math.floor(range.start / 1000);
  const end = Math.ceil(range.end / 1000);
  const result = useInfiniteQuery({
    queryKey: ['events', 'page', start, end, kinds.join(), wanted],
    queryFn: async ({ signal, pageParam }) =>
      (await api<{ events: SkoposEvent[]; next?: string }>('/api/v1/events', { start, end, kind: kinds, search: wanted, limit: 100, next: pageParam || undefined }, { signal })).data,
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
  });
  const events = useMemo(() => result.data?.pages.flatMap((page) => page.events) ?? [], [result.data]);
  return (
    <>
      <PageHead title="Events" note="Deploys, configs, faults and notes; each is drawn on every chart.">
        <Button leftSection={<IconPlus size={14} />} onClick={() => setAdding(true)}>
          Add an event
        </Button>
      </PageHead>
      <Stack gap={14}>
        <Group gap="xs">
          <TextInput aria-label="Search events" placeholder="Search titles and texts" leftSection={<IconSearch size={14} />} value={search} onChange={(event) => setSearch(event.currentTarget.value)} w={240} />
          <MultiSelect
            size="xs"
            aria-label="Kinds"
            placeholder={kinds.length === 0 ? 'All kinds' : undefined}
            data={[...new Set([...KINDS, ...kinds])]}
            value={kinds}
            clearable
            onChange={(next) =>
              setParameters((before) => {
                const after = new URLSearchParams(before);
                after.delete('kind');
                next.forEach((kind) => after.append('kind', kind));
                return after;
              })
            }
            miw={180}
          />
        </Group>
        {result.error ? (
          <ErrorNote error={result.error} onRetry={() => void result.refetch()} />
        ) : (
          <Surface label="Events">
            <EventList events={events} empty={result.isPending ? 'Looking …' : 'Nothing in this time. Choose a longer one, or add an event.'} />
            {result.hasNextPage && (
              <Button variant="default" mt={14} loading={result.isFetchingNextPage} onClick={() => void result.fetchNextPage()}>
                Earlier ones
              </Button>
            )}
          </Surface>
        )}
      </Stack>
      {adding && <EventForm start={Math.min(Date.now(), range.end) / 1000} onClose={() => setAdding(false)} />}
    </>
  );
}
