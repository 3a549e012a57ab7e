// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Prometheus' HTTP interface: {@link io.skopos.metrics.api.PrometheusApi} registers the query and
 * status endpoints, the remote write receiver and the text import, each in a file of its own.
 * Requests become calls of {@link io.skopos.metrics.language.PromqlEngine}, {@link
 * io.skopos.metrics.store.SampleSource} and {@link io.skopos.storage.Intake}; answers have
 * Prometheus' shapes and texts to the letter, because programs parse them. What only other rooms
 * know comes in through {@link io.skopos.metrics.api.TargetsView} and {@link
 * io.skopos.metrics.api.ServerView}. Nothing is evaluated or stored here.
 */
@NullMarked
package io.skopos.metrics.api;

import org.jspecify.annotations.NullMarked;
