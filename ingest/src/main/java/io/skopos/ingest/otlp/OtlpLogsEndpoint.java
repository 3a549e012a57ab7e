// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.otlp;

import io.skopos.logs.LogsByTenant;
import io.skopos.logs.wire.Discoveries;
import io.skopos.model.TenantId;
import io.skopos.storage.Intake;
import io.skopos.web.Routes;
import io.skopos.web.receive.Receipts;
import io.skopos.web.wire.MalformedMessage;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * OTLP logs over HTTP (protobuf or JSON, also compressed) and over gRPC; what becomes labels and
 * what structured metadata is Loki's choice, configurable by tenant. Thread-safe.
 */
public final class OtlpLogsEndpoint {

  private static final String GRPC_PATH =
      "/opentelemetry.proto.collector.logs.v1.LogsService/Export";

  /** More requests than this at a time make their own buffers, which are then dropped. */
  private static final int MAX_KEPT_DECODERS = 32;

  private final InstantSource clock;
  private final Discoveries discoveries;
  private final OtlpExport export;
  private final ArrayBlockingQueue<LogsRequestDecoder> spare =
      new ArrayBlockingQueue<>(MAX_KEPT_DECODERS);

  public OtlpLogsEndpoint(
      Intake intake, Receipts receipts, LogsByTenant configs, InstantSource clock) {
    this.clock = clock;
    this.discoveries = new Discoveries(configs);
    this.export =
        new OtlpExport(intake, receipts, "otlp_logs", JsonSchema.LOGS_REQUEST, this::read);
  }

  public void register(Routes routes) {
    export.register(
        routes, List.of("/v1/logs", "/otlp/v1/logs", "/api/v1/otlp/v1/logs"), GRPC_PATH);
  }

  private OtlpReport read(TenantId tenant, byte[] message, int length) throws MalformedMessage {
    LogsRequestDecoder kept = spare.poll();
    LogsRequestDecoder decoder = kept == null ? new LogsRequestDecoder() : kept;
    OtlpReport report;
    try {
      report = decoder.decode(message, length, discoveries.of(tenant), clock.millis() * 1_000_000);
    } catch (MalformedMessage e) {
      giveBack(decoder);
      throw e;
    }
    if (decoder.batch().rows() > 0) {
      export.append(tenant, decoder.batch(), report);
    }
    // Only after a completed append: otherwise the batch may still be in use.
    giveBack(decoder);
    return report;
  }

  private void giveBack(LogsRequestDecoder decoder) {
    decoder.batch().clear();
    // False when there are enough: this one is garbage then.
    boolean unused = spare.offer(decoder);
  }
}
