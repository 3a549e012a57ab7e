// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.storage.Frame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Keeps the worked example of docs/formats/ingest-log.md true. */
class IngestLogFormatTest {

  private static final Path PAGE = Path.of("../docs/formats/ingest-log.md");

  @Test
  void theExampleOnThePageIsWhatIsWritten() throws IOException {
    String page = Files.readString(PAGE);
    String example =
        page.substring(
            page.indexOf("<!-- example -->\n") + "<!-- example -->\n".length(),
            page.indexOf("<!-- /example -->"));
    assertThat(example).isEqualTo(example());
  }

  private static String example() {
    ByteBuffer bytes = ByteBuffer.allocate(256);
    new SegmentHeader(3, 0x0102030405060708L, 7, 1_700_000_000_000L, 2, 4096).writeTo(bytes);
    byte[] payload = "hi".getBytes(StandardCharsets.UTF_8);
    Frame frame =
        new Frame(
            new TenantId("a"),
            Signal.EVENTS,
            Frame.Kind.ROWS,
            2,
            1,
            1000,
            2000,
            payload,
            payload.length,
            null);
    EncodedFrame encoded = EncodedFrame.of(frame, new PayloadCompression(), null);
    FrameHeader.write(
        bytes, encoded, "a".getBytes(StandardCharsets.US_ASCII), 0x0102030405060708L, 7, false);
    bytes.put(payload);
    assertThat(SegmentHeader.read(bytes.duplicate().position(0))).isNotNull();

    StringBuilder text = new StringBuilder();
    for (int at = 0; at < bytes.position(); at += 16) {
      int length = Math.min(16, bytes.position() - at);
      String hex = HexFormat.ofDelimiter(" ").formatHex(bytes.array(), at, at + length);
      text.append("    %04x  %s\n".formatted(at, hex));
    }
    return text.toString();
  }
}
