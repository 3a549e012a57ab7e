// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import {
  countQuery, fieldName, filterPatterns, logPart, logqlString, numberQuery, parseLogql, streamPart, topValuesQuery, withField, withLabel, withoutStage, withStage, withText,
} from '../../src/model/logs/logql';

const QUERY = '{app="shop", env=~"prod.*"} |= "slow" != `ping` | json | status >= 500';

describe('a query', () => {
  it('is read into its selector and its stages', () => {
    const parsed = parseLogql(QUERY);
    expect(parsed.kind).toBe('logs');
    expect(parsed.matchers).toEqual([
      { name: 'app', operator: '=', value: 'shop' },
      { name: 'env', operator: '=~', value: 'prod.*' },
    ]);
    expect(parsed.stages.map((stage) => stage.text)).toEqual(['|= "slow"', '!= `ping`', '| json', '| status >= 500']);
    expect(parseLogql('').kind).toBe('empty');
    expect(parseLogql('{}').kind).toBe('empty');
    expect(parseLogql('{app="shop"} | jso').kind).toBe('broken');
  });

  it('keeps what surrounds the selection of a metric', () => {
    const metric = 'sum by (level) (count_over_time({app="shop"} | json [5m]))';
    expect(parseLogql(metric).kind).toBe('metric');
    expect(logPart(metric)).toBe('{app="shop"} | json');
    expect(streamPart(metric)).toBe('{app="shop"}');
    expect(withText(metric, '|=', 'x')).toBe('sum by (level) (count_over_time({app="shop"} |= "x" | json [5m]))');
    expect(withLabel(metric, { name: 'env', operator: '=', value: 'a' })).toBe('sum by (level) (count_over_time({app="shop", env="a"} | json [5m]))');
  });

  it('may hold windows that the page fills in', () => {
    const metric = 'sum(rate({app="shop"} | json [$__auto]))';
    expect(parseLogql(metric).kind).toBe('metric');
    expect(withLabel(metric, { name: 'env', operator: '=', value: 'a' })).toBe('sum(rate({app="shop", env="a"} | json [$__auto]))');
  });

  it('begins with a label when there is none yet', () => {
    expect(withLabel('', { name: 'app', operator: '=', value: 'shop' })).toBe('{app="shop"}');
    expect(withLabel('{}', { name: 'app', operator: '=', value: 'shop' })).toBe('{app="shop"}');
    expect(withLabel('{app="shop"}', { name: 'app', operator: '!=', value: 'shop' })).toBe('{app!="shop"}');
  });

  it('is narrowed by fields, with the parser they need', () => {
    expect(withField('{app="shop"}', 'status', 'json', '500', false)).toBe('{app="shop"} | json | status = "500"');
    expect(withField('{app="shop"} | json | status = "500"', 'status', 'json', '500', true)).toBe('{app="shop"} | json | status != "500"');
    expect(withField('{app="shop"}', 'trace_id', 'metadata', 'a', false)).toBe('{app="shop"} | trace_id = "a"');
    expect(withField('{app="shop"} | logfmt', 'path', 'logfmt', '/a"b', true)).toBe('{app="shop"} | logfmt | path != `/a"b`');
    expect(fieldName('request.path-name')).toBe('request_path_name');
  });

  it('loses stages, and gets none twice', () => {
    const parsed = parseLogql(QUERY);
    expect(withoutStage(QUERY, parsed.stages[2]!)).toBe('{app="shop", env=~"prod.*"} |= "slow" != `ping` | status >= 500');
    expect(withoutStage(QUERY, parsed.stages[3]!)).toBe('{app="shop", env=~"prod.*"} |= "slow" != `ping` | json');
    expect(withStage(QUERY, '| json')).toBe(QUERY);
  });

  it('looks for text before it parses', () => {
    expect(withText(QUERY, '|=', 'a\\b')).toBe('{app="shop", env=~"prod.*"} |= "slow" != `ping` |= `a\\b` | json | status >= 500');
    expect(withText('{a="b"} | line_format "{{.x}}"', '!=', 'y')).toBe('{a="b"} | line_format "{{.x}}" != "y"');
    expect(logqlString('plain')).toBe('"plain"');
  });

  it('is counted, also where a parser fails on a line', () => {
    expect(countQuery('{a="b"} |= "x"', ['level', 'detected_level'], '30s')).toBe('sum by (level, detected_level) (count_over_time({a="b"} |= "x" [30s]))');
    expect(countQuery('{a="b"} | json', [], '1m')).toBe('sum (count_over_time({a="b"} | json | drop __error__, __error_details__ [1m]))');
    expect(topValuesQuery('{a="b"}', 'status', 'json', '1h', 5)).toBe(
      'topk(5, sum by (status) (count_over_time({a="b"} | json | status != "" | drop __error__, __error_details__ [1h])))',
    );
    expect(parseLogql(numberQuery('{a="b"}', 'ms', 'logfmt', 'avg', '1h')).kind).toBe('metric');
  });

  it('tells what its filters look for', () => {
    expect(filterPatterns('{a="b"} |= "a.b" or "c" |~ "(?i)time ?out" != "no" |> "<_> refused by <_>"').map(String)).toEqual([
      '/a\\.b/g', '/c/g', '/time ?out/gi', '/refused by/g',
    ]);
  });
});
