// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { SegmentedControl } from '@mantine/core';
import { useNavigate } from 'react-router';
import { useLink } from '../../url/useLink';

/** Between looking around and writing queries. */
export function ModeSwitch({ mode, query }: { mode: 'browse' | 'query'; query?: string }) {
  const navigate = useNavigate();
  const link = useLink();
  return (
    <SegmentedControl
      size="xs"
      aria-label="How to explore"
      value={mode}
      data={[
        { value: 'browse', label: 'Browse' },
        { value: 'query', label: 'Write a query' },
      ]}
      onChange={(next) => void navigate(next === 'browse' ? link('/explore') : link('/promql', query ? { q: query } : {}))}
    />
  );
}
