// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.pages;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A page in the table, from the moment somebody began to load it. Its pins are one number: how many
 * use it, or LOADING, or GONE for good; only who moves it from zero to GONE may free its memory.
 */
final class CachedPage implements Page {

  private static final int LOADING = Integer.MIN_VALUE;
  private static final int GONE = -1;
  private static final byte MOST_USES = 3;

  private static final VarHandle PINS;

  static {
    try {
      PINS = MethodHandles.lookup().findVarHandle(CachedPage.class, "pins", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final long partHigh;
  final long partLow;
  final long offset;
  final int hash;

  /** The next page of the same bucket; changed under the table's lock, read without. */
  volatile @Nullable CachedPage next;

  /** Completes with this page, or with what went wrong. Dropped once loaded. */
  volatile @Nullable CompletableFuture<CachedPage> loading = new CompletableFuture<>();

  /** Null for a page that found no room and lives on the heap until its users are done. */
  PageMemory.@Nullable Block block;

  int length;

  @SuppressWarnings("NullAway.Init") // set by loaded(), before anybody can pin it
  private MemorySegment bytes;

  private volatile int pins = LOADING;

  /** Uses since it was last considered for eviction, saturated; written without care by all. */
  private byte uses;

  CachedPage(long partHigh, long partLow, long offset, int hash) {
    this.partHigh = partHigh;
    this.partLow = partLow;
    this.offset = offset;
    this.hash = hash;
  }

  boolean is(long wantedPartHigh, long wantedPartLow, long wantedOffset) {
    return offset == wantedOffset && partLow == wantedPartLow && partHigh == wantedPartHigh;
  }

  /** Once, by the loading thread, which thereby holds the first pin. */
  void loaded(MemorySegment content) {
    bytes = content.asReadOnly();
    pins = 1;
  }

  boolean tryPin() {
    int now = pins;
    while (now >= 0) {
      if (PINS.compareAndSet(this, now, now + 1)) {
        if (uses < MOST_USES) {
          uses++;
        }
        return true;
      }
      now = pins;
    }
    return false;
  }

  boolean isPinned() {
    return pins > 0;
  }

  /** True when this call made it unreachable for good. */
  boolean tryRetire() {
    return PINS.compareAndSet(this, 0, GONE);
  }

  int uses() {
    return uses;
  }

  void resetUses(int value) {
    uses = (byte) value;
  }

  @Override
  public MemorySegment bytes() {
    return bytes;
  }

  @Override
  public void close() {
    int before = (int) PINS.getAndAdd(this, -1);
    if (before <= 0) {
      PINS.getAndAdd(this, 1);
      throw new IllegalStateException("a page was closed more often than it was opened");
    }
  }
}
