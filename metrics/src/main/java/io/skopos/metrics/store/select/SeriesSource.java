// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.select;

import io.skopos.metrics.store.AggregatedSamples;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.SampleSource.AggregatesTest;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.UtcDay;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Some series of one head or part, in label order. Not thread-safe. */
interface SeriesSource extends AutoCloseable {

  int size();

  Labels labels(int index) throws IOException;

  /**
   * Labels that stand for those of these names, by index; null when {@link #labels} is as fast.
   *
   * @param matchers which all of the series fit
   */
  default @Nullable SharedLabels shared(List<Matcher> matchers, Collection<String> names)
      throws IOException {
    return null;
  }

  /**
   * Appends the samples between both times, ascending.
   *
   * @param spare its content is lost
   */
  void read(int index, long fromMs, long toMs, SampleBuffer into, SampleBuffer spare)
      throws IOException;

  /** As {@link #read} for {@link io.skopos.metrics.store.SampleSource.Selection#readTimes}. */
  default void readTimes(int index, long fromMs, long toMs, SampleBuffer into, SampleBuffer spare)
      throws IOException {
    read(index, fromMs, toMs, into, spare);
  }

  /**
   * As {@link io.skopos.metrics.store.SampleSource.Selection#readAggregated}, with {@code into}
   * appended to.
   *
   * @param spare its content is lost
   */
  default void readAggregated(
      int index,
      long fromMs,
      long toMs,
      AggregatesTest fits,
      AggregatedSamples into,
      SampleBuffer spare,
      SampleBuffer another)
      throws IOException {
    another.clear();
    read(index, fromMs, toMs, another, spare);
    into.add(another);
  }

  /** Whether it may have aggregates. */
  default boolean hasAggregates() {
    return false;
  }

  /** For warnings. */
  UtcDay day();

  @Override
  void close();
}
