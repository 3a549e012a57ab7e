// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.rows;

import io.skopos.storage.bytes.DamagedBytes;

/** What a column holds. The code is stored on disk: never reuse one. */
public enum ColumnType {
  INTEGER(1),
  FLOAT(2),
  BYTES(3);

  private final int code;

  ColumnType(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  static ColumnType ofCode(int code) {
    return switch (code) {
      case 1 -> INTEGER;
      case 2 -> FLOAT;
      case 3 -> BYTES;
      default -> throw new DamagedBytes("no column type has the code " + code);
    };
  }
}
