// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.part;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.model.Labels;
import io.skopos.testkit.storage.PartInMemory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Keeps the worked example of docs/formats/logs-part.md true. */
class PartExampleTest {

  @Test
  void the_document_shows_the_bytes_that_are_written() throws IOException {
    PartInMemory part = new PartInMemory();
    LogPartWriter writer = new LogPartWriter(part);
    int stream = writer.stream(Labels.of("app", "shop"));
    long time = 1_700_000_000_000_000_000L;
    for (String text : new String[] {"order 17 done", "order 4 done"}) {
      byte[] line = text.getBytes(StandardCharsets.UTF_8);
      writer.entry(stream, time, line, 0, line.length, Labels.EMPTY);
      time += 300;
    }
    writer.finish(0, 1, 0);
    BlockEntry[] block = new BlockEntry[1];
    LogPart.open(part).forEachBlock((_, entry) -> block[0] = entry);
    int end = (int) block[0].page(1).offset() + block[0].page(1).storedLength();
    assertThat(documented(0)).isEqualTo(HexFormat.of().formatHex(part.pages(), 0, end));
    io.skopos.storage.bytes.ByteWriter entry = new io.skopos.storage.bytes.ByteWriter(64);
    block[0].encode(entry);
    assertThat(documented(1)).isEqualTo(HexFormat.of().formatHex(entry.bytes, 0, entry.size));
  }

  private static String documented(int example) throws IOException {
    String page = Files.readString(Path.of("..", "docs", "formats", "logs-part.md"));
    int from = -1;
    for (int i = 0; i <= example; i++) {
      from = page.indexOf("```hex\n", from + 1);
    }
    from += 7;
    StringBuilder bytes = new StringBuilder();
    for (String line : page.substring(from, page.indexOf("```", from)).lines().toList()) {
      bytes.append(line.split("  ", 2)[0].replace(" ", ""));
    }
    return bytes.toString();
  }
}
