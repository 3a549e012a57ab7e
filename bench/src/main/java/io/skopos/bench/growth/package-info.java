// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * What a running server costs as it grows: {@link io.skopos.bench.growth.GrowthTrial} sends
 * simulated hours of series that come and go, and reads the server's own figures from the system
 * meanwhile. Nothing here looks inside the server.
 */
@NullMarked
package io.skopos.bench.growth;

import org.jspecify.annotations.NullMarked;
