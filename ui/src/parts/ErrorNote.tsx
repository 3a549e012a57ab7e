// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { Button, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { ApiError } from '../api/client';
import classes from './parts.module.css';

/** What went wrong, where it happened, in the server's words. */
export function ErrorNote({ error, onRetry }: { error: Error; onRetry?: () => void }) {
  const status = error instanceof ApiError && error.status > 0 ? `${error.status}${error.type ? ` ${error.type}` : ''}` : null;
  return (
    <div className={classes.error} role="alert">
      <IconAlertTriangle size={18} color="var(--sk-bad)" style={{ flex: 'none', marginTop: 1 }} aria-hidden />
      <div style={{ flex: 1, minWidth: 0 }}>
        <Text size="sm">{error.message}</Text>
        {status && (
          <Text size="xs" className="sk-dim">
            {status}
          </Text>
        )}
      </div>
      {onRetry && (
        <Button variant="default" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: React.ReactNode }) {
  return (
    <div className={classes.empty}>
      <Text fw={600} c="var(--mantine-color-text)">
        {title}
      </Text>
      {children && <Text size="sm">{children}</Text>}
    </div>
  );
}
