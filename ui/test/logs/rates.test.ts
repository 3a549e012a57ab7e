// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { ratesQuery } from '../../src/model/logs/rates';

test('sources that the counters know become PromQL, whatever is asked of their lines', () => {
  expect(ratesQuery('{service_name="payment"}')).toBe('sum by (level) (rate(skopos_log_lines_total{service_name="payment"}[1m]))');
  expect(ratesQuery('{service_name=~"a|b", service_name!="c"} | json | x = "y"')).toBe('sum by (level) (rate(skopos_log_lines_total{service_name=~"a|b", service_name!="c"}[1m]))');
});

test('others do not', () => {
  for (const query of ['', '{namespace="shop"}', '{service_name="a", pod="b"}', 'rate({service_name="a"}[1m])', '{service_name=']) expect(ratesQuery(query)).toBeNull();
});
