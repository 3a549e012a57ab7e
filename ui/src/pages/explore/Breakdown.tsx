// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Button, SimpleGrid, Text, Tooltip } from '@mantine/core';
import { IconMinus, IconPlus } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { RangeAnswer } from '../../api/queries';
import { rank, summarize } from '../../chart/chartData';
import { TimeChart, useColours } from '../../chart/TimeChart';
import { formatQuantity, type Quantity } from '../../model/units';
import { Surface } from '../../parts/Surface';
import { useTime } from '../../url/TimeContext';
import classes from './explore.module.css';

interface BreakdownProps {
  answer: RangeAnswer;
  by: string;
  quantity: Quantity;
  onInclude: (value: string) => void;
  onExclude: (value: string) => void;
}

const FIRST = 12;

/** One small chart for each value of a label, all on one scale, so that they can be compared. */
export function Breakdown({ answer, by, quantity, onInclude, onExclude }: BreakdownProps) {
  const { grid } = answer;
  const time = useTime();
  const [all, setAll] = useState(false);
  const { colours } = useColours(answer.data);
  const own = useMemo(() => answer.data.series.filter((one) => !one.before), [answer.data]);
  const order = useMemo(() => rank(own), [own]);
  const most = useMemo(() => Math.max(...own.map((one) => summarize(one.values).max ?? 0)), [own]);
  const listed = all ? order.slice(0, 120) : order.slice(0, FIRST);
  return (
    <Surface title={`By ${by}`} note="Greatest first, all on one scale. + keeps only this one, − takes it away.">
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3, xl: 4 }} spacing={10} verticalSpacing={10}>
        {listed.map((index) => {
          const series = own[index]!;
          const value = series.labels[by] ?? '';
          const name = value === '' ? '(empty)' : value;
          const colourIndex = answer.data.series.indexOf(series);
          return (
            <div key={series.key} className={classes.small}>
              <div className={classes.smallHead}>
                <span className={classes.smallName} title={name}>
                  {name}
                </span>
                <Text size="xs" className="sk-num sk-dim">
                  {formatQuantity(summarize(series.values).last, quantity)}
                </Text>
                <Tooltip label={`Only ${name}`}>
                  <ActionIcon size="xs" aria-label={`Only ${by} ${name}`} onClick={() => onInclude(value)}>
                    <IconPlus size={13} />
                  </ActionIcon>
                </Tooltip>
                <Tooltip label={`Without ${name}`}>
                  <ActionIcon size="xs" aria-label={`Without ${by} ${name}`} onClick={() => onExclude(value)}>
                    <IconMinus size={13} />
                  </ActionIcon>
                </Tooltip>
              </div>
              <TimeChart
                data={{ times: answer.data.times, series: [{ ...series, colour: colours[colourIndex]! }] }}
                start={grid.start}
                end={grid.end}
                quantity={quantity}
                height={88}
                yMax={most}
                drawing="area"
                bare
                name={`${by} ${name}`}
                onZoom={time.zoom}
              />
            </div>
          );
        })}
      </SimpleGrid>
      {order.length > FIRST && (
        <Button variant="subtle" mt={8} onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `${order.length - FIRST} more`}
        </Button>
      )}
    </Surface>
  );
}
