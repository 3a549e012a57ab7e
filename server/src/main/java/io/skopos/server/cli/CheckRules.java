// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli;

import io.skopos.metrics.language.parse.ParserOptions;
import io.skopos.metrics.rules.DuplicateRules;
import io.skopos.metrics.rules.Rule;
import io.skopos.metrics.rules.RuleFile;
import io.skopos.metrics.rules.RuleFileOptions;
import io.skopos.metrics.rules.RuleFileParser;
import io.skopos.metrics.rules.RuleFileRefused;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code skopos check rules FILE...}; its output and exit statuses are those of promtool. */
@Command(
    name = "rules",
    mixinStandardHelpOptions = true,
    description =
        "Checks rule files; exit status 1 when one would be refused, 3 for duplicates under"
            + " --lint-fatal.")
final class CheckRules implements Callable<Integer> {

  private static final int REFUSED = 1;
  private static final int LINT = 3;

  @Parameters(
      paramLabel = "FILE",
      arity = "0..*",
      description = "Rule files; standard input when there is none.")
  private List<Path> files = List.of();

  @Option(
      names = "--lint",
      defaultValue = "duplicate-rules",
      paramLabel = "CHECK",
      description = "What to look for beyond mistakes: all, duplicate-rules or none.")
  private String lint = "duplicate-rules";

  @Option(names = "--lint-fatal", description = "Fail when there is something.")
  private boolean lintFatal;

  @Option(
      names = "--ignore-unknown-fields",
      description = "Pass over fields that mean nothing to Prometheus.")
  private boolean ignoreUnknownFields;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (!List.of("all", "duplicate-rules", "none").contains(lint)) {
      throw new CommandFailed("--lint is all, duplicate-rules or none, not " + lint);
    }
    if (files.isEmpty()) {
      String text = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
      out().println("Checking standard input");
      return check("standard input", text);
    }
    int worst = 0;
    for (Path file : files) {
      out().println("Checking " + file);
      int status = check(file);
      worst = worst == REFUSED || status == REFUSED ? REFUSED : Math.max(worst, status);
    }
    return worst;
  }

  private int check(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      return refused(file.toString(), List.of("cannot be read: " + e.getMessage()));
    }
    return check(file.toString(), text);
  }

  private int check(String name, String text) {
    RuleFileOptions options = new RuleFileOptions(ParserOptions.ALL, false, ignoreUnknownFields);
    RuleFile file;
    try {
      file = new RuleFileParser(options).parse(name, text);
    } catch (RuleFileRefused e) {
      return refused(name, e.problems());
    }
    file.warnings().forEach(warning -> out().println("  WARNING: " + warning));
    List<Rule> duplicates = lint.equals("none") ? List.of() : DuplicateRules.in(file.groups());
    if (duplicates.isEmpty()) {
      out().println("  SUCCESS: " + file.rules().size() + " rules found");
      out().println();
      return 0;
    }
    out().println("  " + duplicates.size() + " duplicate rule(s) found.");
    for (Rule rule : duplicates) {
      out().println("  Metric: " + rule.name() + " (line " + rule.line() + ")");
      new TreeMap<>(rule.labels())
          .forEach((label, value) -> out().println("    " + label + ": " + value));
    }
    out().println("  Might cause inconsistency while recording expressions.");
    out().println();
    return lintFatal ? LINT : 0;
  }

  private int refused(String name, List<String> problems) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("  FAILED:");
    problems.forEach(problem -> err.println(name + ": " + problem));
    err.println();
    return REFUSED;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
