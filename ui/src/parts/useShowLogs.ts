// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { notifications } from '@mantine/notifications';
import { useCallback } from 'react';
import { useNavigate } from 'react-router';
import type { Labels } from '../api/types';
import type { Range } from '../url/timeRange';
import { useLink } from '../url/useLink';

/** Goes to the logs of a time, of whoever the labels are about. */
export function useShowLogs(): (labels: Labels, range: Range) => Promise<void> {
  const link = useLink();
  const navigate = useNavigate();
  return useCallback(
    async (labels, range) => {
      const time = { from: String(Math.floor(range.start)), to: String(Math.ceil(range.end)) };
      try {
        const [{ toLogs }, { selector }] = await Promise.all([import('../api/bridge'), import('../model/selector')]);
        const { matchers, left } = await toLogs(labels, range);
        if (matchers.length === 0) {
          notifications.show({
            title: 'Logs of this time, of everyone',
            message: Object.keys(labels).length === 0 ? 'The chart has no label that all of its series share.' : `No log of this time has ${left.join(' or ')} with these values.`,
          });
        }
        void navigate(link('/logs', { ...time, q: matchers.length === 0 ? '' : selector('', matchers) }));
      } catch (e) {
        notifications.show({ title: 'The logs could not be asked for', message: (e as Error).message, color: 'red' });
      }
    },
    [link, navigate],
  );
}
