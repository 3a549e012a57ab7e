// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

/** What stays when one goes from page to page. */
const KEPT = ['from', 'to', 'refresh', 'tenant'];

/** The address of a page that keeps time range and tenant. */
export function pageAddress(current: URLSearchParams, path: string, more: Record<string, string | string[]> = {}): string {
  const next = new URLSearchParams();
  for (const name of KEPT) {
    const value = current.get(name);
    if (value !== null) next.set(name, value);
  }
  for (const [name, value] of Object.entries(more)) {
    if (Array.isArray(value)) value.forEach((one) => next.append(name, one));
    else if (value !== '') next.set(name, value);
  }
  const text = next.toString();
  return text ? `${path}?${text}` : path;
}

export function useLink(): (path: string, more?: Record<string, string | string[]>) => string {
  const [parameters] = useSearchParams();
  return useCallback((path, more) => pageAddress(parameters, path, more), [parameters]);
}
