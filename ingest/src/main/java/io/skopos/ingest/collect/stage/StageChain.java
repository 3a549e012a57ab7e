// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.stage;

import java.util.List;
import java.util.function.Consumer;

/** Stages of one source, in a row. Used by one thread. */
public final class StageChain {

  private final List<Stage> stages;
  private final Stage.Next[] next;

  StageChain(List<Stage> stages, Consumer<Entry> end, Consumer<String> dropped) {
    this.stages = stages;
    this.next = new Stage.Next[stages.size() + 1];
    next[stages.size()] = new Link(end, dropped);
    for (int i = stages.size() - 1; i >= 0; i--) {
      Stage stage = stages.get(i);
      Stage.Next following = next[i + 1];
      next[i] = new Link(entry -> stage.process(entry, following), dropped);
    }
  }

  private record Link(Consumer<Entry> to, Consumer<String> drops) implements Stage.Next {

    @Override
    public void accept(Entry entry) {
      to.accept(entry);
    }

    @Override
    public void dropped(String reason) {
      drops.accept(reason);
    }
  }

  public void process(Entry entry) {
    next[0].accept(entry);
  }

  /** Lets go what stages kept for long enough. */
  public void tick(long nowNs) {
    for (int i = 0; i < stages.size(); i++) {
      stages.get(i).tick(nowNs, next[i + 1]);
    }
  }

  /** Lets go everything: nothing more comes. */
  public void finish() {
    for (int i = 0; i < stages.size(); i++) {
      stages.get(i).finish(next[i + 1]);
    }
  }

  /** Where the first entry that a stage keeps begins; {@code Long.MAX_VALUE} when none does. */
  public long heldFrom() {
    long held = Long.MAX_VALUE;
    for (Stage stage : stages) {
      held = Math.min(held, stage.heldFrom());
    }
    return held;
  }

  /** How long the source should rest before it gives more; nanoseconds. */
  public long restNs() {
    long rest = 0;
    for (Stage stage : stages) {
      rest = Math.max(rest, stage.restNs());
    }
    return rest;
  }
}
