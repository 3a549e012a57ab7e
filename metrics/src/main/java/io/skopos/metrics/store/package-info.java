// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Samples: decoded into {@link io.skopos.metrics.store.SampleBatch}, logged as frames, held in the
 * head by series and day, flushed into parts of compressed chunks, and read back through {@link
 * io.skopos.metrics.store.SampleSource}.
 */
@NullMarked
package io.skopos.metrics.store;

import org.jspecify.annotations.NullMarked;
