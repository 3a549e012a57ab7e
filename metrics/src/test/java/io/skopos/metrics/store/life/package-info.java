// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * Lives of a whole ground with the metrics store on it, on a disk that is made to fail, lose power,
 * fill up or flip bits: {@code MetricsLife} is one process, {@code LifeScript} what happens in it,
 * {@code ExpectedSamples} what must be there afterwards.
 */
@NullMarked
package io.skopos.metrics.store.life;

import org.jspecify.annotations.NullMarked;
