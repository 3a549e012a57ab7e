// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * The metrics wing. {@code store}: samples in heads and parts. {@code language}: PromQL. {@code
 * exposition}: the text formats targets speak. {@code api}: Prometheus' HTTP endpoints and remote
 * write. The language asks the store only through {@link io.skopos.metrics.store.SampleSource}.
 */
@NullMarked
package io.skopos.metrics;

import org.jspecify.annotations.NullMarked;
