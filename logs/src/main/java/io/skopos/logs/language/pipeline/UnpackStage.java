// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import io.skopos.logs.language.pipeline.text.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code | unpack}: undoes what shippers pack. Of an object with the field {@code _entry} that
 * becomes the line, and its other texts labels; any other object is left as it is.
 */
public final class UnpackStage implements Stage {

  private static final byte[] ENTRY = "_entry".getBytes(StandardCharsets.UTF_8);

  private record Found(FieldKey key, int from, int length) {}

  private final FieldKeys keys = new FieldKeys();
  private final List<Found> found = new ArrayList<>();
  private int entryFrom;
  private int entryLength;

  public UnpackStage() {}

  @Override
  public boolean process(EntryState state) {
    int length = state.length();
    if (length == 0) {
      return true;
    }
    byte[] bytes = state.bytes();
    int from = state.from();
    found.clear();
    entryLength = -1;
    String problem = read(state, bytes, from, length);
    if (!problem.isEmpty()) {
      if (!state.hints.noLabels()) {
        state.parserError(Errors.JSON, problem);
      }
      return true;
    }
    if (entryLength < 0) {
      return true;
    }
    for (Found field : found) {
      LabelName target = state.parsedName(field.key().name);
      if (target != null) {
        boolean escapes = JsonText.hasEscape(bytes, field.from(), field.length());
        JsonValues.setText(state, target, bytes, field.from(), field.length(), escapes);
      }
    }
    if (JsonText.hasEscape(bytes, entryFrom, entryLength)) {
      int at = state.reserve(entryLength);
      byte[] into = state.arena();
      int size = JsonText.unescape(bytes, entryFrom, entryLength, into, at);
      state.replaceLine(into, at, size);
    } else {
      state.replaceLine(bytes, entryFrom, entryLength);
    }
    return true;
  }

  private String read(EntryState state, byte[] bytes, int from, int length) {
    int first = from;
    while (first < from + length && JsonText.isSpace(bytes[first])) {
      first++;
    }
    if (first == from + length || bytes[first] != '{') {
      return "expecting json object(6), but it is not";
    }
    FieldKey root = keys.root(state);
    return JsonText.fields(
        bytes,
        from,
        length,
        (key, keyFrom, keyLength, kind, valueFrom, valueLength) -> {
          if (kind != JsonText.Kind.STRING) {
            return "";
          }
          FieldKey field = keys.child(root, key, keyFrom, keyLength, state);
          if (field.is(ENTRY, 0, ENTRY.length)) {
            if (JsonText.unescape(bytes, valueFrom, valueLength, new byte[valueLength], 0) < 0) {
              return JsonText.MALFORMED_ESCAPE;
            }
            entryFrom = valueFrom;
            entryLength = valueLength;
          } else if (field.wanted) {
            found.add(new Found(field, valueFrom, valueLength));
          }
          return "";
        });
  }
}
