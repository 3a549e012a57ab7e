// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.stage;

/**
 * One step, as opened for one source. Gives each entry it lets through to what follows; may keep
 * some for later. Used by one thread.
 */
interface Stage {

  void process(Entry entry, Next next);

  /** Gives on what was kept for long enough. */
  default void tick(long nowNs, Next next) {}

  /** Gives on all that was kept: nothing more comes. */
  default void finish(Next next) {}

  /** Where the first entry that is kept begins; {@code Long.MAX_VALUE} when none is. */
  default long heldFrom() {
    return Long.MAX_VALUE;
  }

  /** How long the source should rest before it gives more; nanoseconds. */
  default long restNs() {
    return 0;
  }

  /** What follows. */
  interface Next {
    void accept(Entry entry);

    /** Says that an entry was left out, and why. */
    void dropped(String reason);
  }

  /** Makes the stage for each source; shared state lives in it. */
  @FunctionalInterface
  interface Factory {
    Stage open();

    /** For stages without state. */
    static Factory of(Stage stage) {
      return () -> stage;
    }
  }
}
