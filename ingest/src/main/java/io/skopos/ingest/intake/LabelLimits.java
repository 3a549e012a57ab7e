// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.intake;

import io.skopos.model.CanonicalLength;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Holds canonical label bytes against limits, without making strings. Immutable. */
final class LabelLimits {

  /** A label has a name, a value and both lengths. */
  private static final int LEAST_LABEL_BYTES = 4;

  private final int labels;
  private final int nameBytes;
  private final int valueBytes;

  /** Labels of so few bytes cannot go over any limit. */
  private final int harmlessBytes;

  /** What labels may have too much of. */
  enum Kind {
    LABELS,
    NAME_BYTES,
    VALUE_BYTES
  }

  /**
   * A limit that labels go over.
   *
   * @param found how many there are
   * @param label the name of the label that is too long; empty when there are too many
   */
  record Excess(Kind kind, int limit, int found, String label) {}

  /** Zero means any number. */
  LabelLimits(int labels, int nameBytes, int valueBytes) {
    this.labels = orUnlimited(labels);
    this.nameBytes = orUnlimited(nameBytes);
    this.valueBytes = orUnlimited(valueBytes);
    long fewLabels = (long) this.labels * LEAST_LABEL_BYTES;
    this.harmlessBytes = (int) Math.min(fewLabels, Math.min(this.nameBytes, this.valueBytes));
  }

  private static int orUnlimited(int limit) {
    return limit == 0 ? Integer.MAX_VALUE : limit;
  }

  /** The limit that the labels at the given place go over; null when there is none. */
  @Nullable Excess check(byte[] bytes, int from, int end) {
    if (end - from <= harmlessBytes) {
      return null;
    }
    int count = 0;
    int at = from;
    while (at < end) {
      int name = CanonicalLength.read(bytes, at);
      int nameAt = at + CanonicalLength.bytes(name);
      int value = CanonicalLength.read(bytes, nameAt + name);
      if (name > nameBytes) {
        return new Excess(Kind.NAME_BYTES, nameBytes, name, text(bytes, nameAt, name));
      }
      if (value > valueBytes) {
        return new Excess(Kind.VALUE_BYTES, valueBytes, value, text(bytes, nameAt, name));
      }
      at = nameAt + name + CanonicalLength.bytes(value) + value;
      count++;
    }
    return count > labels ? new Excess(Kind.LABELS, labels, count, "") : null;
  }

  private static String text(byte[] bytes, int from, int length) {
    return new String(bytes, from, length, StandardCharsets.UTF_8);
  }
}
