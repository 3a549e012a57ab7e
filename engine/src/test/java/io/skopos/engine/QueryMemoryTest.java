// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class QueryMemoryTest {

  private final QueryMemory memory = new QueryMemory(32_000);

  private QueryBudget budget() {
    return new QueryBudget(QueryBudget.Limits.UNLIMITED, 0, memory);
  }

  @Test
  void queriesShareItAndTheOneThatGoesOverIsStopped() {
    QueryBudget first = budget();
    QueryBudget second = budget();
    first.holdSamples(600);
    second.holdSamples(400);
    assertThatThrownBy(() -> second.holdSamples(1))
        .isInstanceOfSatisfying(
            QueryAborted.class,
            stopped -> assertThat(stopped.reason()).isEqualTo(QueryAborted.Reason.TOO_MANY_BYTES))
        .hasMessageContaining("32000 bytes");
    second.close();
    assertThat(memory.heldBytes()).isEqualTo(600 * 32);
    first.holdSamples(400);
    first.releaseSamples(900);
    assertThat(memory.heldBytes()).isEqualTo(100 * 32);
    first.close();
    assertThat(memory.heldBytes()).isZero();
  }

  @Test
  void whatAnEndedQueryStillDoesIsNotCounted() {
    QueryBudget ended = budget();
    ended.close();
    ended.holdSamples(5_000);
    assertThat(memory.heldBytes()).isZero();
  }
}
