// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli.transfer;

import io.skopos.model.TimeRange;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be exported and how.
 *
 * @param windowMs what is asked for at a time; blocks are as long
 * @param output folder of blocks or file of text; null for standard output or a receiver
 * @param target a receiver of remote write; null when there is none
 * @param targetPath its path
 * @param samplesPerSecond to the receiver; 0 for as fast as it goes
 */
public record ExportPlan(
    Format format,
    String selector,
    TimeRange range,
    long windowMs,
    @Nullable Path output,
    @Nullable ServerSession target,
    String targetPath,
    double samplesPerSecond,
    Duration patience,
    Path state) {

  /** Kinds of exports. */
  public enum Format {
    BLOCKS,
    OPENMETRICS,
    REMOTE_WRITE
  }

  public SeriesExport.Result run(ServerSession session, Progress progress, Problems problems)
      throws IOException, InterruptedException {
    ServerSession receiver = target;
    String identity =
        "export from "
            + session.url()
            + " tenant "
            + session.tenant()
            + " of "
            + selector
            + " "
            + range
            + " by "
            + windowMs
            + " as "
            + format
            + " to "
            + (output != null ? output : receiver == null ? "-" : receiver.url() + targetPath);
    StateFile file = new StateFile(state, identity);
    try (ExportSink sink =
        switch (format) {
          case BLOCKS -> new BlocksSink(output == null ? Path.of(".") : output, windowMs);
          case OPENMETRICS -> new TextSink(output, new OpenMetricsLines(problems));
          case REMOTE_WRITE -> {
            if (receiver == null) {
              throw new TransferFailed("a receiver is needed");
            }
            yield new RemoteWriteSink(
                new WriteSender(receiver, targetPath, patience, samplesPerSecond, problems));
          }
        }) {
      return new SeriesExport(session, selector, sink, file, progress, problems).run(windows());
    }
  }

  /** Aligned to multiples of their length since 1970, as Prometheus' blocks are. */
  private List<TimeRange> windows() {
    List<TimeRange> windows = new ArrayList<>();
    long start = Math.floorDiv(range.fromMs(), windowMs) * windowMs;
    for (long at = start; at <= range.toMs(); at += windowMs) {
      windows.add(
          new TimeRange(Math.max(at, range.fromMs()), Math.min(at + windowMs - 1, range.toMs())));
    }
    return windows;
  }
}
