// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.pages;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.storage.CallbackMetrics;
import io.skopos.storage.memory.MemoryBudget;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decompressed, verified pages of parts, off-heap, up to a number of bytes.
 *
 * <p>A page is found without a lock and pinned by counting; several that want the same missing page
 * wait for one load. At the bound unpinned pages are evicted ({@link PageEviction}). When all pages
 * are pinned, or one is larger than a chunk of memory, it is loaded onto the heap for its users
 * alone: a query then costs garbage, not an error ({@code
 * skopos_storage_page_cache_uncached_total}). Thread-safe; no lock is held while a page is read.
 */
public final class PageCache implements AutoCloseable {

  private static final int LARGEST_CHUNK = 32 << 20;
  private static final int SMALLEST_CHUNK = 256 << 10;

  private final PageTable table = new PageTable();
  private final ReentrantLock memoryLock = new ReentrantLock();
  private final PageMemory memory;
  private final PageEviction eviction;
  private final long capacity;

  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder awaited = new LongAdder();
  private final LongAdder evictions = new LongAdder();
  private final LongAdder uncached = new LongAdder();

  /**
   * @param capacity bytes of memory, taken in chunks as it is needed and only as far as the budget
   *     allows
   */
  public PageCache(long capacity, MemoryBudget budget, PrometheusRegistry registry) {
    if (capacity < SMALLEST_CHUNK) {
      throw new IllegalArgumentException(
          "a page cache of " + capacity + " bytes, it needs " + SMALLEST_CHUNK);
    }
    this.capacity = capacity;
    long chunk = Math.clamp(capacity / 16, SMALLEST_CHUNK, LARGEST_CHUNK);
    this.memory = new PageMemory(capacity, (int) chunk, budget);
    this.eviction = new PageEviction(capacity);
    register(registry);
  }

  /** The pinned page if it is cached. Close it after use. */
  public @Nullable Page find(long partHigh, long partLow, long offset) {
    CachedPage page =
        table.find(PageTable.hash(partHigh, partLow, offset), partHigh, partLow, offset);
    if (page == null || !page.tryPin()) {
      return null;
    }
    hits.increment();
    return page;
  }

  /** Whether the page is here or on its way; neither a promise nor a use. */
  public boolean contains(long partHigh, long partLow, long offset) {
    return table.find(PageTable.hash(partHigh, partLow, offset), partHigh, partLow, offset) != null;
  }

  /**
   * The pinned page, loaded unless somebody else has or is about to. Close it after use.
   *
   * @param length its bytes once decompressed
   */
  public Page load(
      long partHigh, long partLow, long offset, int storedLength, int length, PageLoader loader)
      throws IOException {
    int hash = PageTable.hash(partHigh, partLow, offset);
    while (true) {
      CachedPage fresh = new CachedPage(partHigh, partLow, offset, hash);
      CachedPage present = table.findOrAdd(fresh);
      if (present == null) {
        misses.increment();
        return load(fresh, storedLength, length, loader);
      }
      CompletableFuture<CachedPage> loading = present.loading;
      if (loading != null) {
        awaited.increment();
        await(loading, offset);
      }
      if (present.tryPin()) {
        hits.increment();
        return present;
      }
      // Evicted under our hands; whoever did may not have come to take it from the table yet.
      table.remove(present);
    }
  }

  public long usedBytes() {
    memoryLock.lock();
    try {
      return memory.usedBytes();
    } finally {
      memoryLock.unlock();
    }
  }

  /** Frees all memory. No page may be in use; reading one afterwards throws. */
  @Override
  public void close() {
    memoryLock.lock();
    try {
      memory.close();
    } finally {
      memoryLock.unlock();
    }
  }

  private Page load(CachedPage page, int storedLength, int length, PageLoader loader)
      throws IOException {
    CompletableFuture<CachedPage> loading = page.loading;
    try {
      PageMemory.Block block = allocate(length);
      page.block = block;
      page.length = length;
      MemorySegment into =
          block == null ? MemorySegment.ofArray(new byte[length]) : block.segment(length);
      loader.load(page.offset, storedLength, into);
      page.loaded(into);
    } catch (IOException | RuntimeException | Error e) {
      table.remove(page);
      release(page);
      if (loading != null) {
        loading.completeExceptionally(e);
      }
      throw e;
    }
    if (page.block == null) {
      uncached.increment();
      table.remove(page);
    } else {
      memoryLock.lock();
      try {
        eviction.add(page);
      } finally {
        memoryLock.unlock();
      }
    }
    page.loading = null;
    if (loading != null) {
      loading.complete(page);
    }
    return page;
  }

  private PageMemory.@Nullable Block allocate(int length) {
    if (length > memory.largestBlock()) {
      return null;
    }
    memoryLock.lock();
    try {
      PageMemory.Block block = memory.allocate(length);
      while (block == null) {
        CachedPage victim = eviction.next();
        if (victim == null) {
          return null;
        }
        evictions.increment();
        table.remove(victim);
        releaseLocked(victim);
        block = memory.allocate(length);
      }
      return block;
    } finally {
      memoryLock.unlock();
    }
  }

  private void release(CachedPage page) {
    memoryLock.lock();
    try {
      releaseLocked(page);
    } finally {
      memoryLock.unlock();
    }
  }

  private void releaseLocked(CachedPage page) {
    PageMemory.Block block = page.block;
    if (block != null) {
      page.block = null;
      memory.release(block);
    }
  }

  private static void await(CompletableFuture<CachedPage> loading, long offset) throws IOException {
    try {
      loading.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        // Their query was cancelled or is over a limit of its own; ours goes on and reads it
        // itself.
        case InterruptedIOException others -> {}
        case RuntimeException others -> {}
        case IOException failure -> throw failure;
        case Error failure -> throw failure;
        case null, default -> throw new IOException(e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted =
          new InterruptedIOException("interrupted while a page at " + offset + " was loaded");
      interrupted.initCause(e);
      throw interrupted;
    }
  }

  private void register(PrometheusRegistry registry) {
    counter(registry, "hits", "Pages found in the cache.", hits);
    counter(registry, "misses", "Pages read because they were not in the cache.", misses);
    counter(registry, "awaited", "Pages that another thread was reading already.", awaited);
    counter(registry, "evictions", "Pages that made room for others.", evictions);
    counter(registry, "uncached", "Pages that found no room and lived on the heap.", uncached);
    gauge(registry, "bytes", "Bytes of cached pages.", this::usedBytes);
    gauge(registry, "memory_bytes", "Bytes taken from the system.", this::memoryBytes);
    gauge(registry, "capacity_bytes", "Most bytes the cache may take.", () -> capacity);
    gauge(registry, "pages", "Cached pages.", this::pages);
  }

  private long memoryBytes() {
    memoryLock.lock();
    try {
      return memory.chunksBytes();
    } finally {
      memoryLock.unlock();
    }
  }

  private long pages() {
    memoryLock.lock();
    try {
      return eviction.size();
    } finally {
      memoryLock.unlock();
    }
  }

  private static void counter(
      PrometheusRegistry registry, String name, String help, LongAdder adder) {
    CallbackMetrics.counter(
        registry, "skopos_storage_page_cache_" + name + "_total", help, adder::sum);
  }

  private static void gauge(
      PrometheusRegistry registry, String name, String help, LongSupplier value) {
    CallbackMetrics.gauge(registry, "skopos_storage_page_cache_" + name, help, value::getAsLong);
  }
}
