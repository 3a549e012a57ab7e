// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { ansiSegments, mark, withoutAnsi } from '../../src/model/logs/ansi';
import { fold, summarizeTrace } from '../../src/model/logs/fold';
import { levelAmong, levelInText, levelOf } from '../../src/model/logs/level';
import { linesOf, milliseconds, type LogLine } from '../../src/model/logs/line';
import { extend, newerEdge, NO_LINES, olderEdge } from '../../src/model/logs/window';

const at = (second: number) => `${1_700_000_000 + second}000000000`;

function lines(from: number, to: number, app = 'a'): LogLine[] {
  return linesOf([{ stream: { app }, values: Array.from({ length: to - from }, (_, index) => [at(from + index), `line ${from + index}`]) }], 'forward');
}

describe('lines of an answer', () => {
  it('ascend in time, and keep the order within a moment', () => {
    const found = linesOf(
      [
        { stream: { app: 'b' }, values: [[at(2), 'third'], [at(1), 'second of b'], [at(1), 'first of b']] },
        { stream: { app: 'a' }, values: [[at(1), 'of a', { structuredMetadata: { level: 'warning' }, parsed: { status: '500' } }]] },
      ],
      'backward',
    );
    expect(found.map((line) => line.text)).toEqual(['of a', 'first of b', 'second of b', 'third']);
    expect(found[0]!.level).toBe('warn');
    expect(found[0]!.parsed).toEqual({ status: '500' });
    expect(milliseconds('1700000000123456789')).toBeCloseTo(1_700_000_000_123.456, 2);
  });

  it('have keys of their own even when they are alike, and the same ones when fetched again', () => {
    const twice = () => linesOf([{ stream: { app: 'a' }, values: [[at(1), 'x'], [at(1), 'x']] }], 'forward').map((line) => line.key);
    expect(new Set(twice()).size).toBe(2);
    expect(twice()).toEqual(twice());
  });

  it('of a tail are told apart from metadata by known names', () => {
    const [line] = linesOf([{ stream: { app: 'a', trace_id: '1' }, values: [[at(1), 'x']] }], 'forward', new Set(['app']));
    expect(line!.stream).toEqual({ app: 'a' });
    expect(line!.metadata).toEqual({ trace_id: '1' });
  });
});

describe('the window of lines', () => {
  it('grows at both ends without doubles', () => {
    let window = extend(NO_LINES, lines(10, 20), 'older', false);
    window = extend(window, lines(5, 11), 'older', true);
    window = extend(window, lines(19, 25), 'newer', false);
    expect(window.lines.map((line) => line.text)).toEqual(lines(5, 25).map((line) => line.text));
    expect(window.olderDone).toBe(true);
    expect(olderEdge(window, '0')).toBe(`${1_700_000_005}000000001`);
    expect(newerEdge(window, '0')).toBe(at(24));
  });

  it('puts late lines where they belong', () => {
    const window = extend(extend(NO_LINES, lines(10, 20, 'b'), 'newer', true), lines(15, 22, 'a'), 'newer', true);
    expect(window.lines.map((line) => line.ns)).toEqual(window.lines.map((line) => line.ns).sort());
    expect(window.lines.length).toBe(17);
    expect(extend(window, lines(12, 22, 'a'), 'newer', true).lines.length).toBe(20);
  });

  it('lets go at the other end what is too much', () => {
    let window = extend({ ...NO_LINES, newerDone: true }, lines(50, 100), 'older', false, 60);
    window = extend(window, lines(0, 50), 'older', true, 60);
    expect(window.lines.length).toBe(60);
    expect(window.lines[0]!.text).toBe('line 0');
    expect(window.newerDone).toBe(false);
    window = extend(window, lines(60, 100), 'newer', true, 60);
    expect(window.lines.at(-1)!.text).toBe('line 99');
    expect(window.olderDone).toBe(false);
  });
});

describe('levels', () => {
  it('come from fields first and from the text at last', () => {
    expect(levelOf('ERR')).toBe('error');
    expect(levelAmong({ level: 'nonsense' }, { detected_level: 'critical' })).toBe('critical');
    expect(levelInText('2026-01-01 12:00:00 [main] WARN  c.e.Shop - slow')).toBe('warn');
    expect(levelInText('ts=1 level=debug msg="no ERROR here"')).toBe('debug');
    expect(levelInText('{"severity":"Error","m":1}')).toBe('error');
    expect(levelInText('GET /information HTTP/1.1')).toBe('unknown');
  });
});

describe('terminal colours', () => {
  it('become classes, and other escapes vanish', () => {
    const text = '\u001b[1;31mERROR\u001b[0m plain \u001b[38;5;46mgreen\u001b[39m\u001b]0;title\u0007 end';
    expect(ansiSegments(text).filter((one) => one.style)).toEqual([
      { text: 'ERROR', style: 'ansi-red ansi-bold' },
      { text: 'green', style: 'ansi-green' },
    ]);
    expect(withoutAnsi(text)).toBe('ERROR plain green end');
  });

  it('are kept where something found is marked across them', () => {
    const marked = mark(ansiSegments('a\u001b[31mbc\u001b[0md'), [{ pattern: /bcd/g, kind: 'found' }]);
    expect(marked).toEqual([
      { text: 'a', style: '' },
      { text: 'bc', style: 'ansi-red', mark: 'found' },
      { text: 'd', style: '', mark: 'found' },
    ]);
  });
});

describe('stack traces', () => {
  it('that came line by line are folded below their first line, by stream', () => {
    const found = fold(
      linesOf(
        [
          { stream: { app: 'a' }, values: [[at(1), 'ERROR failed'], [at(1), 'java.lang.IllegalStateException: x'], [at(1), '\tat a.B.c(B.java:1)'], [at(1), 'Caused by: java.io.IOException: gone'], [at(1), '\t... 3 more'], [at(2), 'fine again']] },
          { stream: { app: 'b' }, values: [[at(1), 'something else']] },
        ],
        'forward',
      ),
    );
    expect(found.map((one) => [one.line.text, one.tail.length])).toEqual([
      ['ERROR failed', 4], ['something else', 0], ['fine again', 0],
    ]);
    expect(summarizeTrace(found[0]!.line.text, found[0]!.tail)).toEqual({ first: 'ERROR failed', more: 4, cause: 'java.io.IOException: gone' });
  });

  it('of one entry are folded as well', () => {
    expect(summarizeTrace('boom\n\tat a\n\tat b\n', [])).toEqual({ first: 'boom', more: 2, cause: null });
  });
});
