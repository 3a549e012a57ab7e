// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.life;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.engine.QueryBudget;
import io.skopos.logs.store.LogBatch;
import io.skopos.logs.store.LogRun;
import io.skopos.logs.store.LogSelection;
import io.skopos.logs.store.LogSource;
import io.skopos.logs.store.LogStore;
import io.skopos.logs.store.TestLines;
import io.skopos.model.Labels;
import io.skopos.model.UtcDay;
import io.skopos.storage.Sharding;
import io.skopos.storage.manifest.Manifests;
import io.skopos.storage.memory.MemoryBudget;
import io.skopos.storage.part.Parts;
import io.skopos.testkit.life.LifeWing;
import io.skopos.testkit.life.StoreLife;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Entries with lines of many shapes. As the whole of an entry is its identity, all of it is the
 * series' text: there is an entry or there is none.
 */
final class LogsWing implements LifeWing<LogStore> {

  private static final int STREAMS = 9;
  private static final long MILLI = 1_000_000;

  @Override
  public LogStore open(
      Sharding sharding,
      Parts parts,
      Manifests manifests,
      MemoryBudget memory,
      PrometheusRegistry registry) {
    return new LogStore(sharding, parts, manifests, memory, registry);
  }

  @Override
  public Filled fill(Random random, AtomicLong nowMs) {
    LogBatch batch = new LogBatch();
    List<Row> rows = new ArrayList<>();
    int from = random.nextInt(STREAMS);
    for (int s = from; s < Math.min(STREAMS, from + 1 + random.nextInt(4)); s++) {
      Labels stream = Labels.of("app", "a" + s % 2, GROUP, "g" + s % GROUPS, "pod", "p" + s);
      long timeNs = (nowMs.get() - random.nextInt(4) * 15_000L) * MILLI;
      if (random.nextInt(6) == 0) {
        timeNs -= random.nextInt(3) * UtcDay.MILLIS * MILLI;
      }
      for (int i = random.nextInt(5); i >= 0; i--) {
        Labels metadata =
            random.nextInt(3) == 0
                ? Labels.of("trace_id", Long.toHexString(random.nextLong()))
                : Labels.EMPTY;
        String line = TestLines.random(random);
        add(batch, rows, stream, timeNs, line, metadata);
        if (random.nextInt(8) == 0) {
          // Sent twice, as by shippers that got no answer; and one of the same time.
          add(batch, rows, stream, timeNs, line, metadata);
          add(batch, rows, stream, timeNs, line + "!", metadata);
        }
        timeNs += 1 + random.nextLong(30_000 * MILLI);
      }
    }
    nowMs.addAndGet(random.nextInt(15_000));
    return new Filled(batch, rows);
  }

  @Override
  public Filled fill(int number, long[] timesMs) {
    LogBatch batch = new LogBatch();
    List<Row> rows = new ArrayList<>();
    for (long time : timesMs) {
      add(batch, rows, Labels.of("app", "ends"), time * MILLI, "line " + number, Labels.EMPTY);
    }
    return new Filled(batch, rows);
  }

  private static void add(
      LogBatch batch, List<Row> rows, Labels stream, long timeNs, String line, Labels metadata) {
    byte[] bytes = line.getBytes(StandardCharsets.ISO_8859_1);
    batch.entry(batch.stream(stream), timeNs, bytes, 0, bytes.length);
    batch.metadata(metadata);
    rows.add(row(stream, timeNs, line, metadata));
  }

  private static Row row(Labels stream, long timeNs, String line, Labels metadata) {
    return new Row(
        stream + " " + Math.floorMod(timeNs, MILLI) + " ns " + metadata + " " + line,
        Math.floorDiv(timeNs, MILLI),
        "is there");
  }

  @Override
  public Answer read(LogStore store) {
    Answer answer = new Answer(new TreeMap<>(), new ArrayList<>());
    LogRun.LineView view = new LogRun.LineView();
    answer
        .warnings()
        .addAll(
            scan(
                store,
                run -> {
                  for (int i = 0; i < run.size(); i++) {
                    run.line(i, view);
                    String line =
                        new String(view.bytes, view.from, view.length, StandardCharsets.ISO_8859_1);
                    answer.add(row(run.stream(), run.timesNs()[i], line, run.metadata(i)));
                  }
                  return true;
                }));
    return answer;
  }

  private static List<String> scan(LogStore store, LogSource.RunVisitor visitor) {
    return store.scan(
        new LogSelection(
            StoreLife.TENANT,
            List.of(),
            Long.MIN_VALUE,
            Long.MAX_VALUE,
            LogSelection.Order.BY_STREAM,
            List.of(),
            null),
        QueryBudget.unlimited(),
        visitor);
  }

  /** A scan that waits at its first run. */
  @Override
  public AutoCloseable ask(LogStore store) throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Thread asking =
        Thread.ofPlatform()
            .start(() ->
                scan(
                    store,
                    _ -> {
                      begun.countDown();
                      try {
                        end.await();
                      } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                      }
                      return false;
                    }));
    begun.await();
    return () -> {
      end.countDown();
      asking.join();
    };
  }

  @Override
  public Map<String, Long> keptMemory() {
    return Map.of();
  }
}
