// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import java.util.Set;

/**
 * One step of a pipeline. Has buffers of its own, so belongs to one thread; what it keeps between
 * entries is bounded and changes no result.
 */
public interface Stage {

  /**
   * @return whether the entry stays
   */
  boolean process(EntryState state);

  /** Labels whose values it reads, for {@link ParserHints}. */
  default Set<String> requiredLabels() {
    return Set.of();
  }
}
