// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import io.skopos.model.Labels;
import org.jspecify.annotations.Nullable;

/** From the labels a target exposes to those that are stored: target labels, relabelling. */
@FunctionalInterface
public interface LabelMapping {

  LabelMapping IDENTITY = exposed -> exposed;

  /** Null drops the series. An exception ends the parse and reaches the parser's caller. */
  @Nullable Labels map(Labels exposed);
}
