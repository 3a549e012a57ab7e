// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { acceptCompletion, closeBrackets, closeBracketsKeymap, closeCompletion, completionKeymap, completionStatus, startCompletion } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, insertNewlineAndIndent } from '@codemirror/commands';
import { bracketMatching, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { lintKeymap, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState, Prec, type Extension } from '@codemirror/state';
import { EditorView, hoverTooltip, keymap, placeholder } from '@codemirror/view';
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { highlighting } from './editorStyle';

/** Where a text is wrong, and why. */
export interface Fault {
  from: number;
  to: number;
  message: string;
}

/** What is said of a word under the pointer. */
export interface WordHelp {
  name: string;
  help: string;
  from: number;
  to: number;
}

/** A language of queries, for an editor of its own. */
export interface QueryLanguage {
  /** Grammar and completion, made once for each editor; `destroy` lets go of what they hold. */
  open: () => { extension: Extension; destroy?: () => void };
  help: (view: EditorView, position: number) => WordHelp | null | Promise<WordHelp | null>;
  /** What an empty editor shows. */
  hint: string;
  /** The place that the server's word names. */
  faultOf: (error: string, text: string) => Fault | null;
  /** What the grammar says once nothing is typed for a moment, while the server has said nothing; absent when the extension tells it. */
  check?: (text: string) => Fault | null;
}

interface QueryEditorProps {
  /** The same for as long as the editor lives. */
  language: QueryLanguage;
  /** Its name for those who cannot see it. */
  label: string;
  value: string;
  onChange: (value: string) => void;
  onRun: (value: string) => void;
  /** What the server said about the query that ran last. */
  error: string | null;
}

const PAUSE_MS = 700;

/** A query with completion, help, and errors where they are. Enter runs, Shift and Enter breaks the line. */
export function QueryEditor({ language, label, value, onChange, onRun, error }: QueryEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const handlers = useRef({ onChange, onRun });
  handlers.current = { onChange, onRun };
  const dark = useComputedColorScheme() === 'dark';
  const scheme = useRef(new Compartment());

  useEffect(() => {
    const own = language.open();
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
          own.extension,
          syntaxHighlighting(highlighting),
          helpOn(language),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false' }),
          placeholder(language.hint),
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
      own.destroy?.();
      editor.destroy();
      view.current = null;
    };
    // The editor keeps its own text; later values come in below.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [language, label]);

  useEffect(() => {
    view.current?.dispatch({ effects: scheme.current.reconfigure(EditorView.theme({}, { dark })) });
  }, [dark]);

  useEffect(() => {
    const editor = view.current;
    if (editor && editor.state.doc.toString() !== value) {
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
    }
  }, [value]);

  // Half-written queries are left alone for a moment.
  const { check, faultOf } = language;
  const checked = check ? value : '';
  useEffect(() => {
    const show = () => {
      const editor = view.current;
      if (!editor) return;
      const text = editor.state.doc.toString();
      const fault = error === null ? (check?.(text) ?? null) : faultOf(error, text);
      editor.dispatch(setDiagnostics(editor.state, fault ? [{ ...fault, severity: 'error' }] : []));
    };
    const timer = setTimeout(show, error === null && check ? PAUSE_MS : 0);
    return () => clearTimeout(timer);
  }, [check, faultOf, error, checked]);

  return <div ref={host} className="sk-editor" />;
}

function helpOn(language: QueryLanguage): Extension {
  return hoverTooltip(async (view, position) => {
    const found = await language.help(view, position);
    if (!found) return null;
    return {
      pos: found.from,
      end: found.to,
      above: true,
      create: () => {
        const dom = document.createElement('div');
        dom.className = 'sk-editor-help';
        const name = document.createElement('strong');
        name.textContent = found.name;
        dom.append(name, document.createElement('br'), found.help);
        return { dom };
      },
    };
  });
}
