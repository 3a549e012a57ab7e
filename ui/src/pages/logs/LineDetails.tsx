// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Button, Group, Tooltip } from '@mantine/core';
import { IconArrowsVertical, IconChartLine, IconColumnInsertRight, IconCopy, IconFilter, IconFilterMinus, IconLink, IconMinus, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { ansiSegments, mark, withoutAnsi } from '../../model/logs/ansi';
import { fieldsOf, jsonOf, type Field } from '../../model/logs/fields';
import type { FoldedLine } from '../../model/logs/fold';
import type { LogLine } from '../../model/logs/line';
import type { Source } from '../../model/logs/logql';
import { patternOf } from '../../model/logs/patterns';
import { copy } from '../../parts/copy';
import { JsonView } from './JsonView';
import { exactTime } from './lineClock';
import { Pieces, type RowLook } from './LineRow';
import classes from './logs.module.css';

export interface LineActions {
  include: (name: string, source: Source, value: string) => void;
  exclude: (name: string, source: Source, value: string) => void;
  toggleColumn: (name: string) => void;
  filterPattern: (pattern: string, exclude: boolean) => void;
  context: (line: LogLine) => void;
  permalink: (line: LogLine) => string;
  metrics: (line: LogLine) => void;
}

interface LineDetailsProps {
  one: FoldedLine;
  look: RowLook;
  actions: LineActions;
}

const SOURCES: Record<Source, string> = { label: 'label', metadata: 'metadata', parsed: 'parsed', json: 'from JSON', logfmt: 'from the text' };
const LONGEST = 200_000;

/** All of a line: its text laid out, everything it has by name, and where one can go from it. */
export function LineDetails({ one, look, actions }: LineDetailsProps) {
  const { line, tail } = one;
  const json = jsonOf(line.text);
  const [raw, setRaw] = useState(false);
  const fields = fieldsOf(line);
  const whole = [line.text, ...tail.map((other) => other.text)].join('\n');
  return (
    <div className={classes.detailsInner} onClick={(event) => event.stopPropagation()}>
      <Group gap={4} mb={6}>
        <span className={classes.exact}>{exactTime(line, look.utc)}</span>
        <Button variant="default" size="compact-xs" leftSection={<IconArrowsVertical size={13} />} onClick={() => actions.context(line)}>
          Context
        </Button>
        <Button variant="default" size="compact-xs" leftSection={<IconLink size={13} />} onClick={() => void copy(actions.permalink(line), 'The link to the line')}>
          Link
        </Button>
        <Button variant="default" size="compact-xs" leftSection={<IconCopy size={13} />} onClick={() => void copy(withoutAnsi(whole), 'The line')}>
          Copy
        </Button>
        <Button variant="default" size="compact-xs" leftSection={<IconFilter size={13} />} onClick={() => actions.filterPattern(patternOf(line.text), false)}>
          Lines like this
        </Button>
        <Button variant="default" size="compact-xs" leftSection={<IconFilterMinus size={13} />} onClick={() => actions.filterPattern(patternOf(line.text), true)}>
          Hide such lines
        </Button>
        <Button variant="default" size="compact-xs" leftSection={<IconChartLine size={13} />} onClick={() => actions.metrics(line)}>
          Metrics of this
        </Button>
        {json !== null && (
          <Button variant="subtle" size="compact-xs" onClick={() => setRaw(!raw)}>
            {raw ? 'Laid out' : 'As sent'}
          </Button>
        )}
      </Group>
      <div className={classes.whole}>
        {json !== null && !raw ? (
          <JsonView value={json} />
        ) : (
          <pre className={classes.pre}>
            <Pieces segments={mark(ansiSegments(whole.slice(0, LONGEST)), look.marks)} />
            {whole.length > LONGEST && '…'}
          </pre>
        )}
      </div>
      <FieldTable fields={fields} columns={look.columns} actions={actions} />
    </div>
  );
}

function FieldTable({ fields, columns, actions }: { fields: Field[]; columns: string[]; actions: LineActions }) {
  return (
    <table className={classes.fields}>
      <tbody>
        {fields.map(({ name, source, value }) => (
          <tr key={`${source} ${name}`}>
            <td className={classes.fieldTools}>
              <Tooltip label="Only lines with this value">
                <ActionIcon size="xs" aria-label={`Only ${name} ${value}`} onClick={() => actions.include(name, source, value)}>
                  <IconPlus size={13} />
                </ActionIcon>
              </Tooltip>
              <Tooltip label="Only lines without it">
                <ActionIcon size="xs" aria-label={`Without ${name} ${value}`} onClick={() => actions.exclude(name, source, value)}>
                  <IconMinus size={13} />
                </ActionIcon>
              </Tooltip>
              <Tooltip label={columns.includes(name) ? 'No column' : 'As a column'}>
                <ActionIcon size="xs" aria-label={`Column ${name}`} aria-pressed={columns.includes(name)} onClick={() => actions.toggleColumn(name)}>
                  <IconColumnInsertRight size={13} />
                </ActionIcon>
              </Tooltip>
            </td>
            <th scope="row">{name}</th>
            <td className={classes.fieldValue}>{value}</td>
            <td className="sk-dim">{SOURCES[source]}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
