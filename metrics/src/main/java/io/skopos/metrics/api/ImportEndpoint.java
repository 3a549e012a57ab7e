// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.metrics.exposition.ExpositionException;
import io.skopos.metrics.exposition.ExpositionFormat;
import io.skopos.metrics.exposition.ExpositionParser;
import io.skopos.metrics.exposition.LabelMapping;
import io.skopos.metrics.exposition.SeriesCache;
import io.skopos.model.Label;
import io.skopos.storage.Intake;
import io.skopos.web.Body;
import io.skopos.web.HttpError;
import io.skopos.web.Parameters;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import io.skopos.web.receive.Receipts;
import io.skopos.web.receive.Rejection;
import java.time.InstantSource;
import java.util.List;

/**
 * {@code POST /api/v1/import/prometheus}: samples in the text formats, as VictoriaMetrics takes
 * them. {@code extra_label=name=value} sets a label of every series, {@code timestamp} (in
 * milliseconds) is the time of lines without one, instead of now. Bad lines are passed over and
 * reported; the good ones are kept.
 */
final class ImportEndpoint {

  private static final String PROTOCOL = "prometheus_text";

  /** Distinct series texts remembered within one body. */
  private static final int MAX_TEXTS = 100_000;

  private final Intake intake;
  private final InstantSource clock;
  private final Receipts receipts;
  private final Counter samples;
  private final Counter badLines;

  ImportEndpoint(
      Intake intake, InstantSource clock, Receipts receipts, PrometheusRegistry registry) {
    this.intake = intake;
    this.clock = clock;
    this.receipts = receipts;
    samples =
        Counter.builder()
            .name("skopos_metrics_import_samples_total")
            .help("Samples taken from text imports.")
            .register(registry);
    badLines =
        Counter.builder()
            .name("skopos_metrics_import_refused_lines_total")
            .help("Lines of text imports that could not be kept.")
            .register(registry);
  }

  void register(Routes.Family family) {
    family.post("/api/v1/import/prometheus", this::importText);
  }

  private Response importText(Request request) {
    // Never the form: curl -d declares one and sends lines.
    Parameters parameters = request.queryParameters();
    long now = clock.millis();
    ImportedSamples imported =
        new ImportedSamples(intake, request.tenant(), defaultTime(parameters, now), now);
    SeriesCache cache = new SeriesCache(mapping(parameters), MAX_TEXTS);
    ExpositionFormat declared = ExpositionFormat.ofContentType(request.header("Content-Type"));
    ExpositionFormat format = declared == null ? ExpositionFormat.TEXT : declared;
    Body body = request.body();
    try {
      ExpositionParser.lax(format).parse(body.bytes(), 0, body.length(), cache, imported);
      imported.flush();
    } catch (ExpositionException e) {
      throw HttpError.badData(String.valueOf(e.getMessage()));
    } finally {
      samples.inc(imported.kept());
      badLines.inc(imported.refused());
      receipts.accepted(request.tenant(), PROTOCOL, imported.kept());
      receipts.rejected(
          request.tenant(), PROTOCOL, Rejection.MALFORMED, imported.refused(), imported.summary());
    }
    return imported.refused() == 0
        ? Response.empty(204)
        : Response.text(400, imported.summary() + "\n");
  }

  private static long defaultTime(Parameters parameters, long now) {
    String text = parameters.getOrEmpty("timestamp");
    if (text.isEmpty()) {
      return now;
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw HttpError.badData(
          "timestamp '" + text + "' is not a number of milliseconds since 1970");
    }
  }

  private static LabelMapping mapping(Parameters parameters) {
    List<Label> extra = ExtraLabels.of(parameters);
    if (extra.isEmpty()) {
      return LabelMapping.IDENTITY;
    }
    return (exposed, _) -> ExtraLabels.over(exposed, extra);
  }
}
