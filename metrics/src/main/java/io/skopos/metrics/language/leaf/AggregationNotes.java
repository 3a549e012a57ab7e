// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.leaf;

import io.skopos.engine.aggregation.Accumulator;
import io.skopos.engine.histogram.HistogramNotes;
import io.skopos.metrics.language.function.AnnotationText;
import io.skopos.metrics.language.function.PositionedAnnotations;

/**
 * What aggregations tell of histograms, in Prometheus' words.
 *
 * @param aggregation how the language names it
 * @param position of what is aggregated in the query text
 */
public record AggregationNotes(PositionedAnnotations annotations, String aggregation, int position)
    implements HistogramNotes {

  public static String name(Accumulator.Kind kind) {
    return switch (kind) {
      case SUM -> "sum";
      case AVG -> "avg";
      case MIN -> "min";
      case MAX -> "max";
      case COUNT -> "count";
      case GROUP -> "group";
      case STDVAR -> "stdvar";
      case STDDEV -> "stddev";
    };
  }

  @Override
  public void mixed() {
    annotations.warn(AnnotationText.mixedGroup(), position);
  }

  @Override
  public void incompatible(String metric) {
    annotations.warn(AnnotationText.mixedBuckets(metric), position);
  }

  @Override
  public void ignored() {
    annotations.info(AnnotationText.ignoredInGroup(aggregation), position);
  }

  @Override
  public void resetsConflict() {
    annotations.warn(AnnotationText.resetsConflict(AnnotationText.Operation.AGGREGATION), position);
  }

  @Override
  public void boundsReconciled() {
    annotations.info(
        AnnotationText.boundsReconciled(AnnotationText.Operation.AGGREGATION), position);
  }
}
