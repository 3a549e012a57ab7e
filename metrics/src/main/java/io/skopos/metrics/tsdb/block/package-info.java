// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Blocks as directories: {@code meta.json}, {@code index}, {@code chunks/NNNNNN} and {@code
 * tombstones}, as Prometheus, Thanos and Mimir write them. {@link
 * io.skopos.metrics.tsdb.block.BlockFolder} finds them, {@link io.skopos.metrics.tsdb.block.Block}
 * reads one series by series with little memory, {@link io.skopos.metrics.tsdb.block.BlockWriter}
 * makes one. Files are read by position, never mapped; every checksum is checked, and damage is a
 * {@link io.skopos.metrics.tsdb.block.DamagedBlock} with file and offset. What stays readable is
 * read.
 */
@NullMarked
package io.skopos.metrics.tsdb.block;

import org.jspecify.annotations.NullMarked;
