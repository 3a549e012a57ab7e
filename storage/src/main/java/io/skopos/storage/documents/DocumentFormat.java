// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.documents;

import io.skopos.model.TenantId;
import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.bytes.Envelope;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** A document as bytes (docs/formats/documents.md). */
final class DocumentFormat {

  /** "SKDO", little-endian. */
  private static final Envelope ENVELOPE =
      new Envelope("a document", 'S' | 'K' << 8 | 'D' << 16 | 'O' << 24, 1);

  /** What the format adds to a content at most: the header, names, numbers. */
  static final int MAX_OVERHEAD = 1024;

  private DocumentFormat() {}

  static byte[] encode(Document document) {
    ByteWriter body = new ByteWriter(document.content().length + 256);
    string(body, document.tenant().value());
    string(body, document.kind());
    string(body, document.name());
    body.varint(document.version());
    body.int64(document.incarnation());
    body.zigzag(document.created().toEpochMilli());
    body.zigzag(document.changed().toEpochMilli());
    body.sized(document.content(), 0, document.content().length);
    return ENVELOPE.seal(body);
  }

  /**
   * @throws DamagedBytes when it is not whole
   */
  static Document decode(byte[] bytes) {
    ByteReader in = ENVELOPE.open(bytes);
    Document document =
        new Document(
            tenant(string(in)),
            string(in),
            string(in),
            in.varint(),
            in.int64(),
            Instant.ofEpochMilli(in.zigzag()),
            Instant.ofEpochMilli(in.zigzag()),
            in.sized());
    if (in.remaining() != 0) {
      throw new DamagedBytes(in.remaining() + " bytes are left at the end");
    }
    return document;
  }

  private static TenantId tenant(String value) {
    try {
      return new TenantId(value);
    } catch (IllegalArgumentException e) {
      throw new DamagedBytes(String.valueOf(e.getMessage()));
    }
  }

  private static void string(ByteWriter out, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.sized(utf8, 0, utf8.length);
  }

  private static String string(ByteReader in) {
    return new String(in.sized(), StandardCharsets.UTF_8);
  }
}
