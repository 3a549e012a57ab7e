// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The real servers that the walk goes through: an open one with data, and one that asks who comes. */
export const OPEN_PORT = Number(process.env.SKOPOS_WALK_PORT ?? 4978);
export const GUARDED_PORT = OPEN_PORT + 1;
export const OPEN = `http://127.0.0.1:${OPEN_PORT}`;
export const GUARDED = `http://127.0.0.1:${GUARDED_PORT}`;
export const TOKEN = 'walk-through-the-door';

/** What the open server collects logs from; known to all processes of the walk. */
export const LOG_FOLDER = join(tmpdir(), `skopos-walk-logs-${OPEN_PORT}`);

export interface Server {
  command: string;
  url: string;
  timeout: number;
  reuseExistingServer: false;
  env: Record<string, string>;
  gracefulShutdown: { signal: 'SIGTERM'; timeout: number };
}

function server(port: number, config: string, more: string): Server {
  const folder = mkdtempSync(join(tmpdir(), 'skopos-walk-'));
  const file = join(folder, 'skopos.yml');
  mkdirSync(join(folder, 'data'));
  writeFileSync(file, config);
  return {
    command: `../skopos server --config ${file} --data ${join(folder, 'data')} --listen 127.0.0.1:${port} ${more}`,
    url: `http://127.0.0.1:${port}/-/ready`,
    timeout: 300_000,
    reuseExistingServer: false,
    // Two servers start at once; the script builds before.
    env: { SKOPOS_MEMORY: '768MiB', SKOPOS_NO_AOT: '1', SKOPOS_NO_BUILD: '1' },
    gracefulShutdown: { signal: 'SIGTERM', timeout: 10_000 },
  };
}

/** Scrapes itself under the name of a shop, and a target that is never there; follows the log files of the walk. */
export function openServer(): Server {
  return server(
    OPEN_PORT,
    `global: {scrape_interval: 5s}
self_monitoring: {interval: 5s}
host_metrics: {interval: 5s}
scrape_configs:
  - job_name: checkout
    static_configs: [{targets: ["127.0.0.1:${OPEN_PORT}"], labels: {zone: eu-1}}]
  - job_name: payment
    static_configs: [{targets: ["127.0.0.1:9"]}]
collect:
  scrape_configs:
    - job_name: busy
      static_configs: [{targets: [localhost], labels: {service_name: busy, __path__: "${LOG_FOLDER}/**/*.log"}}]
`,
    '',
  );
}

export function guardedServer(): Server {
  const credentials = join(mkdtempSync(join(tmpdir(), 'skopos-walk-')), 'credentials');
  writeFileSync(credentials, `walker:sha256:${createHash('sha256').update(TOKEN).digest('hex')}:*:*\n`);
  return {
    ...server(GUARDED_PORT, '', `--set collect.enabled=false --set web.access.credentials_file=${credentials}`),
  };
}
