// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.part;

import io.skopos.model.Labels;

/** Rows of one stream by time, whose lines are copied to where a part is put together. */
public interface RowSource {

  int size();

  /** At least {@link #size} long. */
  long[] timesNs();

  int lineLength(int row);

  /**
   * Behind the last row whose line stands right behind that of the row before it, from this one on.
   */
  int togetherUntil(int row);

  /** Copies the lines of rows that stand together to {@code into}, as {@link #copyLine} does. */
  void copyLines(int from, int to, byte[] into, int at);

  /** Copies the line to {@code into} from {@code at} on, which has room for it. */
  void copyLine(int row, byte[] into, int at);

  Labels metadata(int row);
}
