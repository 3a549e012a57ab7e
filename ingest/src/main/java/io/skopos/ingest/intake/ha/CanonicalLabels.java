// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.intake.ha;

import io.skopos.model.CanonicalLength;
import java.nio.charset.StandardCharsets;

/** Finds labels in canonical bytes (see {@link io.skopos.model.Labels}) without making objects. */
final class CanonicalLabels {

  private final byte[] name;

  /** Of the label found last: where it begins and ends, and where its value begins. */
  int start;

  int valueStart;
  int end;

  CanonicalLabels(String name) {
    this.name = name.getBytes(StandardCharsets.UTF_8);
  }

  /** Whether a label of that name is in the bytes. */
  boolean find(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to) {
      int nameLength = CanonicalLength.read(bytes, at);
      int nameAt = at + CanonicalLength.bytes(nameLength);
      int valueLength = CanonicalLength.read(bytes, nameAt + nameLength);
      int valueAt = nameAt + nameLength + CanonicalLength.bytes(valueLength);
      if (nameLength == name.length && equals(bytes, nameAt)) {
        start = at;
        valueStart = valueAt;
        end = valueAt + valueLength;
        return true;
      }
      at = valueAt + valueLength;
    }
    return false;
  }

  private boolean equals(byte[] bytes, int at) {
    for (int i = 0; i < name.length; i++) {
      if (bytes[at + i] != name[i]) {
        return false;
      }
    }
    return true;
  }
}
