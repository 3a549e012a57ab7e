// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * The formats targets speak: Prometheus text 0.0.4, OpenMetrics 1.0 and delimited protobuf.
 *
 * <p>A body goes through {@link io.skopos.metrics.exposition.ExpositionParser} into an {@link
 * io.skopos.metrics.exposition.ExpositionSink}. What stands before the value is looked up in a
 * {@link io.skopos.metrics.exposition.SeriesCache}, so a line that was met before costs one
 * comparison of bytes, and the sink gets the same {@link io.skopos.metrics.exposition.StoredSeries}
 * again. Lax parsers take what Prometheus takes; strict ones hold a body against the letter of its
 * format. The other way, {@link io.skopos.metrics.exposition.ExpositionWriter} writes samples for
 * others to scrape. Nothing here fetches, relabels or stores.
 */
@NullMarked
package io.skopos.metrics.exposition;

import org.jspecify.annotations.NullMarked;
