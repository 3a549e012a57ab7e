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
  void queriesShareItAndTheOneThatHoldsMostIsStopped() {
    QueryBudget large = budget();
    QueryBudget small = budget();
    large.holdSamples(600);
    small.holdSamples(400);
    large.checkRunning();
    small.holdSamples(1);
    assertThatThrownBy(large::checkRunning)
        .isInstanceOfSatisfying(
            QueryAborted.class,
            stopped -> assertThat(stopped.reason()).isEqualTo(QueryAborted.Reason.TOO_MANY_BYTES))
        .hasMessageContaining("32000 bytes");
    assertThat(large.isStoppedForMemory()).isTrue();
    large.close();
    assertThat(memory.heldBytes()).isEqualTo(401 * 32);
    small.holdSamples(599);
    small.releaseSamples(900);
    assertThat(memory.heldBytes()).isEqualTo(100 * 32);
    small.close();
    assertThat(memory.heldBytes()).isZero();
  }

  @Test
  void aSmallQueryStopsTooWhenTheLargeOneDoesNotEnd() {
    QueryBudget large = budget();
    QueryBudget small = budget();
    large.holdSamples(1000);
    small.holdSamples(125);
    assertThatThrownBy(() -> small.holdSamples(1)).isInstanceOf(QueryAborted.class);
    small.close();
    QueryBudget alone = budget();
    large.close();
    assertThatThrownBy(() -> alone.holdSamples(1001)).isInstanceOf(QueryAborted.class);
  }

  @Test
  void labelsCountAndAnAnswerIsHeldUntilItIsSent() {
    QueryBudget query = budget();
    query.holdSamples(500);
    query.addBytes(10_000);
    assertThat(memory.heldBytes()).isEqualTo(500 * 32 + 10_000);
    assertThatThrownBy(() -> query.addBytes(6_001)).isInstanceOf(QueryAborted.class);
    query.holdOnly(4_000);
    assertThat(memory.heldBytes()).isEqualTo(4_000);
    query.close();
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
