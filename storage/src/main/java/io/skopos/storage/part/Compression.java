// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.part;

import com.github.luben.zstd.ZstdCompressCtx;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;

/** Keeps zstd contexts, which take long to create and some hundred kB each, from page to page. */
final class Compression implements AutoCloseable {

  /** Trial on this house's pages: fast enough to keep pace with ingest. */
  private static final int FAST = 1;

  private static final int SMALL = 6;

  private final ArrayBlockingQueue<ZstdCompressCtx> idle =
      new ArrayBlockingQueue<>(2 * Runtime.getRuntime().availableProcessors());

  /** The compressed length, or -1 when it would not save an eighth. */
  int compress(
      byte[] source, int offset, int length, byte[] target, int targetOffset, boolean small) {
    int mostLength = length - (length + 7) / 8;
    if (mostLength < 16) {
      return -1;
    }
    @Nullable ZstdCompressCtx context = idle.poll();
    if (context == null) {
      context = new ZstdCompressCtx();
    }
    int written;
    try {
      written =
          context
              .setLevel(small ? SMALL : FAST)
              .compressByteArray(
                  target, targetOffset, target.length - targetOffset, source, offset, length);
    } catch (RuntimeException e) {
      context.close();
      throw e;
    }
    if (!idle.offer(context)) {
      context.close();
    }
    return written <= mostLength ? written : -1;
  }

  @Override
  public void close() {
    for (ZstdCompressCtx context = idle.poll(); context != null; context = idle.poll()) {
      context.close();
    }
  }
}
