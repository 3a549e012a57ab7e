// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.leaf;

import io.skopos.engine.StepBlock;
import java.util.List;

/**
 * What a leaf answers.
 *
 * @param block series in the order of their labels, or groups in the order of their first member;
 *     none without points. Its points are charged to the budget as held; whoever drops the block
 *     releases them
 * @param warnings what of the data could not be read, and why
 */
public record LeafResult(StepBlock block, List<String> warnings) {

  public LeafResult {
    warnings = List.copyOf(warnings);
  }
}
