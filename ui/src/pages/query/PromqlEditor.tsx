// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, completionStatus, startCompletion } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, insertNewlineAndIndent } from '@codemirror/commands';
import { bracketMatching, indentOnInput, syntaxHighlighting, syntaxTree } from '@codemirror/language';
import { lintKeymap, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState, Prec } from '@codemirror/state';
import { EditorView, hoverTooltip, keymap, placeholder } from '@codemirror/view';
import { PromQLExtension } from '@prometheus-io/codemirror-promql';
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { highlighting } from '../../parts/editorStyle';
import { Completions } from './completions';
import { functionHelp } from './functionHelp';
import { errorPosition } from './errorPosition';

interface PromqlEditorProps {
  value: string;
  onChange: (value: string) => void;
  onRun: (value: string) => void;
  /** What the server said about the query that ran last. */
  error: string | null;
  label: string;
}

const completions = new Completions();

/** PromQL with completion, help, and errors where they are. Enter runs, Shift and Enter breaks the line. */
export function PromqlEditor({ value, onChange, onRun, error, label }: PromqlEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const handlers = useRef({ onChange, onRun });
  handlers.current = { onChange, onRun };
  const dark = useComputedColorScheme() === 'dark';
  const scheme = useRef(new Compartment());

  useEffect(() => {
    const promql = new PromQLExtension().setComplete({ remote: completions }).activateLinter(true);
    const run = (editor: EditorView) => {
      handlers.current.onRun(editor.state.doc.toString());
      return true;
    };
    const editor = new EditorView({
      parent: host.current!,
      state: EditorState.create({
        doc: value,
        extensions: [
          history(),
          bracketMatching(),
          closeBrackets(),
          indentOnInput(),
          autocompletion({ activateOnTyping: true, maxRenderedOptions: 60 }),
          syntaxHighlighting(highlighting),
          promql.asExtension(),
          metricHelp,
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false' }),
          placeholder('PromQL, such as sum by (mode) (rate(node_cpu_seconds_total[1m]))'),
          scheme.current.of(EditorView.theme({}, { dark })),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) handlers.current.onChange(update.state.doc.toString());
          }),
          Prec.highest(
            keymap.of([
              { key: 'Mod-Enter', run },
              { key: 'Shift-Enter', run: insertNewlineAndIndent },
              { key: 'Enter', run: (target) => completionStatus(target.state) !== 'active' && run(target) },
              { key: 'Ctrl-Space', run: startCompletion },
            ]),
          ),
          keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap]),
        ],
      }),
    });
    view.current = editor;
    return () => {
      promql.destroy();
      editor.destroy();
      view.current = null;
    };
    // The editor keeps its own text; later values come in below.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [label]);

  useEffect(() => {
    view.current?.dispatch({ effects: scheme.current.reconfigure(EditorView.theme({}, { dark })) });
  }, [dark]);

  useEffect(() => {
    const editor = view.current;
    if (editor && editor.state.doc.toString() !== value) {
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
    }
  }, [value]);

  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const place = error === null ? null : errorPosition(error, editor.state.doc.toString());
    editor.dispatch(
      setDiagnostics(editor.state, place ? [{ from: place.from, to: place.to, severity: 'error', message: place.message }] : []),
    );
  }, [error]);

  return <div ref={host} className="sk-editor" />;
}

/** Help on the metric or function under the pointer. */
const metricHelp = hoverTooltip(async (view, position) => {
  const node = syntaxTree(view.state).resolveInner(position, 0);
  const word = view.state.wordAt(position);
  const text = node.name === 'Identifier' ? view.state.sliceDoc(node.from, node.to) : word ? view.state.sliceDoc(word.from, word.to) : '';
  if (!text) return null;
  const metadata = await completions.metricMetadata().catch(() => ({}) as Record<string, { type: string; help: string }[]>);
  const base = text.replace(/_(bucket|sum|count|total)$/, '');
  const metric = metadata[text]?.[0] ?? metadata[base]?.[0];
  const help = metric ? `${metric.type}. ${metric.help}` : functionHelp(text);
  if (!help) return null;
  return {
    pos: word?.from ?? node.from,
    end: word?.to ?? node.to,
    above: true,
    create: () => {
      const dom = document.createElement('div');
      dom.className = 'sk-editor-help';
      const name = document.createElement('strong');
      name.textContent = text;
      dom.append(name, document.createElement('br'), help);
      return { dom };
    },
  };
});
