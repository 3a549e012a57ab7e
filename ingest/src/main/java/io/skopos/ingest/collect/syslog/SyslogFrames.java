// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.syslog;

import java.io.IOException;
import java.io.InputStream;

/**
 * Cuts a stream into messages as RFC 6587 has it: a message that begins with a digit says its
 * length, any other ends with the line. What is longer than the bound is cut. Used by one thread.
 */
final class SyslogFrames {

  private static final int BUFFER_BYTES = 16 << 10;
  private static final int MAX_LENGTH_DIGITS = 9;

  private final InputStream in;
  private final int maxBytes;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int at;
  private int end;

  /** The message read last. */
  private final byte[] message;

  private int length;

  SyslogFrames(InputStream in, int maxBytes) {
    this.in = in;
    this.maxBytes = maxBytes;
    this.message = new byte[maxBytes];
  }

  /**
   * False at the end of the stream.
   *
   * @throws IOException when the stream breaks, or a message says no length that can be
   */
  boolean next() throws IOException {
    length = 0;
    int first = read();
    while (first == '\n' || first == '\r' || first == 0) {
      first = read();
    }
    if (first < 0) {
      return false;
    }
    return first >= '1' && first <= '9' ? counted(first - '0') : line(first);
  }

  private boolean counted(int firstDigit) throws IOException {
    long count = firstDigit;
    for (int digits = 1; ; digits++) {
      int b = read();
      if (b == ' ') {
        break;
      }
      if (b < '0' || b > '9' || digits == MAX_LENGTH_DIGITS) {
        throw new IOException("a message begins with a digit and not with its length");
      }
      count = count * 10 + b - '0';
    }
    for (long i = 0; i < count; i++) {
      int b = read();
      if (b < 0) {
        return false;
      }
      put(b);
    }
    trim();
    return true;
  }

  private boolean line(int first) throws IOException {
    int b = first;
    while (b >= 0 && b != '\n') {
      put(b);
      b = read();
    }
    trim();
    return true;
  }

  private void put(int b) {
    if (length < maxBytes) {
      message[length++] = (byte) b;
    }
  }

  private void trim() {
    while (length > 0
        && (message[length - 1] == '\n'
            || message[length - 1] == '\r'
            || message[length - 1] == 0)) {
      length--;
    }
  }

  private int read() throws IOException {
    if (at == end) {
      at = 0;
      end = Math.max(0, in.read(buffer));
      if (end == 0) {
        return -1;
      }
    }
    return buffer[at++] & 0xff;
  }

  /** Whether more can be read without waiting. */
  boolean hasMore() throws IOException {
    return at < end || in.available() > 0;
  }

  byte[] message() {
    return message;
  }

  int length() {
    return length;
  }
}
