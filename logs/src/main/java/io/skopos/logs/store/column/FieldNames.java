// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.column;

/** Keys of lines as names of fields, the way LogQL makes them. */
final class FieldNames {

  private FieldNames() {}

  /** The key, printable ASCII, with underscores for all but letters and digits. */
  static void append(byte[] text, int from, int to, StringBuilder name) {
    for (int i = from; i < to; i++) {
      byte one = text[i];
      boolean kept =
          (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z') || (one >= '0' && one <= '9');
      name.append(kept ? (char) one : '_');
    }
  }
}
