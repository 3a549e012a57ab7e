// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.container;

import java.util.Arrays;

/**
 * Puts lines together that a runtime broke, by stream, up to a bound; what is longer comes in
 * pieces. Used by one thread.
 */
public final class PartialLines {

  /** Takes whole lines. */
  @FunctionalInterface
  public interface Whole {

    /**
     * @param from where the first part begins in its source
     */
    void line(
        ContainerLine.Stream stream, long timeNs, byte[] bytes, int offset, int length, long from);
  }

  private static final class Begun {
    byte[] bytes = new byte[0];
    int length;
    boolean open;
    long timeNs;
    long from;
  }

  private final int maxBytes;
  private final Whole whole;
  private final Begun[] begun = {new Begun(), new Begun()};

  public PartialLines(int maxBytes, Whole whole) {
    this.maxBytes = maxBytes;
    this.whole = whole;
  }

  /**
   * @param from where the line begins in its source
   */
  public void add(ContainerLine line, long from) {
    Begun open = begun[line.stream.ordinal()];
    if (!open.open) {
      if (!line.partial) {
        whole.line(line.stream, line.timeNs, line.bytes, line.from, line.length, from);
        return;
      }
      open.open = true;
      open.timeNs = line.timeNs;
      open.from = from;
      open.length = 0;
    }
    if (open.length + line.length > maxBytes && open.length > 0) {
      letGo(line.stream, open);
      open.open = true;
      open.timeNs = line.timeNs;
      open.from = from;
    }
    int needed = open.length + line.length;
    if (open.bytes.length < needed) {
      open.bytes = Arrays.copyOf(open.bytes, Math.max(needed, 2 * open.bytes.length));
    }
    System.arraycopy(line.bytes, line.from, open.bytes, open.length, line.length);
    open.length = needed;
    if (!line.partial) {
      letGo(line.stream, open);
    }
  }

  private void letGo(ContainerLine.Stream stream, Begun open) {
    whole.line(stream, open.timeNs, open.bytes, 0, open.length, open.from);
    open.open = false;
    open.length = 0;
    if (open.bytes.length > 1 << 16) {
      open.bytes = new byte[0];
    }
  }

  /** Gives on lines whose end will not come. */
  public void finish() {
    for (ContainerLine.Stream stream : ContainerLine.Stream.values()) {
      if (begun[stream.ordinal()].open) {
        letGo(stream, begun[stream.ordinal()]);
      }
    }
  }

  /** Where the first line begun begins; {@code Long.MAX_VALUE} when none is. */
  public long heldFrom() {
    long from = Long.MAX_VALUE;
    for (Begun one : begun) {
      from = one.open ? Math.min(from, one.from) : from;
    }
    return from;
  }
}
