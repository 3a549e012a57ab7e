// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * The receivers of OTLP (opentelemetry-proto, docs/specification.md). {@link
 * io.skopos.ingest.otlp.OtlpExport} takes requests over HTTP and gRPC; JSON becomes protobuf
 * ({@link io.skopos.ingest.otlp.JsonToProtobuf}), and {@link
 * io.skopos.ingest.otlp.MetricsRequestDecoder} walks the bytes in place: resource and scope become
 * labels ({@link io.skopos.ingest.otlp.ResourceLabels}), names are translated ({@link
 * io.skopos.ingest.otlp.MetricNaming}, {@link io.skopos.ingest.otlp.LabelNaming}), each kind of
 * point has its class, and {@link io.skopos.ingest.otlp.PointSink} fills the batch. Logs are read
 * by {@link io.skopos.ingest.otlp.LogsRequestDecoder}. What is refused is counted with its reason
 * in {@link io.skopos.ingest.otlp.OtlpReport}. No generated code, and no memory of earlier
 * requests.
 */
@NullMarked
package io.skopos.ingest.otlp;

import org.jspecify.annotations.NullMarked;
