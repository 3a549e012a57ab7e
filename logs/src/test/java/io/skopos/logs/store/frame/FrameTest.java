// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.frame;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.logs.store.LogBatch;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import io.skopos.storage.Frame;
import io.skopos.storage.Sharding;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameTest {

  @Test
  void the_document_shows_the_bytes_that_are_written() throws IOException {
    LogBatch batch = new LogBatch();
    int shop = batch.stream(Labels.of("app", "shop"));
    batch.entry(shop, 1_700_000_000_000_000_000L, "order 17");
    batch.metadata(Labels.of("trace_id", "c0ffee"));
    batch.entry(shop, 1_700_000_000_000_000_500L, "done");
    Frame frame = batch.toFrames(new TenantId("acme"), new Sharding(1, 1, 2)).getFirst();
    String page = Files.readString(Path.of("..", "docs", "formats", "logs-frame.md"));
    int from = page.indexOf("```hex\n") + 7;
    StringBuilder documented = new StringBuilder();
    for (String line : page.substring(from, page.indexOf("```", from)).lines().toList()) {
      documented.append(line.split("  ", 2)[0].replace(" ", ""));
    }
    assertThat(documented.toString())
        .isEqualTo(HexFormat.of().formatHex(frame.payload(), 0, frame.payloadLength()));
  }

  @Test
  void frames_hold_all_rows_and_are_read_without_anything_else() {
    Random random = new Random(3);
    for (int size : new int[] {1, 50, 4000}) {
      LogBatch batch = new LogBatch();
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        Labels stream = Labels.of("s", "" + random.nextInt(40));
        String line = "x".repeat(random.nextInt(300)) + i;
        Labels metadata =
            random.nextBoolean() ? Labels.of("m", "" + random.nextInt(9)) : Labels.EMPTY;
        long time = random.nextLong(1L << 60);
        batch.entry(batch.stream(stream), time, line);
        batch.metadata(metadata);
        expected.add(stream + " " + time + " " + line + " " + metadata);
      }
      List<String> found = new ArrayList<>();
      for (Frame frame : batch.toFrames(TenantId.ANONYMOUS, new Sharding(16, 1, 2))) {
        collect(FrameCodec.decode(frame.payload(), frame.payloadLength()), found);
      }
      assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  private static void collect(FrameRows rows, List<String> found) {
    for (int stream = 0; stream < rows.streams().length; stream++) {
      for (int row = rows.streamStart(stream); row < rows.streamEnds()[stream]; row++) {
        int start = rows.lineStart(row);
        String line =
            new String(
                rows.lines(),
                rows.linesFrom() + start,
                rows.lineEnds()[row] - start,
                StandardCharsets.UTF_8);
        found.add(
            rows.streams()[stream]
                + " "
                + rows.timesNs()[row]
                + " "
                + line
                + " "
                + rows.metadataOf(row));
      }
    }
  }

  @Test
  void days_are_told_apart() {
    LogBatch batch = new LogBatch();
    long midnight = 20_000 * 86_400_000_000_000L;
    for (int i = -3; i < 3; i++) {
      batch.entry(batch.stream(Labels.of("s", "" + (i & 1))), midnight + i, "line " + i);
    }
    Frame frame = batch.toFrames(TenantId.ANONYMOUS, new Sharding(1, 1, 2)).getFirst();
    List<String> before = new ArrayList<>();
    List<String> after = new ArrayList<>();
    FrameRows rows = FrameCodec.decode(frame.payload(), frame.payloadLength());
    assertThat(rows.byDay().keySet()).containsExactly(19_999, 20_000);
    collect(requireNonNull(rows.byDay().get(19_999)), before);
    collect(requireNonNull(rows.byDay().get(20_000)), after);
    assertThat(before).hasSize(3).allMatch(row -> row.contains("line -"));
    assertThat(after).hasSize(3).noneMatch(row -> row.contains("line -"));
  }
}
