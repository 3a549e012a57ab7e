// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.server.cli.SkoposCommand;
import io.skopos.testkit.process.PrometheusApi;
import io.skopos.testkit.process.RemoteWriteRequest;
import io.skopos.testkit.process.SkoposProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command says of a directory that a real server wrote. */
class StorageCommandTest {

  private static final long T = 1_767_225_600_000L;

  @TempDir Path work;

  private record Told(int status, String out) {}

  @Test
  void listsVerifiesAndCleans() throws Exception {
    try (SkoposProcess skopos = SkoposProcess.start(work).awaitReady()) {
      write(skopos.api());
      PrometheusApi.Answer event =
          skopos
              .api()
              .post(
                  "/api/v1/events",
                  "application/json",
                  "{\"kind\":\"deploy\",\"title\":\"shop 1.4\"}".getBytes(StandardCharsets.UTF_8));
      assertThat(event.status()).as(event.body()).isBetween(200, 204);
      assertThat(run("storage", "ls").status).isEqualTo(1);
      int _ = skopos.process().terminate(java.time.Duration.ofSeconds(60));
    }
    Told listed = run("storage", "ls", "--json");
    assertThat(listed.status).isZero();
    assertThat(listed.out)
        .contains("\"signal\":\"metrics\"")
        .contains("\"signal\":\"events\"")
        .contains("\"first\":\"2026-01-01\"");
    assertThat(run("storage", "ls", "--days").out).contains("2026-01-01").contains("TENANT");

    Told verified = run("storage", "verify");
    assertThat(verified.out).contains("all whole");
    assertThat(verified.status).isZero();

    List<Path> parts = parts();
    Path orphan = parts.getFirst().resolveSibling("00000000000100000000000000000001.part");
    Files.copy(parts.getFirst(), orphan);
    assertThat(run("storage", "gc", "--dry-run").out).contains(orphan.getFileName().toString());
    assertThat(orphan).exists();
    assertThat(run("storage", "gc").status).isZero();
    assertThat(orphan).doesNotExist();
    assertThat(parts()).isEqualTo(parts);

    // Every byte of every part belongs to a checksum: flip some all over.
    for (Path part : parts) {
      byte[] whole = Files.readAllBytes(part);
      for (int at = 24; at < whole.length; at += Math.max(1, whole.length / 7)) {
        byte[] damaged = whole.clone();
        damaged[at] ^= 0x10;
        Files.write(part, damaged);
        Told told = run("storage", "verify", "--json");
        assertThat(told.status).as("byte %s of %s", at, part).isEqualTo(1);
        assertThat(told.out).contains(part.getFileName().toString());
      }
      Files.write(part, whole);
    }
    Files.delete(parts.getFirst());
    assertThat(run("storage", "verify").out)
        .contains("damaged: ")
        .contains(parts.getFirst().getFileName().toString());
  }

  private List<Path> parts() throws IOException {
    try (Stream<Path> files = Files.walk(work.resolve("data/objects/parts"))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static void write(PrometheusApi api) throws Exception {
    RemoteWriteRequest request = new RemoteWriteRequest();
    for (int i = 0; i < 300; i++) {
      long[] times = new long[40];
      double[] values = new double[40];
      for (int j = 0; j < times.length; j++) {
        times[j] = T + j * 15_000L;
        values[j] = Math.sin(i * 7 + j);
      }
      request.series(Map.of("__name__", "m" + i % 7, "i", Integer.toString(i)), times, values);
    }
    assertThat(api.write(request).status()).isEqualTo(204);
  }

  private Told run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--data");
    all.add(work.resolve("data").toString());
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      return new Told(
          SkoposCommand.run(all.toArray(String[]::new)), out.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(before);
    }
  }
}
