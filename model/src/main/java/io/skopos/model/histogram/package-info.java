// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Native histograms as data: what a target observed, in exponential or custom buckets, at one
 * moment. The value is immutable and says nothing about arithmetic; adding, comparing and
 * estimating quantiles is the engine's.
 */
@NullMarked
package io.skopos.model.histogram;

import org.jspecify.annotations.NullMarked;
