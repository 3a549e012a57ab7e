// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli.transfer;

import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.tsdb.chunk.ChunkDecoder;
import io.skopos.metrics.tsdb.chunk.DamagedChunk;
import io.skopos.metrics.tsdb.chunk.EncodedChunk;
import io.skopos.model.Labels;
import io.skopos.model.TimeRange;
import java.io.IOException;
import java.util.List;

/** Another receiver of remote write. */
final class RemoteWriteSink implements ExportSink {

  private final WriteSender sender;
  private final WriteRequest request = new WriteRequest();
  private final SampleBuffer buffer = new SampleBuffer();

  RemoteWriteSink(WriteSender sender) {
    this.sender = sender;
  }

  @Override
  public void beginWindow(TimeRange window, boolean resumed) {}

  @Override
  public void series(Labels labels, List<EncodedChunk> chunks)
      throws IOException, InterruptedException {
    for (EncodedChunk chunk : chunks) {
      buffer.clear();
      try {
        ChunkDecoder.decode(chunk.encoding(), chunk.data(), 0, chunk.data().length, buffer);
      } catch (DamagedChunk e) {
        throw new IOException("the server sent a damaged chunk: " + e.getMessage(), e);
      }
      request.add(labels, buffer, 0, buffer.size);
      if (request.isFull()) {
        sender.send(request);
      }
    }
  }

  @Override
  public String checkpoint() throws InterruptedException {
    sender.send(request);
    return "sent";
  }

  @Override
  public void endWindow() throws InterruptedException {
    sender.send(request);
  }

  @Override
  public void resume(String checkpoint) {}

  @Override
  public void finish() throws InterruptedException {
    sender.send(request);
  }

  @Override
  public void close() {}
}
