// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import io.skopos.engine.aggregation.Grouping;
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

/** Nanoseconds per KiB of JSON lines taken apart: 1000 is about 1 GB/s. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class JsonStageBenchmark {

  private static final int KIB = 1024;

  /** What is asked of the lines. */
  public enum Question {
    /** All labels of every line, as a set. */
    ALL_LABELS,
    /** A filter on a number that no line fits. */
    FILTER,
    /** The count by one label. */
    COUNT_BY_LEVEL,
    /** A field named by its place. */
    EXPRESSION
  }

  @Param Question question = Question.ALL_LABELS;

  private final byte[] lines = new byte[KIB * 1024];
  private int[] starts = new int[0];
  private Pipeline pipeline = Pipeline.EMPTY;
  private EntryState state = new EntryState();

  @Setup
  public void fill() {
    SplittableRandom random = new SplittableRandom(1);
    starts = new int[lines.length / 32];
    int count = 0;
    int at = 0;
    while (at + 600 < lines.length) {
      String line =
          "{\"ts\":\"2026-11-30T10:"
              + (10 + random.nextInt(50))
              + ":00.123Z\",\"level\":\"info\",\"component\":\"server\",\"msg\":\"request completed\","
              + "\"request\":{\"method\":\"GET\",\"path\":\"/api/v1/items/"
              + random.nextInt(100)
              + "\",\"headers\":{\"host\":\"shop.example\",\"agent\":\"curl/8.5\"}},"
              + "\"response\":{\"status\":200,\"bytes\":"
              + random.nextInt(1000)
              + "},\"duration\":0."
              + random.nextInt(500)
              + ",\"tags\":[\"a\",\"b\"],\"ok\":true}";
      byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
      System.arraycopy(bytes, 0, lines, at, bytes.length);
      starts[count++] = at;
      at += bytes.length;
    }
    starts[count++] = at;
    starts = java.util.Arrays.copyOf(starts, count);
    Grouping byLevel = new Grouping(false, List.of("level"));
    switch (question) {
      case ALL_LABELS -> pipeline = new Pipeline(List.of(new JsonStage()));
      case FILTER ->
          pipeline =
              new Pipeline(
                  List.of(
                      new JsonStage(),
                      new NumberFilter("response_status", Comparison.GREATER_OR_EQUAL, 500)));
      case COUNT_BY_LEVEL -> {
        pipeline = new Pipeline(List.of(new JsonStage()));
        state = new EntryState(ParserHints.of(List.of(), byLevel), byLevel);
      }
      case EXPRESSION ->
          pipeline =
              new Pipeline(
                  List.of(
                      new JsonExpressionStage(
                          List.of(new Extraction("agent", "request.headers.agent")))));
    }
    state.stream(Labels.of("app", "web"));
  }

  @Benchmark
  @OperationsPerInvocation(KIB)
  public int parse() {
    int sum = 0;
    for (int i = 0; i + 1 < starts.length; i++) {
      state.reset(0, lines, starts[i], starts[i + 1] - starts[i], Labels.EMPTY);
      if (pipeline.process(state)) {
        sum += state.grouped().hashCode();
      }
    }
    return sum;
  }
}
