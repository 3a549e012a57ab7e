// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0

const KEYS = { promql: 'skopos-recent-queries', logql: 'skopos-recent-log-queries' };
const MOST = 50;

export type QueryLanguage = keyof typeof KEYS;

/** Queries run in this browser, newest first. */
export function recentQueries(language: QueryLanguage = 'promql'): string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEYS[language]) ?? '[]');
    return Array.isArray(stored) ? stored.filter((one): one is string => typeof one === 'string') : [];
  } catch {
    return [];
  }
}

export function rememberQuery(query: string, language: QueryLanguage = 'promql'): void {
  const text = query.trim();
  if (!text) return;
  try {
    localStorage.setItem(KEYS[language], JSON.stringify([text, ...recentQueries(language).filter((one) => one !== text)].slice(0, MOST)));
  } catch {
    // A full or forbidden storage costs only the memory of queries.
  }
}
