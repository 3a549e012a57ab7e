// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.wire;

import io.skopos.web.wire.LabelBuffer;

/**
 * Takes the rows of a text protocol as they are read. The reader fills {@link #labels}, the name
 * included, and hands over the row; labels of a line that gives several rows stay between them.
 */
public interface RowSink {

  /** Rank of labels the sender wrote. */
  int SENT = 1;

  /** Rank of a metric's name, above all that is sent. */
  int NAME = 2;

  LabelBuffer labels();

  /** One row with the labels there now; a row that cannot be kept is reported with its line. */
  void row(long line, long timeMs, double value);

  /** A line, or a part of it, that is no row. */
  void bad(long line, String problem);
}
