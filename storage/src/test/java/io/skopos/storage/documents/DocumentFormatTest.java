// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.documents;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.model.TenantId;
import io.skopos.storage.Mutations;
import io.skopos.storage.WorkedExample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

final class DocumentFormatTest {

  private static final Document EXAMPLE =
      new Document(
          new TenantId("a"),
          "silence",
          "tonight",
          2,
          0x0102030405060708L,
          Instant.parse("2026-01-31T00:00:00Z"),
          Instant.parse("2026-01-31T00:00:01Z"),
          "{}".getBytes(StandardCharsets.UTF_8));

  @Test
  void theWorkedExampleIsTrue() throws IOException {
    byte[] bytes = DocumentFormat.encode(EXAMPLE);
    WorkedExample.check("documents.md", bytes);
    assertThat(DocumentFormat.decode(bytes)).usingRecursiveComparison().isEqualTo(EXAMPLE);
    assertThat(EXAMPLE.etag()).isEqualTo("2-102030405060708");
  }

  @Test
  void almostRightDocumentsAreRefusedOrRead() {
    Mutations.tryAll(
        DocumentFormat.encode(EXAMPLE),
        1,
        100_000,
        bytes -> {
          if (bytes.length > 16) {
            seal(bytes);
          }
          DocumentFormat.decode(bytes);
        });
  }

  /** Makes length and checksum fit again, so that the mutation reaches the fields. */
  private static void seal(byte[] bytes) {
    int bodyLength = bytes.length - 16;
    CRC32C crc = new CRC32C();
    for (int i = 0; i < 4; i++) {
      bytes[8 + i] = (byte) (bodyLength >>> (8 * i));
    }
    crc.update(bytes, 0, 12);
    crc.update(bytes, 16, bodyLength);
    for (int i = 0; i < 4; i++) {
      bytes[12 + i] = (byte) (crc.getValue() >>> (8 * i));
    }
  }
}
