// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.process;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Skopos as a subprocess of the test, on this test's class path. */
public final class SkoposProcess implements AutoCloseable {

  /** Longer when a long run has to stand back behind everything else on the machine. */
  private static final Duration READY_LIMIT =
      Duration.ofSeconds(Long.getLong("skopos.ready.seconds", 120));

  private final ChildProcess process;
  private final int port;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private SkoposProcess(ChildProcess process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts a server on a free port; does not wait until it is ready. */
  public static SkoposProcess start(Path work, String... furtherArguments) throws IOException {
    return start(
        work,
        List.of(
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dskopos.memory.budget=1024MiB",
            "-Dskopos.memory.offheap=256MiB"),
        furtherArguments);
  }

  /** The same with the memory that the launcher would give it of this budget. */
  public static SkoposProcess startWithBudget(Path work, int mebibytes, String... furtherArguments)
      throws IOException {
    int heap = mebibytes * 40 / 100;
    return start(
        work,
        List.of(
            "-XX:+UseParallelGC",
            "-Xms64m",
            "-Xmx" + heap + "m",
            "-XX:MaxNewSize=" + Math.clamp(heap / 24, 32, 512) + "m",
            "-XX:GCTimeRatio=19",
            "-XX:MaxDirectMemorySize=" + Math.max(48, mebibytes * 5 / 100) + "m",
            "-XX:+ExitOnOutOfMemoryError",
            "-Dskopos.memory.budget=" + mebibytes + "MiB",
            "-Dskopos.memory.offheap=" + mebibytes * 40 / 100 + "MiB"),
        furtherArguments);
  }

  private static SkoposProcess start(Path work, List<String> jvmOptions, String... furtherArguments)
      throws IOException {
    int port = FreePort.find();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseCompactObjectHeaders", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(jvmOptions);
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), "io.skopos.server.Main", "server"));
    command.addAll(
        List.of("--data", work.resolve("data").toString(), "--listen", "127.0.0.1:" + port));
    boolean collecting =
        Arrays.stream(furtherArguments).anyMatch(argument -> argument.startsWith("collect."));
    if (!collecting) {
      // Tests compare what is stored, and this host's logs are none of theirs.
      command.addAll(List.of("--set", "collect.enabled=false"));
    }
    command.addAll(List.of(furtherArguments));
    return new SkoposProcess(ChildProcess.start(work, work.resolve("server.log"), command), port);
  }

  public SkoposProcess awaitReady() throws InterruptedException {
    process.await(() -> status("/-/ready") == 200, READY_LIMIT);
    return this;
  }

  public String url() {
    return "http://127.0.0.1:" + port;
  }

  public int port() {
    return port;
  }

  public PrometheusApi api() {
    return new PrometheusApi(url(), null);
  }

  public ChildProcess process() {
    return process;
  }

  /** The HTTP status of a GET; -1 when nobody answers. */
  public int status(String path) {
    try {
      return http.send(
              HttpRequest.newBuilder(URI.create(url() + path))
                  .timeout(Duration.ofSeconds(5))
                  .build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (IOException e) {
      return -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
    process.close();
  }
}
