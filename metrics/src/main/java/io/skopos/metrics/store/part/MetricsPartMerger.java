// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.part;

import io.skopos.storage.manifest.DeletionEntry;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.part.PartWriter;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes one part of many, series by series in label order, in memory bounded by the longest series.
 * Of samples with equal series and time the one of the later input wins; a deletion hides samples
 * of the inputs whose maxPosition is less than its own position.
 */
public final class MetricsPartMerger {

  private MetricsPartMerger() {}

  /** An input: the open part and what the manifest says about it. */
  public record Input(MetricsPart part, PartEntry entry) {}

  /**
   * @param inputs by ascending position
   * @param out finished here; closed without a trace when nothing is left or this throws
   * @return null when nothing is left
   */
  public static @Nullable PartEntry merge(
      List<Input> inputs, List<DeletionEntry> deletions, PartWriter out) throws IOException {
    throw new UnsupportedOperationException("not built yet");
  }
}
