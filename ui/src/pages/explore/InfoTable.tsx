// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { useInstant } from '../../api/queries';
import { VectorTable } from '../../parts/VectorTable';
import { ErrorNote } from '../../parts/ErrorNote';
import { Surface } from '../../parts/Surface';

/** Metrics whose point is their labels. */
export function InfoTable({ query, title }: { query: string; title: string }) {
  const result = useInstant(query);
  return (
    <Surface title={title} flush>
      {result.error ? <ErrorNote error={result.error} /> : <VectorTable items={result.data?.data ?? []} quantity={{ unit: 'number' }} name={query} />}
    </Surface>
  );
}
