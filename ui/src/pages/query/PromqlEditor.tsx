// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { autocompletion } from '@codemirror/autocomplete';
import { syntaxTree } from '@codemirror/language';
import type { EditorView } from '@codemirror/view';
import { PromQLExtension } from '@prometheus-io/codemirror-promql';
import { QueryEditor, type QueryLanguage, type WordHelp } from '../../parts/QueryEditor';
import { Completions } from './completions';
import { errorPosition } from './errorPosition';
import { functionHelp } from './functionHelp';

interface PromqlEditorProps {
  value: string;
  onChange: (value: string) => void;
  onRun: (value: string) => void;
  error: string | null;
  label: string;
}

const completions = new Completions();

const PROMQL: QueryLanguage = {
  open: () => {
    const promql = new PromQLExtension().setComplete({ remote: completions }).activateLinter(true);
    return { extension: [autocompletion({ activateOnTyping: true, maxRenderedOptions: 60 }), promql.asExtension()], destroy: () => promql.destroy() };
  },
  help: metricHelp,
  hint: 'PromQL, such as sum by (mode) (rate(node_cpu_seconds_total[1m]))',
  faultOf: errorPosition,
};

/** PromQL in the editor of queries. */
export function PromqlEditor(editor: PromqlEditorProps) {
  return <QueryEditor language={PROMQL} {...editor} />;
}

/** Of a metric or function. */
async function metricHelp(view: EditorView, position: number): Promise<WordHelp | null> {
  const node = syntaxTree(view.state).resolveInner(position, 0);
  const word = view.state.wordAt(position);
  const name = node.name === 'Identifier' ? view.state.sliceDoc(node.from, node.to) : word ? view.state.sliceDoc(word.from, word.to) : '';
  if (!name) return null;
  const metadata = await completions.metricMetadata().catch(() => ({}) as Record<string, { type: string; help: string }[]>);
  const base = name.replace(/_(bucket|sum|count|total)$/, '');
  const metric = metadata[name]?.[0] ?? metadata[base]?.[0];
  const help = metric ? `${metric.type}. ${metric.help}` : functionHelp(name);
  return help ? { name, help, from: word?.from ?? node.from, to: word?.to ?? node.to } : null;
}
