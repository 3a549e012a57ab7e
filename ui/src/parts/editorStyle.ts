// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { HighlightStyle } from '@codemirror/language';
import { tags } from '@lezer/highlight';
import './editor.css';

/** The colours of query languages. */
export const highlighting = HighlightStyle.define([
  { tag: tags.variableName, color: 'var(--sk-code-name)' },
  { tag: tags.labelName, color: 'var(--sk-code-label)' },
  { tag: tags.string, color: 'var(--sk-code-string)' },
  { tag: [tags.number, tags.modifier], color: 'var(--sk-code-number)' },
  { tag: [tags.keyword, tags.function(tags.variableName), tags.operatorKeyword], color: 'var(--sk-code-keyword)', fontWeight: '600' },
  { tag: tags.operator, color: 'var(--sk-dim)' },
  { tag: tags.comment, color: 'var(--sk-dim)', fontStyle: 'italic' },
  { tag: tags.invalid, color: 'var(--sk-bad)' },
]);
