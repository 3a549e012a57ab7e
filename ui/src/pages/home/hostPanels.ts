// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import type { RangeQuery } from '../../api/queries';
import type { Quantity } from '../../model/units';

export interface HostPanel {
  title: string;
  help: string;
  queries: RangeQuery[];
  quantity: Quantity;
  stacked?: boolean;
  drawing?: 'lines' | 'area';
  yMax?: number;
  dropUpTo?: number;
}

const MODES: Record<string, { name: string; colour: number }> = {
  user: { name: 'programs', colour: 0 },
  system: { name: 'kernel', colour: 1 },
  iowait: { name: 'waiting for disks', colour: 3 },
  irq: { name: 'interrupts', colour: 4 },
  softirq: { name: 'soft interrupts', colour: 4 },
  nice: { name: 'programs, low priority', colour: 2 },
  steal: { name: 'taken by the hypervisor', colour: 6 },
};

/** Nothing to look at. */
const FREE = 'rgba(140, 155, 170, 0.38)';

/** Devices that only pass on what others do. */
const REAL_DISKS = 'device!~"(loop|ram|zram|dm-|md|sr).*"';
const REAL_NETWORKS = 'device!~"lo|veth.*|docker.*|br-.*|ifb.*|virbr.*|cali.*|tun.*"';

/** What everybody wants to know of a machine, in words that need no manual. */
export function hostPanels(instance: string, window: string): HostPanel[] {
  const host = `instance=${JSON.stringify(instance)}`;
  return [
    {
      title: 'Processors',
      help: 'How busy they are and with what. 100 % means that all cores work all the time.',
      quantity: { unit: 'ratio' },
      stacked: true,
      yMax: 1,
      // What never takes half a per cent only lengthens the legend.
      dropUpTo: 0.005,
      queries: [
        {
          query: `sum by (mode) (rate(node_cpu_seconds_total{${host}, mode!="idle"}[${window}])) / scalar(count(count by (cpu) (node_cpu_seconds_total{${host}})))`,
          name: (labels) => MODES[labels.mode ?? '']?.name ?? labels.mode ?? '',
          colour: (labels) => MODES[labels.mode ?? '']?.colour,
        },
      ],
    },
    {
      title: 'Memory',
      help: 'What programs hold, what the system uses as cache and gives back when needed, and what is free. Together it is all there is.',
      quantity: { unit: 'bytes' },
      stacked: true,
      queries: [
        { query: `node_memory_MemTotal_bytes{${host}} - node_memory_MemAvailable_bytes{${host}}`, name: 'in use', colour: 0 },
        { query: `node_memory_MemAvailable_bytes{${host}} - node_memory_MemFree_bytes{${host}}`, name: 'cache', colour: 2 },
        { query: `node_memory_MemFree_bytes{${host}}`, name: 'free', colour: FREE },
      ],
    },
    {
      title: 'Disks',
      help: 'Bytes read from and written to disks each second.',
      quantity: { unit: 'bytes', perSecond: true },
      drawing: 'area',
      queries: [
        { query: `sum(rate(node_disk_read_bytes_total{${host}, ${REAL_DISKS}}[${window}]))`, name: 'read', colour: 0 },
        { query: `sum(rate(node_disk_written_bytes_total{${host}, ${REAL_DISKS}}[${window}]))`, name: 'written', colour: 1 },
      ],
    },
    {
      title: 'Network',
      help: 'Bytes received and sent each second, without traffic of the machine with itself.',
      quantity: { unit: 'bytes', perSecond: true },
      drawing: 'area',
      queries: [
        { query: `sum(rate(node_network_receive_bytes_total{${host}, ${REAL_NETWORKS}}[${window}]))`, name: 'received', colour: 2 },
        { query: `sum(rate(node_network_transmit_bytes_total{${host}, ${REAL_NETWORKS}}[${window}]))`, name: 'sent', colour: 4 },
      ],
    },
    {
      title: 'Waiting',
      help: 'The share of time in which some work could not go on because processors, disks or memory were short. Near 0 % is comfortable.',
      quantity: { unit: 'ratio' },
      queries: [
        { query: `rate(node_pressure_cpu_waiting_seconds_total{${host}}[${window}])`, name: 'for a processor', colour: 0 },
        { query: `rate(node_pressure_io_waiting_seconds_total{${host}}[${window}])`, name: 'for disks', colour: 1 },
        { query: `rate(node_pressure_memory_waiting_seconds_total{${host}}[${window}])`, name: 'for memory', colour: 3 },
      ],
    },
    {
      title: 'Load',
      help: 'How many programs run or wait to run, on average. Above the number of cores, some wait.',
      quantity: { unit: 'number' },
      queries: [
        { query: `node_load1{${host}}`, name: 'last minute', colour: 0 },
        { query: `node_load15{${host}}`, name: 'last 15 minutes', colour: 2 },
        { query: `count(count by (cpu) (node_cpu_seconds_total{${host}}))`, name: 'cores', colour: FREE },
      ],
    },
  ];
}

const PSEUDO = 'fstype!~"tmpfs|ramfs|overlay|squashfs|devtmpfs|iso9660|fuse.*|nsfs|proc|sysfs|cgroup.*"';

export const FILESYSTEM_FREE = `node_filesystem_avail_bytes{${PSEUDO}}`;
export const FILESYSTEM_SIZE = `node_filesystem_size_bytes{${PSEUDO}}`;
