// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, closeCompletion, completionKeymap, completionStatus, startCompletion } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, insertNewlineAndIndent } from '@codemirror/commands';
import { bracketMatching, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { lintKeymap, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState, Prec } from '@codemirror/state';
import { EditorView, hoverTooltip, keymap, placeholder } from '@codemirror/view';
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { highlighting } from '../../parts/editorStyle';
import type { Range } from '../../url/timeRange';
import { complete, LogqlCompletions } from './logqlCompletion';
import { logqlErrorPosition, syntaxError } from './logqlError';
import { logqlLanguage } from './logqlLanguage';
import { helpOn } from './logqlWords';

interface LogqlEditorProps {
  value: string;
  range: Range;
  onChange: (value: string) => void;
  onRun: (value: string) => void;
  /** What the server said about the query that ran last. */
  error: string | null;
}

/** LogQL with completion, help, and errors where they are. Enter runs, Shift and Enter breaks the line. */
export function LogqlEditor({ value, range, onChange, onRun, error }: LogqlEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const handlers = useRef({ onChange, onRun });
  handlers.current = { onChange, onRun };
  const dark = useComputedColorScheme() === 'dark';
  const scheme = useRef(new Compartment());
  const completions = useRef(new LogqlCompletions());
  completions.current.range = range;

  useEffect(() => {
    const run = (editor: EditorView) => {
      closeCompletion(editor);
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
          logqlLanguage,
          autocompletion({ activateOnTyping: true, maxRenderedOptions: 80, override: [
              async (context) => {
                const found = await complete(context, completions.current);
                return context.aborted ? null : found;
              },
            ] }),
          syntaxHighlighting(highlighting),
          wordHelp,
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': 'Query, in LogQL', spellcheck: 'false' }),
          placeholder('LogQL, such as {service_name="shop"} |= "timeout"; or choose a source below'),
          scheme.current.of(EditorView.theme({}, { dark })),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) handlers.current.onChange(update.state.doc.toString());
          }),
          Prec.highest(
            keymap.of([
              { key: 'Mod-Enter', run },
              { key: 'Shift-Enter', run: insertNewlineAndIndent },
              { key: 'Enter', run: (target) => completionStatus(target.state) !== 'active' && run(target) },
              { key: 'Tab', run: acceptCompletion },
              { key: 'Ctrl-Space', run: startCompletion },
            ]),
          ),
          keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap]),
        ],
      }),
    });
    view.current = editor;
    return () => {
      editor.destroy();
      view.current = null;
    };
    // The editor keeps its own text; later values come in below.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  useEffect(() => {
    view.current?.dispatch({ effects: scheme.current.reconfigure(EditorView.theme({}, { dark })) });
  }, [dark]);

  useEffect(() => {
    const editor = view.current;
    if (editor && editor.state.doc.toString() !== value) {
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
    }
  }, [value]);

  // The server's word when it has said one, the grammar's otherwise; half-written queries are left alone for a moment.
  useEffect(() => {
    const timer = setTimeout(
      () => {
        const editor = view.current;
        if (!editor) return;
        const text = editor.state.doc.toString();
        const place = error === null ? syntaxError(text) : (logqlErrorPosition(error, text) ?? syntaxError(text));
        editor.dispatch(setDiagnostics(editor.state, place ? [{ from: place.from, to: place.to, severity: 'error', message: place.message }] : []));
      },
      error === null ? 700 : 0,
    );
    return () => clearTimeout(timer);
  }, [error, value]);

  return <div ref={host} className="sk-editor" />;
}

/** Help on the function or stage under the pointer. */
const wordHelp = hoverTooltip((view, position) => {
  const word = view.state.wordAt(position);
  const text = word ? view.state.sliceDoc(word.from, word.to) : '';
  const help = helpOn(text);
  if (!word || !help) return null;
  return {
    pos: word.from,
    end: word.to,
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
