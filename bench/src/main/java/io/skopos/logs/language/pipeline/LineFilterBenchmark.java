// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import io.skopos.model.Labels;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Nanoseconds per KiB of lines that have to be looked at whole, as nothing is found in them: 1000
 * is about 1 GB/s.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LineFilterBenchmark {

  private static final int KIB = 4096;

  /** Filters of a log query. */
  public enum Filter {
    RARE_TEXT(LineFilter.Operator.CONTAINS, "connection refused"),
    COMMON_LETTERS(LineFilter.Operator.CONTAINS, "sessions"),
    ANY_CASE(LineFilter.Operator.REGEX, "(?i)outofmemory"),
    CHOICE(LineFilter.Operator.REGEX, "panic|fatal|refused"),
    TEXT_WITHIN(LineFilter.Operator.REGEX, "status=5\\d\\d .*timeout"),
    NO_TEXT(LineFilter.Operator.REGEX, "[0-9]{4}-[0-9]{2}Q[0-9]"),
    PATTERN(LineFilter.Operator.PATTERN, "<_> refused <_> by <_>");

    private final LineFilter.Operator operator;
    private final String text;

    Filter(LineFilter.Operator operator, String text) {
      this.operator = operator;
      this.text = text;
    }
  }

  @Param Filter filter = Filter.RARE_TEXT;

  private final byte[] lines = new byte[KIB * 1024];
  private int[] starts = new int[0];
  private Stage stage = new DecolorizeStage();
  private final EntryState state = new EntryState();

  @Setup
  public void fill() {
    SplittableRandom random = new SplittableRandom(1);
    starts = new int[lines.length / 32];
    int count = 0;
    int at = 0;
    while (at + 400 < lines.length) {
      String line =
          "ts=2026-11-30T10:"
              + (10 + random.nextInt(50))
              + ":00.123Z level=info component=server caller=http.go:"
              + random.nextInt(900)
              + " msg=\"request completed\" method=GET path=/api/v1/items/"
              + random.nextInt(100_000)
              + " status=200 duration="
              + random.nextInt(500)
              + "ms bytes="
              + random.nextInt(100_000)
              + " trace_id="
              + Long.toHexString(random.nextLong());
      byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
      System.arraycopy(bytes, 0, lines, at, bytes.length);
      starts[count++] = at;
      at += bytes.length;
    }
    starts[count++] = at;
    starts = java.util.Arrays.copyOf(starts, count);
    stage = new LineFilter(filter.operator, List.of(new LineFilter.Operand(filter.text, false)));
    state.stream(Labels.of("app", "web"));
  }

  @Benchmark
  @OperationsPerInvocation(KIB)
  public int scan() {
    int kept = 0;
    for (int i = 0; i + 1 < starts.length; i++) {
      state.reset(0, lines, starts[i], starts[i + 1] - starts[i], Labels.EMPTY);
      if (stage.process(state)) {
        kept++;
      }
    }
    if (kept != 0) {
      throw new AssertionError("found in " + kept + " lines");
    }
    return kept;
  }
}
