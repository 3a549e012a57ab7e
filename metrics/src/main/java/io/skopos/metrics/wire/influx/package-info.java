// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * InfluxDB's line protocol: {@link io.skopos.metrics.wire.influx.InfluxLines} turns each field of a
 * line into a row named {@code measurement_field}. No HTTP here.
 */
@NullMarked
package io.skopos.metrics.wire.influx;

import org.jspecify.annotations.NullMarked;
