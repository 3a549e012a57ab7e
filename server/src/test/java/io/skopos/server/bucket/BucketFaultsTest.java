// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.testkit.http.Fault;
import io.skopos.testkit.http.FaultPlan;
import io.skopos.testkit.process.PrometheusApi;
import io.skopos.testkit.process.RemoteWriteRequest;
import io.skopos.testkit.process.SkoposProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One server meets every way of a bucket to fail, each for {@code skopos.faults.seconds}, the first
 * one, an outage, for {@code skopos.faults.away.seconds} when set (600 by hand): writes of samples
 * and of log lines go on, what is here is answered, what is not is named in warnings, and when the
 * fault is over everything is there, without a restart.
 */
final class BucketFaultsTest {

  /** Short, so that all of a long run lies within the questions' five hours. */
  private static final long STEP_MS = 100;

  @TempDir Path work;

  private final long startMs = System.currentTimeMillis() / 1000 * 1000 - 4 * 3_600_000L;
  private int written;

  /** Null: the store is gone. */
  private static Map<String, @Nullable FaultPlan> faults() {
    Map<String, @Nullable FaultPlan> faults = new LinkedHashMap<>();
    faults.put("away", null);
    faults.put("2 s a call", FaultPlan.always(new Fault.Slow(Duration.ofSeconds(2))));
    faults.put("503", FaultPlan.always(new Fault.Refuse(503, "SlowDown")));
    faults.put("no answers", FaultPlan.always(new Fault.Hang()));
    faults.put("answers are lost", FaultPlan.always(new Fault.LoseAnswer(500, "InternalError")));
    faults.put("connections break", FaultPlan.always(new Fault.Break()));
    faults.put("partial bodies", FaultPlan.always(new Fault.Truncate()));
    faults.put("clock skew", FaultPlan.always(new Fault.Skew(Duration.ofHours(1))));
    faults.put("stale listings", FaultPlan.always(new Fault.StaleListings(Duration.ofHours(1))));
    faults.put(
        "a bit of each",
        FaultPlan.some(
            0.3,
            1,
            new Fault.Refuse(503, "SlowDown"),
            new Fault.LoseAnswer(500, "InternalError"),
            new Fault.Break(),
            new Fault.Truncate()));
    return faults;
  }

  @Test
  void everyFaultPassesAndLeavesNothingBehind() throws Exception {
    Duration each = Duration.ofSeconds(Long.getLong("skopos.faults.seconds", 3));
    Duration outage =
        Duration.ofSeconds(Long.getLong("skopos.faults.away.seconds", each.toSeconds()));
    try (FaultyBucket bucket = FaultyBucket.start()) {
      List<String> arguments = new ArrayList<>(bucket.arguments());
      for (String setting :
          List.of(
              "storage.tiering.cache_size=64MiB",
              "storage.compaction.interval=1s",
              "storage.page_cache_share=0.01",
              "self_monitoring.enabled=false",
              "host_metrics.enabled=false")) {
        arguments.add("--set");
        arguments.add(setting);
      }
      try (SkoposProcess server =
          SkoposProcess.start(work, arguments.toArray(String[]::new)).awaitReady()) {
        PrometheusApi api = server.api();
        write(api);
        settle(api);
        for (Map.Entry<String, @Nullable FaultPlan> fault : faults().entrySet()) {
          long began = System.nanoTime();
          FaultPlan plan = fault.getValue();
          if (plan == null) {
            bucket.goAway();
          } else {
            bucket.plan(plan);
          }
          Duration time = plan == null ? outage : each;
          while (System.nanoTime() - began < time.toNanos()) {
            write(api);
            askForTheLatest(api, fault.getKey());
          }
          askForAll(api, fault.getKey());
          bucket.calm();
          long over = System.nanoTime();
          settle(api);
          System.out.println(
              "bucket fault '"
                  + fault.getKey()
                  + "': "
                  + written
                  + " samples, all in the bucket "
                  + Duration.ofNanos(System.nanoTime() - over).toMillis()
                  + " ms after its end");
        }
      }
      // Nothing but the bucket is left.
      Files.move(work.resolve("data"), work.resolve("lost"));
      arguments.add("--take-over");
      try (SkoposProcess heir =
          SkoposProcess.start(work, arguments.toArray(String[]::new)).awaitReady()) {
        assertThat(count(heir.api())).isEqualTo(written);
        assertThat(lines(heir.api())).contains("\"" + written + "\"");
      }
    }
  }

