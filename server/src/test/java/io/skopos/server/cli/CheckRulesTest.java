// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CheckRulesTest {

  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return new CommandLine(new CheckRules())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  private Path file(String text) throws Exception {
    Path file = folder.resolve("rules.yml");
    Files.writeString(file, text);
    return file;
  }

  @Test
  void goodRulesAreCounted() throws Exception {
    Path file = file("groups: [{name: a, rules: [{record: b, expr: 1}, {record: c, expr: 2}]}]");
    assertThat(run(file.toString())).isZero();
    assertThat(out.toString()).contains("Checking " + file, "SUCCESS: 2 rules found");
  }

  @Test
  void badRulesFailWithTheirPlaces() throws Exception {
    Path file = file("groups: [{name: a, rules: [{record: b, expr: rate(x)}]}]");
    assertThat(run(file.toString())).isEqualTo(1);
    assertThat(err.toString())
        .contains(
            "FAILED:", file + ": 1:46: group \"a\", rule 1, \"b\": could not parse expression");
    assertThat(run(folder.resolve("none.yml").toString())).isEqualTo(1);
    assertThat(err.toString()).contains("none.yml: cannot be read");
  }

  @Test
  void duplicatesAreToldAndFatalWhenAskedFor() throws Exception {
    String rule = "{record: b, expr: 1, labels: {x: y}}";
    Path file = file("groups: [{name: a, rules: [" + rule + ", " + rule + "]}]");
    assertThat(run(file.toString())).isZero();
    assertThat(out.toString()).contains("1 duplicate rule(s) found.", "Metric: b", "x: y");
    assertThat(run("--lint-fatal", file.toString())).isEqualTo(3);
    assertThat(run("--lint-fatal", "--lint=none", file.toString())).isZero();
  }

  @Test
  void unknownFieldsCanBePassedOver() throws Exception {
    Path file = file("groups: [{name: a, namespace: z, rules: [{record: b, expr: 1}]}]");
    assertThat(run(file.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("field namespace not found in a rule group");
    assertThat(run("--ignore-unknown-fields", file.toString())).isZero();
  }
}
