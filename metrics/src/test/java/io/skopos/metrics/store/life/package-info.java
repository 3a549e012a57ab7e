// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/** The testkit's lives and deaths of a store, of metrics. */
@NullMarked
package io.skopos.metrics.store.life;

import org.jspecify.annotations.NullMarked;
