// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { parser } from '@prometheus-io/lezer-promql';
import type { SyntaxNode } from '@lezer/common';

/** A part of a query that has a value of its own. */
export interface ExplainNode {
  text: string;
  /** What it is, in a word or two. */
  kind: string;
  from: number;
  to: number;
  children: ExplainNode[];
}

const KINDS: Record<string, string> = {
  AggregateExpr: 'aggregation',
  BinaryExpr: 'operation',
  FunctionCall: 'function',
  MatrixSelector: 'samples of a window',
  SubqueryExpr: 'subquery',
  UnaryExpr: 'sign',
  VectorSelector: 'selection',
  OffsetExpr: 'at another time',
  StepInvariantExpr: 'at a fixed time',
};

/** Parts that say no more than what is inside them. */
const WRAPPERS = new Set(['ParenExpr']);

/** Parts whose inside is not worth a line: they are read in one go. */
const WHOLE = new Set(['MatrixSelector', 'VectorSelector']);

/** The query as a tree of parts that can be asked one by one; null when it does not parse. */
export function explain(query: string): ExplainNode | null {
  const tree = parser.parse(query);
  let broken = false;
  tree.iterate({
    enter: (node) => {
      if (node.type.isError) broken = true;
    },
  });
  if (broken) return null;
  return collect(tree.topNode, query)[0] ?? null;
}

function collect(node: SyntaxNode, query: string): ExplainNode[] {
  const kind = KINDS[node.name];
  if (!kind || WRAPPERS.has(node.name)) return inside(node, query);
  return [
    {
      text: query.slice(node.from, node.to).replace(/\s+/g, ' ').trim(),
      kind,
      from: node.from,
      to: node.to,
      children: WHOLE.has(node.name) ? [] : inside(node, query),
    },
  ];
}

function inside(node: SyntaxNode, query: string): ExplainNode[] {
  const found: ExplainNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) found.push(...collect(child, query));
  return found;
}

export function flatten(node: ExplainNode, depth = 0): { node: ExplainNode; depth: number }[] {
  return [{ node, depth }, ...node.children.flatMap((child) => flatten(child, depth + 1))];
}

export function countLabels(all: Record<string, string>[]): { name: string; values: number }[] {
  const values = new Map<string, Set<string>>();
  for (const labels of all) {
    for (const [name, value] of Object.entries(labels)) {
      let set = values.get(name);
      if (!set) values.set(name, (set = new Set()));
      set.add(value);
    }
  }
  return [...values.entries()].map(([name, set]) => ({ name, values: set.size })).sort((a, b) => b.values - a.values);
}
