// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server;

import io.skopos.model.config.ByteSize;

/** The limits the launcher derived from one budget; without a launcher, from the JVM's own. */
final class ProcessMemory {

  private ProcessMemory() {}

  /** Of the whole process. */
  static long budgetBytes() {
    return size("skopos.memory.budget", Runtime.getRuntime().maxMemory() * 2);
  }

  /** For head slabs, the page cache and queues. */
  static long offHeapBytes() {
    return size("skopos.memory.offheap", Runtime.getRuntime().maxMemory());
  }

  private static long size(String property, long otherwise) {
    String text = System.getProperty(property);
    return text == null ? otherwise : ByteSize.parse(text).bytes();
  }
}
