// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.column;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the values of a text stand; what is between them is its template. A value never begins or
 * ends within a run of letters and digits. Not thread-safe.
 */
final class Slots {

  /** More values than this are not taken out of one text. */
  static final int MOST = 120;

  final int[] from = new int[MOST + 1];
  final int[] to = new int[MOST + 1];
  int count;

  /** Names of fields, asked for once per template; null entries are values that are no field. */
  @Nullable List<@Nullable String> names;

  void clear() {
    count = 0;
    names = null;
  }

  void nameThem() {
    names = new ArrayList<>();
  }

  /** Whether there was room. */
  boolean add(int start, int end) {
    if (count == MOST) {
      return false;
    }
    from[count] = start;
    to[count] = end;
    count++;
    return true;
  }
}
