// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
import { LRLanguage } from '@codemirror/language';
import { parser } from '@grafana/lezer-logql';
import { styleTags, tags } from '@lezer/highlight';

/** LogQL's grammar with colours. */
export const logqlLanguage = LRLanguage.define({
  parser: parser.configure({
    props: [
      styleTags({
        LineComment: tags.comment,
        String: tags.string,
        'Number Duration Bytes': tags.number,
        Identifier: tags.labelName,
        'RangeOp/... VectorOp/...': tags.function(tags.variableName),
        'ConvOp/...': tags.function(tags.variableName),
        'Json Logfmt Unpack Pattern Regexp Unwrap LabelFormat LineFormat LabelReplace Vector Decolorize Drop Keep Ip': tags.keyword,
        'Offset Bool On Ignoring GroupLeft GroupRight By Without And Or Unless ParserFlag': tags.keyword,
        'Eq Neq Re Nre PipeExact PipeMatch PipePattern Npa Pipe Gtr Gte Lss Lte Eql': tags.operator,
      }),
    ],
  }),
  languageData: { closeBrackets: { brackets: ['(', '[', '{', "'", '"', '`'] }, commentTokens: { line: '#' } },
});
