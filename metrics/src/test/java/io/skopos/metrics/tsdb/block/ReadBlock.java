// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.block;

import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.tsdb.chunk.AggregateChunk.Aggregate;
import io.skopos.model.Labels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A whole block in memory, and what was wrong with it. */
record ReadBlock(Map<Labels, SampleBuffer> series, List<String> problems) {

  static ReadBlock of(Path folder) throws IOException {
    return of(folder, null);
  }

  static ReadBlock of(Path folder, @Nullable Aggregate aggregate) throws IOException {
    ReadBlock read = new ReadBlock(new TreeMap<>(), new ArrayList<>());
    try (Block block = Block.open(folder)) {
      block.series(
          new Block.Visitor() {
            @Override
            public void series(SeriesSamples series) throws IOException {
              SampleBuffer all =
                  read.series.computeIfAbsent(series.labels(), _ -> new SampleBuffer());
              SeriesSamples.Sink sink =
                  samples -> {
                    for (int i = 0; i < samples.size; i++) {
                      all.add(
                          samples.timesMs[i],
                          samples.values[i],
                          samples.histograms == null ? null : samples.histograms[i],
                          samples.startsMs == null ? 0 : samples.startsMs[i]);
                    }
                  };
              if (aggregate == null) {
                series.read(Long.MIN_VALUE, Long.MAX_VALUE, sink);
              } else {
                series.read(aggregate, Long.MIN_VALUE, Long.MAX_VALUE, sink);
              }
            }

            @Override
            public void problem(String problem) {
              read.problems.add(problem);
            }
          });
    }
    return read;
  }

  long samples() {
    return series.values().stream().mapToLong(samples -> samples.size).sum();
  }
}
