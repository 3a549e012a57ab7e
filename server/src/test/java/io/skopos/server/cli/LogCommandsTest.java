// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.skopos.server.ServerOptions;
import io.skopos.server.SkoposServer;
import io.skopos.server.config.ConfigLoader;
import io.skopos.storage.BucketUse;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code skopos logs} and {@code skopos import logs} against a running server. */
class LogCommandsTest {

  private static final String RANGE = "--start=2026-01-01T00:00:00Z";
  private static final String END = "--end=2026-01-02T00:00:00Z";

  @TempDir Path directory;

  private SkoposServer start() throws Exception {
    Map<String, String> settings =
        Map.of(
            "web.listen", "127.0.0.1:0",
            "collect.enabled", "false",
            "host_metrics.enabled", "false",
            "self_monitoring.enabled", "false",
            "logs.discover_level", "false",
            "logs.discover_service_name", "[]");
    return SkoposServer.start(
        new ServerOptions(
            directory.resolve("data"),
            BucketUse.Mode.OWN,
            Map.of(),
            () -> ConfigLoader.load(null, settings)));
  }

  private record Said(int status, String out, String err) {

    List<String> lines() {
      return out.lines().toList();
    }
  }

  private static Said run(String url, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command = SkoposCommand.commandLine();
    command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    String[] all = new String[arguments.length + 2];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    all[arguments.length] = "--url";
    all[arguments.length + 1] = url;
    int status = command.execute(all);
    return new Said(status, out.toString(), err.toString());
  }

  private static String url(SkoposServer server) {
    return "http://127.0.0.1:" + server.port();
  }

