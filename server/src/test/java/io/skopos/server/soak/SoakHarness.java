// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.soak;

import io.skopos.testkit.process.PrometheusApi;
import io.skopos.testkit.process.RemoteWriteRequest;
import io.skopos.testkit.process.SkoposProcess;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A server with 1 GiB under questions that ask for more than it has, beside ingestion: it stays up,
 * says why it refuses, and goes on answering ordinary questions. Run long by hand: {@code
 * SoakHarness MINUTES}.
 */
public final class SoakHarness {

  private static final int BUDGET_MEBIBYTES = 1024;
  private static final int HOSTS = 200;
  private static final int SERIES_OF_HOST = 100;
  private static final int STEP_SECONDS = 15;
  private static final int STEPS_OF_REQUEST = 40;

  /** Without a single answer to an ordinary question for so long, the server is stuck. */
  private static final Duration LONGEST_SILENCE = Duration.ofMinutes(5);

  /** How much of each there is. */
  record Load(int historySteps, int adversaries, int slowReaders, int burst, String queryTimeout) {

    static final Load SMALL = new Load(80, 4, 20, 200, "10s");
    static final Load FULL = new Load(240, 12, 60, 1000, "2m");
  }

  private final Path work;
  private final Load load;
  private final Duration length;
  private volatile long endNanos;
  private final Map<Integer, AtomicLong> answers = new ConcurrentHashMap<>();
  private final Map<String, AtomicLong> reasons = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
  private final AtomicLong samplesWritten = new AtomicLong();
  private final AtomicLong writesRefused = new AtomicLong();
  private final AtomicLong ordinaryAnswers = new AtomicLong();
  private final AtomicLong ordinaryRefusals = new AtomicLong();
  private final AtomicLong longestOrdinaryMs = new AtomicLong();
  private final AtomicLong longestSilenceMs = new AtomicLong();

  SoakHarness(Path work, Load load, Duration length) {
    this.work = work;
    this.load = load;
    this.length = length;
  }

  /** What a run did. */
  record Report(
      long samplesWritten,
      long writesRefused,
      Map<Integer, Long> answersByStatus,
      long ordinaryAnswers,
      long ordinaryRefusals,
      Duration slowestOrdinary,
      Duration longestSilence,
      long peakResidentMebibytes) {}

  public static void main(String[] arguments) throws Exception {
    Path work = Files.createTempDirectory("skopos-soak");
    Duration length = Duration.ofMinutes(Long.parseLong(arguments[0]));
    SoakHarness soak = new SoakHarness(work, Load.FULL, length);
    System.out.println(soak.run());
    soak.reasons.forEach((reason, count) -> System.out.println(count + " x " + reason));
  }

  Report run() throws IOException, InterruptedException {
    try (SkoposProcess server =
        SkoposProcess.startWithBudget(
            work,
            BUDGET_MEBIBYTES,
            "--set",
            "host_metrics.enabled=false",
            "--set",
            "query.timeout=" + load.queryTimeout())) {
      server.awaitReady();
      PrometheusApi api = server.api();
      long nowSeconds = System.currentTimeMillis() / 1000 / STEP_SECONDS * STEP_SECONDS;
      for (int step = load.historySteps(); step > 0; step -= STEPS_OF_REQUEST) {
        write(api, nowSeconds - (long) step * STEP_SECONDS, STEPS_OF_REQUEST);
      }
      endNanos = System.nanoTime() + length.toNanos();
      List<Thread> threads = new ArrayList<>();
      threads.add(start(() -> ingest(api, nowSeconds)));
      threads.add(start(() -> askOrdinarily(server)));
      for (int i = 0; i < load.adversaries(); i++) {
        SplittableRandom random = new SplittableRandom(i);
        threads.add(start(() -> ask(server, random)));
      }
      threads.add(start(() -> readSlowly(server)));
      threads.add(start(() -> burst(server)));
      for (Thread thread : threads) {
        thread.join();
      }
      if (!server.process().isAlive()) {
        faults.add("the server ended: " + tail(server.process().output()));
      } else {
        awaitCalm(api);
      }
      if (!faults.isEmpty()) {
        throw new AssertionError(
            report(server) + "\n" + String.join("\n", faults.stream().limit(20).toList()));
      }
      return report(server);
    }
  }

