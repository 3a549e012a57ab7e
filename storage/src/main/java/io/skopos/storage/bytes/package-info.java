// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * How numbers stand in our files: LEB128 varints, zigzag for signed ones, little-endian fixed
 * words. {@link io.skopos.storage.bytes.ByteWriter} grows, {@link
 * io.skopos.storage.bytes.ByteReader} never reads past its end and turns what no writer wrote into
 * {@link io.skopos.storage.bytes.DamagedBytes}. No format lives here.
 */
@NullMarked
package io.skopos.storage.bytes;

import org.jspecify.annotations.NullMarked;
