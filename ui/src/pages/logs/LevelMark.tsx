// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import type { Level } from '../../model/logs/level';
import classes from './logs.module.css';

const WORDS: Record<Level, string> = { critical: 'CRIT', error: 'ERROR', warn: 'WARN', info: 'INFO', debug: 'DEBUG', trace: 'TRACE', unknown: '' };

/** A level by shape, word and colour; never by colour alone. */
export function LevelMark({ level, word = true }: { level: Level; word?: boolean }) {
  return (
    <span className={classes.level} data-level={level}>
      <svg width={10} height={10} viewBox="0 0 10 10" aria-hidden="true">
        {level === 'critical' ? (
          <path d="M5 0 10 5 5 10 0 5Z" fill="currentColor" />
        ) : level === 'error' ? (
          <rect x={1} y={1} width={8} height={8} rx={1} fill="currentColor" />
        ) : level === 'warn' ? (
          <path d="M5 0.8 9.6 9.2H0.4Z" fill="currentColor" />
        ) : level === 'info' ? (
          <circle cx={5} cy={5} r={3.4} fill="currentColor" />
        ) : level === 'debug' ? (
          <circle cx={5} cy={5} r={2.9} fill="none" stroke="currentColor" strokeWidth={1.4} />
        ) : level === 'trace' ? (
          <path d="M1.5 5H8.5" stroke="currentColor" strokeWidth={1.5} />
        ) : (
          <circle cx={5} cy={5} r={1.2} fill="currentColor" />
        )}
      </svg>
      {word && WORDS[level]}
    </span>
  );
}
