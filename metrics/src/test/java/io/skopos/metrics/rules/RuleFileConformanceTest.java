// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.skopos.metrics.language.parse.ParserOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Rule files of Prometheus and Thanos: which must be read, and why others must not. */
class RuleFileConformanceTest {

  private static Path root() {
    String root = System.getProperty("skopos.conformance", "");
    Path rules = Path.of(root, "rules");
    assumeTrue(!root.isEmpty() && Files.isDirectory(rules), "no rule files");
    return rules;
  }

  @TestFactory
  Stream<DynamicTest> filesAreReadOrRefused() throws IOException {
    Path rules = root();
    List<DynamicTest> tests = new ArrayList<>();
    expectations(rules)
        .forEach((file, expected) -> {
          if (expected.containsKey("valid") && !expected.containsKey("dialect")) {
            tests.add(dynamicTest(file, () -> check(rules.resolve(file), expected)));
          }
        });
    return tests.stream();
  }

  @Test
  void whatPeersUseIsRead() throws Exception {
    Path rules = root();
    for (String folder : List.of("fixtures", "alert-generator", "thanos")) {
      try (Stream<Path> files = Files.list(rules.resolve(folder))) {
        for (Path file : files.filter(f -> f.getFileName().toString().contains("rule")).toList()) {
          if (Files.isRegularFile(file)) {
            RuleFile read = new RuleFileParser(RuleFileOptions.DEFAULT).parse("f", text(file));
            assertThat(read.rules()).as(file.toString()).isNotEmpty();
          }
        }
      }
    }
    RuleFile several =
        new RuleFileParser(RuleFileOptions.DEFAULT)
            .parse("f", text(rules.resolve("fixtures/rules_multi_doc.yaml")));
    assertThat(several.warnings()).hasSize(1);
  }

  private static void check(Path file, Map<String, String> expected) throws IOException {
    RuleFileOptions options =
        new RuleFileOptions(
            ParserOptions.ALL, "legacy".equals(expected.get("nameValidation")), false);
    try {
      RuleFile read = new RuleFileParser(options).parse(file.toString(), text(file));
      assertThat(expected.get("valid")).isEqualTo("true");
      if (expected.containsKey("duplicates")) {
        assertThat(DuplicateRules.in(read.groups()))
            .hasSize(Integer.parseInt(expected.get("duplicates")));
      }
    } catch (RuleFileRefused e) {
      assertThat(expected.get("valid")).as(e.getMessage()).isEqualTo("false");
      assertThat(e.getMessage()).contains(expected.getOrDefault("errorContains", ""));
    }
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file);
  }

  /** By file, its fields as text; nested ones are passed over. */
  private static Map<String, Map<String, String>> expectations(Path rules) throws IOException {
    Map<String, Map<String, String>> all = new TreeMap<>();
    try (JsonParser json = new JsonFactory().createParser(rules.resolve("expect.json").toFile())) {
      json.nextToken();
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String file = json.currentName();
        json.nextToken();
        Map<String, String> fields = new TreeMap<>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
          String field = json.currentName();
          json.nextToken();
          if (json.currentToken().isStructStart()) {
            json.skipChildren();
          } else {
            fields.put(field, json.getText());
          }
        }
        all.put(file, fields);
      }
    }
    return all;
  }
}
