// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import type { SkoposStatus, Target } from '../api/types';
import { formatBytes, formatNumber } from './units';
import { ago } from '../url/timeRange';

export type Severity = 'bad' | 'warn' | 'info';

/** Something that wants a look, and where to look. */
export interface Attention {
  id: string;
  severity: Severity;
  title: string;
  detail: string;
  action: string;
  path: string;
  parameters?: Record<string, string>;
}

export interface Observed {
  status?: SkoposStatus;
  targets?: Target[];
  /** Jobs and instances whose last `up` is 0. */
  down: { job: string; instance: string }[];
  filesystems: { instance: string; mountpoint: string; used: number; available: number }[];
  hosts: { instance: string; cpu: number | null; memory: number | null }[];
  /** Milliseconds since 1970; null when there is no sample at all. */
  newestSample: number | null;
  /** Limits of the tenant with the share that is used. */
  limits: { name: string; value: string; used: number }[];
  now: number;
}

const NEAR_LIMIT = 0.8;
const STALE_AFTER_MS = 120_000;

/** What needs attention, worst first. */
export function attention(seen: Observed): Attention[] {
  const found: Attention[] = [...storage(seen), ...sources(seen), ...hosts(seen), ...limits(seen)];
  const order: Severity[] = ['bad', 'warn', 'info'];
  return found.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}

function storage({ status }: Observed): Attention[] {
  if (!status) return [];
  const found: Attention[] = [];
  const { storage: ground, memory, damagedFiles, config } = status;
  if (!ground.writable) {
    found.push({
      id: 'not-writable',
      severity: 'bad',
      title: 'Nothing can be written',
      detail: ground.reason || 'The log does not take writes.',
      action: 'See storage',
      path: '/server',
    });
  }
  if (damagedFiles.length > 0) {
    found.push({
      id: 'damaged',
      severity: 'bad',
      title: damagedFiles.length === 1 ? 'One file is damaged' : `${damagedFiles.length} files are damaged`,
      detail: 'Answers about their time are incomplete.',
      action: 'See which',
      path: '/server',
    });
  }
  if (ground.lastFlushError) {
    found.push({ id: 'flush', severity: 'bad', title: 'The last flush failed', detail: ground.lastFlushError, action: 'See storage', path: '/server' });
  }
  if (ground.applyFailures > 0) {
    found.push({
      id: 'apply',
      severity: 'bad',
      title: 'Acknowledged rows could not be applied',
      detail: `${ground.applyFailures} frames failed; the server's log has the cause.`,
      action: 'See storage',
      path: '/server',
    });
  }
  if (ground.headLimitBytes > 0 && ground.headBytes > NEAR_LIMIT * ground.headLimitBytes) {
    found.push({
      id: 'head',
      severity: 'warn',
      title: 'Recent samples fill their memory',
      detail: `${formatBytes(ground.headBytes)} of ${formatBytes(ground.headLimitBytes)}; beyond it writes are refused for a while.`,
      action: 'See memory',
      path: '/server',
    });
  }
  if (memory.limitBytes > 0 && memory.usedBytes > 0.92 * memory.limitBytes) {
    found.push({
      id: 'memory',
      severity: 'warn',
      title: 'The memory budget is nearly used',
      detail: `${formatBytes(memory.usedBytes)} of ${formatBytes(memory.limitBytes)}.`,
      action: 'See memory',
      path: '/server',
    });
  }
  if (!config.lastReloadSucceeded) {
    found.push({
      id: 'reload',
      severity: 'warn',
      title: 'The config was not reloaded',
      detail: 'The old one stays in force; the server’s log says what is wrong with the new one.',
      action: 'See the config',
      path: '/server',
    });
  }
  if (config.notices.length > 0) {
    found.push({
      id: 'notices',
      severity: 'info',
      title: config.notices.length === 1 ? 'One remark on the config' : `${config.notices.length} remarks on the config`,
      detail: config.notices[0]!,
      action: 'See the config',
      path: '/server',
    });
  }
  return found;
}

function sources({ targets, down, newestSample, now }: Observed): Attention[] {
  const found: Attention[] = [];
  const failing = (targets ?? []).filter((target) => target.health === 'down');
  const named = failing.map((target) => target.labels.instance ?? target.scrapeUrl);
  const others = down.filter((one) => !named.includes(one.instance)).map((one) => one.instance);
  const all = [...named, ...others];
  if (all.length > 0) {
    const first = failing[0];
    found.push({
      id: 'targets',
      severity: 'bad',
      title: all.length === 1 ? `${all[0]} is down` : `${all.length} targets are down`,
      detail: first ? `${first.labels.job}: ${first.lastError}` : all.slice(0, 4).join(', '),
      action: 'See targets',
      path: '/targets',
    });
  }
  if (newestSample !== null && now - newestSample > STALE_AFTER_MS) {
    found.push({
      id: 'stale',
      severity: 'warn',
      title: 'No new samples',
      detail: `The newest one came ${ago(newestSample, now)}.`,
      action: 'See what comes in',
      path: '/targets',
    });
  }
  return found;
}

function hosts({ filesystems, hosts: all }: Observed): Attention[] {
  const found: Attention[] = [];
  for (const one of filesystems) {
    if (one.used < 0.9) continue;
    found.push({
      id: `disk:${one.instance}:${one.mountpoint}`,
      severity: one.used >= 0.97 ? 'bad' : 'warn',
      title: `${one.mountpoint} on ${one.instance} is ${formatNumber(Math.floor(one.used * 1000) / 10)} % full`,
      detail: `${formatBytes(one.available)} are left.`,
      action: 'See how it grows',
      path: '/promql',
      parameters: {
        q: `node_filesystem_avail_bytes{instance=${JSON.stringify(one.instance)}, mountpoint=${JSON.stringify(one.mountpoint)}}`,
      },
    });
  }
  for (const one of all) {
    if (one.cpu !== null && one.cpu > 0.9) {
      found.push({
        id: `cpu:${one.instance}`,
        severity: 'warn',
        title: `The processors of ${one.instance} are busy`,
        detail: `${formatNumber(Math.round(one.cpu * 100))} % over the last 5 minutes.`,
        action: 'See what they do',
        path: '/explore',
        parameters: { metric: 'node_cpu_seconds_total', by: 'mode' },
      });
    }
    if (one.memory !== null && one.memory > 0.92) {
      found.push({
        id: `mem:${one.instance}`,
        severity: 'warn',
        title: `${one.instance} runs out of memory`,
        detail: `${formatNumber(Math.round(one.memory * 100))} % are in use by programs.`,
        action: 'See how it grows',
        path: '/promql',
        parameters: { q: `node_memory_MemAvailable_bytes{instance=${JSON.stringify(one.instance)}}` },
      });
    }
  }
  return found;
}

function limits({ limits: all }: Observed): Attention[] {
  return all
    .filter((one) => one.used > NEAR_LIMIT)
    .map((one) => ({
      id: `limit:${one.name}`,
      severity: one.used >= 1 ? ('bad' as const) : ('warn' as const),
      title: one.used >= 1 ? `The limit ${one.name} is reached` : `The limit ${one.name} is near`,
      detail: `${formatNumber(Math.floor(one.used * 1000) / 10)} % of ${one.value} are used; what goes beyond is refused.`,
      action: 'See the limits',
      path: '/server',
    }));
}
