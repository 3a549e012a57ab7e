// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * The block format of Prometheus, Thanos and Mimir on disk: directories that hold two hours or more
 * of samples. {@code chunk} codes the samples of one series, {@code block} reads and writes whole
 * blocks. What is read comes from strangers' disks: everything is bounded and checked, and damage
 * is named with its file and offset. Our own parts are {@code store.part}; nothing here is used for
 * them.
 */
@NullMarked
package io.skopos.metrics.tsdb;

import org.jspecify.annotations.NullMarked;
