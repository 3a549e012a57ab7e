// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli.transfer;

import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.StaleMarker;
import io.skopos.metrics.tsdb.chunk.ChunkDecoder;
import io.skopos.metrics.tsdb.chunk.DamagedChunk;
import io.skopos.metrics.tsdb.chunk.EncodedChunk;
import io.skopos.model.Labels;
import io.skopos.model.TimeRange;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A text file, or standard output. What the text cannot say is counted. */
final class TextSink implements ExportSink {

  /** How samples become text. */
  interface Text {

    void series(Labels labels, SampleBuffer samples, Appendable out) throws IOException;

    /** What ends the file. */
    String end();
  }

  private final @Nullable Path file;
  private final Text text;
  private final SampleBuffer buffer = new SampleBuffer();
  private @Nullable OutputStream out;
  private @Nullable FileOutputStream opened;
  private long written;
  private long from;

  /**
   * @param file null for standard output
   */
  TextSink(@Nullable Path file, Text text) {
    this.file = file;
    this.text = text;
  }

  @Override
  public void beginWindow(TimeRange window, boolean resumed) throws IOException {
    if (out != null) {
      return;
    }
    if (file == null) {
      out = new BufferedOutputStream(System.out, 256 << 10);
    } else {
      FileOutputStream stream = new FileOutputStream(file.toFile(), from > 0);
      opened = stream;
      written = from;
      out = new BufferedOutputStream(stream, 256 << 10);
    }
  }

  @Override
  public void series(Labels labels, List<EncodedChunk> chunks) throws IOException {
    buffer.clear();
    for (EncodedChunk chunk : chunks) {
      try {
        ChunkDecoder.decode(chunk.encoding(), chunk.data(), 0, chunk.data().length, buffer);
      } catch (DamagedChunk e) {
        throw new IOException("the server sent a damaged chunk: " + e.getMessage(), e);
      }
    }
    StringBuilder lines = new StringBuilder();
    text.series(labels, buffer, lines);
    write(lines.toString());
  }

  private void write(String lines) throws IOException {
    if (out != null) {
      byte[] utf8 = lines.getBytes(java.nio.charset.StandardCharsets.UTF_8);
      out.write(utf8);
      written += utf8.length;
    }
  }

  @Override
  public @Nullable String checkpoint() throws IOException {
    if (out == null || opened == null) {
      return null;
    }
    out.flush();
    opened.getFD().sync();
    return Long.toString(written);
  }

  @Override
  public void endWindow() {}

  @Override
  public void resume(String checkpoint) throws IOException {
    from = Long.parseLong(checkpoint);
    if (file != null && from > 0) {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        if (channel.size() < from) {
          throw new TransferFailed(
              file + " is shorter than when the export was broken off; delete the state file");
        }
        channel.truncate(from);
      }
    }
  }

  @Override
  public void finish() throws IOException {
    write(text.end());
    if (out != null) {
      out.flush();
    }
  }

  @Override
  public void close() throws IOException {
    if (out != null && file != null) {
      out.close();
    }
  }

  /** A time series' stale markers and histograms have no form in OpenMetrics 1.0. */
  static boolean isPlain(SampleBuffer samples, int index) {
    return (samples.histograms == null || samples.histograms[index] == null)
        && !StaleMarker.is(samples.values[index]);
  }
}
