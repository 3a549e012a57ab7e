// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.stage;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code match}: stages of its own for the entries a selector fits. */
final class MatchStage implements Stage {

  private final EntrySelector selector;
  private final StageChain inner;
  private @Nullable Next next;

  MatchStage(EntrySelector selector, Stages stages) {
    this.selector = selector;
    this.inner = stages.open(this::passed, this::dropped);
  }

  private void passed(Entry entry) {
    Objects.requireNonNull(next).accept(entry);
  }

  private void dropped(String reason) {
    Objects.requireNonNull(next).dropped(reason);
  }

  @Override
  public void process(Entry entry, Next following) {
    next = following;
    if (selector.test(entry)) {
      inner.process(entry);
    } else {
      following.accept(entry);
    }
  }

  @Override
  public void tick(long nowNs, Next following) {
    next = following;
    inner.tick(nowNs);
  }

  @Override
  public void finish(Next following) {
    next = following;
    inner.finish();
  }

  @Override
  public long heldFrom() {
    return inner.heldFrom();
  }

  @Override
  public long restNs() {
    return inner.restNs();
  }
}
