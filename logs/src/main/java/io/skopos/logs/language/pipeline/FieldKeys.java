// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import org.jspecify.annotations.Nullable;

/** The fields one stage has met; forgotten when they grow too many. */
final class FieldKeys {

  private @Nullable FieldKey root;
  private @Nullable EntryState of;
  private int generation;
  private int known;

  /** Called at the beginning of each entry. */
  FieldKey root(EntryState state) {
    FieldKey current = root;
    if (current == null
        || of != state
        || generation != state.generation()
        || known > FieldKey.MAX_KEYS) {
      current = FieldKey.root(state);
      root = current;
      of = state;
      generation = state.generation();
      known = 0;
    }
    return current;
  }

  FieldKey child(FieldKey parent, byte[] bytes, int from, int length, EntryState state) {
    int before = parent.children();
    FieldKey child = parent.child(bytes, from, length, state);
    known += parent.children() - before;
    return child;
  }
}
