// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.select;

import io.skopos.metrics.store.SampleBuffer;
import io.skopos.model.Labels;
import io.skopos.model.UtcDay;
import java.io.IOException;

/** Some series of one head or part, in label order. Not thread-safe. */
interface SeriesSource extends AutoCloseable {

  int size();

  Labels labels(int index) throws IOException;

  /**
   * Appends the samples between both times, ascending.
   *
   * @param spare its content is lost
   */
  void read(int index, long fromMs, long toMs, SampleBuffer into, SampleBuffer spare)
      throws IOException;

  /** For warnings. */
  UtcDay day();

  @Override
  void close();
}
