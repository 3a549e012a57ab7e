// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.skopos.engine.QueryBudget;
import io.skopos.engine.QueryValue;
import io.skopos.logs.language.LogqlEngine;
import io.skopos.logs.language.LogqlQuery;
import io.skopos.logs.language.QueryLimits;
import io.skopos.logs.language.parse.ParseFailed;
import io.skopos.model.TenantId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Loki's own engine scripts, in this process. */
class ScriptConformanceTest {

  private static final double TOLERANCE = 1e-9;
  private static final List<ScriptLogs> OPENED = new ArrayList<>();

  @TempDir private static Path folder;

  @TestFactory
  Stream<DynamicContainer> scripts() throws IOException {
    List<TestScript> scripts = read();
    return containers("", scripts, ScriptLogs.inMemory(scripts, 1000, false));
  }

  @TestFactory
  Stream<DynamicContainer> scriptsOverShortRunsAndConditions() throws IOException {
    List<TestScript> scripts = read();
    return containers("short runs: ", scripts, ScriptLogs.inMemory(scripts, 3, true));
  }

  @TestFactory
  Stream<DynamicContainer> scriptsOverHeads() throws IOException {
    List<TestScript> scripts = read();
    Path directory = folder.resolve("heads");
    return containers("heads: ", scripts, ScriptLogs.stored(scripts, directory, false));
  }

  @TestFactory
  Stream<DynamicContainer> scriptsOverParts() throws IOException {
    List<TestScript> scripts = read();
    Path directory = folder.resolve("parts");
    return containers("parts: ", scripts, ScriptLogs.stored(scripts, directory, true));
  }

  @AfterAll
  static void close() throws Exception {
    for (ScriptLogs logs : OPENED) {
      logs.close();
    }
  }

  private static List<TestScript> read() throws IOException {
    String root = System.getProperty("skopos.conformance", "");
    Path folder = Path.of(root, "logql", "logqltest");
    boolean there = !root.isEmpty() && Files.isDirectory(folder);
    if (!there) {
      System.out.println("skipped: LogQL scripts, -Dskopos.conformance names no folder of them");
    }
    assumeTrue(there, "no scripts");
    List<TestScript> scripts = new ArrayList<>();
    try (Stream<Path> found = Files.list(folder)) {
      for (Path file : found.sorted().toList()) {
        if (file.toString().endsWith(".logqltest")) {
          scripts.add(TestScript.read(file));
        }
      }
    }
    assertThat(scripts).isNotEmpty();
    return scripts;
  }

  private static Stream<DynamicContainer> containers(
      String prefix, List<TestScript> scripts, ScriptLogs logs) {
    OPENED.add(logs);
    return scripts.stream()
        .map(script -> dynamicContainer(prefix + script.name(), tests(script, logs)));
  }

  private static List<DynamicTest> tests(TestScript script, ScriptLogs logs) {
    List<DynamicTest> tests = new ArrayList<>();
    for (TestScript.Scenario scenario : script.scenarios()) {
      LogqlEngine engine = new LogqlEngine(logs.source(scenario));
      TenantId tenant = logs.tenant(scenario);
      for (TestScript.Eval eval : scenario.evals()) {
        tests.add(
            dynamicTest(eval.line() + ": " + eval.query(), () -> check(eval, engine, tenant)));
      }
    }
    return tests;
  }

  private static void check(TestScript.Eval eval, LogqlEngine engine, TenantId tenant)
      throws ParseFailed {
    Pattern failure = eval.failure();
    if (failure != null) {
      assertThatThrownBy(() -> answer(eval, engine, tenant)).message().containsPattern(failure);
      return;
    }
    QueryValue value = answer(eval, engine, tenant);
    if (value instanceof QueryValue.Scalar scalar) {
      assertThat(eval.scalar()).isNotNull();
      assertThat(near(scalar.value(), eval.scalar())).as("%s", scalar).isTrue();
      return;
    }
    List<TestScript.Row> rows = rows(eval, value);
    List<TestScript.Row> expected = new ArrayList<>(eval.rows());
    if (!eval.ordered()) {
      rows.sort(Comparator.comparing(TestScript.Row::labels));
      expected.sort(Comparator.comparing(TestScript.Row::labels));
    }
    assertThat(same(rows, expected)).as("%s\n is not \n%s", rows, expected).isTrue();
  }

  private static QueryValue answer(TestScript.Eval eval, LogqlEngine engine, TenantId tenant)
      throws ParseFailed {
    LogqlQuery query = LogqlQuery.parse(eval.query());
    QueryBudget budget = QueryBudget.unlimited();
    QueryLimits limits = new QueryLimits(500);
    long start = eval.startMs() * 1_000_000;
    return eval.stepMs() == 0
        ? engine.instant(tenant, query, start, limits, budget).value()
        : engine
            .range(tenant, query, start, eval.endMs() * 1_000_000, eval.stepMs(), limits, budget)
            .value();
  }

  private static List<TestScript.Row> rows(TestScript.Eval eval, QueryValue value) {
    List<TestScript.Row> rows = new ArrayList<>();
    switch (value) {
      case QueryValue.Vector(List<QueryValue.Sample> samples) ->
          samples.forEach(
              sample -> rows.add(new TestScript.Row(sample.labels(), List.of(sample.value()))));
      case QueryValue.Matrix(List<QueryValue.Series> series) ->
          series.forEach(one -> rows.add(new TestScript.Row(one.labels(), points(eval, one))));
      case QueryValue.Scalar _, QueryValue.Text _ ->
          throw new IllegalArgumentException(value.toString());
    }
    return rows;
  }

  private static List<@Nullable Double> points(TestScript.Eval eval, QueryValue.Series series) {
    List<@Nullable Double> values = new ArrayList<>();
    int at = 0;
    for (long time = eval.startMs(); time <= eval.endMs(); time += eval.stepMs()) {
      boolean present = at < series.timesMs().length && series.timesMs()[at] == time;
      values.add(present ? series.values()[at++] : null);
    }
    assertThat(at).isEqualTo(series.timesMs().length);
    return values;
  }

  private static boolean same(List<TestScript.Row> rows, List<TestScript.Row> expected) {
    if (rows.size() != expected.size()) {
      return false;
    }
    for (int i = 0; i < rows.size(); i++) {
      List<@Nullable Double> values = rows.get(i).values();
      List<@Nullable Double> wanted = expected.get(i).values();
      if (!rows.get(i).labels().equals(expected.get(i).labels())
          || values.size() != wanted.size()) {
        return false;
      }
      for (int j = 0; j < values.size(); j++) {
        if (!near(values.get(j), wanted.get(j))) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean near(@Nullable Double left, @Nullable Double right) {
    if (left == null || right == null) {
      return left == null && right == null;
    }
    return left.equals(right)
        || left.doubleValue() == right.doubleValue()
        || Math.abs(left - right) <= TOLERANCE * Math.max(Math.abs(left), Math.abs(right));
  }
}
