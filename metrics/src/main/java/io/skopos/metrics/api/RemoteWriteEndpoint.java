// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.metrics.wire.MalformedMessage;
import io.skopos.metrics.wire.RemoteWriteDecoder;
import io.skopos.metrics.wire.WriteReport;
import io.skopos.storage.Intake;
import io.skopos.web.Body;
import io.skopos.web.HttpError;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /api/v1/write}: the receiver of Prometheus remote write 1.0. Everything that can be
 * refused is refused before the append; what is good of a partly bad request is kept, and the
 * answer says so. Senders repeat after 5xx and 429 and give up after any other 4xx.
 */
final class RemoteWriteEndpoint {

  private static final String WRITTEN = "X-Prometheus-Remote-Write-%s-Written";
  private static final String VERSION_2 = "io.prometheus.write.v2.Request";
  private static final String VERSION_1 = "prometheus.WriteRequest";

  /** More requests than this at a time make their own buffers, which are then dropped. */
  private static final int MAX_KEPT_BUFFERS = 32;

  private final Intake intake;
  private final InstantSource clock;
  private final ArrayBlockingQueue<Buffers> spare = new ArrayBlockingQueue<>(MAX_KEPT_BUFFERS);
  private final Counter samples;
  private final Counter refusedSamples;
  private final Counter notStored;

  /** What one request decodes with, reused by later ones. */
  private record Buffers(RemoteWriteDecoder decoder, SampleBatch batch) {}

  RemoteWriteEndpoint(Intake intake, InstantSource clock, PrometheusRegistry registry) {
    this.intake = intake;
    this.clock = clock;
    samples =
        Counter.builder()
            .name("skopos_metrics_remote_write_samples_total")
            .help("Samples taken from remote write requests.")
            .register(registry);
    refusedSamples =
        Counter.builder()
            .name("skopos_metrics_remote_write_refused_samples_total")
            .help("Samples of remote write requests refused for bad labels or times.")
            .register(registry);
    notStored =
        Counter.builder()
            .name("skopos_metrics_remote_write_not_stored_total")
            .help("Native histograms and exemplars dropped because they are not stored yet.")
            .labelNames("kind")
            .register(registry);
  }

  void register(Routes.Family family) {
    family.post("/api/v1/write", this::write);
  }

  private Response write(Request request) {
    checkContentType(request.header("Content-Type"));
    checkEncoding(request.header("Content-Encoding"));
    Body body = request.body("snappy");
    Buffers kept = spare.poll();
    Buffers buffers =
        kept == null ? new Buffers(new RemoteWriteDecoder(), new SampleBatch()) : kept;
    WriteReport report = decode(body, buffers);
    if (buffers.batch().rows() > 0) {
      Appends.await(intake.append(request.tenant(), buffers.batch()));
    }
    // Only after a completed append: otherwise the batch may still be in use.
    giveBack(buffers);
    count(report);
    Response response =
        report.isPartial() ? Response.text(400, report.summary() + "\n") : Response.empty(204);
    return response
        .header(String.format(WRITTEN, "Samples"), Long.toString(report.samples()))
        .header(String.format(WRITTEN, "Histograms"), "0")
        .header(String.format(WRITTEN, "Exemplars"), "0");
  }

  private WriteReport decode(Body body, Buffers buffers) {
    try {
      return buffers.decoder().decode(body.bytes(), body.length(), clock.millis(), buffers.batch());
    } catch (MalformedMessage e) {
      giveBack(buffers);
      throw HttpError.badData(e.getMessage() + "; nothing of the request was kept");
    }
  }

  private void giveBack(Buffers buffers) {
    buffers.batch().clear();
    // False when there are enough: these are garbage then.
    boolean unused = spare.offer(buffers);
  }

  private void count(WriteReport report) {
    samples.inc(report.samples());
    refusedSamples.inc(report.refusedSamples());
    notStored.labelValues("histogram").inc(report.histograms());
    notStored.labelValues("exemplar").inc(report.exemplars());
  }

  private static void checkContentType(@Nullable String header) {
    if (header == null || header.isBlank()) {
      return;
    }
    String[] parts = header.split(";");
    String type = parts[0].strip().toLowerCase(Locale.ROOT);
    if (!type.equals("application/x-protobuf")) {
      throw unsupported(
          "Content-Type must be application/x-protobuf, not '" + parts[0].strip() + "'");
    }
    for (int i = 1; i < parts.length; i++) {
      String[] parameter = parts[i].strip().split("=", 2);
      if (parameter.length == 2 && parameter[0].strip().equalsIgnoreCase("proto")) {
        String message = parameter[1].strip().replace("\"", "");
        if (message.equals(VERSION_2)) {
          throw unsupported(
              "remote write 2.0 ("
                  + VERSION_2
                  + ") is not supported yet; let the sender use 1.0 (protobuf_message: "
                  + VERSION_1
                  + ", which is its default)");
        }
        if (!message.equals(VERSION_1)) {
          throw unsupported("the message '" + message + "' is unknown; send " + VERSION_1);
        }
      }
    }
  }

  private static void checkEncoding(@Nullable String header) {
    String encoding = header == null ? "snappy" : header.strip().toLowerCase(Locale.ROOT);
    if (!encoding.equals("snappy") && !encoding.equals("zstd")) {
      throw unsupported("Content-Encoding must be snappy (or zstd), not '" + encoding + "'");
    }
  }

  private static HttpError unsupported(String message) {
    return new HttpError(415, "bad_data", message);
  }
}
