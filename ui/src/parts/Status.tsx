// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconHelpCircle, IconInfoCircle } from '@tabler/icons-react';

export type State = 'good' | 'bad' | 'warn' | 'info' | 'unknown';

const SHAPES = {
  good: { icon: IconCircleCheck, colour: 'var(--sk-good)' },
  bad: { icon: IconCircleX, colour: 'var(--sk-bad)' },
  warn: { icon: IconAlertTriangle, colour: 'var(--sk-warn)' },
  info: { icon: IconInfoCircle, colour: 'var(--sk-dim)' },
  unknown: { icon: IconHelpCircle, colour: 'var(--sk-dim)' },
};

/** A state by shape, word and colour; never by colour alone. */
export function Status({ state, word, size = 16 }: { state: State; word?: string; size?: number }) {
  const { icon: Icon, colour } = SHAPES[state];
  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', gap: 5, color: colour, whiteSpace: 'nowrap', fontWeight: 550 }}>
      <Icon size={size} stroke={2} aria-hidden={word !== undefined} aria-label={word === undefined ? state : undefined} />
      {word}
    </span>
  );
}
