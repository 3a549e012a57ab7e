// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.part;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.manifest.PartId;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Verifies and decompresses one page at a time, with a buffer and a zstd context that serve the
 * next page too. Not thread-safe; {@link Pool} lends them out.
 */
final class PageDecoder implements AutoCloseable {

  /** A buffer grown beyond this by one large page is not kept. */
  private static final int LARGEST_KEPT_BUFFER = 1 << 20;

  private final ZstdDecompressCtx zstd = new ZstdDecompressCtx();
  private final PageChecksum checksum = new PageChecksum();
  private ByteBuffer buffer = newBuffer(64 << 10);

  /** Room for the stored bytes of a page, to be filled and left at its limit. */
  ByteBuffer buffer(int storedLength) {
    if (buffer.capacity() < storedLength) {
      buffer = newBuffer(Integer.highestOneBit(storedLength - 1) << 1);
    }
    return buffer.clear().limit(storedLength);
  }

  /** Decodes what {@link #buffer} was filled with into all of {@code into}. */
  void decode(PartId part, long offset, MemorySegment into) {
    ByteBuffer stored = buffer.position(0);
    int storedLength = stored.limit();
    int checksumAt = storedLength - 4;
    int length = (int) into.byteSize();
    int wanted = stored.getInt(checksumAt);
    int found = checksum.at(part, offset, length).of(stored.limit(checksumAt));
    if (found != wanted) {
      throw new DamagedBytes(
          "checksum " + Integer.toHexString(found) + " instead of " + Integer.toHexString(wanted));
    }
    int codec = stored.get(0);
    int bodyLength = checksumAt - 1;
    switch (codec) {
      case PartFormat.RAW -> {
        if (bodyLength != length) {
          throw new DamagedBytes(bodyLength + " bytes instead of " + length);
        }
        MemorySegment.copy(MemorySegment.ofBuffer(stored.position(1)), 0, into, 0, length);
      }
      case PartFormat.ZSTD -> decompress(stored, bodyLength, into, length);
      default -> throw new DamagedBytes("unknown codec " + codec);
    }
  }

  private void decompress(ByteBuffer stored, int bodyLength, MemorySegment into, int length) {
    int decompressed;
    try {
      decompressed =
          into.heapBase().orElse(null) instanceof byte[] heap
              ? zstd.decompressDirectByteBufferToByteArray(heap, 0, length, stored, 1, bodyLength)
              : zstd.decompressDirectByteBuffer(
                  into.asByteBuffer(), 0, length, stored, 1, bodyLength);
    } catch (ZstdException e) {
      throw new DamagedBytes("zstd: " + e.getMessage());
    }
    if (decompressed != length) {
      throw new DamagedBytes(decompressed + " bytes decompressed instead of " + length);
    }
  }

  private static ByteBuffer newBuffer(int capacity) {
    return ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() {
    zstd.close();
  }

  /** As many idle decoders as threads could use at once; more are created and dropped. */
  static final class Pool implements AutoCloseable {

    private final ArrayBlockingQueue<PageDecoder> idle =
        new ArrayBlockingQueue<>(4 * Runtime.getRuntime().availableProcessors());

    PageDecoder take() {
      PageDecoder decoder = idle.poll();
      return decoder == null ? new PageDecoder() : decoder;
    }

    void giveBack(PageDecoder decoder) {
      if (decoder.buffer.capacity() > LARGEST_KEPT_BUFFER || !idle.offer(decoder)) {
        decoder.close();
      }
    }

    @Override
    public void close() {
      for (PageDecoder decoder = idle.poll(); decoder != null; decoder = idle.poll()) {
        decoder.close();
      }
    }
  }
}
