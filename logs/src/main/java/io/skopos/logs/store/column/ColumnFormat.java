// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.column;

/** Kinds of columns, as stored: never reuse one (docs/formats/logs-part.md). */
final class ColumnFormat {

  static final int CONSTANT = 0;
  static final int DICTIONARY = 1;
  static final int PLAIN = 2;
  static final int INTEGER = 3;
  static final int DECIMAL = 4;
  static final int HEX = 5;
  static final int TIMESTAMP = 6;
  static final int IPV4 = 7;
  static final int TEMPLATE = 8;

  static final int SYNTAX_NONE = 0;
  static final int SYNTAX_JSON = 1;
  static final int SYNTAX_LOGFMT = 2;
  static final int SYNTAX_METADATA = 3;

  private ColumnFormat() {}
}
