// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0

/** The part of the text that is the selector being written, when the cursor is in one. */
export function selectorBefore(text: string): string | null {
  let open = -1;
  for (const match of text.matchAll(/"(?:[^"\\]|\\.)*(?:"|$)|`[^`]*(?:`|$)|[{}]/gs)) {
    if (match[0] === '{') open = match.index;
    else if (match[0] === '}') open = -1;
  }
  return open < 0 ? null : text.slice(open + 1);
}
