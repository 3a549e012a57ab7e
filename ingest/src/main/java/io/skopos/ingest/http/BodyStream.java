// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** An answer's body as it is framed: by length, by chunks, or by the connection's end. */
final class BodyStream extends InputStream {

  private static final int CHUNK_HEAD_BYTES = 64 << 10;

  private final InputStream in;
  private final boolean chunked;
  private final boolean untilClose;
  private long left;
  private boolean begun;
  private boolean done;

  private BodyStream(InputStream in, boolean chunked, long left) {
    this.in = in;
    this.chunked = chunked;
    this.left = left;
    this.untilClose = !chunked && left < 0;
    this.done = !chunked && left == 0;
  }

  static BodyStream of(ResponseHead head, InputStream in) throws IOException {
    if (!head.hasBody()) {
      return new BodyStream(in, false, 0);
    }
    return head.chunked()
        ? new BodyStream(in, true, 0)
        : new BodyStream(in, false, head.contentLength());
  }

  /** Whether the connection stands right behind the body, so that another request can follow. */
  boolean endedCleanly() {
    return done && !untilClose;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (chunked && left == 0 && !done) {
      nextChunk();
    }
    if (done) {
      return -1;
    }
    int wanted = untilClose ? length : (int) Math.min(length, left);
    int count = in.read(into, offset, wanted);
    if (count < 0) {
      done = true;
      if (untilClose) {
        return -1;
      }
      throw new EOFException("the connection was closed in the middle of the body");
    }
    if (!untilClose) {
      left -= count;
      done = !chunked && left == 0;
    }
    return count;
  }

  private void nextChunk() throws IOException {
    int[] budget = {CHUNK_HEAD_BYTES};
    if (begun && !ResponseHead.line(in, budget).isEmpty()) {
      throw new IOException("a chunk of the body does not end where it says");
    }
    begun = true;
    String line = ResponseHead.line(in, budget);
    int extension = line.indexOf(';');
    String size = (extension < 0 ? line : line.substring(0, extension)).strip();
    try {
      left = Long.parseLong(size, 16);
    } catch (NumberFormatException e) {
      throw new IOException("the size of a chunk of the body is not a number", e);
    }
    if (left < 0) {
      throw new IOException("the size of a chunk of the body is negative");
    }
    if (left == 0) {
      while (!ResponseHead.line(in, budget).isEmpty()) {
        // Trailers say nothing we use.
      }
      done = true;
    }
  }
}