  private Thread start(Task task) {
    return Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            task.run();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } catch (IOException e) {
            faults.add("no connection: " + e);
          } catch (RuntimeException | AssertionError e) {
            faults.add(e.toString());
          }
        });
  }

  private interface Task {
    void run() throws IOException, InterruptedException;
  }

  private boolean isRunning() {
    return System.nanoTime() < endNanos && faults.isEmpty();
  }

  // ---- ingestion

  private void ingest(PrometheusApi api, long fromSeconds)
      throws IOException, InterruptedException {
    for (long time = fromSeconds; isRunning(); time += STEP_SECONDS) {
      write(api, time, 1);
      long early = time + STEP_SECONDS - System.currentTimeMillis() / 1000;
      // Faster than real time, until it has caught up.
      TimeUnit.MILLISECONDS.sleep(early > 0 ? 1000 : 1);
    }
  }

  private void write(PrometheusApi api, long fromSeconds, int steps)
      throws IOException, InterruptedException {
    for (int host = 0; host < HOSTS; host++) {
      RemoteWriteRequest request = new RemoteWriteRequest();
      for (int i = 0; i < SERIES_OF_HOST; i++) {
        long[] times = new long[steps];
        double[] values = new double[steps];
        for (int step = 0; step < steps; step++) {
          times[step] = (fromSeconds + (long) step * STEP_SECONDS) * 1000;
          values[step] = Math.sqrt(times[step] + host * 31 + i);
        }
        request.series(
            Map.of(
                "__name__",
                i == 0 ? "soak_up" : "soak_metric",
                "host",
                "host-" + host + ".eu-west-1.example.com",
                "namespace",
                "payments-and-checkout",
                "pod",
                "frontend-" + host + "-" + i + "-x7k2p"),
            times,
            values);
      }
      PrometheusApi.Answer answer = api.write(request);
      if (answer.status() / 100 == 2) {
        samplesWritten.addAndGet((long) steps * SERIES_OF_HOST);
      } else if (answer.status() == 503 && !answer.body().isBlank()) {
        writesRefused.incrementAndGet();
      } else {
        faults.add("a write is answered " + answer.status() + ": " + answer.body());
      }
    }
  }

  // ---- ordinary questions

  private void askOrdinarily(SkoposProcess server) throws InterruptedException {
    PrometheusApi api = server.api();
    long answered = System.nanoTime();
    while (isRunning()) {
      long began = System.nanoTime();
      int status = -1;
      try {
        status = api.get("/api/v1/query", "query", "count(soak_up)").status();
      } catch (IOException e) {
        if (!server.process().isAlive()) {
          faults.add("the server ended: " + tail(server.process().output()));
          return;
        }
      }
      long now = System.nanoTime();
      if (status == 200) {
        ordinaryAnswers.incrementAndGet();
        longestOrdinaryMs.accumulateAndGet((now - began) / 1_000_000, Math::max);
        longestSilenceMs.accumulateAndGet((now - answered) / 1_000_000, Math::max);
        answered = now;
      } else {
        ordinaryRefusals.incrementAndGet();
      }
      if (now - answered > LONGEST_SILENCE.toNanos()) {
        faults.add("no ordinary question was answered for " + LONGEST_SILENCE);
      }
      TimeUnit.MILLISECONDS.sleep(250);
    }
  }

  // ---- others

  private void ask(SkoposProcess server, SplittableRandom random) throws InterruptedException {
    while (isRunning()) {
      AdversarialQueries.Question question = AdversarialQueries.next(random);
      try (Socket socket = sent(server, question)) {
        if (random.nextInt(4) == 0) {
          // Gone before the answer.
          TimeUnit.MILLISECONDS.sleep(random.nextInt(300));
          continue;
        }
        socket.setSoTimeout(180_000);
        take(socket.getInputStream(), question);
      } catch (IOException e) {
        note(-1, question, "");
      }
    }
  }

  /** Clients that ask for much and read nothing. */
  private void readSlowly(SkoposProcess server) throws InterruptedException {
    List<Socket> sockets = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(77);
    while (isRunning()) {
      try {
        sockets.add(
            sent(
                server,
                new AdversarialQueries.Question("/api/v1/query_range", "soak_metric", 3600, 60)));
        if (sockets.size() > load.slowReaders()) {
          sockets.remove(random.nextInt(sockets.size())).close();
        }
      } catch (IOException e) {
        note(-1, null, "");
      }
      TimeUnit.MILLISECONDS.sleep(500);
    }
    for (Socket socket : sockets) {
      try {
        socket.close();
      } catch (IOException e) {
        note(-1, null, "");
      }
    }
  }

  /** Very many at once, now and then. */
  private void burst(SkoposProcess server) throws InterruptedException {
    while (isRunning()) {
      AtomicInteger next = new AtomicInteger();
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < load.burst(); i++) {
        threads.add(
            Thread.ofVirtual()
                .start(() -> {
                  SplittableRandom random = new SplittableRandom(next.incrementAndGet());
                  AdversarialQueries.Question question =
                      random.nextInt(4) == 0
                          ? AdversarialQueries.next(random)
                          : new AdversarialQueries.Question(
                              "/api/v1/query", "sum(rate(soak_metric[5m]))", 0, 0);
                  try (Socket socket = sent(server, question)) {
                    socket.setSoTimeout(180_000);
                    take(socket.getInputStream(), question);
                  } catch (IOException e) {
                    note(-1, question, "");
                  }
                }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      TimeUnit.SECONDS.sleep(5);
    }
  }

  private static Socket sent(SkoposProcess server, AdversarialQueries.Question question)
      throws IOException {
    long now = System.currentTimeMillis() / 1000;
    StringBuilder form = new StringBuilder();
    boolean ofSeries = question.path().endsWith("series") || question.path().endsWith("export");
    form.append(ofSeries ? "match%5B%5D=" : "query=")
        .append(URLEncoder.encode(question.query(), StandardCharsets.UTF_8));
    if (question.rangeSeconds() > 0) {
      form.append("&start=").append(now - question.rangeSeconds()).append("&end=").append(now);
    }
    if (question.stepSeconds() > 0) {
      form.append("&step=").append(question.stepSeconds());
    }
    byte[] body = form.toString().getBytes(StandardCharsets.US_ASCII);
    String head =
        "POST "
            + question.path()
            + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
            + body.length
            + "\r\n\r\n";
    Socket socket = new Socket("127.0.0.1", server.port());
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().write(body);
    return socket;
  }

  private void take(InputStream in, AdversarialQueries.Question question) throws IOException {
    byte[] first = in.readNBytes(4096);
    String text = new String(first, StandardCharsets.UTF_8);
    if (!text.startsWith("HTTP/1.1 ")) {
      note(-1, question, "");
      return;
    }
    int status = Integer.parseInt(text.substring(9, 12));
    byte[] piece = new byte[64 * 1024];
    while (in.read(piece) >= 0) {
      // Taken as fast as it comes.
    }
    note(status, question, text);
  }

  private void note(int status, AdversarialQueries.@Nullable Question question, String text) {
    answers.computeIfAbsent(status, any -> new AtomicLong()).incrementAndGet();
    if (status < 300) {
      return;
    }
    int at = text.indexOf("\"error\":\"");
    if (at < 0 || status == 500 || text.length() < at + 20) {
      faults.add(question + " is answered: " + text);
    } else {
      String reason = text.substring(at + 9, Math.min(text.length(), at + 90));
      reasons
          .computeIfAbsent(status + " " + reason.replaceAll("[0-9]+", "N"), any -> new AtomicLong())
          .incrementAndGet();
    }
  }

  // ---- the end

  /** Nothing is held for questions that are over. */
  private void awaitCalm(PrometheusApi api) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    String held = "";
    while (System.nanoTime() < deadline) {
      held = metric(api, "skopos_query_held_bytes ");
      if (Double.parseDouble(held) == 0) {
        return;
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
    faults.add("questions are over and hold " + held + " bytes");
  }

  private static String metric(PrometheusApi api, String name)
      throws IOException, InterruptedException {
    String all = api.get("/metrics").body();
    int at = all.indexOf("\n" + name);
    return all.substring(at + 1 + name.length(), all.indexOf('\n', at + 1)).trim();
  }

  private Report report(SkoposProcess server) throws IOException {
    Map<Integer, Long> byStatus = new TreeMap<>();
    answers.forEach((status, count) -> byStatus.put(status, count.get()));
    return new Report(
        samplesWritten.get(),
        writesRefused.get(),
        byStatus,
        ordinaryAnswers.get(),
        ordinaryRefusals.get(),
        Duration.ofMillis(longestOrdinaryMs.get()),
        Duration.ofMillis(longestSilenceMs.get()),
        peakResidentMebibytes(server));
  }

  /** -1 where the system does not tell. */
  private static long peakResidentMebibytes(SkoposProcess server) throws IOException {
    Path status = Path.of("/proc", String.valueOf(server.process().pid()), "status");
    if (!Files.exists(status)) {
      return -1;
    }
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024;
      }
    }
    return -1;
  }

  private static String tail(String output) {
    return output.substring(Math.max(0, output.length() - 3000));
  }
}
