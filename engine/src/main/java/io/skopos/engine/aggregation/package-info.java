/**
 * Aggregations of step blocks. {@link io.skopos.engine.aggregation.Accumulator}s fold series after
 * series into groups × steps, so that a selector's result need not be held; {@link
 * io.skopos.engine.aggregation.QuantileAggregation} and {@link
 * io.skopos.engine.aggregation.SeriesChoice} need the whole block. Sums follow Neumaier, means
 * switch to an incremental form before they overflow, as Prometheus does, so that answers agree.
 */
@NullMarked
package io.skopos.engine.aggregation;

import org.jspecify.annotations.NullMarked;
