// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage;

import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that stand in many payloads alike, with their compressed form, so that a log compresses
 * them once and not with every frame. It keeps one such form, the last, and tells it by what it was
 * compressed against. The bytes never change; any thread may use it.
 */
public final class RepeatedBytes {

  private final byte[] bytes;
  private volatile @Nullable Compressed compressed;

  /** The dictionary may go when its segments are gone, hence no strong reference. */
  private record Compressed(WeakReference<Object> against, byte[] bytes) {}

  /**
   * @param bytes not copied, so nobody may change them
   */
  public RepeatedBytes(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Read only. */
  public byte[] bytes() {
    return bytes;
  }

  public int length() {
    return bytes.length;
  }

  /** The compressed form made against the same object, compared by identity; null when none is. */
  public byte @Nullable [] compressed(Object against) {
    Compressed now = compressed;
    return now != null && now.against.refersTo(against) ? now.bytes : null;
  }

  public void compressed(Object against, byte[] form) {
    compressed = new Compressed(new WeakReference<>(against), form);
  }
}
