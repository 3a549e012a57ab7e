// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import type { Labels } from '../../api/types';
import type { Matcher } from '../selector';

/**
 * Names that metrics and logs have for the same thing. A label of a metric is looked for among the logs' labels under
 * its own name first, then under these.
 */
const SAME: string[][] = [
  ['job', 'service_name', 'service', 'app', 'application'],
  ['instance', 'host', 'hostname', 'host_name', 'node'],
  ['namespace', 'k8s_namespace_name', 'kubernetes_namespace_name'],
  ['pod', 'k8s_pod_name', 'kubernetes_pod_name'],
  ['container', 'k8s_container_name', 'container_name'],
  ['cluster', 'k8s_cluster_name'],
  ['env', 'environment', 'deployment_environment'],
];

/** Labels of metrics that never say whose logs to read. */
const OF_METRICS_ONLY = new Set(['__name__', 'le', 'quantile']);

export interface KnownLabel {
  name: string;
  values: ReadonlySet<string>;
}

export interface Bridge {
  matchers: Matcher[];
  /** Labels for which there is nothing on the other side. */
  left: string[];
}

/** Those of the labels that the other signal has too, with the value it knows. */
export function bridge(labels: Labels, known: KnownLabel[]): Bridge {
  const matchers: Matcher[] = [];
  const left: string[] = [];
  const used = new Set<string>();
  for (const [name, value] of Object.entries(labels)) {
    if (OF_METRICS_ONLY.has(name) || name.startsWith('__') || value === '') continue;
    const names = [name, ...(SAME.find((group) => group.includes(name)) ?? []).filter((one) => one !== name)];
    // A host is written with and without its port.
    const values = [value, value.replace(/:\d+$/, '')];
    const found = names
      .flatMap((one) => values.map((text) => ({ name: one, value: text })))
      .find((one) => known.find((label) => label.name === one.name)?.values.has(one.value));
    if (found && !used.has(found.name)) {
      used.add(found.name);
      matchers.push({ ...found, operator: '=' });
    } else if (!found) left.push(name);
  }
  return { matchers, left };
}

/** The names under which the other signal may know a label. */
export function candidates(labels: Labels): string[] {
  const names = Object.keys(labels).filter((name) => !OF_METRICS_ONLY.has(name));
  return [...new Set(names.flatMap((name) => [name, ...(SAME.find((group) => group.includes(name)) ?? [])]))];
}
