// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli.transfer;

import io.skopos.metrics.tsdb.block.BlockWriter;
import io.skopos.metrics.tsdb.chunk.EncodedChunk;
import io.skopos.model.Labels;
import io.skopos.model.TimeRange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A block per window. */
final class BlocksSink implements ExportSink {

  private final Path folder;
  private final long windowMs;
  private @Nullable BlockWriter writer;
  private int blocks;

  BlocksSink(Path folder, long windowMs) {
    this.folder = folder;
    this.windowMs = windowMs;
  }

  int blocks() {
    return blocks;
  }

  @Override
  public void beginWindow(TimeRange window, boolean resumed) throws IOException {
    // The block is whole even where the range begins or ends inside.
    long start = Math.floorDiv(window.fromMs(), windowMs) * windowMs;
    writer = new BlockWriter(folder, start, start + windowMs, System.currentTimeMillis());
  }

  @Override
  public void series(Labels labels, List<EncodedChunk> chunks) throws IOException {
    if (writer != null) {
      writer.add(labels, chunks);
    }
  }

  @Override
  public @Nullable String checkpoint() {
    return null;
  }

  @Override
  public void endWindow() throws IOException {
    if (writer != null) {
      blocks += writer.finish() == null ? 0 : 1;
      writer.close();
      writer = null;
    }
  }

  /** Whole blocks need nothing. */
  @Override
  public void resume(String checkpoint) {}

  @Override
  public void finish() {}

  @Override
  public void close() throws IOException {
    if (writer != null) {
      writer.close();
    }
  }
}
