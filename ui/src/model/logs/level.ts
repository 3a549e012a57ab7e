// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0

/** How bad a line is. */
export type Level = 'critical' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'unknown';

/** Worst first. */
export const LEVELS: readonly Level[] = ['critical', 'error', 'warn', 'info', 'debug', 'trace', 'unknown'];

const WORDS: Record<string, Level> = {
  critical: 'critical', crit: 'critical', fatal: 'critical', emerg: 'critical', emergency: 'critical', alert: 'critical', panic: 'critical', f: 'critical',
  error: 'error', err: 'error', eror: 'error', severe: 'error', e: 'error',
  warn: 'warn', warning: 'warn', w: 'warn',
  info: 'info', information: 'info', informational: 'info', notice: 'info', i: 'info',
  debug: 'debug', dbg: 'debug', fine: 'debug', d: 'debug',
  trace: 'trace', trc: 'trace', verbose: 'trace', finer: 'trace', finest: 'trace', t: 'trace',
};

/** Labels and fields that say it, the most trusted first. */
export const LEVEL_NAMES = ['level', 'detected_level', 'severity', 'severity_text', 'lvl', 'loglevel'];

export function levelOf(word: string | undefined): Level {
  if (!word) return 'unknown';
  const known = WORDS[word.trim().toLowerCase()];
  if (known) return known;
  // Syslog's and OpenTelemetry's numbers do not agree, so numbers say nothing.
  return 'unknown';
}

/** The level that one of the label sets tells; unknown when none does. */
export function levelAmong(...sets: Record<string, string>[]): Level {
  for (const name of LEVEL_NAMES) {
    for (const set of sets) {
      const level = levelOf(set[name]);
      if (level !== 'unknown') return level;
    }
  }
  return 'unknown';
}

const IN_TEXT =
  /(?:^|[\s\[("|<])(?:(?:level|lvl|severity)"?\s*[=:]\s*"?)?(FATAL|CRITICAL|EMERG|PANIC|SEVERE|ERROR|ERR|WARN|WARNING|NOTICE|INFO|DEBUG|TRACE)(?=[\s\])":|,>]|$)|(?:level|lvl|severity)"?\s*[=:]\s*"?([a-zA-Z]+)/;

/** A guess from the beginning of the text, for lines whose sender did not say. */
export function levelInText(text: string): Level {
  const match = IN_TEXT.exec(text.slice(0, 240));
  return match ? levelOf(match[1] ?? match[2]) : 'unknown';
}
