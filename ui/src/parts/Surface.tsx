// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { Box, Group, Text, Title, type BoxProps } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './parts.module.css';

interface SurfaceProps extends BoxProps {
  title?: ReactNode;
  note?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  flush?: boolean;
  label?: string;
}

/** A card: a title, a line of explanation, what can be done, and the content. */
export function Surface({ title, note, actions, children, flush, label, ...box }: SurfaceProps) {
  return (
    <Box component="section" aria-label={label ?? (typeof title === 'string' ? title : undefined)} className={classes.surface} {...box}>
      {(title || actions) && (
        <Group justify="space-between" wrap="nowrap" align="flex-start" gap="xs" className={classes.surfaceHead}>
          <div style={{ minWidth: 0 }}>
            {title && (
              <Title order={3} className={classes.surfaceTitle}>
                {title}
              </Title>
            )}
            {note && (
              <Text size="xs" className="sk-dim">
                {note}
              </Text>
            )}
          </div>
          {actions && (
            <Group gap={4} wrap="nowrap">
              {actions}
            </Group>
          )}
        </Group>
      )}
      <div className={flush ? classes.flush : classes.surfaceBody}>{children}</div>
    </Box>
  );
}
