// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0

const KEY = 'skopos-recent-queries';
const MOST = 50;

/** Queries run in this browser, newest first. */
export function recentQueries(): string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(stored) ? stored.filter((one): one is string => typeof one === 'string') : [];
  } catch {
    return [];
  }
}

export function rememberQuery(query: string): void {
  const text = query.trim();
  if (!text) return;
  try {
    localStorage.setItem(KEY, JSON.stringify([text, ...recentQueries().filter((one) => one !== text)].slice(0, MOST)));
  } catch {
    // A full or forbidden storage costs only the memory of queries.
  }
}
