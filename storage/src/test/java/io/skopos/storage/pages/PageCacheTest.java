// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.pages;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.skopos.storage.memory.MemoryBudget;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class PageCacheTest {

  private static final long CAPACITY = 1 << 20;
  private static final int PAGE = 10_000;

  private final MemoryBudget budget = new MemoryBudget(1L << 30);
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final PageCache cache = new PageCache(CAPACITY, budget, registry);
  private final AtomicInteger loads = new AtomicInteger();

  @AfterEach
  void everyByteIsGivenBack() {
    cache.close();
    assertThat(budget.usedBytes()).isZero();
  }

  @Test
  void aPageIsLoadedOnceAndReadOnly() throws IOException {
    assertThat(cache.find(1, 2, 3)).isNull();
    try (Page first = load(1, 3)) {
      try (Page second = requireNonNull(cache.find(1, 2, 3))) {
        assertThat(second.bytes()).isSameAs(first.bytes());
        assertThat(second.bytes().isReadOnly()).isTrue();
        assertThat(second.bytes().isNative()).isTrue();
      }
      try (Page third = load(1, 3)) {
        assertThat(third.bytes()).isSameAs(first.bytes());
      }
    }
    assertThat(loads).hasValue(1);
    assertThat(counter("hits")).isEqualTo(2);
    assertThat(counter("misses")).isEqualTo(1);
    for (long[] other : new long[][] {{2, 2, 3}, {1, 3, 3}, {1, 2, 4}, {2, 1, 3}}) {
      assertThat(cache.find(other[0], other[1], other[2])).isNull();
    }
  }

  @Test
  void closingTwiceIsABugThatShows() throws IOException {
    Page page = load(1, 0);
    page.close();
    assertThatThrownBy(page::close).isInstanceOf(IllegalStateException.class);
    requireNonNull(cache.find(1, 2, 0)).close();
  }

  @Test
  void theBoundHoldsAndPinnedPagesStay() throws IOException {
    List<Page> pinned = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      pinned.add(load(7, i));
    }
    for (int i = 0; i < 1_000; i++) {
      load(8, i).close();
      assertThat(cache.usedBytes()).isLessThanOrEqualTo(CAPACITY);
    }
    assertThat(budget.usedBytes(PageMemory.OWNER)).isLessThanOrEqualTo(CAPACITY);
    assertThat(counter("evictions")).isGreaterThan(800);
    for (int i = 0; i < 10; i++) {
      try (Page again = requireNonNull(cache.find(7, 2, i))) {
        assertThat(again).isSameAs(pinned.get(i));
        check(again, 7, i);
      }
      pinned.get(i).close();
    }
  }

  @Test
  void whenAllIsPinnedPagesLiveOnTheHeapForTheirUsersOnly() throws IOException {
    List<Page> pinned = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      pinned.add(load(7, i));
    }
    assertThat(counter("uncached")).isGreaterThan(80);
    Page last = pinned.getLast();
    assertThat(last.bytes().isNative()).isFalse();
    assertThat(last.bytes().isReadOnly()).isTrue();
    check(last, 7, 199);
    assertThat(cache.find(7, 2, 199)).isNull();
    pinned.forEach(Page::close);
    load(9, 0).close();
    assertThat(cache.find(9, 2, 0)).isNotNull().satisfies(Page::close);
  }

  @Test
  void aPageLargerThanAChunkIsServedUncached() throws IOException {
    try (Page large =
        cache.load(1, 2, 3, 9, 1 << 20, (offset, stored, into) -> into.fill((byte) 5))) {
      assertThat(large.bytes().byteSize()).isEqualTo(1 << 20);
      assertThat(large.bytes().get(ValueLayout.JAVA_BYTE, 77)).isEqualTo((byte) 5);
    }
    assertThat(counter("uncached")).isEqualTo(1);
  }

  @Test
  void aBudgetThatIsUsedUpCostsCachingNotAnswers() throws IOException {
    MemoryBudget tight = new MemoryBudget(1_000);
    try (PageCache poor = new PageCache(CAPACITY, tight, new PrometheusRegistry());
        Page page = poor.load(1, 2, 3, 9, PAGE, (offset, stored, into) -> into.fill((byte) 1))) {
      assertThat(page.bytes().isNative()).isFalse();
      assertThat(tight.usedBytes()).isZero();
    }
  }

  @Test
  void aScanDoesNotWashOutWhatIsReadAgainAndAgain() throws IOException {
    for (int round = 0; round < 4; round++) {
      for (int hot = 0; hot < 30; hot++) {
        load(1, hot).close();
      }
    }
    int hits = 0;
    for (int i = 0; i < 2_000; i++) {
      load(2, i).close();
      if (i % 10 == 0) {
        int hot = i / 10 % 30;
        int before = loads.get();
        load(1, hot).close();
        hits += loads.get() == before ? 1 : 0;
      }
    }
    // 30 hot pages fit three times over; a plain FIFO or LRU of 100 pages would lose most of them.
    assertThat(hits).isGreaterThan(180);
  }

  @Test
  void manyWhoWantTheSamePageWaitForOneLoad() throws Exception {
    CountDownLatch loading = new CountDownLatch(1);
    CountDownLatch proceed = new CountDownLatch(1);
    try (ExecutorService executor = Executors.newFixedThreadPool(4)) {
      Future<Page> first =
          executor.submit(() ->
              cache.load(
                  1,
                  2,
                  3,
                  9,
                  PAGE,
                  (offset, stored, into) -> {
                    loading.countDown();
                    await(proceed);
                    fill(into, 1, 3);
                  }));
      loading.await();
      List<Future<Page>> others = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        others.add(executor.submit(() -> load(1, 3)));
      }
      waitFor(() -> counter("awaited") == 3);
      assertThat(cache.find(1, 2, 3)).isNull();
      proceed.countDown();
      for (Future<Page> other : others) {
        try (Page page = other.get()) {
          check(page, 1, 3);
        }
      }
      first.get().close();
    }
    assertThat(loads).hasValue(0);
    assertThat(counter("misses")).isEqualTo(1);
  }

  @Test
  void aFailureReachesAllWhoWaitAndIsForgotten() throws Exception {
    CountDownLatch loading = new CountDownLatch(1);
    CountDownLatch proceed = new CountDownLatch(1);
    PageLoader failing =
        (offset, stored, into) -> {
          loading.countDown();
          await(proceed);
          throw new IOException("disk on fire");
        };
    try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
      Future<Page> first = executor.submit(() -> cache.load(1, 2, 3, 9, PAGE, failing));
      loading.await();
      Future<Page> second = executor.submit(() -> load(1, 3));
      waitFor(() -> counter("awaited") == 1);
      proceed.countDown();
      for (Future<Page> page : List.of(first, second)) {
        assertThatThrownBy(page::get).hasRootCauseMessage("disk on fire");
      }
    }
    assertThat(cache.usedBytes()).isZero();
    try (Page page = load(1, 3)) {
      check(page, 1, 3);
    }
  }

  @Test
  void anotherQuerysCancellationIsNotOurs() throws Exception {
    CountDownLatch loading = new CountDownLatch(1);
    CountDownLatch proceed = new CountDownLatch(1);
    PageLoader cancelled =
        (offset, stored, into) -> {
          loading.countDown();
          await(proceed);
          throw new InterruptedIOException("query cancelled");
        };
    try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
      Future<Page> first = executor.submit(() -> cache.load(1, 2, 3, 9, PAGE, cancelled));
      loading.await();
      Future<Page> second = executor.submit(() -> load(1, 3));
      waitFor(() -> counter("awaited") == 1);
      proceed.countDown();
      assertThatThrownBy(first::get).hasRootCauseMessage("query cancelled");
      try (Page page = second.get()) {
        check(page, 1, 3);
      }
    }
  }

  @Test
  void nobodyEverSeesAnotherPagesBytes() throws Exception {
    List<Callable<Void>> readers = new ArrayList<>();
    for (int thread = 0; thread < 4; thread++) {
      SplittableRandom random = new SplittableRandom(thread);
      readers.add(() -> {
        for (int i = 0; i < 20_000; i++) {
          // Skewed, so that hits, waits and evictions all happen: some 300 pages for 100 places.
          int offset = (int) (300 * Math.pow(random.nextDouble(), 2));
          Page page = cache.find(1, 2, offset);
          try (Page pinned = page != null ? page : load(1, offset)) {
            check(pinned, 1, offset);
          }
        }
        return null;
      });
    }
    try (ExecutorService executor = Executors.newFixedThreadPool(4)) {
      for (Future<Void> reader : executor.invokeAll(readers)) {
        reader.get();
      }
    }
    assertThat(counter("hits")).isGreaterThan(40_000);
    assertThat(counter("evictions")).isGreaterThan(500);
  }

  private Page load(long partHigh, long offset) throws IOException {
    return cache.load(
        partHigh,
        2,
        offset,
        9,
        PAGE,
        (at, stored, into) -> {
          loads.incrementAndGet();
          fill(into, partHigh, at);
        });
  }

  private static void fill(MemorySegment into, long partHigh, long offset) {
    for (long at = 0; at < into.byteSize(); at += 8) {
      into.set(ValueLayout.JAVA_LONG_UNALIGNED, at, partHigh * 1_000_003 + offset * 31 + at);
    }
  }

  private static void check(Page page, long partHigh, long offset) {
    for (long at = 0; at < PAGE; at += 1_000) {
      long found = page.bytes().get(ValueLayout.JAVA_LONG_UNALIGNED, at);
      if (found != partHigh * 1_000_003 + offset * 31 + at) {
        throw new AssertionError("page " + partHigh + "," + offset + " has other bytes at " + at);
      }
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void waitFor(Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (!condition.call()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      LockSupport.parkNanos(100_000);
    }
  }

  private double counter(String name) {
    for (MetricSnapshot snapshot : registry.scrape()) {
      if (snapshot.getMetadata().getName().equals("skopos_storage_page_cache_" + name)) {
        return ((CounterSnapshot) snapshot).getDataPoints().getFirst().getValue();
      }
    }
    throw new AssertionError("no counter " + name);
  }
}
