// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A field's name as lines have it, and the label it becomes; nested fields hang below. Lines of a
 * stream mostly have the same fields in the same order, so each remembers which came after it.
 */
final class FieldKey {

  /** So many are remembered by one stage. */
  static final int MAX_KEYS = 16_384;

  final byte[] raw;
  final LabelName name;

  /** Whether its value may be wanted. */
  final boolean wanted;

  /** Whether values of fields nested in it may be. */
  final boolean prefixWanted;

  /** The first field of the last object it was. */
  @Nullable FieldKey first;

  /** The field after it. */
  @Nullable FieldKey next;

  private final int hash;
  private @Nullable FieldKey @Nullable [] table;
  private int children;

  private FieldKey(byte[] raw, int hash, String path, EntryState state) {
    this.raw = raw;
    this.hash = hash;
    this.name = state.name(path);
    this.wanted = !path.isEmpty() && state.mayWant(name);
    this.prefixWanted = state.hints.wantsPrefix(path);
  }

  static FieldKey root(EntryState state) {
    return new FieldKey(new byte[0], 0, "", state);
  }

  int children() {
    return children;
  }

  boolean is(byte[] bytes, int from, int length) {
    return Arrays.equals(raw, 0, raw.length, bytes, from, from + length);
  }

  /** A field directly in this one. */
  FieldKey child(byte[] bytes, int from, int length, EntryState state) {
    int h = length;
    for (int i = from; i < from + length; i++) {
      h = h * 31 + bytes[i];
    }
    h ^= h >>> 15;
    @Nullable FieldKey[] in = table;
    if (in == null) {
      in = new FieldKey[8];
      table = in;
    }
    int mask = in.length - 1;
    int at = h & mask;
    for (FieldKey known = in[at]; known != null; known = in[at]) {
      if (known.hash == h && known.is(bytes, from, length)) {
        return known;
      }
      at = (at + 1) & mask;
    }
    byte[] key = Arrays.copyOfRange(bytes, from, from + length);
    FieldKey added = new FieldKey(key, h, path(key), state);
    in[at] = added;
    if (++children * 2 > in.length) {
      grow(in);
    }
    return added;
  }

  private String path(byte[] key) {
    String text = LabelNames.sanitize(new String(key, StandardCharsets.UTF_8));
    if (name.text.isEmpty()) {
      return text;
    }
    // Only the first character of a whole name may not be a digit.
    boolean digit = text.length() > 1 && key.length > 0 && isDigitAfterSpaces(key);
    return name.text + "_" + (digit ? text.substring(1) : text);
  }

  private static boolean isDigitAfterSpaces(byte[] key) {
    String stripped = new String(key, StandardCharsets.UTF_8).strip();
    return !stripped.isEmpty() && stripped.charAt(0) >= '0' && stripped.charAt(0) <= '9';
  }

  private void grow(@Nullable FieldKey[] before) {
    @Nullable FieldKey[] after = new FieldKey[before.length * 2];
    int mask = after.length - 1;
    for (FieldKey key : before) {
      if (key != null) {
        int at = key.hash & mask;
        while (after[at] != null) {
          at = (at + 1) & mask;
        }
        after[at] = key;
      }
    }
    table = after;
  }
}
