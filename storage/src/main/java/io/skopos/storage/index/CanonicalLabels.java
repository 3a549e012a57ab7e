// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.index;

import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.DamagedBytes;
import java.util.Arrays;

/** Walks and compares canonical label bytes (see {@link io.skopos.model.Labels}) in place. */
public final class CanonicalLabels {

  private CanonicalLabels() {}

  /** The order of {@link io.skopos.model.Labels#compareTo}: pair by pair, names before values. */
  public static int compare(
      byte[] left, int leftFrom, int leftTo, byte[] right, int rightFrom, int rightTo) {
    // Up to the first difference both are the same labels; only from there on order matters.
    int mismatch = Arrays.mismatch(left, leftFrom, leftTo, right, rightFrom, rightTo);
    if (mismatch < 0) {
      return 0;
    }
    int leftAt = leftFrom;
    int rightAt = rightFrom;
    while (leftAt < leftTo && rightAt < rightTo) {
      int leftLength = length(left, leftAt);
      int leftStart = leftAt + lengthSize(leftLength);
      int rightLength = length(right, rightAt);
      int rightStart = rightAt + lengthSize(rightLength);
      if (leftStart + leftLength - leftFrom > mismatch || leftLength != rightLength) {
        int order =
            Arrays.compareUnsigned(
                left,
                leftStart,
                leftStart + leftLength,
                right,
                rightStart,
                rightStart + rightLength);
        if (order != 0) {
          return order;
        }
      }
      leftAt = leftStart + leftLength;
      rightAt = rightStart + rightLength;
    }
    return Integer.compare(leftTo - leftAt, rightTo - rightAt);
  }

  /** Visits every label of a set. */
  public static void forEach(byte[] canonical, int offset, int length, Visitor visitor) {
    ByteReader reader = new ByteReader(canonical, offset, offset + length);
    while (reader.remaining() > 0) {
      int nameLength = reader.count(reader.remaining(), "bytes of a label name");
      int nameAt = reader.position();
      reader.skip(nameLength);
      int valueLength = reader.count(reader.remaining(), "bytes of a label value");
      int valueAt = reader.position();
      reader.skip(valueLength);
      visitor.label(canonical, nameAt, nameLength, valueAt, valueLength);
    }
  }

  /**
   * @throws DamagedBytes unless names ascend strictly and no value is empty
   */
  public static void check(byte[] canonical, int offset, int length) {
    check(canonical, offset, length, false);
  }

  /**
   * @param emptyValues whether values may be empty, as those of a log entry's metadata may
   * @throws DamagedBytes unless names ascend strictly
   */
  public static void check(byte[] canonical, int offset, int length, boolean emptyValues) {
    ByteReader reader = new ByteReader(canonical, offset, offset + length);
    int beforeAt = -1;
    int beforeLength = 0;
    while (reader.remaining() > 0) {
      int nameLength = reader.count(reader.remaining(), "bytes of a label name");
      int nameAt = reader.position();
      reader.skip(nameLength);
      int valueLength = reader.count(reader.remaining(), "bytes of a label value");
      reader.skip(valueLength);
      boolean ascends =
          beforeAt < 0
              || Arrays.compareUnsigned(
                      canonical,
                      beforeAt,
                      beforeAt + beforeLength,
                      canonical,
                      nameAt,
                      nameAt + nameLength)
                  < 0;
      if (!ascends || (valueLength == 0 && !emptyValues)) {
        throw new DamagedBytes("a label set's names do not ascend, or a value is empty");
      }
      beforeAt = nameAt;
      beforeLength = nameLength;
    }
  }

  private static int length(byte[] bytes, int position) {
    int value = bytes[position] & 0x7f;
    int at = position;
    for (int shift = 7; bytes[at] < 0; shift += 7) {
      at++;
      value |= (bytes[at] & 0x7f) << shift;
    }
    return value;
  }

  private static int lengthSize(int value) {
    return (38 - Integer.numberOfLeadingZeros(value | 1)) / 7;
  }

  /** One label, as ranges of the bytes walked. */
  @FunctionalInterface
  public interface Visitor {
    void label(byte[] bytes, int nameAt, int nameLength, int valueAt, int valueLength);
  }
}
