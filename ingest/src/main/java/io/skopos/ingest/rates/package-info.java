// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Counts of log lines as series: asks the logs wing for its counters every interval, and appends
 * them as samples of the tenant whose lines they are. What is counted, and how counts survive a
 * crash, is the wing's affair ({@link io.skopos.logs.rates}).
 */
@NullMarked
package io.skopos.ingest.rates;

import org.jspecify.annotations.NullMarked;
