// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.log;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * zstd with a few reused contexts: callers are many virtual threads, for which a context each would
 * be too much native memory.
 */
final class PayloadCompression implements AutoCloseable {

  private static final int LEVEL = 1;

  private final ArrayBlockingQueue<ZstdCompressCtx> idle =
      new ArrayBlockingQueue<>(Math.max(2, Runtime.getRuntime().availableProcessors() * 2));

  /** Bytes from index 0 of an array that may be longer. */
  record Compressed(byte[] bytes, int length) {}

  /** Level 1 without a dictionary, else what the dictionary has for this length. */
  Compressed compress(byte[] bytes, int length, @Nullable SegmentDictionary dictionary) {
    ZstdCompressCtx context = take();
    try {
      if (dictionary == null) {
        context.reset();
        context.setLevel(LEVEL);
      } else {
        context.loadDict(dictionary.compression(length));
      }
      byte[] into = new byte[Math.toIntExact(Zstd.compressBound(length))];
      int written = context.compressByteArray(into, 0, into.length, bytes, 0, length);
      return new Compressed(into, written);
    } finally {
      if (!idle.offer(context)) {
        context.close();
      }
    }
  }

  private ZstdCompressCtx take() {
    @Nullable ZstdCompressCtx context = idle.poll();
    return context == null ? new ZstdCompressCtx() : context;
  }

  /** Null when the bytes are not what was compressed. */
  static byte @Nullable [] decompress(
      byte[] stored, int length, @Nullable SegmentDictionary dictionary) {
    byte[] payload = new byte[length];
    try {
      long size =
          dictionary == null
              ? Zstd.decompressByteArray(payload, 0, length, stored, 0, stored.length)
              : Zstd.decompressFastDict(
                  payload, 0, stored, 0, stored.length, dictionary.decompression());
      return size == length ? payload : null;
    } catch (ZstdException e) {
      return null;
    }
  }

  @Override
  public void close() {
    ZstdCompressCtx context;
    while ((context = idle.poll()) != null) {
      context.close();
    }
  }
}
