// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CpuWorkersTest {

  private static final Duration LONG = Duration.ofSeconds(50);

  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicLong turns = new AtomicLong();

  /** More of them than there are places, none of which ever ends by itself. */
  @Test
  void shortWorkGetsThroughBesideMonstersWhichGoOnAllTheSame() throws Exception {
    try (CpuWorkers workers = new CpuWorkers("test", 2, 100, new PrometheusRegistry())) {
      List<Thread> monsters = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        monsters.add(Thread.ofVirtual().start(() -> monster(workers)));
      }
      for (int i = 0; i < 200; i++) {
        assertThat(workers.run(() -> "done", LONG)).isEqualTo("done");
      }
      long before = turns.get();
      while (turns.get() < before + 1000) {
        assertThat(workers.run(() -> "done", LONG)).isEqualTo("done");
      }
      over.set(true);
      for (Thread monster : monsters) {
        monster.join();
      }
      assertThat(workers.run(() -> "done", LONG)).isEqualTo("done");
    }
  }

  private void monster(CpuWorkers workers) {
    try {
      workers.run(
          () -> {
            while (!over.get()) {
              CpuWorkers.pace(over::get);
              turns.incrementAndGet();
            }
            return null;
          },
          LONG);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void withOneThreadAllRunsOneAfterTheOther() throws Exception {
    try (CpuWorkers workers = new CpuWorkers("test", 1, 1, new PrometheusRegistry())) {
      Thread monster = Thread.ofVirtual().start(() -> monster(workers));
      while (turns.get() == 0) {
        Thread.onSpinWait();
      }
      assertThat(workers.tryStart(() -> {})).isFalse();
      assertThatThrownBy(() -> workers.run(() -> "done", Duration.ofMillis(300)))
          .isInstanceOf(HttpError.class)
          .hasMessageContaining("query timed out in query queue");
      over.set(true);
      monster.join();
    }
  }

  /**
   * What runs on one of the threads and asks for one goes on there, rather than wait for itself.
   */
  @Test
  void workOnAThreadNeedsNoOther() throws Exception {
    try (CpuWorkers workers = new CpuWorkers("test", 1, 1, new PrometheusRegistry())) {
      CountDownLatch done = new CountDownLatch(1);
      boolean started =
          workers.tryStart(() -> {
            try {
              if (workers.run(() -> "inner", LONG).equals("inner")) {
                done.countDown();
              }
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          });
      assertThat(started).isTrue();
      done.await();
    }
  }
}
