// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import io.skopos.model.Labels;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From the labels a target exposes to those that are stored: target labels, relabelling. */
@FunctionalInterface
public interface LabelMapping {

  LabelMapping IDENTITY = (exposed, emptyNames) -> exposed;

  /**
   * Null drops the series. An exception ends the parse and reaches the parser's caller.
   *
   * @param emptyNames labels exposed with an empty value, which label sets do not hold; a target
   *     says with them that it does not want a label
   */
  @Nullable Labels map(Labels exposed, List<String> emptyNames);
}
