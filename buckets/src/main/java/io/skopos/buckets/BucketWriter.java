// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets;

import io.skopos.storage.objects.ObjectWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes an object front to back and holds one piece of it in memory. What fits into one piece is
 * sent whole when it is finished; what does not goes piece by piece.
 */
final class BucketWriter implements ObjectWriter {

  private static final Logger LOG = LoggerFactory.getLogger(BucketWriter.class);
  private static final int FIRST_BYTES = 256 << 10;

  private final BucketObjectStore store;
  private final String key;
  private final String location;
  private final int partBytes;
  private final int maxParts;
  private final String token = BucketObjectStore.newToken();
  private byte[] piece = new byte[FIRST_BYTES];
  private int filled;
  private long sent;
  private int parts;
  private Bucket.@Nullable Upload upload;
  private boolean finished;
  private boolean closed;

  BucketWriter(BucketObjectStore store, String key, String location, int partBytes, int maxParts) {
    this.store = store;
    this.key = key;
    this.location = location;
    this.partBytes = partBytes;
    this.maxParts = maxParts;
  }

  @Override
  public void write(ByteBuffer... buffers) throws IOException {
    requireOpen();
    for (ByteBuffer buffer : buffers) {
      while (buffer.hasRemaining()) {
        if (filled == partBytes) {
          sendPiece();
        }
        int count = Math.min(buffer.remaining(), partBytes - filled);
        reserve(filled + count);
        buffer.get(piece, filled, count);
        filled += count;
      }
    }
  }

  @Override
  public long length() {
    return sent + filled;
  }

  @Override
  public void finish() throws IOException {
    requireOpen();
    if (upload == null) {
      store.putWhole(location, Arrays.copyOf(piece, filled));
    } else {
      store.completeUpload(upload, location, token, parts + 1, sent, piece, filled);
    }
    finished = true;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    piece = new byte[0];
    if (finished || upload == null) {
      return;
    }
    try {
      store.abortUpload(upload, location);
    } catch (IOException e) {
      // The bucket's own rule for unfinished uploads removes it; the caller's error is the one
      // told.
      LOG.warn("an unfinished upload was left behind: {}", e.getMessage());
    }
  }

  // A full piece waits for the byte behind it: the last one goes with the completion.
  private void sendPiece() throws IOException {
    if (parts + 2 > maxParts) {
      throw new IOException(
          "object "
              + key
              + " needs more than "
              + maxParts
              + " pieces of "
              + partBytes
              + " bytes; raise storage.object_store.requests.part_size");
    }
    Bucket.Upload target = upload;
    if (target == null) {
      target = store.beginUpload(location, token);
      upload = target;
    }
    store.uploadPart(target, location, parts + 1, sent, piece, filled);
    parts++;
    sent += filled;
    filled = 0;
  }

  private void reserve(int bytes) {
    if (bytes > piece.length) {
      piece = Arrays.copyOf(piece, Math.min(partBytes, Math.max(bytes, piece.length * 2)));
    }
  }

  private void requireOpen() {
    if (finished || closed) {
      throw new IllegalStateException("object " + key + " was finished or closed before");
    }
  }
}
