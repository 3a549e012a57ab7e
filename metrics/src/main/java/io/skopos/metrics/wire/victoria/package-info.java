// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * VictoriaMetrics' lines of JSON, one series with its samples each: {@link
 * io.skopos.metrics.wire.victoria.JsonLines} turns them into rows. No HTTP here.
 */
@NullMarked
package io.skopos.metrics.wire.victoria;

import org.jspecify.annotations.NullMarked;
