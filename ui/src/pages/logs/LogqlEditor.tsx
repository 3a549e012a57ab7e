// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { autocompletion } from '@codemirror/autocomplete';
import type { EditorView } from '@codemirror/view';
import { useState } from 'react';
import { QueryEditor, type QueryLanguage, type WordHelp } from '../../parts/QueryEditor';
import type { Range } from '../../url/timeRange';
import { complete, LogqlCompletions } from './logqlCompletion';
import { logqlErrorPosition, syntaxError } from './logqlError';
import { logqlLanguage } from './logqlLanguage';
import { helpOn } from './logqlWords';

interface LogqlEditorProps {
  value: string;
  /** What completion looks for names and values in. */
  range: Range;
  onChange: (value: string) => void;
  onRun: (value: string) => void;
  error: string | null;
}

/** LogQL in the editor of queries. */
export function LogqlEditor({ range, ...editor }: LogqlEditorProps) {
  const [completions] = useState(() => new LogqlCompletions());
  const [language] = useState(() => logql(completions));
  completions.range = range;
  return <QueryEditor language={language} label="Query, in LogQL" {...editor} />;
}

function logql(completions: LogqlCompletions): QueryLanguage {
  return {
    open: () => ({
      extension: [
        logqlLanguage,
        autocompletion({
          activateOnTyping: true,
          maxRenderedOptions: 80,
          override: [
            async (context) => {
              const found = await complete(context, completions);
              return context.aborted ? null : found;
            },
          ],
        }),
      ],
    }),
    help: wordHelp,
    hint: 'LogQL, such as {service_name="shop"} |= "timeout"; or choose a source below',
    faultOf: (error, text) => logqlErrorPosition(error, text) ?? syntaxError(text),
    check: syntaxError,
  };
}

/** Of a function or stage. */
function wordHelp(view: EditorView, position: number): WordHelp | null {
  const word = view.state.wordAt(position);
  const name = word ? view.state.sliceDoc(word.from, word.to) : '';
  const help = helpOn(name);
  return word && help ? { name, help, from: word.from, to: word.to } : null;
}
