// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store;

import io.skopos.model.Labels;

/**
 * One observation behind a series, with a pointer to where it came from.
 *
 * @param labels of the exemplar itself, such as {@code trace_id}
 * @param timeMs Unix milliseconds; a sender that gives none means its sample's time
 */
public record Exemplar(Labels labels, double value, long timeMs) {}
