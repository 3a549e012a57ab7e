// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class MemoryBudgetTest {

  @Test
  void theLimitHoldsForWhoAsks() {
    MemoryBudget budget = new MemoryBudget(100);
    assertThat(budget.tryReserve("a", 60)).isTrue();
    assertThat(budget.tryReserve("b", 41)).isFalse();
    assertThat(budget.usedBytes()).isEqualTo(60);
    assertThat(budget.usedBytes("b")).isZero();
    assertThat(budget.tryReserve("b", 40)).isTrue();
    budget.reserve("c", 50);
    assertThat(budget.usedBytes()).isEqualTo(150);
    assertThat(budget.tryReserve("a", 1)).isFalse();
    budget.release("c", 50);
    budget.release("a", 60);
    budget.release("b", 40);
    assertThat(budget.usedBytes()).isZero();
    assertThat(budget.owners()).containsExactly("a", "b", "c");
  }

  @Test
  void manyWhoAskAtOnceNeverPassIt() throws Exception {
    MemoryBudget budget = new MemoryBudget(1_000);
    List<Callable<Long>> callers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String owner = "owner" + i;
      callers.add(() -> {
        long most = 0;
        for (int round = 0; round < 20_000; round++) {
          if (budget.tryReserve(owner, 300)) {
            most = Math.max(most, budget.usedBytes(owner));
            budget.release(owner, 300);
          }
        }
        return most;
      });
    }
    try (ExecutorService executor = Executors.newFixedThreadPool(4)) {
      for (Future<Long> most : executor.invokeAll(callers)) {
        assertThat(most.get()).isEqualTo(300);
      }
    }
    assertThat(budget.usedBytes()).isZero();
  }
}
