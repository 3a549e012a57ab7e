// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.metrics.wire.RemoteWrite2Decoder;
import io.skopos.metrics.wire.RemoteWriteDecoder;
import io.skopos.metrics.wire.WriteReport;
import io.skopos.model.Label;
import io.skopos.serving.append.Appends;
import io.skopos.storage.Intake;
import io.skopos.storage.WriteRefused;
import io.skopos.web.Body;
import io.skopos.web.HttpError;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import io.skopos.web.receive.Receipts;
import io.skopos.web.receive.Rejection;
import io.skopos.web.wire.MalformedMessage;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /api/v1/write}: the receiver of Prometheus remote write 1.0 and 2.0. Everything that
 * can be refused is refused before the append; what is good of a partly bad request is kept, and
 * the answer says so. Senders repeat after 5xx and 429 and give up after any other 4xx.
 */
final class RemoteWriteEndpoint {

  private static final String PROTOCOL = "remote_write";

  private static final String SAMPLES = "X-Prometheus-Remote-Write-Samples-Written";
  private static final String HISTOGRAMS = "X-Prometheus-Remote-Write-Histograms-Written";
  private static final String EXEMPLARS = "X-Prometheus-Remote-Write-Exemplars-Written";
  private static final String VERSION_2 = "io.prometheus.write.v2.Request";
  private static final String VERSION_1 = "prometheus.WriteRequest";

  /** More requests than this at a time make their own buffers, which are then dropped. */
  private static final int MAX_KEPT_BUFFERS = 32;

  private final Intake intake;
  private final InstantSource clock;
  private final Receipts receipts;
  private final ArrayBlockingQueue<Buffers> spare = new ArrayBlockingQueue<>(MAX_KEPT_BUFFERS);
  private final RecentMetadata recentMetadata = new RecentMetadata();
  private final Counter written;
  private final Counter refused;

  /** What one request decodes with, reused by later ones. */
  private static final class Buffers {
    final RemoteWriteDecoder version1 = new RemoteWriteDecoder();
    final RemoteWrite2Decoder version2 = new RemoteWrite2Decoder();
    final SampleBatch batch = new SampleBatch();
  }

  RemoteWriteEndpoint(
      Intake intake, InstantSource clock, Receipts receipts, PrometheusRegistry registry) {
    this.intake = intake;
    this.clock = clock;
    this.receipts = receipts;
    written =
        Counter.builder()
            .name("skopos_metrics_remote_write_rows_total")
            .help("Samples, native histograms and exemplars taken from remote write requests.")
            .labelNames("version", "kind")
            .register(registry);
    refused =
        Counter.builder()
            .name("skopos_metrics_remote_write_refused_rows_total")
            .help("What was left out of remote write requests for bad labels, times or values.")
            .labelNames("version", "kind")
            .register(registry);
  }

  void register(Routes.Family family) {
    family.post("/api/v1/write", this::write);
  }

  private Response write(Request request) {
    String version = version(request.header("Content-Type"));
    checkEncoding(request.header("Content-Encoding"));
    try {
      return write(request, version);
    } catch (HttpError e) {
      throw e.header(SAMPLES, "0").header(HISTOGRAMS, "0").header(EXEMPLARS, "0");
    }
  }

  private Response write(Request request, String version) {
    Body body = request.body("snappy");
    Buffers unused = spare.poll();
    Buffers buffers = unused == null ? new Buffers() : unused;
    WriteReport report = decode(body, version, buffers);
    List<Label> extra = ExtraLabels.of(request.queryParameters());
    SampleBatch batch = extra.isEmpty() ? buffers.batch : ExtraLabels.over(buffers.batch, extra);
    recentMetadata.dropKnown(request.tenant(), batch);
    WriteRefused left =
        batch.rows() > 0 ? Appends.awaitPartly(intake.append(request.tenant(), batch)) : null;
    if (left != null && !left.isAccepted()) {
      return answerPartly(request, version, report, batch, buffers, left);
    }
    boolean kept = left == null;
    if (kept) {
      recentMetadata.remember(request.tenant(), batch);
    }
    // Only after a completed append: otherwise the batch may still be in use.
    giveBack(buffers);
    count(version, report);
    tell(request, report);
    Response response =
        report.isPartial()
            ? Response.text(400, report.summary() + "\n")
            : Response.empty(kept ? 204 : 202);
    return response
        .header(SAMPLES, Long.toString(report.samples()))
        .header(HISTOGRAMS, Long.toString(report.histograms()))
        .header(EXEMPLARS, Long.toString(report.exemplars()));
  }

  private void tell(Request request, WriteReport report) {
    receipts.accepted(
        request.tenant(), PROTOCOL, report.samples() + report.histograms() + report.exemplars());
    long refused = report.refusedSamples() + report.refusedHistograms() + report.refusedExemplars();
    receipts.rejected(request.tenant(), PROTOCOL, Rejection.LABELS, refused, report.summary());
  }

  /** What the decoder took and a limit then left out, is not written. */
  private Response answerPartly(
      Request request,
      String version,
      WriteReport report,
      SampleBatch batch,
      Buffers buffers,
      WriteRefused left) {
    long histograms = batch.histogramCount();
    long samples = batch.sampleCount() - histograms;
    long exemplars = batch.exemplars().size();
    giveBack(buffers);
    count(version, report);
    receipts.accepted(request.tenant(), PROTOCOL, samples + histograms + exemplars);
    receipts.rejected(
        request.tenant(),
        PROTOCOL,
        Rejection.LIMIT,
        left.refusedRows(),
        String.valueOf(left.getMessage()));
    refused.labelValues(version.equals(VERSION_2) ? "2" : "1", "limit").inc(left.refusedRows());
    return Response.text(
            400,
            left.getMessage()
                + (report.isPartial() ? "; before that: " + report.summary() : "")
                + "\n")
        .header(SAMPLES, Long.toString(samples))
        .header(HISTOGRAMS, Long.toString(histograms))
        .header(EXEMPLARS, Long.toString(exemplars));
  }

  private WriteReport decode(Body body, String version, Buffers buffers) {
    long now = clock.millis();
    try {
      return version.equals(VERSION_2)
          ? buffers.version2.decode(body.bytes(), body.length(), now, buffers.batch)
          : buffers.version1.decode(body.bytes(), body.length(), now, buffers.batch);
    } catch (MalformedMessage e) {
      giveBack(buffers);
      throw HttpError.badData(e.getMessage() + "; nothing of the request was kept");
    }
  }

  private void giveBack(Buffers buffers) {
    buffers.batch.clear();
    // False when there are enough: these are garbage then.
    boolean unused = spare.offer(buffers);
  }

  private void count(String message, WriteReport report) {
    String version = message.equals(VERSION_2) ? "2" : "1";
    written.labelValues(version, "sample").inc(report.samples());
    written.labelValues(version, "histogram").inc(report.histograms());
    written.labelValues(version, "exemplar").inc(report.exemplars());
    refused.labelValues(version, "sample").inc(report.refusedSamples());
    refused.labelValues(version, "histogram").inc(report.refusedHistograms());
    refused.labelValues(version, "exemplar").inc(report.refusedExemplars());
  }

  /** The message the body is; one without a name is that of 1.0, as senders of 1.0 do. */
  private static String version(@Nullable String header) {
    if (header == null || header.isBlank()) {
      return VERSION_1;
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
        if (!message.equals(VERSION_1) && !message.equals(VERSION_2)) {
          throw unsupported(
              "the message '" + message + "' is unknown; send " + VERSION_2 + " or " + VERSION_1);
        }
        return message;
      }
    }
    return VERSION_1;
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
