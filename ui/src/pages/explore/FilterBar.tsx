// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { Autocomplete, Button, CloseButton, Group, NativeSelect, Popover, Stack } from '@mantine/core';
import { IconFilterPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client';
import type { Metric } from '../../model/metric';
import { formatMatcher, selector, selectorOfAny, type Operator } from '../../model/selector';
import type { ExploreState } from './useExploreState';
import classes from './explore.module.css';

const OPERATORS: { value: Operator; label: string }[] = [
  { value: '=', label: 'is' },
  { value: '!=', label: 'is not' },
  { value: '=~', label: 'matches' },
  { value: '!~', label: 'does not match' },
];

/** The labels that everything on the page must have. */
export function FilterBar({ state, metric }: { state: ExploreState; metric: Metric | undefined }) {
  const [opened, setOpened] = useState(false);
  return (
    <Group gap={6} mb={12} role="group" aria-label="Filters">
      {state.matchers.map((matcher) => {
        const text = formatMatcher(matcher);
        return (
          <span key={text} className={classes.chip}>
            <span className="sk-mono">{text}</span>
            <CloseButton
              size={18}
              aria-label={`Remove the filter ${text}`}
              onClick={() => state.setMatchers(state.matchers.filter((one) => one !== matcher))}
            />
          </span>
        );
      })}
      <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus withArrow>
        <Popover.Target>
          <Button variant="default" size="compact-sm" leftSection={<IconFilterPlus size={14} />} onClick={() => setOpened(!opened)}>
            Filter
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          {opened && <FilterForm state={state} metric={metric} onDone={() => setOpened(false)} />}
        </Popover.Dropdown>
      </Popover>
      {state.matchers.length > 1 && (
        <Button variant="subtle" size="compact-sm" onClick={() => state.setMatchers([])}>
          Remove all
        </Button>
      )}
    </Group>
  );
}

function FilterForm({ state, metric, onDone }: { state: ExploreState; metric: Metric | undefined; onDone: () => void }) {
  const [name, setName] = useState('');
  const [operator, setOperator] = useState<Operator>('=');
  const [value, setValue] = useState('');
  const suffix = metric?.type === 'histogram' ? '_bucket' : metric?.type === 'summary' ? '_count' : '';
  const match = metric ? selector(metric.name + suffix, state.matchers) : state.matchers.length > 0 ? selectorOfAny(state.matchers) : undefined;
  const names = useQuery({
    queryKey: ['filter-names', match],
    queryFn: ({ signal }) => api<string[]>('/api/v1/labels', { 'match[]': match }, { signal }),
  });
  const values = useQuery({
    queryKey: ['filter-values', name, match],
    queryFn: ({ signal }) => api<string[]>(`/api/v1/label/${encodeURIComponent(name)}/values`, { 'match[]': match, limit: 1000 }, { signal }),
    enabled: (names.data?.data ?? []).includes(name),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!name) return;
        state.addMatcher({ name, operator, value });
        onDone();
      }}
    >
      <Stack gap="xs" w={260}>
        <Autocomplete size="xs" label="Label" value={name} onChange={setName} data={(names.data?.data ?? []).filter((one) => one !== '__name__')} limit={100} maxDropdownHeight={260} data-autofocus required />
        <NativeSelect size="xs" aria-label="Comparison" data={OPERATORS} value={operator} onChange={(event) => setOperator(event.currentTarget.value as Operator)} />
        <Autocomplete size="xs" label="Value" value={value} onChange={setValue} data={values.data?.data ?? []} limit={200} maxDropdownHeight={260} />
        <Button type="submit" disabled={!name}>
          Filter
        </Button>
      </Stack>
    </form>
  );
}
