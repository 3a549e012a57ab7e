// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { bridge, candidates } from '../../src/model/logs/bridge';
import { differences, score } from '../../src/model/logs/compare';
import { fieldsOf, flattenJson, jsonOf, logfmtOf, numberIn, statistics } from '../../src/model/logs/fields';
import { toFile } from '../../src/model/logs/files';
import { linesOf, type LogLine } from '../../src/model/logs/line';
import { minePatterns, patternOf, patternRows } from '../../src/model/logs/patterns';

function lines(texts: string[], app = 'shop'): LogLine[] {
  return linesOf([{ stream: { app }, values: texts.map((text, index) => [`${1_700_000_000 + index}000000000`, text]) }], 'forward');
}

describe('fields', () => {
  it('are read from JSON as LogQL names them', () => {
    expect(flattenJson(jsonOf('{"a":1,"b":{"c-d":"x","e":null},"f":[1]}'))).toEqual({ a: '1', b_c_d: 'x' });
    expect(jsonOf('[main] text')).toBeNull();
  });

  it('are read from logfmt, and not from prose', () => {
    expect(logfmtOf('level=info msg="all \\"well\\"" took=12ms')).toEqual({ level: 'info', msg: 'all "well"', took: '12ms' });
    expect(logfmtOf('the value a=1 was found somewhere in a long sentence b=2')).toEqual({});
  });

  it('of a line are labels first', () => {
    const [line] = lines(['{"app":"other","status":500}']);
    expect(fieldsOf(line!)).toEqual([
      { name: 'app', source: 'label', value: 'shop' },
      { name: 'status', source: 'json', value: '500' },
    ]);
  });

  it('are counted, and numbers summed up', () => {
    const found = statistics(lines(['{"ms":1,"path":"/a"}', '{"ms":3,"path":"/a"}', '{"ms":8,"path":"/b"}', 'text']));
    expect(found.map((one) => one.name)).toEqual(['app', 'ms', 'path']);
    expect(found[1]!.numbers).toEqual({ min: 1, mean: 4, max: 8 });
    expect(found[2]!.values).toEqual([{ value: '/a', count: 2 }, { value: '/b', count: 1 }]);
    expect(found[2]!.lines).toBe(3);
    expect(numberIn('250ms')).toBe(0.25);
    expect(numberIn('v1')).toBeNull();
  });
});

describe('patterns', () => {
  it('leave out what varies', () => {
    expect(patternOf('GET /cart/8123 took 12.5ms from 10.0.0.1:443')).toBe('GET /cart/<_> took <_> from <_>');
    expect(patternOf('order 5f0c9a7e-8a2b-4c3d-9e1f-001122334455 of user "Ada L" failed')).toBe('order <_> of user "<_>" failed');
    expect(patternOf('{"msg":"order 17 was refused","user":"Ada L","took":12,"at":"2026-01-01T10:00:00.5Z"}')).toBe(
      '{"msg":"order <_> was refused","user":"<_>","took":<_>,"at":"<_>"}',
    );
    expect(patternOf('boom\n\tat x')).toBe('boom<_>');
  });

  it('that are new or vanished come first', () => {
    const rows = patternRows(
      [
        { pattern: 'steady', samples: [[10, 50], [90, 60]] },
        { pattern: 'gone', samples: [[10, 5]] },
        { pattern: 'fresh', samples: [[80, 3]] },
        { pattern: 'grows', samples: [[10, 2], [90, 20]] },
      ],
      0,
      100,
    );
    expect(rows.map((row) => [row.pattern, row.state])).toEqual([['fresh', 'new'], ['gone', 'vanished'], ['steady', 'steady'], ['grows', 'more']]);
    expect(rows[2]!.series.reduce((sum, one) => sum + one, 0)).toBe(110);
  });

  it('are found in the browser where the server has none', () => {
    const found = minePatterns(lines(['took 1 ms', 'took 2 ms', 'other']));
    expect(found.map((one) => [one.pattern, one.samples.length])).toEqual([['took <_> ms', 2], ['other', 1]]);
  });
});

describe('a comparison', () => {
  it('ranks by how much the share changed, and leaves chance out', () => {
    const before = lines(Array.from({ length: 200 }, (_, index) => `{"status":200,"route":"/${index % 2}","id":"${index}a"}`));
    const after = lines(Array.from({ length: 200 }, (_, index) => `{"status":${index % 2 ? 500 : 200},"route":"/${index % 2}","id":"${index}b"}`));
    const found = differences(before, after);
    expect(found.filter((one) => one.kind === 'field').map((one) => [one.name, one.text, one.before, one.after])).toEqual([
      ['status', '200', 1, 0.5], ['status', '500', 0, 0.5],
    ]);
    expect(score(50, 100, 52, 100)).toBeLessThan(1);
    expect(differences([], after)).toEqual([]);
  });
});

describe('files', () => {
  it('hold the lines as text, as JSON and as a table', () => {
    const some = lines(['\u001b[31m{"a":"x,y"}\u001b[0m', '=1+1']);
    expect(toFile(some, 'txt', [])).toBe('2023-11-14T22:13:20.000000000Z {"a":"x,y"}\n2023-11-14T22:13:21.000000000Z =1+1\n');
    expect(JSON.parse(toFile(some, 'jsonl', []).split('\n')[1]!)).toMatchObject({ line: '=1+1', labels: { app: 'shop' } });
    expect(toFile(some, 'csv', ['a']).split('\n').slice(0, 3)).toEqual([
      'timestamp,level,a,line', '2023-11-14T22:13:20.000000000Z,unknown,"x,y","{""a"":""x,y""}"', "2023-11-14T22:13:21.000000000Z,unknown,,'=1+1",
    ]);
  });
});

describe('the way from a metric to its logs', () => {
  it('takes the labels that logs have, under the name they have there', () => {
    const labels = { __name__: 'up', job: 'shop', instance: 'shop-1:8080', route: '/cart' };
    expect(candidates(labels)).toContain('service_name');
    expect(
      bridge(labels, [
        { name: 'service_name', values: new Set(['shop']) },
        { name: 'host', values: new Set(['shop-1']) },
      ]),
    ).toEqual({
      matchers: [
        { name: 'service_name', operator: '=', value: 'shop' },
        { name: 'host', operator: '=', value: 'shop-1' },
      ],
      left: ['route'],
    });
  });
});
