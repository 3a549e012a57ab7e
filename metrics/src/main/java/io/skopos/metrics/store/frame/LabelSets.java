// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.frame;

import io.skopos.metrics.store.SampleBatch;
import java.util.Arrays;

/** Rebuilds canonical label bytes from a frame's dictionary and label sets. */
final class LabelSets {

  private final ByteCursor text;
  private final ByteCursor sets;
  private final int series;
  private final int labelBytes;
  private int taken;
  private int written;

  // Names: where "length, name" stands in the text column.
  private int[] nameStart = new int[32];
  private int[] nameEnd = new int[32];
  private int names;

  // Pairs: a name's number, and where "length, value" stands in the text column.
  private int[] pairName = new int[128];
  private int[] valueStart = new int[128];
  private int[] valueEnd = new int[128];
  private int pairs;

  private int[] before = new int[32];
  private int beforeSize;
  private int[] current = new int[32];
  private byte[] canonical = new byte[512];

  /**
   * @param labelBytes of all series together; the writer counted them, so that a short frame cannot
   *     ask for much memory
   */
  LabelSets(ByteCursor text, ByteCursor sets, int series, int labelBytes) {
    if (series > sets.remaining()) {
      throw new DamagedFrame(series + " series in " + sets.remaining() + " bytes of label sets");
    }
    this.text = text;
    this.sets = sets;
    this.series = series;
    this.labelBytes = labelBytes;
  }

  int series() {
    return series;
  }

  int labelBytes() {
    return labelBytes;
  }

  boolean isAtEnd() {
    return taken == series;
  }

  void next(SampleBatch batch) {
    taken++;
    int size = sets.count("labels of a series", FrameFormat.MAX_SERIES_LABEL_BYTES / 2);
    int shared = Math.min(size, beforeSize);
    int bitsAt = sets.position;
    if ((shared + 7) / 8 > sets.remaining()) {
      throw new DamagedFrame("its label sets end in the middle of a set");
    }
    sets.position += (shared + 7) / 8;
    if (current.length < size) {
      // A set that long needs as many bytes in the column, but for what it shares.
      if (size - shared > sets.remaining()) {
        throw new DamagedFrame("a set of " + size + " labels is longer than the column");
      }
      current = new int[Math.max(size, current.length * 2)];
    }
    for (int i = 0; i < size; i++) {
      if (i < shared && (sets.bytes[bitsAt + i / 8] >> (i % 8) & 1) != 0) {
        current[i] = before[i];
        continue;
      }
      int number = sets.count("pairs", pairs);
      current[i] = number == 0 ? newPair() : number - 1;
    }
    expand(batch, size);
    int[] swapped = before;
    before = current;
    beforeSize = size;
    current = swapped;
  }

  private int newPair() {
    int number = text.count("names", names);
    int name = number == 0 ? newName() : number - 1;
    if (pairs == pairName.length) {
      pairName = Arrays.copyOf(pairName, pairs * 2);
      valueStart = Arrays.copyOf(valueStart, pairs * 2);
      valueEnd = Arrays.copyOf(valueEnd, pairs * 2);
    }
    pairName[pairs] = name;
    valueStart[pairs] = text.position;
    text.skip(text.length("a label value"));
    valueEnd[pairs] = text.position;
    return pairs++;
  }

  private int newName() {
    if (names == nameStart.length) {
      nameStart = Arrays.copyOf(nameStart, names * 2);
      nameEnd = Arrays.copyOf(nameEnd, names * 2);
    }
    nameStart[names] = text.position;
    text.skip(text.length("a label name"));
    nameEnd[names] = text.position;
    return names++;
  }

  private void expand(SampleBatch batch, int size) {
    long length = 0;
    for (int i = 0; i < size; i++) {
      int pair = current[i];
      int name = pairName[pair];
      length += nameEnd[name] - nameStart[name] + valueEnd[pair] - valueStart[pair];
    }
    if (length > labelBytes - written) {
      throw new DamagedFrame("its label sets are longer than the " + labelBytes + " bytes it says");
    }
    written += (int) length;
    if (canonical.length < length) {
      canonical = new byte[Math.max((int) length, canonical.length * 2)];
    }
    int at = 0;
    for (int i = 0; i < size; i++) {
      int pair = current[i];
      int name = pairName[pair];
      at = copy(nameStart[name], nameEnd[name], at);
      at = copy(valueStart[pair], valueEnd[pair], at);
    }
    batch.series(canonical, 0, at);
  }

  private int copy(int start, int end, int at) {
    System.arraycopy(text.bytes, start, canonical, at, end - start);
    return at + end - start;
  }

  void finish() {
    if (written != labelBytes || text.remaining() != 0 || sets.remaining() != 0) {
      throw new DamagedFrame("bytes are left over behind its last label set");
    }
  }
}
