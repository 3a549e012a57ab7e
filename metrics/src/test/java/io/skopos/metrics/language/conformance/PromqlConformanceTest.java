// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Prometheus' own test scripts, in this process. */
class PromqlConformanceTest {

  private static final Map<String, Tally> TALLIES = new TreeMap<>();

  /** What became of a file's evals. */
  private static final class Tally {
    private int passed;
    private int failed;
    private int queries;
  }

  @TempDir private static Path folder;

  private static final List<StoredSamples> OPENED = new ArrayList<>();

  @TestFactory
  Stream<DynamicContainer> scripts() throws IOException {
    return containers("", new InMemorySamples());
  }

  @TestFactory
  Stream<DynamicContainer> scriptsOverHeads() throws IOException {
    return containers("heads: ", opened("heads", false));
  }

  @TestFactory
  Stream<DynamicContainer> scriptsOverParts() throws IOException {
    return containers("parts: ", opened("parts", true));
  }

  private static StoredSamples opened(String name, boolean flushes) throws IOException {
    StoredSamples samples = new StoredSamples(folder.resolve(name), flushes);
    OPENED.add(samples);
    return samples;
  }

  private static Stream<DynamicContainer> containers(String prefix, ScriptStore store)
      throws IOException {
    String root = System.getProperty("skopos.conformance", "");
    Path scripts = Path.of(root, "promql");
    if (root.isEmpty() || !Files.isDirectory(scripts)) {
      System.out.println("skipped: PromQL scripts, -Dskopos.conformance names no folder of them");
    }
    assumeTrue(!root.isEmpty() && Files.isDirectory(scripts), "no scripts");
    List<Path> files;
    try (Stream<Path> found = Files.list(scripts)) {
      files = found.filter(file -> file.toString().endsWith(".test")).sorted().toList();
    }
    List<DynamicContainer> containers = new ArrayList<>();
    for (Path file : files) {
      containers.add(container(prefix, TestScript.read(file), store));
    }
    return containers.stream();
  }

  @AfterAll
  static void report() throws IOException {
    OPENED.forEach(StoredSamples::close);
    StringBuilder json = new StringBuilder("[");
    TALLIES.forEach((file, tally) -> {
      String line =
          ("{\"file\":\"%s\",\"passed\":%d,\"failed\":%d,\"queries\":%d}")
              .formatted(file, tally.passed, tally.failed, tally.queries);
      System.out.println("promql-conformance " + line);
      json.append(json.length() > 1 ? ",\n" : "\n").append(line);
    });
    if (!TALLIES.isEmpty()) {
      Files.writeString(Path.of("target", "promql-conformance.json"), json.append("\n]\n"));
    }
  }

  private static DynamicContainer container(String prefix, TestScript script, ScriptStore store) {
    Tally tally = new Tally();
    TALLIES.put(prefix + script.name(), tally);
    ScriptRun run = new ScriptRun(store);
    int[] done = new int[1];
    List<DynamicTest> tests = new ArrayList<>();
    List<TestScript.Command> commands = script.commands();
    for (int i = 0; i < commands.size(); i++) {
      int index = i;
      if (commands.get(i) instanceof TestScript.Eval eval) {
        tests.add(
            dynamicTest(
                eval.line() + ": " + eval.expr(),
                () -> {
                  for (; done[0] < index; done[0]++) {
                    run.carryOut(commands.get(done[0]));
                  }
                  check(run, eval, tally);
                }));
      }
    }
    return dynamicContainer(prefix + script.name(), tests);
  }

  private static void check(ScriptRun run, TestScript.Eval eval, Tally tally) {
    List<String> differences;
    try {
      differences = run.check(eval);
    } catch (RuntimeException e) {
      tally.failed++;
      throw e;
    }
    tally.queries = run.queries();
    if (differences.isEmpty()) {
      tally.passed++;
    } else {
      tally.failed++;
    }
    assertThat(differences).as("line %s: %s", eval.line(), eval.expr()).isEmpty();
  }
}
