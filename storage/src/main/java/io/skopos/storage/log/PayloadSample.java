// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.log;

import java.util.Arrays;
import java.util.Random;

/**
 * The beginnings of a few payloads, each payload of a segment with the same chance (a reservoir),
 * for the next segment's dictionary. Used by the log's thread only.
 */
final class PayloadSample {

  private static final int PIECES = 64;

  private final int pieceBytes;
  private final Random random;
  private final byte[][] pieces = new byte[PIECES][];
  private long seen;
  private int bytes;

  /**
   * @param bytes of a full sample; too few to be of use mean that none is taken
   */
  PayloadSample(int bytes, Random random) {
    this.pieceBytes = bytes / PIECES;
    this.random = random;
    clear();
  }

  void clear() {
    Arrays.fill(pieces, new byte[0]);
    seen = 0;
    bytes = 0;
  }

  void offer(byte[] payload, int length) {
    if (pieceBytes < 64) {
      return;
    }
    long place = seen < PIECES ? seen : random.nextLong(seen + 1);
    seen++;
    if (place < PIECES) {
      int at = (int) place;
      bytes -= pieces[at].length;
      pieces[at] = Arrays.copyOf(payload, Math.min(length, pieceBytes));
      bytes += pieces[at].length;
    }
  }

  /** Whether it is worth being a dictionary. */
  boolean isFull() {
    return seen >= PIECES && bytes >= PIECES * pieceBytes / 2;
  }

  byte[] pieces() {
    byte[] all = new byte[bytes];
    int at = 0;
    for (byte[] piece : pieces) {
      System.arraycopy(piece, 0, all, at, piece.length);
      at += piece.length;
    }
    return all;
  }
}
