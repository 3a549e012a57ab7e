// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.frame;

import io.skopos.metrics.store.SampleBatch;
import java.util.Arrays;

/**
 * Writes the labels of some series of a batch as a dictionary and label sets over it, from the
 * batch's {@link LabelTokens}. Reused; not thread-safe.
 */
final class LabelSetsWriter {

  private final LabelTokens tokens;

  /** The dictionary. */
  final ByteColumn text = new ByteColumn(8192);

  final ByteColumn sets = new ByteColumn(4096);
  private final ByteColumn section = new ByteColumn(4096);

  // Numbers inside the dictionary being built; valid where the stamp is the dictionary's.
  private int stamp;
  private int[] pairStamp = new int[256];
  private int[] pairNumber = new int[256];
  private int[] nameStamp = new int[64];
  private int[] nameNumber = new int[64];

  LabelSetsWriter(LabelTokens tokens) {
    this.tokens = tokens;
  }

  /** After the tokens of another batch were read. */
  void begin() {
    if (pairStamp.length < tokens.pairCount) {
      pairStamp = new int[tokens.pairStart.length];
      pairNumber = new int[tokens.pairStart.length];
    }
    if (nameStamp.length < tokens.nameCount) {
      nameStamp = new int[tokens.namePair.length];
      nameNumber = new int[tokens.namePair.length];
    }
  }

  /** Adds a section with the labels of {@code series[from]} to before {@code series[to]}. */
  void putSection(ByteColumn into, SampleBatch batch, int[] series, int from, int to) {
    int labelBytes = write(batch, series, from, to);
    section.clear();
    section.varint(to - from);
    section.varint(labelBytes);
    section.varint(text.size);
    section.put(text);
    section.put(sets);
    into.put(FrameFormat.LABEL_SECTION);
    into.varint(section.size);
    into.put(section);
  }

  /**
   * Fills {@link #text} and {@link #sets}. Each set: its size, a bit per place that says "as the
   * set before", and a number for each other pair: 0 for one not seen yet, whose text follows in
   * the dictionary.
   *
   * @return the label bytes of these series
   */
  int write(SampleBatch batch, int[] series, int first, int behind) {
    beginDictionary();
    int labelBytes = 0;
    int nextPair = 0;
    int nextName = 0;
    int before = 0;
    int beforeEnd = 0;
    byte[] labels = batch.labelBytes();
    int[] all = tokens.tokens;
    for (int at = first; at < behind; at++) {
      int s = series[at];
      labelBytes += batch.labelEnd(s) - batch.labelStart(s);
      int from = s == 0 ? 0 : tokens.tokenEnds[s - 1];
      int to = tokens.tokenEnds[s];
      int size = to - from;
      sets.varint(size);
      int shared = Math.min(size, beforeEnd - before);
      sets.ensure((shared + 7) / 8);
      for (int group = 0; group < shared; group += 8) {
        int bits = 0;
        for (int i = group; i < Math.min(shared, group + 8); i++) {
          if (all[before + i] == all[from + i]) {
            bits |= 1 << (i - group);
          }
        }
        sets.bytes[sets.size++] = (byte) bits;
      }
      for (int i = 0; i < size; i++) {
        int token = all[from + i];
        if (i < shared && all[before + i] == token) {
          continue;
        }
        if (pairStamp[token] == stamp) {
          sets.varint(pairNumber[token] + 1);
          continue;
        }
        pairStamp[token] = stamp;
        pairNumber[token] = nextPair++;
        sets.put(0);
        int name = tokens.pairName[token];
        if (nameStamp[name] == stamp) {
          text.varint(nameNumber[name] + 1);
        } else {
          nameStamp[name] = stamp;
          nameNumber[name] = nextName++;
          text.put(0);
          text.put(
              labels, tokens.pairStart[token], tokens.pairValue[token] - tokens.pairStart[token]);
        }
        text.put(labels, tokens.pairValue[token], tokens.pairEnd[token] - tokens.pairValue[token]);
      }
      before = from;
      beforeEnd = to;
    }
    return labelBytes;
  }

  private void beginDictionary() {
    text.clear();
    sets.clear();
    if (++stamp == 0) {
      Arrays.fill(pairStamp, 0);
      Arrays.fill(nameStamp, 0);
      stamp = 1;
    }
  }
}
