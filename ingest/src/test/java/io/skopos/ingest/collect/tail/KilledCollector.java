// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.tail;

import io.skopos.logs.store.LogBatch;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.storage.Batch;
import io.skopos.storage.Deletion;
import io.skopos.storage.Intake;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;

/**
 * A process that collects into a file until it is killed: pattern, directory of positions, file.
 * Each entry is a line with its file and time in front; other lines tell of starts and of positions
 * that became durable.
 */
final class KilledCollector {

  static final String STARTED = "started";
  static final String DURABLE = "durable";

  private KilledCollector() {}

  public static void main(String[] arguments) throws Exception {
    FileIntake intake = new FileIntake(Path.of(arguments[2]));
    intake.write(STARTED + "\n");
    try (Tailing _ =
        new Tailing(
            SyncedDisk.create(() -> intake.write(DURABLE + "\n")),
            Path.of(arguments[1]),
            intake,
            Tailing.job(arguments[0]))) {
      // Until the test closes our input, or kills us.
      int unused = System.in.read();
    }
  }

  private static final class FileIntake implements Intake {
    private final FileChannel file;

    FileIntake(Path path) throws IOException {
      file =
          FileChannel.open(
              path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    @Override
    public CompletableFuture<Void> append(TenantId tenant, Batch batch) {
      LogBatch logs = (LogBatch) batch;
      StringBuilder text = new StringBuilder();
      for (int row = 0; row < logs.rows(); row++) {
        text.append(logs.timeNs(row))
            .append('\t')
            .append(logs.streamLabels(logs.streamOf(row)).getOrEmpty("filename"))
            .append('\t')
            .append(
                new String(
                    logs.lineBytes(),
                    logs.lineFrom(row),
                    logs.lineLength(row),
                    StandardCharsets.UTF_8))
            .append('\n');
      }
      write(text.toString());
      return CompletableFuture.completedFuture(null);
    }

    void write(String text) {
      try {
        file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public CompletableFuture<Void> delete(TenantId tenant, Signal signal, Deletion deletion) {
      throw new UnsupportedOperationException();
    }
  }
}
