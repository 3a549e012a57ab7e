// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets;

import io.skopos.storage.objects.ObjectTooLarge;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Reads bodies whose length was told. */
public final class Bodies {

  private static final int CHUNK = 64 << 10;

  private Bodies() {}

  /**
   * The whole body.
   *
   * @throws RequestFailure when it ends before its length
   */
  public static byte[] whole(InputStream body, int length) throws IOException {
    byte[] bytes = new byte[length];
    readFully(body, bytes, 0, length);
    return bytes;
  }

  /**
   * Fills the buffer, on the heap or not.
   *
   * @throws RequestFailure when the body ends before
   */
  public static void fill(InputStream body, ByteBuffer into) throws IOException {
    if (into.hasArray()) {
      readFully(body, into.array(), into.arrayOffset() + into.position(), into.remaining());
      into.position(into.limit());
      return;
    }
    byte[] chunk = new byte[Math.min(into.remaining(), CHUNK)];
    while (into.hasRemaining()) {
      int count = Math.min(chunk.length, into.remaining());
      readFully(body, chunk, 0, count);
      into.put(chunk, 0, count);
    }
  }

  /** An object that is longer than the caller takes, told before it is read. */
  public static ObjectTooLarge tooLarge(String store, String key, long length, int maxBytes) {
    return new ObjectTooLarge(
        store + ": object '" + key + "' has " + length + " bytes, the limit for it is " + maxBytes);
  }

  private static void readFully(InputStream body, byte[] bytes, int offset, int length)
      throws IOException {
    int count = body.readNBytes(bytes, offset, length);
    if (count < length) {
      throw new RequestFailure(
          FailureKind.TRUNCATED, "the body ended " + (length - count) + " bytes too early", null);
    }
  }
}
