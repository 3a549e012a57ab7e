// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.skopos.engine.QueryAborted;
import io.skopos.engine.QueryBudget;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.SampleSource;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.serving.query.QueryRunner;
import io.skopos.web.HttpError;
import io.skopos.web.Parameters;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/v1/export} and {@code /api/v1/export/csv}: raw samples, series by series, as
 * VictoriaMetrics gives them and takes them back. Streamed: only one series is in memory. Native
 * histograms have no form there and are left out.
 */
final class ExportEndpoint {

  /** Each export works on its connection's thread, so few may run beside the queries. */
  private static final int MAX_EXPORTS = 4;

  private static final int DEFAULT_ROWS_PER_LINE = 10_000;

  private final SampleSource source;
  private final QueryRunner runner;
  private final QueryConfig config;
  private final Selectors selectors = new Selectors();
  private final Semaphore free = new Semaphore(MAX_EXPORTS);

  ExportEndpoint(SampleSource source, QueryRunner runner, QueryConfig config) {
    this.source = source;
    this.runner = runner;
    this.config = config;
  }

  void register(Routes.Family family) {
    family.getOrPost("/api/v1/export", this::json);
    family.getOrPost("/api/v1/export/csv", this::csv);
  }

  /** Writes the samples of one series. */
  private interface SeriesWriter {
    void write(OutputStream out, Labels labels, SampleBuffer samples) throws IOException;
  }

  private Response json(Request request) {
    int rows = rowsPerLine(request.parameters().getOrEmpty("max_rows_per_line"));
    return export(
        request,
        "application/stream+json",
        (out, labels, samples) -> ExportLines.json(out, labels, samples, rows));
  }

  private Response csv(Request request) {
    ExportLines.CsvColumns columns;
    try {
      columns = ExportLines.CsvColumns.parse(request.parameters().getOrEmpty("format"));
    } catch (IllegalArgumentException e) {
      throw HttpError.badData(String.valueOf(e.getMessage()));
    }
    return export(
        request,
        "text/csv; charset=utf-8",
        (out, labels, samples) -> ExportLines.csv(out, labels, samples, columns));
  }

  private Response export(Request request, String contentType, SeriesWriter writer) {
    Parameters parameters = request.parameters();
    List<List<Matcher>> wanted = wanted(parameters);
    TimeRange range = range(parameters);
    QueryBudget budget =
        runner.budget(request, new QueryBudget.Limits(config.maxSamples(), config.maxSeries(), 0));
    TenantId tenant = request.tenant();
    return Response.stream(
        200,
        contentType,
        out -> {
          if (range != null) {
            write(out, tenant, wanted, range, budget, writer);
          }
        });
  }

  /** Null when it ends before it begins, which selects nothing. */
  private static @Nullable TimeRange range(Parameters parameters) {
    long from = time(parameters, "start", -QueryParameters.MAX_TIME_MS);
    long to = time(parameters, "end", QueryParameters.MAX_TIME_MS);
    return from <= to ? new TimeRange(from, to) : null;
  }

  /** Numbers too large for seconds are milliseconds, as VictoriaMetrics' clients send them. */
  private static long time(Parameters parameters, String name, long missing) {
    String text = parameters.getOrEmpty(name);
    return text.matches("[0-9]{12,15}")
        ? Long.parseLong(text)
        : QueryParameters.time(parameters, name, missing);
  }

  private List<List<Matcher>> wanted(Parameters parameters) {
    List<String> texts = new ArrayList<>(parameters.all("match[]"));
    texts.addAll(parameters.all("match"));
    if (texts.isEmpty()) {
      throw HttpError.badData("no match[] parameter provided");
    }
    List<List<Matcher>> parsed = selectors.parse(texts, "invalid parameter \"match[]\": ");
    List<Matcher> everywhere =
        ExtraLabels.of(parameters).stream()
            .map(label -> Matcher.equal(label.name(), label.value()))
            .toList();
    return parsed.stream()
        .map(matchers -> {
          List<Matcher> all = new ArrayList<>(matchers);
          all.addAll(everywhere);
          return List.copyOf(all);
        })
        .toList();
  }

  private void write(
      OutputStream out,
      TenantId tenant,
      List<List<Matcher>> wanted,
      TimeRange range,
      QueryBudget budget,
      SeriesWriter writer)
      throws IOException {
    if (!free.tryAcquire()) {
      throw HttpError.unavailable(
          MAX_EXPORTS + " exports are running, which is the limit; try again later",
          Duration.ofSeconds(5));
    }
    try {
      Set<Labels> written = new HashSet<>();
      SampleBuffer samples = new SampleBuffer();
      for (List<Matcher> matchers : wanted) {
        try (SampleSource.Selection selection = source.select(tenant, matchers, range, budget)) {
          for (int i = 0; i < selection.size(); i++) {
            Labels labels = selection.labels(i);
            if (wanted.size() > 1 && !written.add(labels)) {
              continue;
            }
            budget.checkRunning();
            samples.clear();
            selection.read(i, range.fromMs(), range.toMs(), samples);
            writer.write(out, labels, samples);
          }
        }
      }
    } catch (QueryAborted e) {
      throw new HttpError(422, "execution", String.valueOf(e.getMessage()));
    } finally {
      free.release();
    }
  }

  private static int rowsPerLine(String text) {
    if (text.isEmpty() || text.equals("0")) {
      return DEFAULT_ROWS_PER_LINE;
    }
    try {
      int rows = Integer.parseInt(text);
      if (rows > 0) {
        return rows;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw HttpError.badData("max_rows_per_line must be a whole number, not '" + text + "'");
  }
}
