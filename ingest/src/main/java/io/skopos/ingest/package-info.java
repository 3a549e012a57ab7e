// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * How telemetry gets in without a push: scraping, discovery, the host's own metrics; and the intake
 * itself, which puts limits before the log.
 */
@NullMarked
package io.skopos.ingest;

import org.jspecify.annotations.NullMarked;
