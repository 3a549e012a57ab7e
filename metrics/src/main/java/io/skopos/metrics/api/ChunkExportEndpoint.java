// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.engine.QueryAborted;
import io.skopos.engine.QueryBudget;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.SampleSource;
import io.skopos.metrics.tsdb.chunk.ChunkStream;
import io.skopos.metrics.tsdb.chunk.EncodedChunk;
import io.skopos.metrics.tsdb.chunk.SeriesChunks;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.model.UtcDay;
import io.skopos.serving.query.QueryRunner;
import io.skopos.serving.query.RunningQuery;
import io.skopos.web.HttpError;
import io.skopos.web.Parameters;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/v1/export/chunks}: the samples of some series, all of them and as they are, as a
 * {@link ChunkStream}.
 *
 * <p>Series come in the order of their labels; {@code after} (canonical labels in base64url) leaves
 * out those up to it, so that a broken off export goes on. A range spans at most {@link #MAX_DAYS}
 * days, because what is being read is pinned meanwhile; and few exports run at a time.
 */
final class ChunkExportEndpoint {

  static final int MAX_DAYS = 32;
  private static final int CONCURRENT = 4;

  private final SampleSource source;
  private final QueryRunner runner;
  private final QueryConfig config;
  private final Selectors selectors = new Selectors();
  private final Semaphore places = new Semaphore(CONCURRENT);
  private final Counter samples;

  ChunkExportEndpoint(
      SampleSource source, QueryRunner runner, QueryConfig config, PrometheusRegistry registry) {
    this.source = source;
    this.runner = runner;
    this.config = config;
    samples =
        Counter.builder()
            .name("skopos_metrics_export_samples_total")
            .help("Samples sent by exports.")
            .register(registry);
  }

  void register(Routes.Family family) {
    family.getOrPost("/api/v1/export/chunks", this::export);
  }

  private Response export(Request request) {
    Parameters parameters = request.parameters();
    List<List<Matcher>> wanted = selectors.required(parameters);
    if (wanted.size() > 1) {
      throw QueryParameters.invalid("match[]", "one selector at a time can be exported");
    }
    TimeRange range = range(parameters);
    Labels after = after(parameters.getOrEmpty("after"));
    QueryBudget budget = runner.budget(request, new QueryBudget.Limits(0, config.maxSeries(), 0));
    TenantId tenant = request.tenant();
    return Response.stream(
        200,
        "application/x-skopos-chunks",
        out -> {
          RunningQuery query =
              runner.begin(request, Selectors.description("export", parameters, range), budget);
          try {
            write(tenant, wanted.getFirst(), range, after, query, out);
          } finally {
            runner.end(query);
          }
        });
  }

  private static TimeRange range(Parameters parameters) {
    if (parameters.getOrEmpty("start").isEmpty() || parameters.getOrEmpty("end").isEmpty()) {
      throw HttpError.badData("start and end must be given");
    }
    long from = QueryParameters.requiredTime(parameters, "start");
    long to = QueryParameters.requiredTime(parameters, "end");
    if (to < from) {
      throw QueryParameters.invalid("end", "end timestamp must not be before start time");
    }
    if (to - from > MAX_DAYS * UtcDay.MILLIS) {
      throw QueryParameters.invalid(
          "end",
          "it is more than "
              + MAX_DAYS
              + " days behind start, which is the limit; ask for shorter ranges in turn");
    }
    return new TimeRange(from, to);
  }

  private static @Nullable Labels after(String text) {
    if (text.isEmpty()) {
      return null;
    }
    try {
      Labels labels = Labels.ofCanonicalBytes(Base64.getUrlDecoder().decode(text));
      // Comparing walks the bytes: what are no labels fails here rather than there.
      return Labels.of(labels.toMap());
    } catch (IllegalArgumentException | IndexOutOfBoundsException | NegativeArraySizeException _) {
      throw QueryParameters.invalid("after", "it is no label set as this endpoint writes them");
    }
  }

  private void write(
      TenantId tenant,
      List<Matcher> matchers,
      TimeRange range,
      @Nullable Labels after,
      RunningQuery query,
      OutputStream out)
      throws IOException {
    if (!places.tryAcquire()) {
      throw HttpError.unavailable(
          CONCURRENT + " exports are running, which is the limit; try again later",
          Duration.ofSeconds(5));
    }
    query.started();
    try (SampleSource.Selection selection =
        source.select(tenant, matchers, range, query.budget())) {
      OutputStream buffered = new BufferedOutputStream(out, 64 << 10);
      ChunkStream.Writer stream = new ChunkStream.Writer(buffered);
      SampleBuffer buffer = new SampleBuffer();
      for (int i = 0; i < selection.size(); i++) {
        Labels labels = selection.labels(i);
        if (after != null && labels.compareTo(after) <= 0) {
          continue;
        }
        buffer.clear();
        selection.read(i, range.fromMs(), range.toMs(), buffer);
        query.budget().readSamples(buffer.size);
        if (buffer.size > 0) {
          series(stream, labels, buffer);
          samples.inc(buffer.size);
        }
      }
      for (String warning : selection.warnings()) {
        stream.warning(warning);
      }
      stream.end();
      buffered.flush();
    } catch (QueryAborted e) {
      throw new IOException(e.getMessage(), e);
    } finally {
      places.release();
    }
  }

  private static void series(ChunkStream.Writer stream, Labels labels, SampleBuffer samples)
      throws IOException {
    stream.series(labels);
    List<EncodedChunk> chunks = new ArrayList<>();
    SeriesChunks.encode(samples, 0, samples.size, chunks::add);
    for (EncodedChunk chunk : chunks) {
      stream.chunk(chunk);
    }
  }
}
