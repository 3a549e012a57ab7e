// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { Anchor, Text } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { SkoposEvent } from '../api/types';
import { ago, clock, formatTime } from '../url/timeRange';
import { useTime } from '../url/TimeContext';
import { EventShape } from './EventShape';
import classes from './events.module.css';

/** Events, newest first; a click shows the time around one. */
export function EventList({ events, empty }: { events: SkoposEvent[]; empty: ReactNode }) {
  const time = useTime();
  if (events.length === 0) {
    return (
      <Text size="sm" className="sk-dim">
        {empty}
      </Text>
    );
  }
  return (
    <ul className={classes.list}>
      {events.map((event) => {
        const start = Date.parse(event.start);
        const end = event.end ? Date.parse(event.end) : null;
        return (
          <li key={event.id} className={classes.item}>
            <EventShape kind={event.kind} />
            <div style={{ minWidth: 0, flex: 1 }}>
              <button
                type="button"
                className={classes.title}
                title="Show the time around it"
                onClick={() => time.zoom(start / 1000 - 900, Math.min(Date.now() / 1000, (end ?? start) / 1000 + 900))}
              >
                {event.title}
              </button>
              <Text size="xs" className="sk-dim" title={formatTime(start)}>
                {event.kind} · {ago(start, Date.now())}
                {end ? `, until ${clock(end)}` : event.ongoing ? ', goes on' : ''}
                {event.entities && event.entities.length > 0 ? ` · ${event.entities.join(', ')}` : ''}
              </Text>
            </div>
            {event.link && (
              <Anchor href={event.link} target="_blank" rel="noreferrer noopener" aria-label={`Link of ${event.title}`}>
                <IconExternalLink size={15} />
              </Anchor>
            )}
          </li>
        );
      })}
    </ul>
  );
}
