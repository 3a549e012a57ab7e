// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.part;

import io.skopos.storage.manifest.PartId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * CRC32C over part id, place and length of a page, then its stored bytes: a page of another part or
 * another place does not pass for this one. Not thread-safe.
 */
final class PageChecksum {

  private final CRC32C crc = new CRC32C();
  private final ByteBuffer place = ByteBuffer.allocate(28).order(ByteOrder.LITTLE_ENDIAN);

  /** Begins the checksum of the page at an offset from the part's beginning. */
  PageChecksum at(PartId part, long offset, int length) {
    crc.reset();
    place.clear();
    place.putLong(part.high()).putLong(part.low()).putLong(offset).putInt(length);
    crc.update(place.flip());
    return this;
  }

  int of(byte[] bytes, int offset, int length) {
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }

  /** Of all remaining bytes. */
  int of(ByteBuffer bytes) {
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
