// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Binary messages that bring samples. {@link io.skopos.metrics.wire.RemoteWriteDecoder} reads
 * Prometheus remote write 1.0 from the decompressed bytes straight into a {@link
 * io.skopos.metrics.store.SampleBatch}: {@link io.skopos.metrics.wire.ProtobufReader} walks the
 * fields, {@link io.skopos.metrics.wire.SeriesLabels} checks and orders a series' labels, {@link
 * io.skopos.metrics.wire.WriteReport} says what was kept. No HTTP here, and no generated code.
 */
@NullMarked
package io.skopos.metrics.wire;

import org.jspecify.annotations.NullMarked;
