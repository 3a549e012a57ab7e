// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { Text, Title } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';
import classes from './parts.module.css';

/** The page's name, what it is for, and what can be done on all of it. */
export function PageHead({ title, note, children }: { title: string; note?: ReactNode; children?: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Skopos`;
  }, [title]);
  return (
    <div className={classes.pageHead}>
      <div>
        <Title order={1}>{title}</Title>
        {note && (
          <Text size="sm" className="sk-dim">
            {note}
          </Text>
        )}
      </div>
      {children}
    </div>
  );
}
