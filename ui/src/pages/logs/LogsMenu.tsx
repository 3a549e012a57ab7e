// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconBraces, IconDots, IconDownload, IconFileText, IconFileTypeCsv, IconLink, IconTerminal2 } from '@tabler/icons-react';
import { asCurl } from '../../api/client';
import { fetchLines, lineParameters, LOKI, nanos } from '../../api/logs';
import { toFile, type FileKind } from '../../model/logs/files';
import { addNanos, type LogLine } from '../../model/logs/line';
import { formatCount } from '../../model/units';
import { copy } from '../../parts/copy';
import { download } from '../../parts/download';
import type { Range } from '../../url/timeRange';
import { PAGE } from './useLines';

interface LogsMenuProps {
  query: string;
  range: Range;
  lines: LogLine[];
  columns: string[];
  oldestFirst: boolean;
}

/** More would not fit a browser's memory comfortably; the command line has no such limit. */
const MOST_SAVED = 100_000;

const TYPES: Record<FileKind, string> = { txt: 'text/plain', jsonl: 'application/jsonl', csv: 'text/csv' };

function save(lines: LogLine[], kind: FileKind, columns: string[], oldestFirst: boolean): void {
  const ordered = oldestFirst ? lines : [...lines].reverse();
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(/[:T]/g, '-');
  download(`skopos-logs-${stamp}.${kind}`, new Blob([toFile(ordered, kind, columns)], { type: `${TYPES[kind]};charset=utf-8` }));
}

/** Every line of the range, fetched in pieces. */
async function allLines(query: string, range: Range): Promise<{ lines: LogLine[]; cut: boolean }> {
  const lines: LogLine[] = [];
  const known = new Set<string>();
  const start = nanos(range.start);
  let end = nanos(range.end);
  for (;;) {
    const page = await fetchLines(query, start, end, PAGE * 5, 'backward');
    const fresh = page.lines.filter((line) => !known.has(line.key));
    fresh.forEach((line) => known.add(line.key));
    lines.unshift(...fresh);
    if (lines.length >= MOST_SAVED) return { lines: lines.slice(-MOST_SAVED), cut: true };
    if (!page.full) return { lines, cut: false };
    end = fresh.length > 0 ? addNanos(page.lines[0]!.ns, 1) : page.lines[0]!.ns;
  }
}

async function saveAll(props: LogsMenuProps, kind: FileKind): Promise<void> {
  const id = notifications.show({ loading: true, message: 'Fetching all lines of the time …', autoClose: false });
  try {
    const { lines, cut } = await allLines(props.query, props.range);
    save(lines, kind, props.columns, props.oldestFirst);
    notifications.update({
      id,
      loading: false,
      autoClose: cut ? false : 3000,
      message: cut ? `The newest ${formatCount(MOST_SAVED)} lines are saved; shorten the time or use curl for the rest.` : `${formatCount(lines.length)} lines saved`,
    });
  } catch (e) {
    notifications.update({ id, loading: false, color: 'red', autoClose: false, title: 'The lines could not be fetched', message: (e as Error).message });
  }
}

/** What can be done with all of it: link, curl, files. */
export function LogsMenu(props: LogsMenuProps) {
  const { query, range, lines, columns, oldestFirst } = props;
  const absolute = () => {
    const url = new URL(location.href);
    url.searchParams.set('from', String(Math.round(range.start)));
    url.searchParams.set('to', String(Math.round(range.end)));
    url.searchParams.delete('live');
    return url.toString();
  };
  const kinds: { kind: FileKind; label: string; icon: typeof IconFileText }[] = [
    { kind: 'txt', label: 'text', icon: IconFileText },
    { kind: 'jsonl', label: 'JSON lines', icon: IconBraces },
    { kind: 'csv', label: 'CSV', icon: IconFileTypeCsv },
  ];
  return (
    <>
      <Tooltip label="Copy a link to exactly this">
        <ActionIcon size="sm" aria-label="Copy a link to exactly this" onClick={() => void copy(absolute(), 'The link')}>
          <IconLink size={16} />
        </ActionIcon>
      </Tooltip>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon size="sm" aria-label="More about these lines">
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>The {formatCount(lines.length)} loaded lines</Menu.Label>
          {kinds.map(({ kind, label, icon: Icon }) => (
            <Menu.Item key={kind} leftSection={<Icon size={15} />} disabled={lines.length === 0} onClick={() => save(lines, kind, columns, oldestFirst)}>
              Save as {label}
            </Menu.Item>
          ))}
          <Menu.Label>All lines of the time, up to {formatCount(MOST_SAVED)}</Menu.Label>
          {kinds.map(({ kind, label }) => (
            <Menu.Item key={kind} leftSection={<IconDownload size={15} />} onClick={() => void saveAll(props, kind)}>
              Save all as {label}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item
            leftSection={<IconTerminal2 size={15} />}
            onClick={() => void copy(asCurl(location.origin, `${LOKI}/query_range`, lineParameters(query, nanos(range.start), nanos(range.end), PAGE, 'backward')), 'The curl command')}
          >
            Copy as curl
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
