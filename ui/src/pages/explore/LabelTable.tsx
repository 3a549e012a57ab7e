// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { Anchor, Button, Text } from '@mantine/core';
import { useState } from 'react';
import type { LabelSummary } from '../../api/metrics';
import type { Matcher } from '../../model/selector';
import { formatCount } from '../../model/units';
import { Surface } from '../../parts/Surface';
import classes from './explore.module.css';

interface LabelTableProps {
  labels: LabelSummary[];
  by: string | null;
  onBreakDown: (name: string) => void;
  onAdd: (matcher: Matcher) => void;
}

const FIRST = 10;

/** The labels of a metric, with the values that most series have. */
export function LabelTable({ labels, by, onBreakDown, onAdd }: LabelTableProps) {
  if (labels.length === 0) return null;
  return (
    <Surface title="Labels" note="Break down by one, or keep (+) and take away (−) a value." flush>
      {labels.map((label) => (
        <LabelRow key={label.name} label={label} active={label.name === by} onBreakDown={() => onBreakDown(label.name)} onAdd={onAdd} />
      ))}
    </Surface>
  );
}

function LabelRow({ label, active, onBreakDown, onAdd }: { label: LabelSummary; active: boolean; onBreakDown: () => void; onAdd: (matcher: Matcher) => void }) {
  const [all, setAll] = useState(false);
  const shown = all ? label.values.slice(0, 200) : label.values.slice(0, FIRST);
  return (
    <div className={classes.labelRow}>
      <div>
        <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
          {label.name}
        </Text>
        <Text size="xs" className="sk-dim">
          {formatCount(label.values.length)} {label.values.length === 1 ? 'value' : 'values'}
        </Text>
      </div>
      <div className={classes.labelValues}>
        {shown.map(({ value, series }) => (
          <span key={value} className={classes.value} title={`${value}: ${series} series`}>
            <span>{value === '' ? '(empty)' : value}</span>
            <button type="button" aria-label={`Only ${label.name} ${value}`} onClick={() => onAdd({ name: label.name, operator: '=', value })}>
              +
            </button>
            <button type="button" aria-label={`Without ${label.name} ${value}`} onClick={() => onAdd({ name: label.name, operator: '!=', value })}>
              −
            </button>
          </span>
        ))}
        {label.values.length > FIRST && (
          <Anchor component="button" type="button" size="xs" onClick={() => setAll(!all)}>
            {all ? 'fewer' : `${label.values.length - FIRST} more`}
          </Anchor>
        )}
      </div>
      {label.values.length > 1 ? (
        <Button variant={active ? 'light' : 'default'} size="compact-xs" onClick={onBreakDown} aria-pressed={active}>
          Break down
        </Button>
      ) : (
        <span />
      )}
    </div>
  );
}
