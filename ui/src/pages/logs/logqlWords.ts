// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0

export interface Word {
  label: string;
  /** What it does, in a few words. */
  help: string;
  insert?: string;
}

export const RANGE_FUNCTIONS: Word[] = [
  { label: 'count_over_time', help: 'How many lines in the window' },
  { label: 'rate', help: 'Lines per second' },
  { label: 'bytes_over_time', help: 'Bytes of text in the window' },
  { label: 'bytes_rate', help: 'Bytes of text per second' },
  { label: 'absent_over_time', help: '1 when the window has no line' },
  { label: 'sum_over_time', help: 'Sum of an unwrapped number' },
  { label: 'avg_over_time', help: 'Mean of an unwrapped number' },
  { label: 'min_over_time', help: 'Least of an unwrapped number' },
  { label: 'max_over_time', help: 'Greatest of an unwrapped number' },
  { label: 'quantile_over_time', help: 'Quantile of an unwrapped number' },
  { label: 'first_over_time', help: 'First unwrapped number' },
  { label: 'last_over_time', help: 'Last unwrapped number' },
  { label: 'stddev_over_time', help: 'Standard deviation of an unwrapped number' },
  { label: 'stdvar_over_time', help: 'Variance of an unwrapped number' },
  { label: 'rate_counter', help: 'Growth per second of an unwrapped counter' },
];

export const AGGREGATIONS: Word[] = [
  { label: 'sum', help: 'Added up' },
  { label: 'avg', help: 'On average' },
  { label: 'max', help: 'The greatest' },
  { label: 'min', help: 'The least' },
  { label: 'count', help: 'How many series' },
  { label: 'topk', help: 'The k greatest' },
  { label: 'bottomk', help: 'The k least' },
  { label: 'stddev', help: 'Standard deviation' },
  { label: 'stdvar', help: 'Variance' },
  { label: 'sort', help: 'Ascending by value' },
  { label: 'sort_desc', help: 'Descending by value' },
  { label: 'label_replace', help: 'A label made from another one' },
  { label: 'vector', help: 'A number as a series' },
];

export const STAGES: Word[] = [
  { label: 'json', help: 'Fields of JSON lines' },
  { label: 'logfmt', help: 'Fields of name=value lines' },
  { label: 'pattern', help: 'Fields by a pattern such as <ip> - <_>', insert: 'pattern "<>"' },
  { label: 'regexp', help: 'Fields by named groups of an expression', insert: 'regexp "(?P<name>)"' },
  { label: 'unpack', help: 'Fields that a shipper packed into JSON' },
  { label: 'line_format', help: 'The line written anew', insert: 'line_format "{{.}}"' },
  { label: 'label_format', help: 'Fields renamed or made' },
  { label: 'decolorize', help: 'Without terminal colours' },
  { label: 'drop', help: 'Without some fields' },
  { label: 'keep', help: 'With these fields only' },
  { label: 'unwrap', help: 'The number in a field, for metrics' },
];

export const LINE_FILTERS: Word[] = [
  { label: '|= ""', help: 'Lines with this text' },
  { label: '!= ""', help: 'Lines without this text' },
  { label: '|~ ""', help: 'Lines that match an expression' },
  { label: '!~ ""', help: 'Lines that do not match an expression' },
  { label: '|> ""', help: 'Lines of a pattern' },
  { label: '!> ""', help: 'Lines of no such pattern' },
];

export const DURATIONS = ['1m', '5m', '15m', '1h', '1d', '$__auto'];

export function helpOn(word: string): string | null {
  return [...RANGE_FUNCTIONS, ...AGGREGATIONS, ...STAGES].find((one) => one.label === word)?.help ?? null;
}
