// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { Button, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { formatQuantity, type Quantity } from '../model/units';
import { rank, summarize, type ChartData } from './chartData';
import { useColours } from './TimeChart';
import classes from './chart.module.css';

interface LegendProps {
  data: ChartData;
  quantity: Quantity;
  shown: ReadonlySet<string> | undefined;
  onShown: (shown: ReadonlySet<string> | undefined) => void;
  onHighlight: (key: string | null) => void;
  /** In the order of the series rather than by weight. */
  fixedOrder?: boolean;
}

const FEW = 10;

/** Names and last values. A click shows one series alone, a click with Ctrl or Shift adds or takes it away. */
export function Legend({ data, quantity, shown, onShown, onHighlight, fixedOrder }: LegendProps) {
  const [search, setSearch] = useState('');
  const [all, setAll] = useState(false);
  const { colours } = useColours(data);
  const order = useMemo(() => (fixedOrder ? data.series.map((_, index) => index) : rank(data.series)), [data, fixedOrder]);
  const wanted = search.toLowerCase();
  const found = wanted ? order.filter((index) => data.series[index]!.label.toLowerCase().includes(wanted)) : order;
  const listed = all || wanted ? found.slice(0, 200) : found.slice(0, FEW);

  const click = (key: string, more: boolean) => {
    if (more) {
      const next = new Set(shown ?? data.series.map((one) => one.key));
      if (next.has(key)) next.delete(key);
      else next.add(key);
      onShown(next.size === data.series.length || next.size === 0 ? undefined : next);
    } else {
      onShown(shown?.size === 1 && shown.has(key) ? undefined : new Set([key]));
    }
  };

  return (
    <div>
      {data.series.length > FEW && (
        <TextInput
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          placeholder={`Search ${data.series.length} series`}
          aria-label="Search series"
          leftSection={<IconSearch size={14} />}
          maw={320}
          mb={6}
        />
      )}
      <div className={classes.legend} role="group" aria-label="Series">
        {listed.map((index) => {
          const series = data.series[index]!;
          const hidden = shown !== undefined && !shown.has(series.key);
          return (
            <button
              key={series.key}
              type="button"
              className={classes.legendItem}
              data-hidden={hidden}
              aria-pressed={!hidden}
              title={`${series.key}\nClick: only this. Ctrl or Shift and click: add or remove.`}
              onClick={(event) => click(series.key, event.ctrlKey || event.shiftKey || event.metaKey)}
              onMouseEnter={() => onHighlight(series.key)}
              onMouseLeave={() => onHighlight(null)}
              onFocus={() => onHighlight(series.key)}
              onBlur={() => onHighlight(null)}
            >
              <span className={classes.swatch} style={{ background: colours[index] }} />
              <span className={classes.legendLabel}>{series.label}</span>
              <span className={classes.legendValue}>{formatQuantity(summarize(series.values).last, quantity)}</span>
            </button>
          );
        })}
        {!wanted && order.length > FEW && (
          <Button variant="subtle" size="compact-xs" onClick={() => setAll(!all)}>
            {all ? 'Show fewer' : `${order.length - FEW} more`}
          </Button>
        )}
        {shown !== undefined && (
          <Button variant="subtle" size="compact-xs" onClick={() => onShown(undefined)}>
            Show all
          </Button>
        )}
      </div>
    </div>
  );
}
