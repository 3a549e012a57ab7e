// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.bytes;

import java.util.zip.CRC32C;

/**
 * The header before the bytes of a small whole object: magic (4 bytes), version (2), zero (2), body
 * length (4), CRC32C of all that and of the body (4); little-endian.
 *
 * @param what for messages, with its article: {@code a manifest}
 */
public record Envelope(String what, int magic, int version) {

  public static final int HEADER_LENGTH = 16;

  public byte[] seal(ByteWriter body) {
    ByteWriter out = new ByteWriter(HEADER_LENGTH + body.size);
    out.int32(magic);
    out.int16(version);
    out.int16(0);
    out.int32(body.size);
    out.int32(checksum(out.bytes, body.bytes, 0, body.size));
    out.put(body.bytes, 0, body.size);
    return out.toByteArray();
  }

  /**
   * A reader that stands at the body.
   *
   * @throws DamagedBytes when the object is not whole, or of another version
   */
  public ByteReader open(byte[] bytes) {
    ByteReader in = new ByteReader(bytes, 0, bytes.length);
    if (in.int32() != magic) {
      throw new DamagedBytes("it does not begin with " + what + "'s magic number");
    }
    int found = in.uint16();
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
    if (found != version) {
      throw new DamagedBytes(
          "it has format version " + found + ", this Skopos reads version " + version);
    }
    return in;
  }

  private static int checksum(byte[] header, byte[] body, int bodyOffset, int bodyLength) {
    CRC32C crc = new CRC32C();
    crc.update(header, 0, HEADER_LENGTH - 4);
    crc.update(body, bodyOffset, bodyLength);
    return (int) crc.getValue();
  }
}
