// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.index;

import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.roaringbitmap.RoaringBitmap;

/** Nanoseconds to select among 50,000 series in a head's index. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LabelSelectionBenchmark {

  private final MutableLabelIndex index = new MutableLabelIndex();
  private final List<Matcher> equal =
      List.of(Matcher.equal("__name__", "m7"), Matcher.equal("zone", "z1"));
  private final List<Matcher> pattern =
      List.of(
          Matcher.equal("__name__", "m7"),
          new Matcher(Matcher.Type.REGEX, "instance", "host-1.*[05]"));

  @Setup
  public void fill() {
    for (int i = 0; i < 50_000; i++) {
      byte[] labels =
          Labels.of("__name__", "m" + i % 50, "instance", "host-" + i / 50, "zone", "z" + i % 3)
              .canonicalBytes();
      index.add(i, labels, 0, labels.length);
    }
  }

  @Benchmark
  public RoaringBitmap intersect() throws IOException {
    return LabelSelection.select(index, equal);
  }

  @Benchmark
  public RoaringBitmap matchAPattern() throws IOException {
    return LabelSelection.select(index, pattern);
  }
}
