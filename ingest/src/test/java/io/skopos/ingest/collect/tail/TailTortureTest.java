// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.logs.store.LogBatch;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.storage.Batch;
import io.skopos.storage.Deletion;
import io.skopos.storage.Intake;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that are written and rotated in every way while the collector is killed again and again:
 * nothing is lost, what comes twice comes with the same time and file, so that a store keeps one,
 * and nothing comes again that a durable position covered. By hand with more rounds ({@code
 * -Dskopos.torture.rounds=40}) and other seeds ({@code -Dskopos.seed}).
 */
class TailTortureTest {

  private static final long SEED = Long.getLong("skopos.seed", 4711);
  private static final int ROUNDS = Integer.getInteger("skopos.torture.rounds", 3);
  private static final int STEPS = 150;

  @TempDir Path directory;

  private final TailLedger ledger = new TailLedger();

  private Path logs() throws IOException {
    return Files.createDirectories(directory.resolve("logs"));
  }

  private static void steps(WildWriter writer, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      writer.step();
    }
  }

  private static void await(BooleanSupplier done) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!done.getAsBoolean() && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  @Test
  void crashesWithinTheProcess() throws Exception {
    WildWriter writer = new WildWriter(logs(), SEED, 4);
    for (int round = 0; round < ROUNDS; round++) {
      Tailing tailing = tailing();
      int before = lines();
      steps(writer, STEPS);
      await(() -> lines() >= before + STEPS);
      tailing.crash();
      steps(writer, STEPS / 10);
    }
    try (Tailing _ = tailing()) {
      await(() -> hasAll(writer));
    }
    check("within the process", writer);
  }

  private Tailing tailing() throws IOException {
    synchronized (ledger) {
      ledger.started();
    }
    return new Tailing(
        SyncedDisk.create(() -> {
          synchronized (ledger) {
            ledger.durable();
          }
        }),
        directory.resolve("state"),
        new Noting(ledger),
        Tailing.job(logs() + "/*.log*"));
  }

  private int lines() {
    synchronized (ledger) {
      return ledger.lines();
    }
  }

  private boolean hasAll(WildWriter writer) {
    synchronized (ledger) {
      return ledger.hasAll(writer.written());
    }
  }

  private record Noting(TailLedger ledger) implements Intake {

    @Override
    public CompletableFuture<Void> append(TenantId tenant, Batch batch) {
      LogBatch logs = (LogBatch) batch;
      synchronized (ledger) {
        for (int row = 0; row < logs.rows(); row++) {
          String line =
              new String(
                  logs.lineBytes(),
                  logs.lineFrom(row),
                  logs.lineLength(row),
                  StandardCharsets.UTF_8);
          ledger.delivered(logs.streamLabels(logs.streamOf(row)) + " " + logs.timeNs(row), line);
        }
      }
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Void> delete(TenantId tenant, Signal signal, Deletion deletion) {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void killedProcesses() throws Exception {
    Path out = directory.resolve("out");
    Files.createFile(out);
    Reading reading = new Reading(out, ledger);
    WildWriter writer = new WildWriter(logs(), SEED + 1, 3);
    for (int round = 0; round < (ROUNDS + 1) / 2; round++) {
      Process process = start(out);
      steps(writer, STEPS);
      int before = reading.more();
      int covered = ledger.covered();
      boolean late = round % 2 == 0;
      await(() ->
          reading.more() > before && (late || ledger.covered() > covered) || !process.isAlive());
      steps(writer, STEPS);
      process.destroyForcibly().waitFor();
      steps(writer, STEPS / 10);
    }
    Process last = start(out);
    await(() -> reading.more() >= writer.written().size() && hasAll(writer) || !last.isAlive());
    last.destroyForcibly().waitFor();
    assertThat(reading.more()).isPositive();
    check("of killed processes", writer);
  }

  /** Follows what {@link KilledCollector} writes. */
  private record Reading(Path file, TailLedger ledger, long[] offset) {

    Reading(Path file, TailLedger ledger) {
      this(file, ledger, new long[1]);
    }

    /** Takes what is new and whole; the lines that came so far. */
    int more() {
      try (FileChannel channel = FileChannel.open(file)) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(channel.size() - offset[0]));
        int length = Math.max(0, channel.read(bytes, offset[0]));
        int begin = 0;
        for (int i = 0; i < length; i++) {
          if (bytes.get(i) == '\n') {
            take(new String(bytes.array(), begin, i - begin, StandardCharsets.UTF_8));
            begin = i + 1;
          }
        }
        offset[0] += begin;
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      return ledger.lines();
    }

    private void take(String line) {
      int cut = line.lastIndexOf('\t');
      if (cut >= 0) {
        ledger.delivered(line.substring(0, cut), line.substring(cut + 1));
      } else if (line.equals(KilledCollector.STARTED)) {
        ledger.started();
      } else {
        assertThat(line).isEqualTo(KilledCollector.DURABLE);
        ledger.durable();
      }
    }
  }

  private Process start(Path out) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            KilledCollector.class.getName(),
            logs() + "/*.log*",
            directory.resolve("state").toString(),
            out.toString())
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("process.log").toFile())
        .start();
  }

  private void check(String what, WildWriter writer) {
    synchronized (ledger) {
      System.out.println(
          what
              + ": "
              + writer.written().size()
              + " lines, "
              + ledger.repeats()
              + " came again, "
              + ledger.covered()
              + " were covered; seed "
              + SEED);
      assertThat(ledger.missing(writer.written())).isEmpty();
      assertThat(ledger.foreign(writer.written())).isEmpty();
      assertThat(ledger.changed()).isEmpty();
      assertThat(ledger.repeatedInVain()).isEmpty();
    }
  }
}
