// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * How far sources were read, kept so that a crash loses nothing: {@link
 * io.skopos.ingest.collect.positions.Positions} is a small durable map in the data directory. What
 * its values mean is for the sources to know.
 */
@NullMarked
package io.skopos.ingest.collect.positions;

import org.jspecify.annotations.NullMarked;