  /** As {@code logcli query -o jsonl} writes them. */
  private Path logcliOutput(int entries) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < entries; i++) {
      lines.append(
          ("{\"labels\":{\"app\":\"%s\",\"pod\":\"p%d\"},\"line\":\"line %d \\\"quoted\\\"\","
                  + "\"timestamp\":\"2026-01-01T10:00:%02d.%09dZ\"}\n")
              .formatted(i % 2 == 0 ? "even" : "odd", i % 4, i, i / 1000, i / 3 % 1000));
    }
    return Files.writeString(directory.resolve("logcli.jsonl"), lines);
  }

  @Test
  void whatLogcliWroteIsImportedShownAndGoesRound() throws Exception {
    try (SkoposServer server = start()) {
      String url = url(server);
      Path file = logcliOutput(6000);
      Said imported = run(url, "import", "logs", file.toString(), "--state", state());
      assertThat(imported.err()).isEmpty();
      assertThat(imported.out()).isEqualTo("imported 6,000 entries\n");
      assertThat(imported.status()).isZero();
      assertThat(Path.of(state())).doesNotExist();

      // Several pages, whose borders lie within entries of one time.
      for (String direction : List.of("forward", "backward")) {
        Said all =
            run(
                url,
                "logs",
                "{pod=~\".+\"}",
                RANGE,
                END,
                "--limit",
                "100000",
                "-o",
                "raw",
                "--direction",
                direction);
        assertThat(all.lines()).as(direction).hasSize(6000).doesNotHaveDuplicates();
        assertThat(all.lines().getFirst()).matches("line [012] \"quoted\"");
      }
      Said last = run(url, "logs", "{app=\"odd\"}", RANGE, END, "--limit", "2", "-o", "raw");
      assertThat(last.lines())
          .as("of one time")
          .containsExactlyInAnyOrder("line 5997 \"quoted\"", "line 5999 \"quoted\"");

      Said text = run(url, "logs", "{app=\"odd\"} |= `line 7 `", RANGE, END);
      assertThat(text.out())
          .isEqualTo("2026-01-01T10:00:00.000000002Z {app=\"odd\", pod=\"p3\"} line 7 \"quoted\"\n")
          .as("no colours where nobody looks")
          .doesNotContain("\u001b");

      Said jsonl =
          run(url, "logs", "{pod=~\".+\"}", RANGE, END, "--limit", "100000", "-o", "jsonl");
      assertThat(jsonl.lines().getFirst())
          .matches("\\{\"timestamp\":\"1767261600000000000\",\"labels\":\\{.*,\"line\":\"line .*");
      Path round = Files.writeString(directory.resolve("round.jsonl"), jsonl.out());
      Path packed = directory.resolve("round.jsonl.gz");
      try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
        Files.copy(round, out);
      }
      Said again =
          run(
              url,
              "import",
              "logs",
              packed.toString(),
              "--tenant",
              "other",
              "--state",
              state(),
              "--label",
              "from=here");
      assertThat(again.out()).isEqualTo("imported 6,000 entries\n");
      Said other =
          run(
              url,
              "logs",
              "{from=\"here\"} | drop from",
              RANGE,
              END,
              "--limit",
              "100000",
              "-o",
              "jsonl",
              "--tenant",
              "other");
      assertThat(other.lines()).hasSize(6000);
      assertThat(other.out()).contains("\"line\":\"line 5999 \\\"quoted\\\"\"");
    }
  }

  @Test
  void linesAroundAreMarkedAndGroupsParted() throws Exception {
    try (SkoposServer server = start()) {
      Path file = logcliOutput(400);
      assertThat(run(url(server), "import", "logs", file.toString(), "--state", state()).status())
          .isZero();
      Said around =
          run(url(server), "logs", "{pod=\"p1\"} |~ `line (101|105|301) `", RANGE, END, "-C", "1");
      assertThat(
              around.lines().stream()
                  .map(line -> line.replaceAll("^\\S+ \\{[^}]*\\}", ""))
                  .map(line -> line.replace(" \"quoted\"", ""))
                  .toList())
          .containsExactly(
              "-line 97",
              " line 101",
              " line 105",
              "-line 109",
              "--",
              "-line 297",
              " line 301",
              "-line 305");
    }
  }

  @Test
  void aTailShowsWhatComesUntilTheServerStops() throws Exception {
    SkoposServer server = start();
    String url = url(server);
    StringWriter out = new StringWriter();
    Thread tail =
        Thread.ofPlatform()
            .start(() -> {
              CommandLine command = SkoposCommand.commandLine();
              command.setOut(new PrintWriter(out, true));
              command.execute(
                  "logs", "{app=\"live\"}", "--tail", "-o", "raw", "--since", "1h", "--url", url);
            });
    try (server) {
      Path file = directory.resolve("live.jsonl");
      for (int i = 0; i < 600 && !out.toString().contains("live line"); i++) {
        Files.writeString(
            file,
            "{\"labels\":{\"app\":\"live\"},\"line\":\"live line %d\",\"timestamp\":\"%d\"}\n"
                .formatted(i, System.currentTimeMillis()));
        assertThat(run(url, "import", "logs", file.toString(), "--state", state()).status())
            .isZero();
        Thread.sleep(20);
      }
      assertThat(out.toString()).contains("live line").doesNotContain("\u001b", "{");
    }
    tail.join(30_000);
    assertThat(tail.isAlive()).isFalse();
  }

  @Test
  void whatCannotBeAskedIsToldInALine() throws Exception {
    String gone;
    try (SkoposServer server = start()) {
      String url = url(server);
      gone = url;
      assertFails(run(url, "logs", "{app=\"a\"} |"), "parse error");
      assertFails(run(url, "logs", "{app=~\".*\"}"), "at least one");
      assertFails(run(url, "logs", "rate({app=\"a\"}[1m])"), "the query gives numbers");
      assertFails(run(url, "logs", "{app=\"a\"}", "--limit", "0"), "--limit must be positive");
      assertFails(run(url, "logs", "{app=\"a\"}", END, "--start=2027-01-01T00:00:00Z"), "before");
      assertFails(run(url, "logs", "{app=\"a\"}", "--since", "soon"), "soon");
      assertFails(run(url, "logs", "{app=\"a\"}", "--start", "noon"), "noon");
      assertThat(run(url, "logs", "{app=\"a\"}", "-o", "xml").err()).contains("'xml'");
      assertFails(run(url, "import", "logs", "/nowhere/x.jsonl"), "there is no file");
      assertFails(run(url, "import", "logs", "-", "/nowhere/x"), "alone");
    }
    assertFails(run(gone, "logs", "{app=\"a\"}"), gone);
    assertFails(run(gone, "logs", "{app=\"a\"}", "--tail"), "nothing answers");
  }

  private static void assertFails(Said said, String why) {
    assertThat(said.status()).as(said.out()).isEqualTo(1);
    assertThat(said.err()).startsWith("skopos: ").contains(why);
    assertThat(said.err().lines()).as("no stack trace").hasSizeLessThan(3);
  }

  @Test
  void badLinesAreNamedAndTheRestIsImported() throws Exception {
    try (SkoposServer server = start()) {
      Path file = directory.resolve("some.jsonl");
      Files.writeString(
          file,
          """
          {"ts": 1767261600, "text": "one", "app": "x"}

          no json
          {"ts": "2026-01-01T10:00:01Z", "text": "two", "app": "x", "tmp.a": 1}
          """);
      Said said =
          run(
              url(server),
              "import",
              "logs",
              file.toString(),
              "--state",
              state(),
              "--time-field",
              "ts",
              "--line-field",
              "text",
              "--stream-fields",
              "app",
              "--ignore-fields",
              "tmp.*");
      assertThat(said.status()).isEqualTo(1);
      assertThat(said.out()).isEqualTo("imported 2 entries; 1 problems\n");
      assertThat(said.err()).contains("some.jsonl", "refused 1 lines", "line 3");
      assertThat(run(url(server), "logs", "{app=\"x\"}", RANGE, END, "-o", "raw").lines())
          .containsExactly("one", "two");
      Said dry = run(url(server), "import", "logs", file.toString(), "--dry-run");
      assertThat(dry.out()).isEqualTo("would import 3 entries\n");
    }
  }

  @Test
  void anImportThatWasBrokenOffGoesOnWhereItStopped() throws Exception {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 100_000; i++) {
      lines.append("{\"line\":\"").append("x".repeat(100)).append(i).append("\"}\n");
    }
    Path file = Files.writeString(directory.resolve("long.jsonl"), lines);
    AtomicInteger requests = new AtomicInteger();
    AtomicInteger received = new AtomicInteger();
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext(
        "/api/v1/logs/import",
        exchange -> {
          try (var body = new GZIPInputStream(exchange.getRequestBody())) {
            String text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
            boolean refuses = requests.incrementAndGet() == 2;
            if (!refuses) {
              received.addAndGet((int) text.lines().count());
            }
            exchange.sendResponseHeaders(refuses ? 403 : 204, -1);
          }
          exchange.close();
        });
    server.start();
    try {
      String url = "http://127.0.0.1:" + server.getAddress().getPort();
      Said broken = run(url, "import", "logs", file.toString(), "--state", state());
      assertFails(broken, "the same command goes on where it stopped");
      int before = received.get();
      assertThat(before).isBetween(1, 99_999);
      assertFails(
          run(url, "import", "logs", file.toString(), "--state", state(), "--label", "a=b"),
          "another transfer");
      Said whole = run(url, "import", "logs", file.toString(), "--state", state());
      assertThat(whole.out()).isEqualTo("went on: 100,000 entries\n");
      assertThat(received).hasValue(100_000);
      assertThat(Path.of(state())).doesNotExist();
    } finally {
      server.stop(0);
    }
  }

  private String state() {
    return directory.resolve("import.state").toString();
  }
}
