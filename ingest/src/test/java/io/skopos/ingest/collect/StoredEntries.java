// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect;

import io.skopos.logs.LogsConfig;
import io.skopos.logs.store.LogBatch;
import io.skopos.model.Labels;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.storage.Batch;
import io.skopos.storage.Deletion;
import io.skopos.storage.Intake;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The end of the way of entries, in memory: what a store would hold, and what came twice. */
public final class StoredEntries implements Intake {

  /** Nothing is found out about entries, so that they are what was written. */
  public static final LogsConfig PLAIN = plain(LogsConfig.DEFAULT);

  private static LogsConfig plain(LogsConfig config) {
    return new LogsConfig(
        config.bytesPerSecond(),
        config.burst(),
        config.maxLine(),
        config.truncateLines(),
        config.labelsPerStream(),
        config.labelNameBytes(),
        config.labelValueBytes(),
        config.streams(),
        config.streamWindow(),
        config.maxMetadata(),
        config.metadataEntries(),
        config.maxAge(),
        List.of(),
        false,
        config.levelFields(),
        config.otlpIndexAttributes(),
        config.otlpDropAttributes(),
        config.maxEntries(),
        config.maxQueryBytes(),
        config.maxTails(),
        config.rates());
  }

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  /** One entry as it came. */
  public record Stored(TenantId tenant, Labels stream, long timeNs, String line, Labels metadata) {}

  private final List<Stored> entries = new ArrayList<>();
  private final Set<Stored> distinct = new HashSet<>();
  private Function<LogBatch, @Nullable RuntimeException> refusal = _ -> null;
  private int repeats;
  private int refusals;

  @Override
  public synchronized CompletableFuture<Void> append(TenantId tenant, Batch batch) {
    LogBatch logs = (LogBatch) batch;
    RuntimeException refused = refusal.apply(logs);
    if (refused != null) {
      refusals++;
      notifyAll();
      return CompletableFuture.failedFuture(refused);
    }
    for (int row = 0; row < logs.rows(); row++) {
      Stored entry =
          new Stored(
              tenant,
              logs.streamLabels(logs.streamOf(row)),
              logs.timeNs(row),
              new String(
                  logs.lineBytes(),
                  logs.lineFrom(row),
                  logs.lineLength(row),
                  StandardCharsets.UTF_8),
              logs.metadata(row));
      if (distinct.add(entry)) {
        entries.add(entry);
      } else {
        repeats++;
      }
    }
    notifyAll();
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletableFuture<Void> delete(TenantId tenant, Signal signal, Deletion deletion) {
    throw new UnsupportedOperationException();
  }

  /** Null from the function takes the batch. */
  public synchronized void refuse(Function<LogBatch, @Nullable RuntimeException> newRefusal) {
    refusal = newRefusal;
  }

  /** Waits until the entries are such. */
  public synchronized List<Stored> await(Predicate<List<Stored>> enough)
      throws InterruptedException {
    long end = System.nanoTime() + LONGEST_WAIT.toNanos();
    while (!enough.test(entries)) {
      long leftMs = (end - System.nanoTime()) / 1_000_000;
      if (leftMs <= 0) {
        throw new AssertionError("waited in vain; there are " + entries.size() + ": " + some());
      }
      wait(leftMs);
    }
    return List.copyOf(entries);
  }

  private List<String> some() {
    return entries.stream().skip(Math.max(0, entries.size() - 20)).map(Stored::line).toList();
  }

  public List<Stored> await(int count) throws InterruptedException {
    return await(all -> all.size() >= count);
  }

  public synchronized void awaitRefusals(int count) throws InterruptedException {
    while (refusals < count) {
      wait(LONGEST_WAIT.toMillis());
    }
  }

  public synchronized List<String> lines() {
    return entries.stream().map(Stored::line).toList();
  }

  /** Entries that came again exactly as before: a store keeps one. */
  public synchronized int repeats() {
    return repeats;
  }
}
