// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli.transfer;

import io.skopos.metrics.tsdb.chunk.EncodedChunk;
import io.skopos.model.Labels;
import io.skopos.model.TimeRange;
import java.io.IOException;
import java.util.List;

/** Where exported series go. Used by one thread: windows in order of time, series by labels. */
interface ExportSink extends AutoCloseable {

  /**
   * @param resumed whether series of this window were taken before an interruption
   */
  void beginWindow(TimeRange window, boolean resumed) throws IOException;

  void series(Labels labels, List<EncodedChunk> chunks) throws IOException, InterruptedException;

  /**
   * Makes what was taken so far safe.
   *
   * @return what {@link #resume} needs; null when an interrupted window must begin anew
   */
  @org.jspecify.annotations.Nullable
  String checkpoint() throws IOException, InterruptedException;

  void endWindow() throws IOException, InterruptedException;

  /** Goes on behind a checkpoint of an earlier run. */
  void resume(String checkpoint) throws IOException;

  /** Ends what is whole; not called after a failure. */
  void finish() throws IOException, InterruptedException;

  @Override
  void close() throws IOException;
}
