// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.part;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import io.skopos.storage.Mutations;
import io.skopos.storage.WorkedExample;
import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.disk.RealDisk;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.manifest.PartId;
import io.skopos.storage.objects.DirectoryObjectStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PartFormatTest {

  private static final TenantId TENANT = new TenantId("a");
  private static final UtcDay DAY = UtcDay.parse("2026-01-31");
  private static final PartId ID = new PartId(0x019c11aabbcc_0102L, 0x0304050607080910L);

  @Test
  void theWorkedExampleIsTrue(@TempDir Path directory) throws IOException {
    PartEntry replaced = new PartEntry("x", 5, 1, 1, 0, 0, 0, 0, 0);
    PartEntry entry;
    try (DirectoryObjectStore objects =
            new DirectoryObjectStore(new RealDisk(), directory, new PrometheusRegistry());
        Compression compression = new Compression();
        StoredPartWriter writer =
            new StoredPartWriter(
                ID,
                TENANT,
                Signal.METRICS,
                DAY,
                List.of(replaced),
                objects.create("part"),
                compression)) {
      byte[] page = "page".getBytes(StandardCharsets.UTF_8);
      PageRef ref = writer.page(page, 0, page.length, PartWriter.Codec.COMPRESSED);
      assertThat(ref).isEqualTo(new PageRef(24, 9, 4));
      entry =
          writer.finish(
              "wing".getBytes(StandardCharsets.UTF_8),
              new PartWriter.Summary(300, DAY.startMs(), DAY.startMs() + 1, 7, 9, 1));
    }
    byte[] bytes = Files.readAllBytes(directory.resolve("part"));
    assertThat(entry.length()).isEqualTo(bytes.length);
    WorkedExample.check("part.md", bytes);
  }

  @Test
  void almostRightFootersAndTailsAreRefusedOrRead() {
    byte[] wing = new byte[2_000];
    byte[] footer =
        new PartFooter(
                ID,
                TENANT,
                Signal.LOGS,
                DAY,
                new PartWriter.Summary(1, 2, 3, 4, 5, 6),
                List.of(new PartAddress("some/key", 7), new PartAddress("other", 8)),
                wing)
            .encode();
    assertThat(PartFooter.decode(footer, 0, footer.length).wing()).isEqualTo(wing);
    Mutations.tryAll(footer, 1, 50_000, bytes -> PartFooter.decode(bytes, 0, bytes.length));
    byte[] tail = new PartTail(1_000, 100, 77, Signal.LOGS.code()).encode();
    assertThat(PartTail.decode(tail, 0)).isEqualTo(new PartTail(1_000, 100, 77, 2));
    Mutations.tryAll(
        tail,
        2,
        50_000,
        bytes -> {
          if (bytes.length == PartFormat.TAIL_LENGTH) {
            PartTail.decode(bytes, 0);
          }
        });
  }

  @Test
  void anotherVersionIsNamed() {
    byte[] tail = new PartTail(1_000, 100, 77, Signal.LOGS.code()).encode();
    tail[16] = 9;
    assertThatThrownBy(() -> PartTail.decode(tail, 0))
        .isInstanceOf(DamagedBytes.class)
        .hasMessageContaining("format version 9, this Skopos reads version 1");
  }
}
