// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.skopos.metrics.api.queries.QueriedMetrics;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.SampleSource;
import io.skopos.metrics.tsdb.chunk.EncodedChunk;
import io.skopos.metrics.tsdb.chunk.SeriesChunks;
import io.skopos.metrics.wire.ProtobufWriter;
import io.skopos.metrics.wire.ReadRequest;
import io.skopos.metrics.wire.ReadResponse;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.serving.query.QueryRunner.Asked;
import io.skopos.serving.query.QueryRunner.OpenQuery;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The streamed answer to one query of a remote read. Pieces of about a frame are computed on a
 * query thread and sent on the response's, which may wait for the client. A series with many chunks
 * comes in several frames; no frame holds two series.
 */
final class ChunkStream implements AutoCloseable {

  private final SampleSource source;
  private final TenantId tenant;
  private final ReadRequest.Query query;
  private final int queryIndex;
  private final SampleBuffer samples = new SampleBuffer();
  private final ProtobufWriter message = new ProtobufWriter();
  private final ProtobufWriter piece = new ProtobufWriter();
  private SampleSource.@Nullable Selection selection;
  private int next;

  ChunkStream(SampleSource source, TenantId tenant, ReadRequest.Query query, int queryIndex) {
    this.source = source;
    this.tenant = tenant;
    this.query = query;
    this.queryIndex = queryIndex;
  }

  void writeTo(OutputStream out, OpenQuery open, long frameBytes) throws IOException {
    if (query.startMs() > query.endMs()) {
      return;
    }
    boolean more = true;
    while (more) {
      piece.clear();
      more = open.compute(asked -> fill(asked, frameBytes));
      out.write(piece.bytes(), 0, piece.size());
    }
  }

  /** Whether there is more. */
  private boolean fill(Asked asked, long frameBytes) {
    TimeRange range = new TimeRange(query.startMs(), query.endMs());
    SampleSource.Selection from = selection;
    if (from == null) {
      asked.names(QueriedMetrics.of(List.of(query.matchers())));
      from = source.select(tenant, query.matchers(), range, asked.budget());
      selection = from;
    }
    while (next < from.size() && piece.size() < frameBytes) {
      asked.budget().checkRunning();
      samples.clear();
      from.read(next, range.fromMs(), range.toMs(), samples);
      if (samples.size > 0) {
        frames(from.labels(next), frameBytes);
      }
      next++;
    }
    return next < from.size();
  }

  private void frames(Labels labels, long frameBytes) {
    List<EncodedChunk> chunks = new ArrayList<>();
    long[] bytes = {0};
    SeriesChunks.encode(
        samples,
        0,
        samples.size,
        chunk -> {
          chunks.add(chunk);
          bytes[0] += chunk.data().length + 24;
          if (bytes[0] >= frameBytes) {
            frame(labels, chunks);
            bytes[0] = 0;
          }
        });
    if (!chunks.isEmpty()) {
      frame(labels, chunks);
    }
  }

  private void frame(Labels labels, List<EncodedChunk> chunks) {
    message.clear();
    ReadResponse.chunks(message, labels, chunks, queryIndex);
    ReadResponse.frame(message, piece);
    chunks.clear();
  }

  @Override
  public void close() {
    if (selection != null) {
      selection.close();
    }
  }
}
