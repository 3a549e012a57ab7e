// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli.transfer;

import io.skopos.metrics.tsdb.chunk.ChunkStream;
import io.skopos.metrics.tsdb.chunk.EncodedChunk;
import io.skopos.model.Labels;
import io.skopos.model.TimeRange;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Streams series out of a server, window by window, into a sink. A broken off stream is asked for
 * again from the series behind the last one; a whole run goes on from its {@link StateFile}.
 */
public final class SeriesExport {

  private static final long SAVE_NANOS = 2_000_000_000L;
  private static final int TRIES = 5;
  private static final long PAUSE_MS = 500;

  private final ServerSession session;
  private final String selector;
  private final ExportSink sink;
  private final StateFile state;
  private final Progress progress;
  private final Problems problems;
  private long savedNanos = System.nanoTime();
  private @Nullable Labels last;

  SeriesExport(
      ServerSession session,
      String selector,
      ExportSink sink,
      StateFile state,
      Progress progress,
      Problems problems) {
    this.session = session;
    this.selector = selector;
    this.sink = sink;
    this.state = state;
    this.progress = progress;
    this.problems = problems;
  }

  /** What was moved. */
  public record Result(long series, long samples, double seconds, boolean resumed) {}

  Result run(List<TimeRange> windows) throws IOException, InterruptedException {
    boolean resumed = state.isResumed();
    int first = (int) state.number("window");
    if (!state.get("checkpoint").isEmpty()) {
      sink.resume(state.get("checkpoint"));
    }
    String after = state.get("after");
    last = after.isEmpty() ? null : Labels.ofCanonicalBytes(Base64.getUrlDecoder().decode(after));
    progress.startAt((double) first / Math.max(1, windows.size()));
    EmptyTimes empty = new EmptyTimes(session, selector);
    for (int i = first; i < windows.size(); i++) {
      if (last == null && empty.covers(windows.get(i))) {
        continue;
      }
      sink.beginWindow(windows.get(i), last != null);
      window(windows.get(i), i, windows.size());
      sink.endWindow();
      last = null;
      save(i + 1, sink.checkpoint());
    }
    sink.finish();
    progress.finish();
    state.delete();
    return new Result(progress.series(), progress.samples(), progress.seconds(), resumed);
  }

  private void save(int window, @Nullable String checkpoint) {
    Labels behind = last;
    state
        .set("window", window)
        .set(
            "after",
            behind == null
                ? ""
                : Base64.getUrlEncoder().withoutPadding().encodeToString(behind.canonicalBytes()))
        .set("checkpoint", checkpoint == null ? "" : checkpoint)
        .save();
    savedNanos = System.nanoTime();
  }

  private void window(TimeRange window, int number, int count)
      throws IOException, InterruptedException {
    for (int tries = 1; ; tries++) {
      Labels before = last;
      try {
        stream(window, number, count);
        return;
      } catch (SinkFailed e) {
        throw e.cause;
      } catch (IOException e) {
        tries = Objects.equals(before, last) ? tries : 1;
        if (tries >= TRIES) {
          throw new TransferFailed(session.url() + " broke off the export: " + e.getMessage(), e);
        }
        Thread.sleep(PAUSE_MS << tries);
      }
    }
  }

  /** What went wrong on the other side; asking again does not help. */
  private static final class SinkFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final IOException cause;

    SinkFailed(IOException cause) {
      super(cause);
      this.cause = cause;
    }
  }

  private void stream(TimeRange window, int number, int count)
      throws IOException, InterruptedException {
    String form =
        "match[]="
            + URLEncoder.encode(selector, StandardCharsets.UTF_8)
            + "&start="
            + seconds(window.fromMs())
            + "&end="
            + seconds(window.toMs());
    Labels behind = last;
    if (behind != null) {
      form +=
          "&after="
              + Base64.getUrlEncoder().withoutPadding().encodeToString(behind.canonicalBytes());
    }
    HttpResponse<InputStream> response =
        session.send(
            "POST",
            "/api/v1/export/chunks",
            Map.of("Content-Type", "application/x-www-form-urlencoded"),
            form.getBytes(StandardCharsets.UTF_8));
    try (InputStream body = response.body()) {
      if (response.statusCode() != 200) {
        String text = new String(body.readNBytes(2000), StandardCharsets.UTF_8).strip();
        if (response.statusCode() / 100 == 4) {
          throw new TransferFailed(
              session.url() + " refuses the export: HTTP " + response.statusCode() + ": " + text);
        }
        throw new IOException("HTTP " + response.statusCode() + ": " + text);
      }
      ChunkStream.Reader reader = new ChunkStream.Reader(new BufferedInputStream(body, 256 << 10));
      Labels labels = null;
      List<EncodedChunk> chunks = new ArrayList<>();
      ChunkStream.Item item;
      while ((item = reader.next()) != null) {
        switch (item) {
          case ChunkStream.Item.Series series -> {
            take(labels, chunks, number, count);
            labels = series.labels();
          }
          case ChunkStream.Item.Chunk chunk -> chunks.add(chunk.chunk());
          case ChunkStream.Item.Warning warning -> problems.add(warning.text());
        }
      }
      take(labels, chunks, number, count);
    }
  }

  private void take(@Nullable Labels labels, List<EncodedChunk> chunks, int number, int count)
      throws InterruptedException {
    if (labels == null) {
      return;
    }
    try {
      sink.series(labels, chunks);
      last = labels;
      progress.add(1, chunks.stream().mapToLong(EncodedChunk::samples).sum());
      chunks.clear();
      progress.at("window " + (number + 1) + "/" + count, (number + 0.5) / count);
      if (System.nanoTime() - savedNanos > SAVE_NANOS) {
        String checkpoint = sink.checkpoint();
        if (checkpoint != null) {
          save(number, checkpoint);
        }
      }
    } catch (IOException e) {
      throw new SinkFailed(e);
    }
  }

  private static String seconds(long timeMs) {
    return String.format(
        Locale.ROOT, "%d.%03d", Math.floorDiv(timeMs, 1000), Math.floorMod(timeMs, 1000));
  }
}
