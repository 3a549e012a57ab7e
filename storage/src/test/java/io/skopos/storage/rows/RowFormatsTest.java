// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.rows;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import io.skopos.storage.Frame;
import io.skopos.storage.Sharding;
import io.skopos.storage.manifest.Manifest;
import io.skopos.storage.pages.Page;
import io.skopos.storage.part.PageRef;
import io.skopos.storage.part.PartReader;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keeps the worked examples of docs/formats/rows-frame.md and rows-part.md true. */
class RowFormatsTest {

  private static final TenantId TENANT = new TenantId("acme");
  private static final RowSchema SCHEMA =
      new RowSchema(
          Signal.EVENTS,
          List.of(
              new RowSchema.ColumnSpec("id", ColumnType.BYTES, false),
              new RowSchema.ColumnSpec("title", ColumnType.BYTES, true),
              new RowSchema.ColumnSpec("end", ColumnType.INTEGER, false)),
          List.of("id"),
          1);

  @TempDir private Path directory;

  private static RowBlock block() {
    return new RowBlockBuilder()
        .row(1_700_000_000_000L)
        .text("id", "a")
        .text("title", "shop 1.2 is out")
        .integer("end", 5)
        .row(1_700_000_001_000L)
        .text("id", "b")
        .integer("end", 9)
        .build();
  }

  @Test
  void theFrameOnThePageIsWhatIsWritten() throws IOException {
    Frame frame =
        new RowBatch(SCHEMA, block(), (_, _) -> 0)
            .toFrames(TENANT, new Sharding(1, 1, 2))
            .getFirst();
    assertThat(documented("rows-frame.md", 0))
        .isEqualTo(HexFormat.of().formatHex(frame.payload(), 0, frame.payloadLength()));
  }

  @Test
  void thePartOnThePageIsWhatIsWritten() throws Exception {
    try (RowsOnGround rows = new RowsOnGround(directory, SCHEMA, InstantSource.system(), false)) {
      rows.append(TENANT, block());
      rows.flush();
      UtcDay day = UtcDay.of(1_700_000_000_000L);
      Manifest manifest =
          Objects.requireNonNull(rows.ground.manifests().get(TENANT, Signal.EVENTS, day));
      PartReader part =
          rows.ground.parts().open(TENANT, Signal.EVENTS, day, manifest.parts().getFirst());
      RowFooter.Block block = RowFooter.decode(part.footer()).blocks().getFirst();
      StringBuilder pages = new StringBuilder(page(part, block.times()));
      for (String name : List.of("end", "id", "title")) {
        RowFooter.ColumnPages column = Objects.requireNonNull(block.columns().get(name));
        pages.append(page(part, column.page()));
        if (column.filter() != null) {
          pages.append(page(part, column.filter()));
        }
      }
      assertThat(documented("rows-part.md", 0)).isEqualTo(pages.toString());
      assertThat(documented("rows-part.md", 1)).isEqualTo(HexFormat.of().formatHex(part.footer()));
    }
  }

  private static String page(PartReader part, PageRef ref) throws IOException {
    try (Page page = part.page(ref)) {
      return HexFormat.of().formatHex(page.bytes().toArray(ValueLayout.JAVA_BYTE));
    }
  }

  /** The hex digits at the start of an example's lines, up to the two spaces. */
  private static String documented(String document, int example) throws IOException {
    String text = Files.readString(Path.of("..", "docs", "formats", document));
    String hex = text.split("```hex\n")[example + 1].split("```")[0];
    return hex.lines()
        .map(line -> line.split(" {2}", 2)[0].replace(" ", ""))
        .collect(Collectors.joining());
  }
}
