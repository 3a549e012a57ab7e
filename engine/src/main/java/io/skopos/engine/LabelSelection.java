// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine;

import io.skopos.model.CanonicalLength;
import io.skopos.model.Labels;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;

/**
 * Keeps or drops named labels. Works on canonical bytes: since their names ascend, what is kept is
 * canonical again and a series is projected by one walk and copies, without making strings.
 */
public final class LabelSelection {

  private final byte[][] names;
  private final boolean keep;

  private LabelSelection(Collection<String> names, boolean keep) {
    this.names =
        names.stream()
            .distinct()
            .map(name -> name.getBytes(StandardCharsets.UTF_8))
            .sorted(Arrays::compareUnsigned)
            .toArray(byte[][]::new);
    this.keep = keep;
  }

  /** Only these labels. */
  public static LabelSelection keeping(Collection<String> names) {
    return new LabelSelection(names, true);
  }

  /** All but these labels. */
  public static LabelSelection dropping(Collection<String> names) {
    return new LabelSelection(names, false);
  }

  public Labels apply(Labels labels) {
    byte[] from = labels.canonicalBytes();
    byte[] to = new byte[from.length];
    int length = copy(from, to);
    return length == from.length ? labels : Labels.ofCanonicalBytes(Arrays.copyOf(to, length));
  }

  /**
   * Writes what is left of a canonical label set and returns its length.
   *
   * @param to at least as long as {@code from}
   */
  int copy(byte[] from, byte[] to) {
    int position = 0;
    int length = 0;
    int next = 0;
    while (position < from.length) {
      if (keep && next == names.length) {
        break;
      }
      int start = position;
      int nameLength = from[position++];
      if (nameLength < 0) {
        position--;
        nameLength = CanonicalLength.read(from, position);
        position += CanonicalLength.bytes(nameLength);
      }
      int order = -1;
      while (next < names.length) {
        order = compare(from, position, nameLength, names[next]);
        if (order <= 0) {
          break;
        }
        next++;
      }
      boolean named = next < names.length && order == 0;
      position += nameLength;
      int valueLength = from[position++];
      if (valueLength < 0) {
        position--;
        valueLength = CanonicalLength.read(from, position);
        position += CanonicalLength.bytes(valueLength);
      }
      position += valueLength;
      if (named == keep) {
        System.arraycopy(from, start, to, length, position - start);
        length += position - start;
      }
    }
    return length;
  }

  private static int compare(byte[] from, int start, int length, byte[] name) {
    int common = Math.min(length, name.length);
    for (int i = 0; i < common; i++) {
      int difference = (from[start + i] & 0xff) - (name[i] & 0xff);
      if (difference != 0) {
        return difference;
      }
    }
    return length - name.length;
  }
}
