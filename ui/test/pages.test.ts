// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it('the server is told of every page', () => {
  const source = readFileSync('src/shell/pages.tsx', 'utf8');
  const routes = [...source.matchAll(/path: '(\/[^']*)'/g)].map((match) => match[1]);
  const told = readFileSync('public/pages.txt', 'utf8').trim().split('\n');
  expect(told.sort()).toEqual(routes.sort());
});
