// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.testkit.process.SkoposProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prometheus' own test scripts, over HTTP against a real server. */
class PromqlOverHttpTest {

  private static final Pattern TOTAL = Pattern.compile("passed +\\d+ +failed|^promql: ");

  @Test
  void scriptsPassOverHttp(@TempDir Path work) throws Exception {
    String conformance = System.getProperty("skopos.conformance", "");
    String tools = System.getProperty("skopos.tools", "");
    if (conformance.isEmpty() || tools.isEmpty()) {
      String reason = "skipped: -Dskopos.conformance and -Dskopos.tools are not both given";
      System.out.println(reason);
      Assumptions.abort(reason);
    }
    try (SkoposProcess skopos =
        SkoposProcess.start(
                work, "--set", "host_metrics.enabled=false", "--set", "query.max_samples=10000")
            .awaitReady()) {
      List<String> command = new ArrayList<>();
      command.add("python3");
      command.add(Path.of(tools, "promql_blackbox.py").toString());
      command.addAll(
          List.of(
              "--url",
              skopos.url(),
              "--files",
              Path.of(conformance, "promql").toString(),
              "--write-proto",
              "2",
              "--show-failures",
              "100000"));
      Path output = work.resolve("blackbox.txt");
      new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(output.toFile())
          .start()
          .waitFor();
      String text = Files.readString(output);
      text.lines().filter(TOTAL.asPredicate()).forEach(System.out::println);

      // A start later than its sample cannot be; the receiver takes it as unknown.
      List<String> faults = new ArrayList<>();
      Iterator<String> lines = text.lines().iterator();
      while (lines.hasNext()) {
        String line = lines.next();
        if (line.startsWith("  FAIL ")) {
          String reason = lines.hasNext() ? lines.next() : "";
          if (!line.endsWith(" start_timestamp(series)") || !reason.endsWith("want 10.001")) {
            faults.add(line + "\n" + reason);
          }
        }
      }
      assertThat(faults).isEmpty();
      Matcher total = Pattern.compile("promql: (\\d+) passed").matcher(text);
      assertThat(total.find()).as(text).isTrue();
      assertThat(Integer.parseInt(total.group(1))).isGreaterThan(1520);
    }
  }
}
