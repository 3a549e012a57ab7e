// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import classes from './parts.module.css';

/** How much of something is used; the words beside it say the same. */
export function Meter({ share, label }: { share: number; label: string }) {
  const clamped = Math.min(1, Math.max(0, share));
  const fill = clamped > 0.95 ? 'var(--sk-bad)' : clamped > 0.85 ? 'var(--sk-warn)' : 'var(--sk-accent)';
  return (
    <div className={classes.meter} role="meter" aria-label={label} aria-valuenow={Math.round(clamped * 100)} aria-valuemin={0} aria-valuemax={100}>
      <div className={classes.meterFill} style={{ width: `${clamped * 100}%`, background: fill }} />
    </div>
  );
}
