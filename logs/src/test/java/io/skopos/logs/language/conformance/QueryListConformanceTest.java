// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.skopos.logs.language.LogqlQuery;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The list of valid and invalid queries, and the queries of Loki's bench. */
class QueryListConformanceTest {

  private static Path folder() {
    String root = System.getProperty("skopos.conformance", "");
    Path folder = Path.of(root, "logql");
    boolean there = !root.isEmpty() && Files.isDirectory(folder);
    if (!there) {
      System.out.println("skipped: LogQL queries, -Dskopos.conformance names no folder of them");
    }
    assumeTrue(there, "no queries");
    return folder;
  }

  private static Map<?, ?> yaml(Path file) throws IOException {
    String text = Files.readString(file, StandardCharsets.UTF_8);
    int body = Math.max(0, text.indexOf("\ncases:"));
    Load load = new Load(LoadSettings.builder().build());
    return (Map<?, ?>) load.loadFromString(text.substring(body));
  }

  private static List<?> list(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  @TestFactory
  Stream<DynamicTest> queries() throws IOException {
    List<?> cases = list(yaml(folder().resolve("queries.yaml")).get("cases"));
    assertThat(cases).hasSizeGreaterThan(100);
    return cases.stream()
        .map(entry -> (Map<?, ?>) entry)
        .map(entry -> dynamicTest(String.valueOf(entry.get("query")), () -> check(entry)));
  }

  private static void check(Map<?, ?> entry) throws Exception {
    String text = String.valueOf(entry.get("query"));
    if (!Boolean.TRUE.equals(entry.get("valid"))) {
      assertThatThrownBy(() -> LogqlQuery.parse(text))
          .hasMessageContaining(String.valueOf(entry.get("error_contains")));
      return;
    }
    LogqlQuery query = LogqlQuery.parse(text);
    if (entry.get("canonical") != null) {
      assertThat(query.canonical()).isEqualTo(entry.get("canonical"));
    }
    // Sizes are printed rounded.
    if (!text.contains("KiB")) {
      assertThat(LogqlQuery.parse(query.canonical()).expr()).isEqualTo(query.expr());
      assertThat(LogqlQuery.parse(query.pretty()).expr()).isEqualTo(query.expr());
    }
  }

  @TestFactory
  Stream<DynamicTest> benchQueries() throws IOException {
    List<String> queries = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder().resolve("bench-queries"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".yaml")).toList()) {
        for (Object entry : list(yaml(file).get("queries"))) {
          queries.add(String.valueOf(((Map<?, ?>) entry).get("query")));
        }
      }
    }
    assertThat(queries).hasSizeGreaterThan(60);
    return queries.stream().map(query -> dynamicTest(query, () -> parse(query)));
  }

  private static void parse(String template) throws Exception {
    String text =
        template
            .replace("${SELECTOR}", "{app=\"a\"}")
            .replace("${RANGE}", "5m")
            .replace("${LABEL_NAME}", "level")
            .replace("${LABEL_VALUE}", "error");
    LogqlQuery query = LogqlQuery.parse(text);
    assertThat(LogqlQuery.parse(query.pretty()).expr()).isEqualTo(query.expr());
  }
}
