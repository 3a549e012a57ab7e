// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Metrics of short jobs, pushed as to Prometheus' Pushgateway. {@link
 * io.skopos.metrics.push.PushEndpoints} takes them; {@link io.skopos.metrics.push.PushedGroups}
 * keeps each group as a document, so that it outlives a restart, and writes its samples at regular
 * intervals as a scrape of a gateway would, until the group is deleted. Bodies are read by {@code
 * metrics.exposition}; the samples go through the intake like all others.
 */
@NullMarked
package io.skopos.metrics.push;

import org.jspecify.annotations.NullMarked;
