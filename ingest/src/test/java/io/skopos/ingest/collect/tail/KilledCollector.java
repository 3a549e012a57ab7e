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
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;

/**
 * A process that collects into a file until it is killed: pattern, directory of positions, file.
 * Each entry is a line with its time in front.
 */
final class KilledCollector {

  private KilledCollector() {}

  public static void main(String[] arguments) throws Exception {
    Intake intake = new FileIntake(Path.of(arguments[2]));
    try (Tailing _ = new Tailing(Path.of(arguments[1]), intake, Tailing.job(arguments[0]))) {
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
      try {
        file.write(ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)));
        return CompletableFuture.completedFuture(null);
      } catch (IOException e) {
        return CompletableFuture.failedFuture(e);
      }
    }

    @Override
    public CompletableFuture<Void> delete(TenantId tenant, Signal signal, Deletion deletion) {
      throw new UnsupportedOperationException();
    }
  }
}
