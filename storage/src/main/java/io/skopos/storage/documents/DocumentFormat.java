// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.documents;

import io.skopos.model.TenantId;
import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.bytes.DamagedBytes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.zip.CRC32C;

/** A document as bytes (docs/formats/documents.md). */
final class DocumentFormat {

  /** "SKDO", little-endian. */
  private static final int MAGIC = 'S' | 'K' << 8 | 'D' << 16 | 'O' << 24;

  private static final int VERSION = 1;

  /** Magic, version, a zero, body length, checksum of all before it and of the body. */
  private static final int HEADER_LENGTH = 16;

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
    ByteWriter out = new ByteWriter(HEADER_LENGTH + body.size);
    out.int32(MAGIC);
    out.int16(VERSION);
    out.int16(0);
    out.int32(body.size);
    out.int32(checksum(out.bytes, body.bytes, 0, body.size));
    out.put(body.bytes, 0, body.size);
    return out.toByteArray();
  }

  /**
   * @throws DamagedBytes when it is not whole
   */
  static Document decode(byte[] bytes) {
    ByteReader in = new ByteReader(bytes, 0, bytes.length);
    if (in.int32() != MAGIC) {
      throw new DamagedBytes("it does not begin with a document's magic number");
    }
    int version = in.uint16();
    in.skip(2);
    int bodyLength = in.int32();
    int wanted = in.int32();
    if (bodyLength != in.remaining()) {
      throw new DamagedBytes(
          "it speaks of " + bodyLength + " bytes behind its header, " + in.remaining() + " follow");
    }
    if (checksum(bytes, bytes, HEADER_LENGTH, bodyLength) != wanted) {
      throw new DamagedBytes("its checksum does not fit");
    }
    if (version != VERSION) {
      throw new DamagedBytes(
          "it has format version " + version + ", this Skopos reads version " + VERSION);
    }
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

  private static int checksum(byte[] header, byte[] body, int bodyOffset, int bodyLength) {
    CRC32C crc = new CRC32C();
    crc.update(header, 0, HEADER_LENGTH - 4);
    crc.update(body, bodyOffset, bodyLength);
    return (int) crc.getValue();
  }

  private static void string(ByteWriter out, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.sized(utf8, 0, utf8.length);
  }

  private static String string(ByteReader in) {
    return new String(in.sized(), StandardCharsets.UTF_8);
  }
}
