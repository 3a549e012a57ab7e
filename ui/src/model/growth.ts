// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { formatCount, formatNumber } from './units';

export interface Change {
  direction: 'up' | 'down' | 'same';
  text: string;
}

/** A change in words: `new`, `+12 %`, `×4.5`, `−300`. */
export function growth(now: number, before: number): Change {
  if (now === before) return { direction: 'same', text: '0' };
  const direction = now > before ? 'up' : 'down';
  if (before === 0) return { direction, text: 'new' };
  const factor = now / before;
  if (factor >= 2) return { direction, text: `×${formatNumber(Math.round(factor * 10) / 10)}` };
  const share = Math.round((factor - 1) * 1000) / 10;
  if (share === 0) return { direction, text: `${now > before ? '+' : '−'}${formatCount(Math.abs(now - before))}` };
  return { direction, text: `${share > 0 ? '+' : '−'}${formatNumber(Math.abs(share))} %` };
}
