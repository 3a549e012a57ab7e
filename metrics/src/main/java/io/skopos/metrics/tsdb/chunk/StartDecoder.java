// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.chunk;

/**
 * The start times of chunks that have them: behind each sample the distance to the sample before,
 * as a difference to the last distance, from the first sample on whose start is another one.
 */
final class StartDecoder {

  private final boolean firstKnown;
  private final int changesOn;
  private long startMs;
  private long distance;

  StartDecoder(int header) {
    firstKnown = (header & 0x80) != 0;
    changesOn = header & 0x7f;
  }

  /**
   * Reads what stands behind sample {@code index}.
   *
   * @return the sample's start, 0 for none
   */
  long read(BitReader in, int index, long timeMs, long previousMs) {
    if (index == 0) {
      if (firstKnown) {
        startMs = timeMs - in.varint();
      }
    } else if (changesOn > 0 && index >= changesOn) {
      long difference = in.varbitInt();
      distance = index == changesOn ? difference : distance + difference;
      startMs = previousMs - distance;
    }
    return startMs;
  }
}
