// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.part;

import io.skopos.model.Signal;
import io.skopos.storage.encoding.ByteReader;
import io.skopos.storage.encoding.ByteWriter;
import io.skopos.storage.encoding.MalformedBytes;
import java.util.zip.CRC32C;

/** The last bytes of a part: how long it and its footer are, and the footer's checksum. */
record PartTail(long partLength, int footerLength, int footerChecksum, int signalCode) {

  byte[] encode() {
    ByteWriter out = new ByteWriter(PartFormat.TAIL_LENGTH);
    out.i64(partLength).i32(footerLength).i32(footerChecksum);
    out.u16(PartFormat.VERSION).u8(signalCode).u8(0);
    out.i32(crc(out.toByteArray(), 0, out.length()));
    out.i32(PartFormat.MAGIC);
    return out.toByteArray();
  }

  static PartTail decode(byte[] bytes, int offset) throws MalformedBytes {
    ByteReader in = new ByteReader(bytes, offset, PartFormat.TAIL_LENGTH);
    PartTail tail = new PartTail(in.i64(), in.i32(), in.i32(), signalOfVersion(in));
    int zero = in.u8();
    int found = crc(bytes, offset, PartFormat.TAIL_LENGTH - 8);
    int wanted = in.i32();
    if (in.i32() != PartFormat.MAGIC) {
      throw new MalformedBytes("it does not end in a part's magic number");
    }
    if (found != wanted) {
      throw new MalformedBytes("the tail's checksum does not fit");
    }
    if (zero != 0
        || tail.footerLength < 0
        || tail.footerLength > PartFormat.MAX_FOOTER_LENGTH
        || tail.partLength
            < (long) PartFormat.HEADER_LENGTH + tail.footerLength + PartFormat.TAIL_LENGTH) {
      throw new MalformedBytes(
          "the tail speaks of a part of "
              + tail.partLength
              + " bytes with a footer of "
              + tail.footerLength);
    }
    return tail;
  }

  private static int signalOfVersion(ByteReader in) throws MalformedBytes {
    int version = in.u16();
    if (version != PartFormat.VERSION) {
      throw new MalformedBytes(
          "format version " + version + ", this Skopos reads version " + PartFormat.VERSION);
    }
    int code = in.u8();
    try {
      return Signal.ofCode(code).code();
    } catch (IllegalArgumentException e) {
      throw new MalformedBytes(String.valueOf(e.getMessage()));
    }
  }

  static int crc(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }
}
