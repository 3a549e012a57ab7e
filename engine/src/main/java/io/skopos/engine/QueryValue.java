// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine;

import io.skopos.model.Labels;
import java.util.List;

/** What a query answers with, in Prometheus' four shapes. Times are Unix milliseconds. */
public sealed interface QueryValue {

  /** A number without labels. */
  record Scalar(long timeMs, double value) implements QueryValue {}

  /** A string literal. */
  record Text(long timeMs, String value) implements QueryValue {}

  /** At most one sample per label set; order matters only where the language says so. */
  record Vector(List<Sample> samples) implements QueryValue {}

  /** Points per label set, sorted by labels. */
  record Matrix(List<Series> series) implements QueryValue {}

  /** A sample of an instant vector; native histograms will stand beside the value. */
  record Sample(Labels labels, long timeMs, double value) {}

  /** Times ascend; both arrays hold exactly the points. */
  @SuppressWarnings("ArrayRecordComponent") // Columns on their way out, never compared.
  record Series(Labels labels, long[] timesMs, double[] values) {}
}
