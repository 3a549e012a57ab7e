// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.skopos.metrics.api.queries.QueriedMetrics;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.SampleSource;
import io.skopos.metrics.wire.ProtobufWriter;
import io.skopos.metrics.wire.ReadRequest;
import io.skopos.metrics.wire.ReadRequest.Query;
import io.skopos.metrics.wire.ReadResponse;
import io.skopos.model.Matcher;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.serving.query.QueryDescription;
import io.skopos.serving.query.QueryRunner;
import io.skopos.serving.query.QueryRunner.Asked;
import io.skopos.serving.query.QueryRunner.OpenQuery;
import io.skopos.storage.index.LabelPattern;
import io.skopos.web.Body;
import io.skopos.web.HttpError;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import io.skopos.web.wire.MalformedMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.xerial.snappy.Snappy;

/**
 * {@code POST /api/v1/read}: Prometheus' remote read. Readers that take streamed chunks get them
 * series by series as they are read; others get all samples in one message.
 */
final class RemoteReadEndpoint {

  private static final long SAMPLES = 0;
  private static final long STREAMED_CHUNKS = 1;

  private final SampleSource source;
  private final QueryRunner runner;
  private final QueryConfig config;
  private final Semaphore free;

  RemoteReadEndpoint(SampleSource source, QueryRunner runner, QueryConfig config) {
    this.source = source;
    this.runner = runner;
    this.config = config;
    this.free = new Semaphore(config.remoteRead().concurrency());
  }

  void register(Routes.Family family) {
    family.post("/api/v1/read", this::read);
  }

  private Response read(Request request) {
    Body body = request.body("snappy");
    ReadRequest wanted = decode(body);
    wanted.queries().forEach(RemoteReadEndpoint::check);
    long type = negotiate(wanted.accepted());
    if (type == SAMPLES) {
      byte[] answer = gated(() -> samples(request, wanted));
      return Response.bytes(200, "application/x-protobuf", answer)
          .header("Content-Encoding", "snappy");
    }
    return Response.stream(
        200,
        "application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse",
        out -> {
          acquire();
          try (OpenQuery query = runner.open(request, description(wanted), config.timeout())) {
            for (int i = 0; i < wanted.queries().size(); i++) {
              try (ChunkStream stream =
                  new ChunkStream(source, request.tenant(), wanted.queries().get(i), i)) {
                stream.writeTo(out, query, config.remoteRead().frame().bytes());
              }
            }
            query.answered();
          } finally {
            free.release();
          }
        });
  }

  private static ReadRequest decode(Body body) {
    try {
      return ReadRequest.decode(body.bytes(), body.length());
    } catch (MalformedMessage e) {
      throw HttpError.badData(String.valueOf(e.getMessage()));
    }
  }

  private static void check(Query query) {
    for (Matcher matcher : query.matchers()) {
      if (matcher.type() == Matcher.Type.REGEX || matcher.type() == Matcher.Type.NOT_REGEX) {
        try {
          LabelPattern pattern = LabelPattern.compile(matcher.value());
          assert pattern != null;
        } catch (IllegalArgumentException e) {
          throw HttpError.badData(
              "the matcher on '"
                  + matcher.name()
                  + "' is no regular expression: "
                  + e.getMessage());
        }
      }
    }
  }

  private static long negotiate(List<Long> accepted) {
    for (long type : accepted) {
      if (type == SAMPLES || type == STREAMED_CHUNKS) {
        return type;
      }
    }
    if (accepted.isEmpty()) {
      return SAMPLES;
    }
    throw HttpError.badData(
        "none of the accepted response types "
            + accepted
            + " is known; there are SAMPLES (0) and STREAMED_XOR_CHUNKS (1)");
  }

  private interface Reading {
    byte[] read();
  }

  private byte[] gated(Reading reading) {
    acquire();
    try {
      return reading.read();
    } finally {
      free.release();
    }
  }

  private void acquire() {
    boolean acquired;
    try {
      acquired = free.tryAcquire(config.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      acquired = false;
    }
    if (!acquired) {
      throw HttpError.unavailable(
          config.remoteRead().concurrency()
              + " remote reads are running, which is query.remote_read.concurrency",
          Duration.ofSeconds(5));
    }
  }

  private static QueryDescription description(ReadRequest wanted) {
    long from = wanted.queries().stream().mapToLong(Query::startMs).min().orElse(0);
    long to = wanted.queries().stream().mapToLong(Query::endMs).max().orElse(0);
    return new QueryDescription("remote read", text(wanted), from, to, 0);
  }

  private static String text(ReadRequest wanted) {
    return wanted.queries().stream()
        .map(query ->
            query.matchers().stream()
                .map(m -> m.name() + m.type().symbol() + '"' + m.value() + '"')
                .collect(Collectors.joining(",", "{", "}")))
        .collect(Collectors.joining(" or "));
  }

  private byte[] samples(Request request, ReadRequest wanted) {
    return runner.run(
        request,
        description(wanted),
        asked -> {
          asked.names(QueriedMetrics.of(wanted.queries().stream().map(Query::matchers).toList()));
          ProtobufWriter out = new ProtobufWriter();
          for (Query query : wanted.queries()) {
            int result = out.begin(1);
            write(request.tenant(), query, asked, out);
            out.end(result);
          }
          try {
            return Snappy.rawCompress(out.bytes(), out.size());
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private void write(TenantId tenant, Query query, Asked asked, ProtobufWriter out) {
    if (query.startMs() > query.endMs()) {
      return;
    }
    TimeRange range = new TimeRange(query.startMs(), query.endMs());
    long limit = config.remoteRead().maxResponse().bytes();
    SampleBuffer samples = new SampleBuffer();
    try (SampleSource.Selection selection =
        source.select(tenant, query.matchers(), range, asked.budget())) {
      for (int i = 0; i < selection.size(); i++) {
        asked.budget().checkRunning();
        samples.clear();
        selection.read(i, range.fromMs(), range.toMs(), samples);
        asked.budget().holdSamples(samples.size);
        if (samples.size > 0) {
          ReadResponse.series(out, selection.labels(i), samples);
        }
        if (out.size() > limit) {
          throw HttpError.badData(
              "the answer is larger than "
                  + limit
                  + " bytes, the limit query.remote_read.max_response; ask for less, or for"
                  + " streamed chunks");
        }
      }
    }
  }
}
