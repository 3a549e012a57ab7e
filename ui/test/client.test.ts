// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { asCurl, encodeParameters } from '../src/api/client';
import { pageAddress } from '../src/url/useLink';

describe('requests', () => {
  it('leave out what is not given and repeat lists', () => {
    expect(encodeParameters({ a: 1, b: undefined, c: '', 'match[]': ['x', 'y z'] })).toBe('a=1&match%5B%5D=x&match%5B%5D=y+z');
  });
  it('can be repeated with curl, whatever is in them', () => {
    expect(asCurl('http://h', '/api/v1/query', { query: `a{b='c'}` }, 'shop')).toBe(
      `curl -G 'http://h/api/v1/query' -H 'X-Scope-OrgID: shop' --data-urlencode 'query=a{b='\\''c'\\''}'`,
    );
  });
});

describe('links between pages', () => {
  it('keep time and tenant, and nothing else', () => {
    const now = new URLSearchParams('from=now-1h&to=now-5m&tenant=shop&q=up&metric=x');
    expect(pageAddress(now, '/cost')).toBe('/cost?from=now-1h&to=now-5m&tenant=shop');
    expect(pageAddress(new URLSearchParams(), '/promql', { q: ['a', 'b'] })).toBe('/promql?q=a&q=b');
  });
});
