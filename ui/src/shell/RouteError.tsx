// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { Button, Stack } from '@mantine/core';
import { useRouteError } from 'react-router';
import { ErrorNote } from '../parts/ErrorNote';

/** A page that broke, or whose code is gone because the server was updated meanwhile. */
export function RouteError() {
  const error = useRouteError();
  const known = error instanceof Error ? error : new Error(String(error));
  const gone = /dynamically imported module|Importing a module script failed|preload CSS/.test(known.message);
  return (
    <Stack p="lg" maw={640}>
      <ErrorNote error={gone ? new Error('The server was updated; this page must be loaded again.') : known} />
      <Button onClick={() => location.reload()} w="fit-content">
        Load again
      </Button>
    </Stack>
  );
}
