// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * The metrics part (docs/formats/metrics-part.md): {@link
 * io.skopos.metrics.store.part.MetricsPartWriter} takes series in label order and their samples,
 * {@link io.skopos.metrics.store.part.MetricsPart} answers selections and reads samples from pages,
 * {@link io.skopos.metrics.store.part.MetricsPartMerger} makes one part of many. Chunks are encoded
 * in {@code store.chunk}; which labels belong to which series is {@code storage.index}. Positions,
 * manifests and heads are not known here.
 */
@NullMarked
package io.skopos.metrics.store.part;

import org.jspecify.annotations.NullMarked;
