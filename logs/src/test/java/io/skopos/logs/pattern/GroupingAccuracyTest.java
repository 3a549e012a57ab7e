// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.logs.language.pipeline.search.LinePattern;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * How well lines of real systems are grouped: the share of lines whose group has just the lines of
 * one true template. Whole lines as they were logged; where nobody has told a line's template, it
 * is the one of the known templates that fits its end with the most text.
 */
class GroupingAccuracyTest {

  /** Somewhat below what is reached, in thousandths. */
  private static final Map<String, Integer> FLOORS =
      Map.of(
          "Android", 900,
          "Apache", 995,
          "HDFS", 990,
          "HealthApp", 990,
          "Linux", 600,
          "OpenSSH", 980,
          "Spark", 910,
          "Zookeeper", 880);

  @Test
  void groupsLinesOfRealSystems() throws IOException {
    Path folder = folder();
    double sum = 0;
    for (String system : FLOORS.keySet().stream().sorted().toList()) {
      List<String> lines = Files.readAllLines(folder.resolve(system + "_2k.log"));
      List<String> truth = truth(folder, system, lines);
      PatternMiner miner = new PatternMiner(PatternMiner.Settings.DEFAULT);
      List<Template> groups = new ArrayList<>();
      for (String line : lines) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        groups.add(miner.group(bytes, 0, bytes.length));
      }
      List<String> found = groups.stream().map(Template::text).toList();
      double accuracy = accuracy(truth, found);
      System.out.printf(
          Locale.ROOT,
          "patterns: %s %.3f, %d groups of %d%n",
          system,
          accuracy,
          found.stream().distinct().count(),
          truth.stream().distinct().count());
      assertThat(accuracy * 1000)
          .as(system)
          .isGreaterThanOrEqualTo(FLOORS.getOrDefault(system, 1000));
      sum += accuracy;
      for (int i = 0; i < lines.size(); i++) {
        byte[] bytes = lines.get(i).getBytes(StandardCharsets.UTF_8);
        assertThat(new LinePattern(found.get(i)).matches(bytes, 0, bytes.length))
            .as("'%s' fits '%s'", lines.get(i), found.get(i))
            .isTrue();
      }
    }
    assertThat(sum / FLOORS.size()).isGreaterThan(0.9);
  }

  private static Path folder() {
    String conformance = System.getProperty("skopos.conformance", "");
    if (conformance.isEmpty()) {
      String reason = "skipped: -Dskopos.conformance is not given";
      System.out.println(reason);
      Assumptions.abort(reason);
    }
    return Path.of(conformance, "logs", "loghub");
  }

  private static List<String> truth(Path folder, String system, List<String> lines)
      throws IOException {
    Path structured = folder.resolve(system + "_2k.log_structured.csv");
    if (Files.exists(structured)) {
      List<String> rows = Files.readAllLines(structured);
      int column = cells(rows.getFirst()).indexOf("EventId");
      return rows.subList(1, rows.size()).stream().map(row -> cells(row).get(column)).toList();
    }
    List<String> rows = Files.readAllLines(folder.resolve(system + "_2k.log_templates.csv"));
    List<List<String>> templates =
        rows.subList(1, rows.size()).stream().map(row -> cells(row)).toList();
    List<Pattern> patterns = templates.stream().map(template -> pattern(template.get(1))).toList();
    List<String> longest = templates.stream().map(template -> longest(template.get(1))).toList();
    List<String> truth = new ArrayList<>();
    for (String line : lines) {
      String narrow = line.replaceAll(" +", " ");
      String best = line;
      int most = -1;
      for (int i = 0; i < patterns.size(); i++) {
        int text = templates.get(i).get(1).replace("<*>", "").length();
        if (text > most
            && narrow.contains(longest.get(i))
            && patterns.get(i).matcher(narrow).matches()) {
          best = templates.get(i).get(0);
          most = text;
        }
      }
      truth.add(best);
    }
    return truth;
  }

  private static String longest(String template) {
    String longest = "";
    for (String piece : List.of(template.strip().replaceAll(" +", " ").split("<\\*>", -1))) {
      longest = piece.length() > longest.length() ? piece : longest;
    }
    return longest;
  }

  private static Pattern pattern(String template) {
    StringBuilder expression = new StringBuilder(".*?");
    int at = 0;
    String text = template.strip().replaceAll(" +", " ");
    for (int gap = text.indexOf("<*>"); gap >= 0; gap = text.indexOf("<*>", at)) {
      expression.append(Pattern.quote(text.substring(at, gap))).append(".*?");
      at = gap + 3;
    }
    return Pattern.compile(expression + Pattern.quote(text.substring(at)) + "\\s*");
  }

  private static List<String> cells(String row) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < row.length(); i++) {
      char c = row.charAt(i);
      if (c == '"') {
        if (quoted && i + 1 < row.length() && row.charAt(i + 1) == '"') {
          cell.append(c);
          i++;
        } else {
          quoted = !quoted;
        }
      } else if (c == ',' && !quoted) {
        cells.add(cell.toString());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    cells.add(cell.toString());
    return cells;
  }

  private static double accuracy(List<String> truth, List<String> found) {
    Map<String, BitSet> trueGroups = groups(truth);
    Map<String, BitSet> foundGroups = groups(found);
    int right = 0;
    for (int i = 0; i < truth.size(); i++) {
      if (Objects.equals(trueGroups.get(truth.get(i)), foundGroups.get(found.get(i)))) {
        right++;
      }
    }
    return (double) right / truth.size();
  }

  private static Map<String, BitSet> groups(List<String> names) {
    Map<String, BitSet> groups = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      groups.computeIfAbsent(names.get(i), _ -> new BitSet()).set(i);
    }
    return groups;
  }
}
