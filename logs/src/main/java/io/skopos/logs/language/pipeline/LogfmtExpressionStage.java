// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import io.skopos.logs.language.pipeline.text.LogfmtText;
import io.skopos.logs.language.pipeline.text.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * {@code | logfmt level, code="status"}: makes labels of the pairs named. One whose key is not
 * there is empty.
 */
public final class LogfmtExpressionStage implements Stage {

  private final boolean strict;
  private final String[] labels;
  private final String[] fields;
  private final LogfmtText text = new LogfmtText();

  /**
   * @param keepEmpty makes no difference: labels asked for are always there
   * @throws InvalidStage when an extraction is malformed
   */
  public LogfmtExpressionStage(boolean strict, boolean keepEmpty, List<Extraction> extractions) {
    if (extractions.isEmpty()) {
      throw new InvalidStage("no logfmt expression provided");
    }
    this.strict = strict;
    this.labels = new String[extractions.size()];
    this.fields = new String[extractions.size()];
    for (int i = 0; i < labels.length; i++) {
      Extraction extraction = extractions.get(i);
      LabelNames.check(
          extraction.label(), "invalid extracted label name '" + extraction.label() + "'");
      labels[i] = extraction.label();
      fields[i] = LabelNames.sanitize(extraction.expression());
      if (fields[i].isEmpty()) {
        throw new InvalidStage(
            "cannot parse expression ["
                + extraction.expression()
                + "]: syntax error: unexpected $end, expecting STRING or FIELD");
      }
    }
  }

  @Override
  public boolean process(EntryState state) {
    if (state.hints.noLabels() || state.parsedEnough()) {
      return true;
    }
    for (String label : labels) {
      LabelName name = state.name(label);
      if (!state.isTaken(name)) {
        state.set(EntryState.Category.PARSED, name, "");
      }
    }
    byte[] bytes = state.bytes();
    text.reset(bytes, state.from(), state.length());
    while (!text.atEnd()) {
      if (!text.next()) {
        if (strict) {
          break;
        }
        continue;
      }
      for (int i = 0; i < fields.length; i++) {
        if (isKey(bytes, fields[i])) {
          set(state, labels[i]);
        }
      }
    }
    if (strict && !text.problem().isEmpty()) {
      state.parserError(Errors.LOGFMT, text.problem());
    }
    return true;
  }

  private boolean isKey(byte[] bytes, String field) {
    if (text.keyLength == field.length()) {
      boolean same = true;
      for (int i = 0; i < text.keyLength && same; i++) {
        byte c = bytes[text.keyFrom + i];
        same = (LabelNames.isWordByte(c) ? c : '_') == field.charAt(i);
      }
      if (same) {
        return true;
      }
    }
    if (text.keyLength == 0 || text.keyLength < field.length() - 1) {
      return false;
    }
    byte first = bytes[text.keyFrom];
    boolean plain = first > ' ' && (first < '0' || first > '9');
    if (plain
        && !io.skopos.logs.language.pipeline.search.ByteSearch.hasNonAscii(
            bytes, text.keyFrom, text.keyLength)) {
      return false;
    }
    String key = new String(bytes, text.keyFrom, text.keyLength, StandardCharsets.UTF_8);
    return LabelNames.sanitize(key).equals(field);
  }

  private void set(EntryState state, String label) {
    LabelName name = state.name(label);
    LabelName target = state.isTaken(name) ? state.extractedName(name) : name;
    if (Utf8.hasReplacement(text.value, text.valueFrom, text.valueLength)) {
      state.set(EntryState.Category.PARSED, target, "");
    } else {
      state.set(EntryState.Category.PARSED, target, text.value, text.valueFrom, text.valueLength);
    }
  }
}
