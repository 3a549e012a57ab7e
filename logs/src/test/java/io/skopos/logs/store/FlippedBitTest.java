// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.engine.QueryBudget;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A flipped bit of a stored part is named in the answer's warnings, and the rest of it is right.
 */
class FlippedBitTest {

  private static final long START = 20_000 * UtcDay.MILLIS * 1_000_000L;

  @TempDir private Path directory;

  @Test
  void a_flipped_bit_is_named_or_harmless() throws IOException {
    Random random = new Random(9);
    Set<Entry> written = new HashSet<>();
    try (StoreOnDisk disk = new StoreOnDisk(directory)) {
      LogBatch batch = new LogBatch();
      for (int i = 0; i < 800; i++) {
        Labels stream = Labels.of("app", "a" + i % 3);
        Entry entry =
            new Entry(stream, START + i * 1_000_000L, TestLines.random(random), Labels.EMPTY);
        byte[] line = entry.bytes();
        batch.entry(batch.stream(stream), entry.timeNs(), line, 0, line.length);
        written.add(entry);
      }
      disk.append(TenantId.ANONYMOUS, batch);
      disk.flush();
      Path part;
      try (Stream<Path> files = Files.walk(directory)) {
        part = files.filter(file -> file.toString().endsWith(".part")).findFirst().orElseThrow();
      }
      byte[] whole = Files.readAllBytes(part);
      int named = 0;
      for (int at = random.nextInt(400); at < whole.length; at += 401) {
        byte[] damaged = whole.clone();
        damaged[at] ^= (byte) (1 << random.nextInt(8));
        Files.write(part, damaged);
        disk.restart();
        Set<Entry> seen = new HashSet<>();
        List<String> warnings = scan(disk, seen);
        assertThat(written.containsAll(seen)).isTrue();
        if (warnings.isEmpty()) {
          assertThat(seen).hasSameSizeAs(written);
        } else {
          named++;
        }
      }
      assertThat(named).isPositive();
    }
  }

  private static List<String> scan(StoreOnDisk disk, Set<Entry> seen) {
    LogRun.LineView view = new LogRun.LineView();
    return disk.store()
        .scan(
            new LogSelection(
                TenantId.ANONYMOUS,
                List.of(),
                START,
                Long.MAX_VALUE,
                LogSelection.Order.NEWEST_FIRST,
                List.of(),
                null),
            QueryBudget.unlimited(),
            run -> {
              for (int i = 0; i < run.size(); i++) {
                run.line(i, view);
                seen.add(
                    new Entry(
                        run.stream(),
                        run.timesNs()[i],
                        new String(view.bytes, view.from, view.length, StandardCharsets.ISO_8859_1),
                        run.metadata(i)));
              }
              return true;
            });
  }
}
