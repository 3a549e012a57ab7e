// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Lossless codecs of times and values: {@code long[]} and {@code double[]} in, bytes out, and back
 * to the last bit (NaN payloads, -0.0, infinities, denormals); of histograms and start times too.
 * Each chunk is tried with several encodings and says which one it has. Decoders never trust a
 * byte: what is impossible is a {@link io.skopos.storage.bytes.DamagedBytes}, found before anything
 * is allocated for it.
 */
@NullMarked
package io.skopos.metrics.store.chunk;

import org.jspecify.annotations.NullMarked;
