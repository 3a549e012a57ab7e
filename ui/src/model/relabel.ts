// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0

/** What a rule takes away. */
export type Drop =
  | { kind: 'metric'; metric: string }
  | { kind: 'label'; label: string }
  | { kind: 'pair'; label: string; value: string };

/** For regular expressions that are anchored at both ends, as those of relabelling are. */
export function escapeRegex(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}

function yamlString(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The rule for a scrape job's `metric_relabel_configs`. */
export function relabelRule(drop: Drop): string {
  const lines = ['metric_relabel_configs:'];
  switch (drop.kind) {
    case 'metric':
      lines.push('  - source_labels: [__name__]', `    regex: ${yamlString(escapeRegex(drop.metric))}`, '    action: drop');
      break;
    case 'label':
      lines.push(`  - regex: ${yamlString(escapeRegex(drop.label))}`, '    action: labeldrop');
      break;
    case 'pair':
      lines.push(`  - source_labels: [${drop.label}]`, `    regex: ${yamlString(escapeRegex(drop.value))}`, '    action: drop');
      break;
  }
  return lines.join('\n') + '\n';
}
