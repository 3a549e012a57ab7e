// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.log;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDictCompress;
import com.github.luben.zstd.ZstdException;
import io.skopos.storage.Frame;
import io.skopos.storage.RepeatedBytes;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * zstd with a few reused contexts: callers are many virtual threads, for which a context each would
 * be too much native memory.
 */
final class PayloadCompression implements AutoCloseable {

  private static final int LEVEL = 1;

  /** What repeated bytes without a dictionary are compressed against. */
  private static final Object NO_DICTIONARY = new Object();

  private final ArrayBlockingQueue<ZstdCompressCtx> idle =
      new ArrayBlockingQueue<>(Math.max(2, Runtime.getRuntime().availableProcessors() * 2));

  /** Bytes from index 0 of an array that may be longer. */
  record Compressed(byte[] bytes, int length) {}

  /**
   * One zstd frame for all of the payload or, where stretches of it are repeated, one for each
   * stretch and each gap: decompressed one after the other they are the payload again.
   */
  Compressed compress(Frame frame, @Nullable SegmentDictionary dictionary) {
    byte[] payload = frame.payload();
    int length = frame.payloadLength();
    ZstdCompressCtx context = take();
    try {
      byte[] into = new byte[Math.toIntExact(bound(frame))];
      if (frame.repeated().isEmpty()) {
        begin(context, dictionary == null ? null : dictionary.compression(length));
        int written = context.compressByteArray(into, 0, into.length, payload, 0, length);
        return new Compressed(into, written);
      }
      int from = 0;
      int written = 0;
      for (Frame.Repeated repeated : frame.repeated()) {
        written += gap(context, payload, from, repeated.offset(), dictionary, into, written);
        byte[] form = form(context, repeated.bytes(), dictionary);
        System.arraycopy(form, 0, into, written, form.length);
        written += form.length;
        from = repeated.offset() + repeated.bytes().length();
      }
      written += gap(context, payload, from, length, dictionary, into, written);
      return new Compressed(into, written);
    } finally {
      if (!idle.offer(context)) {
        context.close();
      }
    }
  }

  private static long bound(Frame frame) {
    // Each piece has a header of its own, which a bound of zero bytes allows for.
    return Zstd.compressBound(frame.payloadLength())
        + frame.repeated().size() * 2L * Zstd.compressBound(0);
  }

  private static byte[] form(
      ZstdCompressCtx context, RepeatedBytes repeated, @Nullable SegmentDictionary dictionary) {
    Object against = dictionary == null ? NO_DICTIONARY : dictionary;
    byte[] known = repeated.compressed(against);
    if (known != null) {
      return known;
    }
    begin(context, dictionary == null ? null : dictionary.repeatedCompression());
    byte[] form = context.compress(repeated.bytes());
    repeated.compressed(against, form);
    return form;
  }

  private static int gap(
      ZstdCompressCtx context,
      byte[] payload,
      int from,
      int to,
      @Nullable SegmentDictionary dictionary,
      byte[] into,
      int at) {
    if (from == to) {
      return 0;
    }
    int length = to - from;
    begin(context, dictionary == null ? null : dictionary.compression(length));
    return context.compressByteArray(into, at, into.length - at, payload, from, length);
  }

  /** Level 1 without a dictionary. */
  private static void begin(ZstdCompressCtx context, @Nullable ZstdDictCompress dictionary) {
    if (dictionary == null) {
      context.reset();
      context.setLevel(LEVEL);
    } else {
      context.loadDict(dictionary);
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
