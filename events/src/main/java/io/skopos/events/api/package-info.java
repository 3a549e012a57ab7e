// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * {@code /api/v1/events}: events as JSON, in Prometheus' envelope. Reads what is sent field by
 * field, so that a bad one is named; knows nothing of rows.
 */
@NullMarked
package io.skopos.events.api;

import org.jspecify.annotations.NullMarked;
