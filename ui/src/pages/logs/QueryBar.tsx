// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Button, CloseButton, Group, Menu, Skeleton, Text, Tooltip } from '@mantine/core';
import { IconBroadcast, IconClock, IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react';
import { parseLogql, withMatchers, withoutStage } from '../../model/logs/logql';
import { formatMatcher } from '../../model/selector';
import { recentQueries } from '../../shell/recentQueries';
import { useTime } from '../../url/TimeContext';
import classes from './logs.module.css';

const LogqlEditor = lazy(async () => ({ default: (await import('./LogqlEditor')).LogqlEditor }));

const EXAMPLES = [
  '{service_name=~".+"} |~ "(?i)error|exception|timeout"',
  'sum by (service_name) (count_over_time({service_name=~".+"} |~ "(?i)error" [$__auto]))',
  'topk(10, sum by (service_name) (bytes_rate({service_name=~".+"} [$__auto])))',
];

interface QueryBarProps {
  query: string;
  onRun: (query: string) => void;
  error: string | null;
  live: boolean;
  onLive: (live: boolean) => void;
  canLive: boolean;
  children?: ReactNode;
}

/** The query, always there to be read and changed, and its parts to be taken away one by one. */
export function QueryBar({ query, onRun, error, live, onLive, canLive, children }: QueryBarProps) {
  const [draft, setDraft] = useState(query);
  const time = useTime();
  useEffect(() => setDraft(query), [query]);
  const parsed = parseLogql(query);
  const changed = draft.trim() !== query.trim();
  return (
    <div className={classes.queryBar}>
      <div className={classes.editorRow}>
        <Suspense fallback={<Skeleton height={40} radius={8} role="status" aria-label="Loading" style={{ flex: 1 }} />}>
          <LogqlEditor value={draft} range={time.range} onChange={setDraft} onRun={(text) => onRun(text.trim())} error={changed ? null : error} />
        </Suspense>
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <ActionIcon size={36} variant="default" aria-label="Recent queries">
              <IconClock size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown maw={640} mah={420} style={{ overflowY: 'auto' }}>
            <Menu.Label>Recent queries, and some to begin with</Menu.Label>
            {[...new Set([...recentQueries('logql').slice(0, 15), ...EXAMPLES])].map((one) => (
              <Menu.Item key={one} onClick={() => onRun(one)}>
                <Text className="sk-mono" truncate>
                  {one}
                </Text>
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
        <Tooltip label="Enter runs too; Shift and Enter breaks the line">
          <Button size="sm" variant={changed ? 'filled' : 'default'} leftSection={<IconPlayerPlay size={14} />} onClick={() => onRun(draft.trim())}>
            Run
          </Button>
        </Tooltip>
        <Button
          size="sm"
          variant={live ? 'light' : 'default'}
          color={live ? 'red' : 'sea'}
          aria-pressed={live}
          disabled={!canLive && !live}
          leftSection={live ? <IconPlayerStop size={14} /> : <IconBroadcast size={15} />}
          onClick={() => onLive(!live)}
        >
          {live ? 'Stop' : 'Live'}
        </Button>
      </div>
      <Group gap={6} mt={6} role="group" aria-label="Parts of the query">
        {parsed.kind !== 'broken' &&
          parsed.matchers.map((matcher) => {
            const text = formatMatcher(matcher);
            return <Part key={text} text={text} kind="label" onRemove={() => onRun(parsed.matchers.length === 1 && parsed.kind === 'logs' ? '' : withMatchers(query, parsed.matchers.filter((one) => one !== matcher)))} />;
          })}
        {parsed.kind !== 'broken' && parsed.stages.map((stage) => <Part key={stage.from} text={stage.text} kind="stage" onRemove={() => onRun(withoutStage(query, stage))} />)}
        {children}
      </Group>
    </div>
  );
}

function Part({ text, kind, onRemove }: { text: string; kind: 'label' | 'stage'; onRemove: () => void }) {
  return (
    <span className={classes.part} data-kind={kind}>
      <span className={classes.partText} title={text}>
        {text}
      </span>
      <CloseButton size={16} aria-label={`Remove ${text}`} onClick={onRemove} />
    </span>
  );
}