  /** Acknowledged whatever the bucket does; every other one becomes a part. */
  private void write(PrometheusApi api) throws Exception {
    RemoteWriteRequest request = new RemoteWriteRequest();
    request.series(
        Map.of("__name__", "fault_sample", "job", "faults"),
        new long[] {startMs + written * STEP_MS},
        new double[] {written});
    long began = System.nanoTime();
    assertThat(api.write(request).status()).isEqualTo(204);
    assertThat(pushLine(api)).isEqualTo(204);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    written++;
    if (written % 20 == 0) {
      assertThat(api.post("/-/flush", "text/plain", new byte[0]).status()).isEqualTo(200);
    }
    Thread.sleep(10);
  }

  /** The latest sample is here, in the head or in a part of a moment ago. */
  private void askForTheLatest(PrometheusApi api, String fault) throws Exception {
    if (written % 20 == 10) {
      PrometheusApi.Answer answer =
          api.get(
              "/api/v1/query",
              "query",
              "fault_sample",
              "lookback_delta",
              "1s",
              "time",
              String.valueOf((startMs + (written - 1) * STEP_MS) / 1000.0));
      assertThat(answer.status()).as(fault).isEqualTo(200);
      assertThat(answer.body()).as(fault).contains("\"" + (written - 1) + "\"");
    }
  }

  /** All of it, or a warning that it is not. */
  private void askForAll(PrometheusApi api, String fault) throws Exception {
    PrometheusApi.Answer samples = all(api);
    assertThat(samples.status()).as(fault).isEqualTo(200);
    for (String answer : List.of(samples.body(), lines(api))) {
      if (!answer.contains("\"" + written + "\"")) {
        assertThat(answer).as(fault).contains("\"warnings\"");
      }
    }
  }

  /** A line for each sample. */
  private int pushLine(PrometheusApi api) throws Exception {
    String push =
        "{\"streams\":[{\"stream\":{\"app\":\"faults\"},\"values\":[[\"%d000000\",\"line %d\"]]}]}"
            .formatted(startMs + written * STEP_MS, written);
    return api.post("/loki/api/v1/push", "application/json", push.getBytes(StandardCharsets.UTF_8))
        .status();
  }

  /** The answer to how many lines there are. */
  private String lines(PrometheusApi api) throws Exception {
    PrometheusApi.Answer answer =
        api.get(
            "/loki/api/v1/query",
            "query",
            "sum(count_over_time({app=\"faults\"} |= `line` [5h]))",
            "time",
            String.valueOf((startMs + written * STEP_MS) / 1000.0));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }

  private PrometheusApi.Answer all(PrometheusApi api) throws Exception {
    return api.get(
        "/api/v1/query",
        "query",
        "sum(count_over_time(fault_sample[5h]))",
        "time",
        String.valueOf((startMs + written * STEP_MS) / 1000.0));
  }

  private long count(PrometheusApi api) throws Exception {
    List<PrometheusApi.Series> answer =
        api.query("sum(count_over_time(fault_sample[5h]))", (startMs + written * STEP_MS) / 1000.0);
    return answer.isEmpty()
        ? 0
        : Math.round(Double.parseDouble(answer.getFirst().points().getFirst().getValue()));
  }

  /** Everything is in the bucket and can be read. */
  private void settle(PrometheusApi api) throws Exception {
    assertThat(api.post("/-/flush", "text/plain", new byte[0]).status()).isEqualTo(200);
    long deadline = System.nanoTime() + Duration.ofSeconds(120).toNanos();
    while (!isSettled(api)) {
      assertThat(System.nanoTime()).as(() -> body(api)).isLessThan(deadline);
      Thread.sleep(100);
    }
  }

  private boolean isSettled(PrometheusApi api) throws Exception {
    String metrics = api.get("/metrics").body();
    return metrics.contains("skopos_storage_upload_waiting_parts 0.0")
        && metrics.contains("skopos_storage_upload_waiting_days 0.0")
        && metrics.contains("skopos_storage_upload_attached 1.0")
        && body(api).contains("\"damagedFiles\":[]")
        && body(api).contains("\"lastError\":\"\"")
        && !all(api).body().contains("\"warnings\"")
        && lines(api).contains("\"" + written + "\"")
        && count(api) == written;
  }

  private static String body(PrometheusApi api) {
    try {
      return api.get("/api/v1/status/skopos").body();
    } catch (Exception e) {
      return e.toString();
    }
  }
}
