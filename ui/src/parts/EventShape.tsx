// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/** The shape that an event's kind has on charts. */
export function EventShape({ kind }: { kind: string }) {
  const trouble = /fault|chaos|incident|outage|alert/.test(kind);
  const fill = trouble ? 'var(--sk-bad)' : 'var(--sk-accent)';
  return (
    <svg width={14} height={14} viewBox="0 0 14 14" aria-hidden="true" style={{ flex: 'none', marginTop: 3 }}>
      {/deploy|release/.test(kind) ? (
        <path d="M7 1.5 13 12.5H1Z" fill={fill} />
      ) : trouble ? (
        <path d="M1 1.5H13L7 12.5Z" fill={fill} />
      ) : /config|flag/.test(kind) ? (
        <path d="M7 1 13 7 7 13 1 7Z" fill={fill} />
      ) : (
        <circle cx={7} cy={7} r={5} fill={fill} />
      )}
    </svg>
  );
}
