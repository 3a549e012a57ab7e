// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store;

import java.util.List;

/**
 * What entries that are wanted are sure to be like. A hint: the store uses what it can answer from
 * filters, dictionaries and columns.
 */
public sealed interface EntryCondition {

  /** The line contains one of these, byte for byte. */
  record LineContains(List<byte[]> anyOf) implements EntryCondition {
    public LineContains {
      anyOf = List.copyOf(anyOf);
    }
  }

  /**
   * The line has a field of this name with such a value, as {@code | json | status >= 500} or
   * {@code | logfmt | level = "error"} ask, or it cannot be parsed as {@code syntax}. Names are
   * those that LogQL's parsers give: sanitized, nested ones joined by underscores. Not given when
   * the stream's labels or metadata might have the name instead: the store checks that a run's do
   * not.
   */
  record Field(Syntax syntax, String name, Value value) implements EntryCondition {}

  /** The entry has structured metadata, or its stream a label, of this name with such a value. */
  record Metadata(String name, Value value) implements EntryCondition {}

  /** How fields stand in a line. */
  enum Syntax {
    JSON,
    LOGFMT
  }

  /** What a value is like. */
  sealed interface Value {
    /**
     * Is a decimal number within bounds, both included, or is there and no decimal number at all:
     * what it then is worth is for the language to say.
     */
    record Between(double least, double greatest) implements Value {}

    /** Is exactly one of these texts. */
    record OneOf(List<String> texts) implements Value {
      public OneOf {
        texts = List.copyOf(texts);
      }
    }

    /** Is there, and not empty. */
    record Present() implements Value {}
  }
}
