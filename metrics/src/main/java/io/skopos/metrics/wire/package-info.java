// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Binary messages that bring samples. {@link io.skopos.metrics.wire.RemoteWriteDecoder} (1.0) and
 * {@link io.skopos.metrics.wire.RemoteWrite2Decoder} read Prometheus remote write from the
 * decompressed bytes straight into a {@link io.skopos.metrics.store.SampleBatch}: {@link
 * io.skopos.web.wire.ProtobufReader} walks the fields, {@link io.skopos.metrics.wire.SeriesLabels}
 * checks and orders a series' labels, {@link io.skopos.metrics.wire.HistogramDraft} checks native
 * histograms, {@link io.skopos.metrics.wire.WriteReport} says what was kept. No HTTP here, and no
 * generated code.
 */
@NullMarked
package io.skopos.metrics.wire;

import org.jspecify.annotations.NullMarked;
