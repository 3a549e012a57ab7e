// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.part;

import io.skopos.model.Signal;
import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.bytes.DamagedBytes;
import java.util.zip.CRC32C;

/** The last bytes of a part: how long it and its footer are, and the footer's checksum. */
record PartTail(long partLength, int footerLength, int footerChecksum, int signalCode) {

  byte[] encode() {
    ByteWriter out = new ByteWriter(PartFormat.TAIL_LENGTH);
    out.int64(partLength);
    out.int32(footerLength);
    out.int32(footerChecksum);
    out.int16(PartFormat.VERSION);
    out.int8(signalCode);
    out.int8(0);
    out.int32(crc(out.bytes, 0, out.size));
    out.int32(PartFormat.MAGIC);
    return out.toByteArray();
  }

  static PartTail decode(byte[] bytes, int offset) {
    ByteReader in = new ByteReader(bytes, offset, offset + PartFormat.TAIL_LENGTH);
    PartTail tail = new PartTail(in.int64(), in.int32(), in.int32(), signalOfVersion(in));
    int zero = in.uint8();
    int found = crc(bytes, offset, PartFormat.TAIL_LENGTH - 8);
    int wanted = in.int32();
    if (in.int32() != PartFormat.MAGIC) {
      throw new DamagedBytes("it does not end in a part's magic number");
    }
    if (found != wanted) {
      throw new DamagedBytes("the tail's checksum does not fit");
    }
    if (zero != 0
        || tail.footerLength < 0
        || tail.footerLength > PartFormat.MAX_FOOTER_LENGTH
        || tail.partLength
            < (long) PartFormat.HEADER_LENGTH + tail.footerLength + PartFormat.TAIL_LENGTH) {
      throw new DamagedBytes(
          "the tail speaks of a part of "
              + tail.partLength
              + " bytes with a footer of "
              + tail.footerLength);
    }
    return tail;
  }

  private static int signalOfVersion(ByteReader in) {
    int version = in.uint16();
    if (version != PartFormat.VERSION) {
      throw new DamagedBytes(
          "format version " + version + ", this Skopos reads version " + PartFormat.VERSION);
    }
    int code = in.uint8();
    try {
      return Signal.ofCode(code).code();
    } catch (IllegalArgumentException e) {
      throw new DamagedBytes(String.valueOf(e.getMessage()));
    }
  }

  static int crc(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }
}
