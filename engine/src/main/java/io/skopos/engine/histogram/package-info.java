// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * What can be computed from native histograms: sums and differences of different resolutions,
 * counter resets, quantiles, shares, variance, trimming. A result is a new immutable {@link
 * io.skopos.model.histogram.NativeHistogram}; work in between is done in {@link
 * io.skopos.engine.histogram.HistogramSum}, whose sides are sorted sparse arrays. All results are
 * compact: no empty buckets, no adjacent spans. Behaviour is that of Prometheus' float histograms.
 */
@NullMarked
package io.skopos.engine.histogram;

import org.jspecify.annotations.NullMarked;
