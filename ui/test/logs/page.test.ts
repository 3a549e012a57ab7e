// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { linesOf } from '../../src/model/logs/line';
import { exactTime, lineClock } from '../../src/pages/logs/lineClock';
import { selectorBefore } from '../../src/pages/logs/logqlSelector';
import { logqlErrorPosition, syntaxError } from '../../src/pages/logs/logqlError';
import { volumeOf, withWindows } from '../../src/pages/logs/volume';

describe('errors of the editor', () => {
  it('point to where the server says', () => {
    const text = '{app="a"} |= "x"\n| jso | y';
    expect(logqlErrorPosition('parse error at line 2, col 3: syntax error: unexpected IDENTIFIER', text)).toEqual({
      from: 19, to: 22, message: 'syntax error: unexpected IDENTIFIER',
    });
    expect(logqlErrorPosition('too many streams', text)).toBeNull();
  });

  it('point to where the grammar ends, and leave beginnings alone', () => {
    expect(syntaxError('{app="a"}')).toBeNull();
    expect(syntaxError('{}')).toBeNull();
    expect(syntaxError('')).toBeNull();
    expect(syntaxError('sum(rate({app="a"}[5m])')?.message).toBe('The query ends too early');
  });
});

describe('completion', () => {
  it('knows whether the cursor is in a selector', () => {
    expect(selectorBefore('sum(rate({app="a", ')).toBe('app="a", ');
    expect(selectorBefore('{app="a"} |= "{')).toBeNull();
    expect(selectorBefore('{app="x}')).toBe('app="x}');
  });
});

describe('the volume of lines', () => {
  it('is put together by level, whichever label says it, the worst first', () => {
    const volume = volumeOf(
      [
        { metric: { detected_level: 'info' }, values: [[10, '5'], [20, '6']] },
        { metric: { level: 'INFO' }, values: [[20, '1']] },
        { metric: { level: 'ERROR' }, values: [[10, '2']] },
        { metric: {}, values: [[20, '3']] },
      ],
      10, 20, 10,
    );
    expect(volume.data.series.map((one) => [one.key, one.values])).toEqual([['error', [2, 0]], ['info', [5, 7]], ['unknown', [0, 3]]]);
    expect(volume.total).toBe(17);
  });

  it('counts over windows as long as a step where a query says so', () => {
    expect(withWindows('rate({a="b"}[$__auto]) / rate({a="b"}[$__range])', 30, 3600)).toBe('rate({a="b"}[30s]) / rate({a="b"}[1h])');
  });
});

describe('times of lines', () => {
  it('are exact', () => {
    const [line] = linesOf([{ stream: {}, values: [['1700000000123456789', 'x']] }], 'forward');
    expect(lineClock(line!, true, false)).toBe('22:13:20.123');
    expect(lineClock(line!, true, true)).toBe('11-14 22:13:20.123');
    expect(exactTime(line!, true)).toBe('2023-11-14 22:13:20.123456789 UTC');
  });
});
