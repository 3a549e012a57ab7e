// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.journal;

import io.skopos.ingest.collect.delivery.CollectMetrics;
import io.skopos.ingest.collect.delivery.Delivery;
import io.skopos.ingest.collect.delivery.EntryBatches;
import io.skopos.ingest.collect.positions.Positions;
import io.skopos.ingest.collect.stage.Entry;
import io.skopos.ingest.collect.stage.JsonText;
import io.skopos.ingest.collect.stage.StageChain;
import io.skopos.ingest.collect.stage.Stages;
import io.skopos.ingest.json.JsonValue;
import io.skopos.ingest.relabel.Relabelling;
import io.skopos.model.Labels;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the journal with a {@code journalctl} of its own, which is started again when it ends.
 * The cursor of the last stored entry is written down; entries carry the journal's time, so those
 * that come again after a crash are the same. Where there is no journalctl that is said once.
 */
public final class JournalFollower implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(JournalFollower.class);

  private static final long BATCH_BYTES = 1 << 20;
  private static final long CHECKPOINT_NS = TimeUnit.SECONDS.toNanos(1);
  private static final long FIRST_REST_MS = 1000;
  private static final long LONGEST_REST_MS = 60_000;

  /** A cursor that journalctl does not take so often is given up. */
  private static final int CURSOR_TRIES = 3;

  private final String job;
  private final JournalSettings settings;
  private final Positions positions;
  private final Delivery delivery;
  private final CollectMetrics metrics;
  private final String program;
  private final EntryBatches batches;
  private final StageChain chain;
  private final JournalEntries entries;
  private final String key;
  private final Thread thread;
  private String cursor;
  private String written;
  private long writtenNs = System.nanoTime();
  private volatile long stored;
  private volatile String problem = "";
  private volatile boolean closed;
  private volatile @Nullable Process process;

  public JournalFollower(
      String job,
      JournalSettings settings,
      Relabelling relabelling,
      Stages stages,
      EntryBatches batches,
      Delivery delivery,
      Positions positions,
      CollectMetrics metrics) {
    this("journalctl", job, settings, relabelling, stages, batches, delivery, positions, metrics);
  }

  JournalFollower(
      String program,
      String job,
      JournalSettings settings,
      Relabelling relabelling,
      Stages stages,
      EntryBatches batches,
      Delivery delivery,
      Positions positions,
      CollectMetrics metrics) {
    this.program = program;
    this.job = job;
    this.settings = settings;
    this.delivery = delivery;
    this.positions = positions;
    this.metrics = metrics;
    this.batches = batches;
    Labels otherwise = Labels.of("job", job);
    this.chain = stages.open(entry -> batches.add(entry, otherwise), metrics::dropped);
    this.entries = new JournalEntries(settings, relabelling);
    this.key = "journal|" + job;
    JsonValue position = positions.get(key);
    this.cursor = position == null ? "" : position.get("cursor").text();
    this.written = cursor;
    this.thread = Thread.ofPlatform().daemon().name("collect-journal-" + job).unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  private void run() {
    long restMs = FIRST_REST_MS;
    int failures = 0;
    try {
      while (!closed) {
        long before = stored;
        try {
          follow();
          problem = closed ? "" : "journalctl ended" + (problem.isEmpty() ? "" : ": " + problem);
        } catch (IOException e) {
          if (isMissing(e)) {
            problem = "there is no " + program + " on this host";
            log.info("job {} collects nothing: {}", job, problem);
            return;
          }
          problem = String.valueOf(e.getMessage());
        }
        if (closed) {
          return;
        }
        failures = stored > before ? 0 : failures + 1;
        restMs = stored > before ? FIRST_REST_MS : Math.min(LONGEST_REST_MS, restMs * 2);
        if (failures == 1) {
          log.warn("job {}: {}; it is started again", job, problem);
        }
        if (failures == CURSOR_TRIES && !cursor.isEmpty()) {
          log.warn("job {}: the cursor is not taken, beginning anew", job);
          cursor = "";
        }
        TimeUnit.MILLISECONDS.sleep(restMs);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      // An interrupted thread cannot write files.
      boolean interrupted = Thread.interrupted();
      write();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Java's releases say the system's error 2 in two ways. */
  private static boolean isMissing(IOException e) {
    String message = String.valueOf(e.getMessage());
    return message.contains("error=2,") || message.contains("error: 2 ");
  }

  private List<String> command() {
    List<String> command =
        new ArrayList<>(List.of(program, "--output=export", "--follow", "--no-tail", "--quiet"));
    command.add(
        cursor.isEmpty()
            ? "--since=-" + settings.maxAge().toSeconds() + "s"
            : "--after-cursor=" + cursor);
    if (!settings.path().isEmpty()) {
      command.add("--directory=" + settings.path());
    }
    command.addAll(settings.matches());
    return command;
  }

  private void follow() throws IOException, InterruptedException {
    Process started = new ProcessBuilder(command()).start();
    process = started;
    metrics.journalStarts.inc();
    try {
      if (closed) {
        return;
      }
      started.getOutputStream().close();
      Thread.ofVirtual().start(() -> complaints(started.getErrorStream()));
      try (InputStream in = new BufferedInputStream(started.getInputStream(), 1 << 16)) {
        read(in);
      }
    } finally {
      started.destroy();
      process = null;
    }
  }

  private void complaints(InputStream errors) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(errors, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        problem = line.length() > 500 ? line.substring(0, 500) : line;
      }
    } catch (IOException e) {
      log.debug("reading journalctl's errors: {}", e.getMessage());
    }
  }

  /** Until the end of the stream. */
  void read(InputStream in) throws IOException, InterruptedException {
    ExportReader reader = new ExportReader(in);
    String last = "";
    while (true) {
      Map<String, String> fields = reader.next();
      if (fields == null) {
        chain.finish();
        store(last);
        return;
      }
      Entry entry = entries.of(fields);
      if (entry != null) {
        chain.process(entry);
      }
      last = fields.getOrDefault("__CURSOR", last);
      chain.tick(System.nanoTime());
      if (in.available() == 0 || batches.bytes() > BATCH_BYTES) {
        store(chain.heldFrom() == Long.MAX_VALUE ? last : "");
        long restNs = chain.restNs();
        if (restNs > 0) {
          TimeUnit.NANOSECONDS.sleep(restNs);
        }
      }
    }
  }

  /**
   * @param upTo the cursor of the last entry given on; empty when it must not be written down
   */
  private void store(String upTo) throws InterruptedException {
    int rows = batches.rows();
    delivery.deliver(batches.take());
    stored += rows;
    if (rows > 0) {
      problem = "";
    }
    if (!upTo.isEmpty()) {
      cursor = upTo;
      if (System.nanoTime() - writtenNs > CHECKPOINT_NS) {
        write();
      }
    }
  }

  private void write() {
    writtenNs = System.nanoTime();
    if (cursor.equals(written)) {
      return;
    }
    try {
      positions.put(Map.of(key, JsonValue.parse(JsonText.object(Map.of("cursor", cursor)))));
      written = cursor;
      metrics.checkpoints.inc();
    } catch (IOException | JsonValue.Malformed e) {
      metrics.checkpointFailures.inc();
      log.warn("job {}: cannot write the journal's cursor: {}", job, e.getMessage());
    }
  }

  public String job() {
    return job;
  }

  /** Stored since the start. */
  public long entries() {
    return stored;
  }

  /** Empty when there is none. */
  public String problem() {
    return problem;
  }

  /** Waits until it gives up by itself. */
  void join() throws InterruptedException {
    thread.join();
  }

  @Override
  public void close() {
    closed = true;
    Process running = process;
    if (running != null) {
      running.destroy();
    }
    try {
      // Its stream ends now; the interrupt is for one that waits for the store.
      thread.join(1000);
      thread.interrupt();
      thread.join(5000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
