// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.otlp;

import io.skopos.model.TenantId;
import io.skopos.storage.Intake;
import io.skopos.web.Routes;
import io.skopos.web.receive.Receipts;
import io.skopos.web.wire.MalformedMessage;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * OTLP metrics over HTTP (protobuf or JSON, also compressed) and over gRPC. Everything that can be
 * refused is refused before the append; the answer counts the points that were. Thread-safe.
 */
public final class OtlpEndpoint {

  static final String PROTOCOL = "otlp";

  private static final String GRPC_PATH =
      "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";

  /** More requests than this at a time make their own buffers, which are then dropped. */
  private static final int MAX_KEPT_DECODERS = 32;

  private final InstantSource clock;
  private final OtlpExport export;
  private volatile Decoders decoders = new Decoders(OtlpSettings.DEFAULT);

  /** Decoders of one configuration, reused from request to request. */
  private record Decoders(OtlpSettings settings, ArrayBlockingQueue<MetricsRequestDecoder> spare) {

    private Decoders(OtlpSettings settings) {
      this(settings, new ArrayBlockingQueue<>(MAX_KEPT_DECODERS));
    }

    private MetricsRequestDecoder take() {
      MetricsRequestDecoder kept = spare.poll();
      return kept == null ? new MetricsRequestDecoder(settings) : kept;
    }

    private void giveBack(MetricsRequestDecoder decoder) {
      decoder.batch().clear();
      // False when there are enough: this one is garbage then.
      boolean unused = spare.offer(decoder);
    }
  }

  public OtlpEndpoint(Intake intake, Receipts receipts, InstantSource clock) {
    this.clock = clock;
    this.export = new OtlpExport(intake, receipts, PROTOCOL, JsonSchema.REQUEST, this::read);
  }

  /** What requests from now on are read with. */
  public void apply(OtlpSettings settings) {
    if (!settings.equals(decoders.settings())) {
      decoders = new Decoders(settings);
    }
  }

  public void register(Routes routes) {
    export.register(routes, List.of("/v1/metrics", "/api/v1/otlp/v1/metrics"), GRPC_PATH);
  }

  private OtlpReport read(TenantId tenant, byte[] message, int length) throws MalformedMessage {
    Decoders current = decoders;
    MetricsRequestDecoder decoder = current.take();
    OtlpReport report;
    try {
      report = decoder.decode(message, length, clock.millis());
    } catch (MalformedMessage e) {
      current.giveBack(decoder);
      throw e;
    }
    if (decoder.batch().rows() > 0) {
      export.append(tenant, decoder.batch(), report);
    }
    // Only after a completed append: otherwise the batch may still be in use.
    current.giveBack(decoder);
    return report;
  }
}
